//! What DOKU says of a virtual account: whether it may be paid, and whether it was.

use super::rule;
use super::text::text_value;

text_value! {
    /// `virtualAccountConfig.status`: whether a virtual account may be paid. An open set of 1 to 20 characters.
    ///
    /// Source: DOKU documentation (`ACTIVE`, `INACTIVE`); `DELETED` was seen in an answer.
    open VirtualAccountStatus, "additionalInfo.virtualAccountConfig.status", |text| {
        rule::length("additionalInfo.virtualAccountConfig.status", text, 1, 20)?;
        rule::characters("additionalInfo.virtualAccountConfig.status", text, "capital letters and _", |c| {
            c.is_ascii_uppercase() || c == '_'
        })
    }
}

impl VirtualAccountStatus {
    /// `ACTIVE`: may be paid.
    #[must_use]
    pub fn active() -> Self {
        Self("ACTIVE".into())
    }

    /// `INACTIVE`: may not be paid for now.
    #[must_use]
    pub fn inactive() -> Self {
        Self("INACTIVE".into())
    }

    /// Whether this is `ACTIVE`.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.as_str() == "ACTIVE"
    }
}

/// `paymentFlagReason`: whether a virtual account was paid.
///
/// Only the words DOKU documents mean something; any other word is [`PaymentFlag::Unknown`] and never *paid*. The amount
/// that stands beside it says nothing: DOKU's own sample of a pending account carries one.
///
/// ```
/// use doku_model::PaymentFlag;
///
/// assert_eq!(PaymentFlag::from_reason(Some("Paid"), None), PaymentFlag::Paid);
/// assert_eq!(PaymentFlag::from_reason(None, Some("Belum Terbayar")), PaymentFlag::Pending);
/// assert_eq!(PaymentFlag::from_reason(Some("Paid"), Some("Kadaluarsa")), PaymentFlag::Unknown);
/// assert_eq!(PaymentFlag::from_reason(Some("Probably paid"), None), PaymentFlag::Unknown);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PaymentFlag {
    /// `Paid`, `Terbayar`.
    Paid,
    /// `Pending`, `Belum Terbayar`.
    Pending,
    /// `Expired`, `Kadaluarsa`.
    Expired,
    /// Absent, another word, or two words that contradict each other.
    Unknown,
}

impl PaymentFlag {
    /// What the two texts of `paymentFlagReason` say together.
    #[must_use]
    pub fn from_reason(english: Option<&str>, indonesia: Option<&str>) -> Self {
        let english = english
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(Self::from_word);
        let indonesia = indonesia
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(Self::from_word);
        match (english, indonesia) {
            (Some(one), Some(other)) if one == other => one,
            (Some(only), None) | (None, Some(only)) => only,
            _ => Self::Unknown,
        }
    }

    fn from_word(word: &str) -> Self {
        const WORDS: [(&str, PaymentFlag); 8] = [
            ("Paid", PaymentFlag::Paid),
            ("Terbayar", PaymentFlag::Paid),
            ("Pending", PaymentFlag::Pending),
            ("Belum Terbayar", PaymentFlag::Pending),
            ("Expired", PaymentFlag::Expired),
            ("Kadaluarsa", PaymentFlag::Expired),
            ("Kedaluwarsa", PaymentFlag::Expired),
            ("Kadaluwarsa", PaymentFlag::Expired),
        ];
        WORDS
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(word))
            .map_or(Self::Unknown, |(_, flag)| *flag)
    }
}
