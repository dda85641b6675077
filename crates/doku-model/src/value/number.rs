//! The three numbers of a virtual account, and how they fit together.
//!
//! `virtualAccountNo` is `partnerServiceId` followed by `customerNo`, byte for byte, *with* the leading blanks of
//! the first: `"   95962"` + `"6"` = `"   959626"`. What arrives may be padded with blanks, with zeros, or not at all.
//! A number is the same number however it was padded, and compares and hashes so.

use std::hash::{Hash, Hasher};
use std::str::FromStr;

use super::kept::Kept;
use super::rule;
use super::text::{text_debug, text_traits, text_value};
use crate::error::{Fault, FieldError};

/// Digits of a partner service id on the wire, padding included.
const PARTNER_SERVICE_ID_WIDTH: u8 = 8;

/// The BIN that DOKU gave the merchant: 1 to 8 digits, on the wire always 8 characters, padded with blanks on the
/// left.
///
/// Source: SNAP BI; DOKU documentation. Compares equal to the same number in another padding.
///
/// ```
/// use doku_model::PartnerServiceId;
///
/// let id: PartnerServiceId = "95962".parse()?;
/// assert_eq!(id.as_str(), "   95962");
/// assert_eq!(id, "00095962".parse()?);
/// # Ok::<(), doku_model::FieldError>(())
/// ```
#[derive(Clone)]
pub struct PartnerServiceId(Kept);

impl PartnerServiceId {
    /// The member that carries this value, as the wire spells it.
    pub const FIELD: &'static str = "partnerServiceId";

    /// The 8 characters of the wire, blanks included.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The digits without the blanks.
    #[must_use]
    pub fn digits(&self) -> &str {
        self.0.trim_start_matches(' ')
    }
}

impl FromStr for PartnerServiceId {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        rule::length(Self::FIELD, text, 1, PARTNER_SERVICE_ID_WIDTH.into())?;
        let digits = text.trim_start_matches(' ');
        if digits.is_empty() {
            return Err(FieldError::missing(Self::FIELD));
        }
        rule::digits(Self::FIELD, digits)?;
        Ok(Self(Kept::padded(digits, PARTNER_SERVICE_ID_WIDTH)))
    }
}

text_value! {
    /// The part of the number that belongs to one customer or order: 1 to 20 digits.
    ///
    /// In DGPC the merchant sends the prefix it was given and DOKU returns the whole; in MGPC and DIPC the
    /// merchant makes the whole. Source: DOKU documentation.
    open CustomerNo, "customerNo", |text| {
        rule::length("customerNo", text, 1, 20)?;
        rule::digits("customerNo", text)
    }
}

/// The number a customer pays to: at most 28 characters, padded or not.
///
/// Compares equal to the same number in another padding.
///
/// ```
/// use doku_model::{CustomerNo, PartnerServiceId, VirtualAccountNo};
///
/// let number = VirtualAccountNo::of(&"95962".parse()?, &"60000161862".parse()?);
/// assert_eq!(number.as_str(), "   9596260000161862");
/// assert_eq!(number.digits(), "9596260000161862");
/// assert_eq!(number, "9596260000161862".parse()?);
/// # Ok::<(), doku_model::FieldError>(())
/// ```
#[derive(Clone)]
pub struct VirtualAccountNo(Kept);

impl VirtualAccountNo {
    /// The member that carries this value, as the wire spells it.
    pub const FIELD: &'static str = "virtualAccountNo";

    /// The number made of its two parts, as the wire wants it: with the blanks.
    #[must_use]
    pub fn of(partner_service_id: &PartnerServiceId, customer_no: &CustomerNo) -> Self {
        let mut text = String::with_capacity(28);
        text.push_str(partner_service_id.as_str());
        text.push_str(customer_no.as_str());
        Self(text.as_str().into())
    }

    /// The text of the wire, as it was made or received.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What a customer types: the digits without the blanks.
    #[must_use]
    pub fn digits(&self) -> &str {
        self.0.trim_start_matches(' ')
    }

    /// The digits that tell this number from another: without the blanks and zeros in front. Equal for equal
    /// numbers, so it serves as a key in a store.
    #[must_use]
    pub fn normalised(&self) -> &str {
        significant(&self.0)
    }

    /// Whether this number is `partner_service_id` followed by `customer_no`, byte for byte.
    #[must_use]
    pub fn is_exactly(
        &self,
        partner_service_id: &PartnerServiceId,
        customer_no: &CustomerNo,
    ) -> bool {
        self.0.strip_prefix(partner_service_id.as_str()) == Some(customer_no.as_str())
    }

    /// What follows `partner_service_id` in this number, whatever the padding; `None` where it begins otherwise
    /// or nothing follows.
    #[must_use]
    pub fn customer_no(&self, partner_service_id: &PartnerServiceId) -> Option<CustomerNo> {
        significant(&self.0)
            .strip_prefix(significant(partner_service_id.as_str()))
            .and_then(|rest| rest.parse().ok())
    }
}

impl FromStr for VirtualAccountNo {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        rule::length(Self::FIELD, text, 1, 28)?;
        let digits = text.trim_start_matches(' ');
        if digits.is_empty() {
            return Err(FieldError::missing(Self::FIELD));
        }
        rule::digits(Self::FIELD, digits)?;
        if text.len() - digits.len() >= usize::from(PARTNER_SERVICE_ID_WIDTH) {
            return Err(FieldError::new(
                Self::FIELD,
                Fault::Format {
                    expected: "digits after at most 7 blanks",
                },
            ));
        }
        Ok(Self(text.into()))
    }
}

/// The digits that tell one number from another: without padding of blanks or zeros.
fn significant(text: &str) -> &str {
    text.trim_start_matches([' ', '0'])
}

/// The same as bytes, which are compared and hashed without reading them as a text.
fn significant_bytes(text: &Kept) -> &[u8] {
    let bytes = text.as_bytes();
    let padding = bytes.iter().take_while(|byte| matches!(byte, b' ' | b'0'));
    bytes.get(padding.count()..).unwrap_or_default()
}

macro_rules! number_identity {
    ($name:ident) => {
        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                significant_bytes(&self.0) == significant_bytes(&other.0)
            }
        }

        impl Eq for $name {}

        impl Hash for $name {
            fn hash<H: Hasher>(&self, state: &mut H) {
                significant_bytes(&self.0).hash(state);
            }
        }

        text_traits!($name);
        text_debug!(open $name);
    };
}

number_identity!(PartnerServiceId);
number_identity!(VirtualAccountNo);
