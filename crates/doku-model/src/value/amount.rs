//! Money: whole sen in an integer, never a float.

use std::fmt;
use std::str::FromStr;

use crate::error::{Fault, FieldError};

/// Sen in one rupiah.
const SEN_PER_RUPIAH: u64 = 100;

/// The largest amount SNAP BI can write, 16 digits and 2 decimals, in sen.
const MAX_SEN: u64 = 999_999_999_999_999_999;

/// An amount of Indonesian rupiah from `0.00` to `9999999999999999.99`, kept as whole sen (1 rupiah = 100 sen).
///
/// Prints with two decimals, as SNAP BI wants it (`11500.00`, ISO 4217). Reads the same and a whole number, because
/// DOKU documents an open amount as `0`; nothing else: no sign, exponent, group separator or leading zero.
///
/// ```
/// use doku_model::Amount;
///
/// let amount: Amount = "11500.00".parse()?;
/// assert_eq!(amount, Amount::rupiah(11_500)?);
/// assert_eq!(amount.sen(), 1_150_000);
/// assert_eq!(amount.to_string(), "11500.00");
/// assert!("11.500".parse::<Amount>().is_err());
/// assert!("1e3".parse::<Amount>().is_err());
/// # Ok::<(), doku_model::FieldError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Amount {
    sen: u64,
}

impl Amount {
    /// The member that carries this value, as the wire spells it.
    pub const FIELD: &'static str = "totalAmount.value";

    /// Nothing.
    pub const ZERO: Self = Self { sen: 0 };

    /// The largest amount SNAP BI can write.
    pub const MAX: Self = Self { sen: MAX_SEN };

    /// An amount of whole rupiah.
    ///
    /// # Errors
    ///
    /// [`Fault::Rule`] above 9 999 999 999 999 999 rupiah.
    pub fn rupiah(rupiah: u64) -> Result<Self, FieldError> {
        rupiah
            .checked_mul(SEN_PER_RUPIAH)
            .ok_or_else(too_large)
            .and_then(Self::from_sen)
    }

    /// An amount of whole sen.
    ///
    /// # Errors
    ///
    /// [`Fault::Rule`] above 999 999 999 999 999 999 sen.
    pub fn from_sen(sen: u64) -> Result<Self, FieldError> {
        if sen > MAX_SEN {
            Err(too_large())
        } else {
            Ok(Self { sen })
        }
    }

    /// The amount in sen.
    #[must_use]
    pub const fn sen(self) -> u64 {
        self.sen
    }

    /// Whether this is nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.sen == 0
    }

    /// Whole rupiah and the sen left over.
    #[must_use]
    pub const fn parts(self) -> (u64, u64) {
        (self.sen / SEN_PER_RUPIAH, self.sen % SEN_PER_RUPIAH)
    }

    fn as_text(self) -> String {
        let (rupiah, sen) = self.parts();
        format!("{rupiah}.{sen:02}")
    }
}

fn too_large() -> FieldError {
    FieldError::rule(Amount::FIELD, "must be at most 9999999999999999.99")
}

impl FromStr for Amount {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXPECTED: &str =
            "an amount such as 11500.00: 1 to 16 digits, then nothing or a point and two digits";
        if text.is_empty() {
            return Err(FieldError::missing(Self::FIELD));
        }
        let malformed = || FieldError::new(Self::FIELD, Fault::Format { expected: EXPECTED });
        let (whole, decimals) = match text.split_once('.') {
            Some((whole, decimals)) => (whole, Some(decimals)),
            None => (text, None),
        };
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let well_formed = (1..=16).contains(&whole.len())
            && is_digits(whole)
            && (whole == "0" || !whole.starts_with('0'))
            && decimals.is_none_or(|decimals| decimals.len() == 2 && is_digits(decimals));
        if !well_formed {
            return Err(malformed());
        }
        let rupiah: u64 = whole.parse().map_err(|_| malformed())?;
        let sen: u64 = decimals.unwrap_or("00").parse().map_err(|_| malformed())?;
        rupiah
            .checked_mul(SEN_PER_RUPIAH)
            .and_then(|in_sen| in_sen.checked_add(sen))
            .ok_or_else(too_large)
            .and_then(Self::from_sen)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.as_text())
    }
}

impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Amount({self})")
    }
}

/// An amount above zero, in whole sen: what a closed bill asks for and what somebody pays.
///
/// ```
/// use doku_model::PositiveAmount;
///
/// assert!(PositiveAmount::rupiah(11_500).is_ok());
/// assert!("0.00".parse::<PositiveAmount>().is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PositiveAmount(Amount);

impl PositiveAmount {
    /// A positive amount of whole rupiah.
    ///
    /// # Errors
    ///
    /// [`Fault::Rule`] for zero and above 9 999 999 999 999 999 rupiah.
    pub fn rupiah(rupiah: u64) -> Result<Self, FieldError> {
        Amount::rupiah(rupiah).and_then(Self::try_from)
    }

    /// The amount.
    #[must_use]
    pub const fn amount(self) -> Amount {
        self.0
    }
}

impl TryFrom<Amount> for PositiveAmount {
    type Error = FieldError;

    fn try_from(amount: Amount) -> Result<Self, Self::Error> {
        if amount.is_zero() {
            Err(FieldError::rule(Amount::FIELD, "must be more than zero"))
        } else {
            Ok(Self(amount))
        }
    }
}

impl From<PositiveAmount> for Amount {
    fn from(positive: PositiveAmount) -> Self {
        positive.0
    }
}

impl FromStr for PositiveAmount {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<Amount>().and_then(Self::try_from)
    }
}

impl fmt::Display for PositiveAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for PositiveAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PositiveAmount({self})")
    }
}

/// Amounts are stored as they are written on the wire.
macro_rules! serde_as_text {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                super::text::deserialize(deserializer)
            }
        }
    };
}

serde_as_text!(Amount);
serde_as_text!(PositiveAmount);
