//! Response codes: HTTP status (3 digits), service (2), case (2), and what each means.

mod meaning;
mod service;

use std::borrow::Cow;
use std::fmt;

pub use meaning::{Action, Blame, Meaning};
pub use service::Service;

/// `responseCode`, kept as it came.
///
/// Seven digits are expected, but nothing is refused: a code that is shorter, longer or not a number is kept and has
/// no parts. Printed, it is shortened to 40 characters and freed of control characters. Source: SNAP BI.
///
/// ```
/// use doku_model::{Meaning, ResponseCode, Service};
///
/// let code = ResponseCode::new("4042714");
/// assert_eq!(code.http_status(), Some(404));
/// assert_eq!(code.service(), Some(Service::CreateVa));
/// assert_eq!(code.case(), Some(14));
/// assert_eq!(code.meaning(), Meaning::PaidBill);
/// assert_eq!(ResponseCode::new("oops").meaning(), Meaning::Unknown);
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResponseCode(Cow<'static, str>);

impl ResponseCode {
    /// `4000500`: what create was seen to answer for a repeated `trxId`, with the data of the virtual account that
    /// exists. Service code 05 is not explained anywhere.
    pub const REPEATED_TRX_ID: Self = Self(Cow::Borrowed("4000500"));

    /// The code as it came.
    #[must_use]
    pub fn new(text: impl Into<Cow<'static, str>>) -> Self {
        Self(text.into())
    }

    /// The code made of its parts: `of(404, Service::CreateVa, 14)` is `4042714`.
    #[must_use]
    pub fn of(http_status: u16, service: Service, case: u8) -> Self {
        Self(
            format!(
                "{:03}{:02}{:02}",
                http_status % 1000,
                service.number() % 100,
                case % 100
            )
            .into(),
        )
    }

    /// The text, exactly as it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first three digits.
    #[must_use]
    pub fn http_status(&self) -> Option<u16> {
        self.digits(0, 3)
    }

    /// The middle two digits.
    #[must_use]
    pub fn service(&self) -> Option<Service> {
        self.digits(3, 5).map(Service::from_number)
    }

    /// The last two digits.
    #[must_use]
    pub fn case(&self) -> Option<u8> {
        self.digits(5, 7)
    }

    /// What the code says, whichever service said it.
    #[must_use]
    pub fn meaning(&self) -> Meaning {
        if *self == Self::REPEATED_TRX_ID {
            return Meaning::DuplicateReference;
        }
        match (self.http_status(), self.case()) {
            (Some(status), Some(case)) => Meaning::of(status, case),
            _ => Meaning::Unknown,
        }
    }

    /// What became of the call that was answered so.
    ///
    /// ```
    /// use doku_model::{Effect, ResponseCode};
    ///
    /// assert_eq!(ResponseCode::new("4042712").effect(), Effect::NothingDone);
    /// assert_eq!(ResponseCode::new("5042700").effect(), Effect::Unknown);
    /// ```
    #[must_use]
    pub fn effect(&self) -> Effect {
        match (self.meaning(), self.http_status()) {
            (Meaning::Successful, _) => Effect::Done,
            (Meaning::Conflict | Meaning::DuplicateReference | Meaning::AlreadySuccess, _)
            | (_, Some(409)) => Effect::DoneEarlier,
            (_, Some(200..=299)) => Effect::NotDecided,
            (_, Some(400..=499)) => Effect::NothingDone,
            _ => Effect::Unknown,
        }
    }

    /// The code for a person: it may be anybody's text, and ends up in terminals and logs.
    fn shown(&self) -> Cow<'_, str> {
        const LONGEST: usize = 40;
        if self.0.len() <= LONGEST && !self.0.contains(char::is_control) {
            return Cow::Borrowed(&self.0);
        }
        let harmless = self.0.chars().filter(|c| !c.is_control());
        Cow::Owned(harmless.take(LONGEST).collect())
    }

    fn digits<N: std::str::FromStr>(&self, from: usize, to: usize) -> Option<N> {
        let text: &str = &self.0;
        let well_formed = text.len() == 7 && text.bytes().all(|byte| byte.is_ascii_digit());
        if well_formed {
            text.get(from..to).and_then(|part| part.parse().ok())
        } else {
            None
        }
    }
}

/// What became of a call, by its response code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Effect {
    /// It was done.
    Done,
    /// It is not decided yet.
    NotDecided,
    /// It was refused, and nothing was done.
    NothingDone,
    /// The same was asked before, and what was answered then counts.
    DoneEarlier,
    /// It may have been done, or not.
    Unknown,
}

impl fmt::Display for ResponseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.shown())
    }
}

impl fmt::Debug for ResponseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResponseCode({})", self.shown())
    }
}

impl serde::Serialize for ResponseCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for ResponseCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}
