//! The table of operations: who calls whom, how, and what success looks like.

use std::fmt;

use crate::code::{ResponseCode, Service};

/// An operation of the virtual account product.
///
/// ```
/// use doku_model::{Method, Operation};
///
/// assert_eq!(Operation::DeleteVa.method(), Method::Delete);
/// assert_eq!(Operation::CreateVa.success().as_str(), "2002700");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// The merchant asks DOKU for a B2B token.
    Token,
    /// The merchant asks DOKU for a virtual account.
    CreateVa,
    /// The merchant changes one.
    UpdateVa,
    /// The merchant deletes one.
    DeleteVa,
    /// The merchant asks whether one was paid.
    CheckStatus,
    /// DOKU asks the merchant about a number (DIPC).
    Inquiry,
    /// DOKU tells the merchant of a payment.
    Payment,
}

/// The HTTP method of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the operations use these three and no other"
)]
pub enum Method {
    /// `POST`.
    Post,
    /// `PUT`.
    Put,
    /// `DELETE`, with a JSON body.
    Delete,
}

impl Method {
    /// The method in capitals, as it is signed.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

impl Operation {
    /// Every operation, those of the merchant first.
    pub const ALL: [Self; 7] = [
        Self::Token,
        Self::CreateVa,
        Self::UpdateVa,
        Self::DeleteVa,
        Self::CheckStatus,
        Self::Inquiry,
        Self::Payment,
    ];

    /// The HTTP method.
    #[must_use]
    pub const fn method(self) -> Method {
        match self {
            Self::UpdateVa => Method::Put,
            Self::DeleteVa => Method::Delete,
            _ => Method::Post,
        }
    }

    /// The path at DOKU; for [`Operation::Inquiry`] and [`Operation::Payment`], which the merchant hosts, the path
    /// that DOKU's documentation uses.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Token => "/authorization/v1/access-token/b2b",
            Self::CreateVa => "/virtual-accounts/bi-snap-va/v1.1/transfer-va/create-va",
            Self::UpdateVa => "/virtual-accounts/bi-snap-va/v1.1/transfer-va/update-va",
            Self::DeleteVa => "/virtual-accounts/bi-snap-va/v1.1/transfer-va/delete-va",
            Self::CheckStatus => "/orders/v1.0/transfer-va/status",
            Self::Inquiry => "/v1.1/transfer-va/inquiry",
            Self::Payment => "/v1/transfer-va/payment",
        }
    }

    /// The service code, the middle two digits of its response codes.
    #[must_use]
    pub const fn service(self) -> Service {
        match self {
            Self::Token => Service::Token,
            Self::CreateVa => Service::CreateVa,
            Self::UpdateVa => Service::UpdateVa,
            Self::DeleteVa => Service::DeleteVa,
            Self::CheckStatus => Service::CheckStatus,
            Self::Inquiry => Service::Inquiry,
            Self::Payment => Service::Payment,
        }
    }

    /// The one response code that means success. Another 2xx code means *not decided yet*.
    #[must_use]
    pub fn success(self) -> ResponseCode {
        ResponseCode::new(match self {
            Self::Token => "2007300",
            Self::CreateVa => "2002700",
            Self::UpdateVa => "2002800",
            Self::DeleteVa => "2003100",
            Self::CheckStatus => "2002600",
            Self::Inquiry => "2002400",
            Self::Payment => "2002500",
        })
    }

    /// Whether asking again does no harm, so that a call whose answer was lost may be repeated.
    #[must_use]
    pub const fn is_safe_to_repeat(self) -> bool {
        matches!(self, Self::Token | Self::CheckStatus | Self::Inquiry)
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.service().fmt(f)
    }
}
