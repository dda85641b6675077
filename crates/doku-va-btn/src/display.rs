//! How numbers and amounts are shown to a customer.

use doku_model::{Amount, VirtualAccountNo};

/// A number in groups of four, as it is read aloud: `9596 2600 0016 1862`.
///
/// ```
/// let number = "   9596260000161862".parse()?;
/// assert_eq!(doku_va_btn::grouped(&number), "9596 2600 0016 1862");
/// # Ok::<(), doku_model::FieldError>(())
/// ```
#[must_use]
pub fn grouped(number: &VirtualAccountNo) -> String {
    every(4, ' ', number.digits().chars())
}

/// An amount as Indonesians write it: `Rp11.500`, and `Rp11.500,50` where there are sen.
///
/// ```
/// assert_eq!(doku_va_btn::rupiah("11500.00".parse()?), "Rp11.500");
/// assert_eq!(doku_va_btn::rupiah("1234567.50".parse()?), "Rp1.234.567,50");
/// # Ok::<(), doku_model::FieldError>(())
/// ```
#[must_use]
pub fn rupiah(amount: Amount) -> String {
    let (rupiah, sen) = amount.parts();
    let backwards = rupiah.to_string().chars().rev().collect::<String>();
    let whole = every(3, '.', backwards.chars())
        .chars()
        .rev()
        .collect::<String>();
    if sen == 0 {
        format!("Rp{whole}")
    } else {
        format!("Rp{whole},{sen:02}")
    }
}

/// `characters` with `separator` between groups of `size`.
fn every(size: usize, separator: char, characters: impl Iterator<Item = char>) -> String {
    let mut text = String::with_capacity(40);
    for (position, character) in characters.enumerate() {
        if position > 0 && position % size == 0 {
            text.push(separator);
        }
        text.push(character);
    }
    text
}
