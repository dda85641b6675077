//! The bank, as DOKU's channel name.

use super::rule;
use super::text::text_value;

text_value! {
    /// `additionalInfo.channel`: which bank the virtual account is at. An open set of 1 to 30 characters.
    ///
    /// ```
    /// use doku_model::Channel;
    ///
    /// assert_eq!(Channel::btn().as_str(), "VIRTUAL_ACCOUNT_BTN");
    /// ```
    open Channel, "additionalInfo.channel", |text| {
        rule::length("additionalInfo.channel", text, 1, 30)?;
        rule::characters("additionalInfo.channel", text, "capital letters, digits and _", |c| {
            c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'
        })
    }
}

impl Channel {
    /// Bank Tabungan Negara, `VIRTUAL_ACCOUNT_BTN`.
    #[must_use]
    pub fn btn() -> Self {
        Self("VIRTUAL_ACCOUNT_BTN".into())
    }
}
