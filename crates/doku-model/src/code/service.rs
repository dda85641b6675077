//! The service codes: the middle two digits of a response code.

use std::fmt;

/// Which operation a response code belongs to. Numbers we do not know are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Service {
    /// 24, direct inquiry.
    Inquiry,
    /// 25, payment notification.
    Payment,
    /// 26, check status.
    CheckStatus,
    /// 27, create VA.
    CreateVa,
    /// 28, update VA.
    UpdateVa,
    /// 31, delete VA.
    DeleteVa,
    /// 73, B2B token.
    Token,
    /// 74, B2B2C token, which virtual accounts do not need.
    CustomerToken,
    /// Another number.
    Other(u8),
}

impl Service {
    /// The two digits as a number.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Inquiry => 24,
            Self::Payment => 25,
            Self::CheckStatus => 26,
            Self::CreateVa => 27,
            Self::UpdateVa => 28,
            Self::DeleteVa => 31,
            Self::Token => 73,
            Self::CustomerToken => 74,
            Self::Other(number) => number,
        }
    }

    /// The service of a number.
    #[must_use]
    pub const fn from_number(number: u8) -> Self {
        match number {
            24 => Self::Inquiry,
            25 => Self::Payment,
            26 => Self::CheckStatus,
            27 => Self::CreateVa,
            28 => Self::UpdateVa,
            31 => Self::DeleteVa,
            73 => Self::Token,
            74 => Self::CustomerToken,
            other => Self::Other(other),
        }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inquiry => f.write_str("direct inquiry"),
            Self::Payment => f.write_str("payment notification"),
            Self::CheckStatus => f.write_str("check status"),
            Self::CreateVa => f.write_str("create VA"),
            Self::UpdateVa => f.write_str("update VA"),
            Self::DeleteVa => f.write_str("delete VA"),
            Self::Token => f.write_str("B2B token"),
            Self::CustomerToken => f.write_str("B2B2C token"),
            Self::Other(number) => write!(f, "service {number:02}"),
        }
    }
}
