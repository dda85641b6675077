//! How a run ends: the exit codes, and what is told of a failure.

mod server;

use std::error::Error as _;
use std::process::ExitCode;

use doku::{BuildError, ConfigError, Error, NoToken, Operation, Outcome};

/// The exit codes, as `doku --help` lists them.
pub(crate) const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  something else failed: a file cannot be written, an address is taken
  2  the command line or a file it names makes no sense; nothing was sent
  3  DOKU refused; nothing was created, changed or deleted
  4  not sent, or nobody answered a question; nothing was created, changed or deleted
  5  unknown: it may have been done, or the answers do not say; find out before doing it again
  6  the configuration is missing or wrong; nothing was sent";

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    Done = 0,
    Internal = 1,
    Usage = 2,
    Refused = 3,
    NotSent = 4,
    Unknown = 5,
    Configuration = 6,
}

impl Exit {
    /// The number that the process ends with.
    pub(crate) const fn code(self) -> u8 {
        self as u8
    }

    /// One word for machines.
    pub(crate) const fn kind(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Internal => "internal",
            Self::Usage => "usage",
            Self::Refused => "refused",
            Self::NotSent => "notSent",
            Self::Unknown => "unknown",
            Self::Configuration => "configuration",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// Why a run did not do what it was asked to, in words for a person. Never holds a secret.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) message: String,
    /// What lies at the bottom of it.
    pub(crate) because: Option<String>,
    /// The call that failed; none where none was to be made.
    pub(crate) call: Option<Box<FailedCall>>,
    pub(crate) next: Option<String>,
    /// Whoever read stdout has had enough.
    pub(crate) reader_gone: bool,
}

/// A call to DOKU that failed.
#[derive(Debug)]
pub(crate) struct FailedCall {
    pub(crate) external_id: Option<String>,
    pub(crate) response_code: Option<String>,
    pub(crate) http_status: Option<u16>,
    /// Whether something may have happened at DOKU.
    pub(crate) outcome: Outcome,
    /// Whether it was a question, which changes nothing at DOKU.
    pub(crate) only_asks: bool,
}

impl Failure {
    fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
            because: None,
            call: None,
            next: None,
            reader_gone: false,
        }
    }

    /// Neither the caller's fault nor DOKU's.
    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::new(Exit::Internal, message)
    }

    /// The command line, or a file that it names, makes no sense.
    pub(crate) fn usage(message: impl Into<String>) -> Unadvised {
        Unadvised(Self::new(Exit::Usage, message))
    }

    /// The configuration is missing or wrong.
    pub(crate) fn configuration(message: impl Into<String>) -> Unadvised {
        Unadvised(Self::new(Exit::Configuration, message))
    }

    /// Nobody was there to be asked.
    pub(crate) fn not_sent(message: impl Into<String>) -> Unadvised {
        Unadvised(Self::new(Exit::NotSent, message))
    }

    /// With what lies at the bottom of `cause`; the layers between repeat each other.
    pub(crate) fn because(mut self, cause: &(dyn std::error::Error + 'static)) -> Self {
        let mut root = cause;
        while let Some(beneath) = root.source() {
            root = beneath;
        }
        // A parser of TOML ends its own with an empty line.
        let text = root.to_string();
        let text = text.trim_end();
        if !self.message.contains(text) {
            self.because = Some(text.to_owned());
        }
        self
    }

    /// With what to do next.
    pub(crate) fn next(mut self, advice: impl Into<String>) -> Self {
        self.next = Some(advice.into());
        self
    }

    /// Of a create that may have been sent before this run. An error of this attempt tells nothing of the earlier one,
    /// unless DOKU itself judged the very request.
    pub(crate) fn of_prepared(error: Error) -> Self {
        let judged = matches!(&error, Error::Refused(answer)
            if answer.operation() == Operation::CreateVa && !matches!(answer.http_status(), 401 | 429));
        let mut failure = Self::from(error);
        if !judged {
            failure.exit = Exit::Unknown;
            if let Some(call) = &mut failure.call {
                call.outcome = Outcome::Unknown;
            }
        }
        failure
    }
}

