//! A BIN: a range of numbers that DOKU gave to the merchant, and who makes the numbers in it.

use std::fmt;
use std::str::FromStr;

use doku_model::{Channel, CustomerNo, FieldError, PartnerServiceId};

/// Visible digits of every number that was seen live, BIN included.
const USUAL_DIGITS: usize = 16;

/// The most digits `customerNo` can have.
const MOST_CUSTOMER_DIGITS: usize = 20;

/// The fewest digits DOKU must be free to choose, or a range runs out at once.
const FEWEST_FREE_DIGITS: usize = 4;

/// A BIN of the merchant, as the back office shows it: partner service id, who makes the numbers, and for which
/// bank.
///
/// Reads from text: `95962:dgpc:6` (DOKU makes numbers that begin with 6), `95962:dgpc:6:16` (of 16 visible
/// digits, which is also the default), `8129:mgpc` (the merchant makes them), `8129:mgpc:16` (all of 16 visible
/// digits), `8130:dipc` (DOKU asks the merchant).
///
/// ```
/// use doku_sandbox::{Bin, BinMode};
///
/// let bin: Bin = "95962:dgpc:6".parse()?;
/// assert_eq!(bin.partner_service_id().digits(), "95962");
/// assert!(matches!(bin.mode(), BinMode::Dgpc { .. }));
/// assert_eq!(bin.to_string(), "95962:dgpc:6:16");
/// # Ok::<(), doku_sandbox::BinError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bin {
    partner_service_id: PartnerServiceId,
    mode: BinMode,
    channel: Channel,
}

/// Who makes the numbers of a BIN.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BinMode {
    /// DOKU generated payment code: the merchant sends the prefix, DOKU answers a whole number.
    Dgpc {
        /// The "Prefix Customer No" of the back office.
        prefix: CustomerNo,
        /// Visible digits of a whole number, BIN included.
        digits: usize,
    },
    /// Merchant generated payment code: the merchant sends the whole number.
    Mgpc {
        /// Visible digits that a number must have, BIN included; `None` where any will do.
        digits: Option<usize>,
    },
    /// Direct inquiry payment code: the merchant makes numbers without telling DOKU, which asks when they are paid.
    Dipc,
}

/// A text, or a combination, that is not a BIN.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BinError {
    /// The text has another form.
    #[error(
        "a BIN is written 95962:dgpc:6, 8129:mgpc or 8130:dipc, optionally followed by :16 for the visible digits"
    )]
    Form,
    /// One of its parts is not a number of the right length.
    #[error("the BIN is refused: {0}")]
    Part(#[from] FieldError),
    /// The digits do not add up.
    #[error(
        "a number of {digits} visible digits does not fit this BIN: it needs {least} to {most}"
    )]
    Digits {
        /// The visible digits that were asked for.
        digits: usize,
        /// The fewest that are possible.
        least: usize,
        /// The most that are possible.
        most: usize,
    },
}

impl Bin {
    /// A BIN of bank BTN.
    ///
    /// # Errors
    ///
    /// [`BinError::Digits`] if the numbers cannot have as many digits as the mode says.
    pub fn new(partner_service_id: PartnerServiceId, mode: BinMode) -> Result<Self, BinError> {
        let bin_digits = partner_service_id.digits().len();
        let most = bin_digits + MOST_CUSTOMER_DIGITS;
        let (digits, least) = match &mode {
            BinMode::Dgpc { prefix, digits } => (
                *digits,
                bin_digits + prefix.as_str().len() + FEWEST_FREE_DIGITS,
            ),
            BinMode::Mgpc {
                digits: Some(digits),
            } => (*digits, bin_digits + 1),
            BinMode::Mgpc { digits: None } | BinMode::Dipc => (most, 0),
        };
        if !(least..=most).contains(&digits) {
            return Err(BinError::Digits {
                digits,
                least,
                most,
            });
        }
        Ok(Self {
            partner_service_id,
            mode,
            channel: Channel::btn(),
        })
    }

    /// The same BIN at another bank.
    #[must_use]
    pub fn at(self, channel: Channel) -> Self {
        Self { channel, ..self }
    }

    /// The BIN itself.
    #[must_use]
    pub fn partner_service_id(&self) -> &PartnerServiceId {
        &self.partner_service_id
    }

    /// Who makes its numbers.
    #[must_use]
    pub fn mode(&self) -> &BinMode {
        &self.mode
    }

    /// The bank, as DOKU's channel name.
    #[must_use]
    pub fn channel(&self) -> &Channel {
        &self.channel
    }

    /// The customer number a merchant is told to send, for DGPC.
    #[must_use]
    pub fn prefix(&self) -> Option<&CustomerNo> {
        match &self.mode {
            BinMode::Dgpc { prefix, .. } => Some(prefix),
            _ => None,
        }
    }
}

impl FromStr for Bin {
    type Err = BinError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.split(':');
        let partner_service_id = parts.next().unwrap_or_default().parse()?;
        let count = |digits: &str| digits.parse().map_err(|_| BinError::Form);
        let mode = match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some("dgpc"), Some(prefix), digits, None) => BinMode::Dgpc {
                prefix: prefix.parse()?,
                digits: digits.map_or(Ok(USUAL_DIGITS), count)?,
            },
            (Some("mgpc"), digits, None, None) => BinMode::Mgpc {
                digits: digits.map(count).transpose()?,
            },
            (Some("dipc"), None, None, None) => BinMode::Dipc,
            _ => return Err(BinError::Form),
        };
        Self::new(partner_service_id, mode)
    }
}

impl fmt::Display for Bin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.partner_service_id.digits())?;
        match &self.mode {
            BinMode::Dgpc { prefix, digits } => write!(f, ":dgpc:{prefix}:{digits}"),
            BinMode::Mgpc {
                digits: Some(digits),
            } => write!(f, ":mgpc:{digits}"),
            BinMode::Mgpc { digits: None } => f.write_str(":mgpc"),
            BinMode::Dipc => f.write_str(":dipc"),
        }
    }
}

impl serde::Serialize for Bin {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Bin {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_every_mode() {
        for (text, written) in [
            ("95962:dgpc:6", "95962:dgpc:6:16"),
            ("95962:dgpc:6:25", "95962:dgpc:6:25"),
            ("8129:mgpc", "8129:mgpc"),
            ("8129:mgpc:16", "8129:mgpc:16"),
            ("   95962:dipc", "95962:dipc"),
        ] {
            let bin: Bin = text.parse().unwrap();
            assert_eq!(bin.to_string(), written);
            assert_eq!(written.parse::<Bin>().unwrap(), bin);
        }
    }

    #[test]
    fn refuses_what_is_none() {
        for text in [
            "",
            "95962",
            "95962:",
            "95962:dgpc",
            "95962:DGPC:6",
            "95962:dgpc:6:16:1",
            "95962:dipc:6",
            "95962:mgpc:x",
            "9596x:mgpc",
            "123456789:mgpc",
            "95962:dgpc:x",
            "95962:dgpc:6:9",
            "95962:dgpc:6:26",
            "95962:mgpc:5",
            "95962:mgpc:26",
        ] {
            assert!(text.parse::<Bin>().is_err(), "{text:?} was taken");
        }
    }
}