/// A failure that whoever typed the command can mend, before it is said how. It becomes a [`Failure`] with that alone.
#[derive(Debug)]
#[must_use = "it is no failure until it says what to do next"]
pub(crate) struct Unadvised(Failure);

impl Unadvised {
    /// With what lies at the bottom of `cause`.
    pub(crate) fn because(self, cause: &(dyn std::error::Error + 'static)) -> Self {
        Self(self.0.because(cause))
    }

    /// With what to do next.
    pub(crate) fn next(self, advice: impl Into<String>) -> Failure {
        self.0.next(advice)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let outcome = error.outcome();
        let exit = match &error {
            _ if outcome == Outcome::Unknown => Exit::Unknown,
            Error::Build(BuildError::NoPartnerServiceId | BuildError::NoPrefix) => {
                Exit::Configuration
            }
            // Its external id protects it no longer, and whether it was sent is not known here.
            Error::Build(BuildError::AnotherDay { .. }) => Exit::Unknown,
            Error::Build(BuildError::NoRandomNumbers(_)) => Exit::Internal,
            Error::Build(_) => Exit::Usage,
            Error::NoToken { source, .. } => of_token(source),
            Error::Refused(_) => Exit::Refused,
            Error::NotSent { .. } | Error::MaybeSent { .. } | Error::HowToPay(_) => Exit::NotSent,
            // A question that was answered, but not in a way that settles it.
            _ => Exit::Unknown,
        };
        let message = match &error {
            Error::Build(BuildError::NoPartnerServiceId) => {
                "nothing was sent: there is no BIN".to_owned()
            }
            Error::Build(BuildError::NoPrefix) => {
                "nothing was sent: there is no prefix for DOKU to complete".to_owned()
            }
            _ => error.to_string(),
        };
        let next = match &error {
            Error::Build(BuildError::NoPartnerServiceId) => {
                "Set DOKU_PARTNER_SERVICE_ID, or give --partner-service-id."
            }
            Error::Build(BuildError::NoPrefix) => {
                "Set DOKU_CUSTOMER_NO_PREFIX, or give --customer-no."
            }
            Error::Build(BuildError::AnotherDay { .. }) => {
                "Look for the trxId in DOKU's back office, or ask DOKU with the external id, before creating another one."
            }
            _ => error.advice(),
        };
        let outcome = match &error {
            Error::Build(BuildError::AnotherDay { .. }) => Outcome::Unknown,
            _ => outcome,
        };
        let only_asks = only_asks(&error);
        let mut failure = Self::new(exit, message).next(next);
        failure.call = Some(Box::new(FailedCall {
            external_id: error.external_id().map(ToString::to_string),
            response_code: error.response_code().map(ToString::to_string),
            http_status: error.answer().map(doku::Answer::http_status),
            outcome,
            only_asks,
        }));
        match error.source() {
            // What lies beneath speaks to those who write Rust.
            Some(_) if exit == Exit::Configuration => failure,
            Some(source) => failure.because(source),
            None => failure,
        }
    }
}

/// Whether what failed was to change nothing at DOKU.
fn only_asks(error: &Error) -> bool {
    match error {
        Error::NoToken { operation, .. }
        | Error::NotSent { operation, .. }
        | Error::OutOfTime { operation, .. }
        | Error::MaybeSent { operation, .. } => operation.is_safe_to_repeat(),
        Error::HowToPay(_) => true,
        _ => error
            .answer()
            .is_some_and(|answer| answer.operation().is_safe_to_repeat()),
    }
}

fn of_token(why: &NoToken) -> Exit {
    match why {
        NoToken::NotSigned(_) => Exit::Configuration,
        NoToken::Refused(_) => Exit::Refused,
        // Nothing but a token was asked for, so nothing can have been done.
        _ => Exit::NotSent,
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        let next = match &error {
            ConfigError::Missing { .. } => {
                "Set it, or run `doku sandbox` and paste the lines it prints."
            }
            ConfigError::Both { .. } => "Keep one of the two.",
            _ => "Mend it and run the command again; nothing was sent.",
        };
        let failure = Self::configuration(error.to_string()).next(next);
        match error.source() {
            Some(source) => failure.because(source),
            None => failure,
        }
    }
}
