//! Why there is no answer, and whether the server may have acted all the same.

use std::error::Error;
use std::fmt;

/// Whether the server may have acted on a request that got no complete answer.
#[expect(
    clippy::exhaustive_enums,
    reason = "the question has these two answers"
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Acted {
    /// Certainly not: the request never left, so it is safe to send it again.
    No,
    /// Perhaps: the request was on its way. Find out before sending it again.
    Maybe,
}

/// What went wrong, seen from the transport.
///
/// Each kind says whether the server may have acted. A single error may be less certain than its kind, so ask
/// [`TransportError::acted`].
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TransportErrorKind {
    /// The target is one the transport does not talk to, such as plain `http` to another machine.
    ///
    /// The server has not acted: no connection was opened.
    RefusedByPolicy,
    /// The request cannot be sent as it stands: a relative URI, a path that would be rewritten on the way, a
    /// `Content-Length` that contradicts the body.
    ///
    /// The server has not acted: no connection was opened.
    InvalidRequest,
    /// The transport itself could not be set up, for example outside an asynchronous runtime.
    ///
    /// The server has not acted: no connection was opened.
    Setup,
    /// The machine has no root certificates, so no server can be trusted.
    ///
    /// The server has not acted: no connection was opened.
    MissingRoots,
    /// The total timeout passed before the call could start, as a rule because too many were in flight.
    ///
    /// The server has not acted: the request was never started.
    QueueTimeout,
    /// No connection: the name is unknown, the port is closed, or connecting took too long.
    ///
    /// The server has not acted: the request was never written.
    Connect,
    /// The TLS handshake failed: an untrusted or expired certificate, the wrong name, or no TLS at all.
    ///
    /// The server has not acted: the request is written after the handshake.
    Tls,
    /// The total timeout passed after the call was started.
    ///
    /// The server may have acted. That is said even if the time ran out while connecting, so a connect timeout
    /// below the total timeout gives the better answer.
    Timeout,
    /// The connection broke before the answer was complete.
    ///
    /// The server may have acted. That holds for a pooled connection which the server closed as well: it may have
    /// read the request before it did.
    Interrupted,
    /// The answer is larger than the transport's limit.
    ///
    /// The server may have acted, and very likely has.
    BodyTooLarge,
    /// What came back is not HTTP.
    ///
    /// The server may have acted.
    Protocol,
    /// Anything else, and the kind for a transport of your own when no other fits.
    ///
    /// The server may have acted.
    Other,
}

impl TransportErrorKind {
    /// Whether the server may have acted when this happens.
    #[must_use]
    pub const fn acted(self) -> Acted {
        match self {
            Self::RefusedByPolicy
            | Self::InvalidRequest
            | Self::Setup
            | Self::MissingRoots
            | Self::QueueTimeout
            | Self::Connect
            | Self::Tls => Acted::No,
            Self::Timeout
            | Self::Interrupted
            | Self::BodyTooLarge
            | Self::Protocol
            | Self::Other => Acted::Maybe,
        }
    }

    const fn sentence(self) -> &'static str {
        match self {
            Self::RefusedByPolicy => "not sent: this target is refused",
            Self::InvalidRequest => "not sent: the request is not valid",
            Self::Setup => "not sent: the HTTP client could not be set up",
            Self::MissingRoots => {
                "not sent: this machine has no root certificates; install the package ca-certificates \
                 (Debian, Ubuntu, Alpine) or let SSL_CERT_FILE name a PEM bundle"
            }
            Self::QueueTimeout => {
                "not sent: the total timeout passed before the call could start; allow more calls in \
                 flight or a longer timeout"
            }
            Self::Connect => "not sent: could not connect to the server",
            Self::Tls => "not sent: the TLS handshake failed",
            Self::Timeout => "no answer in time",
            Self::Interrupted => "the connection broke before the answer was complete",
            Self::BodyTooLarge => "the answer is larger than the limit",
            Self::Protocol => "the answer is not valid HTTP",
            Self::Other => "the transport failed",
        }
    }
}

/// There is no complete answer.
///
/// Neither the message nor any source holds the URL, a header or a body.
///
/// ```
/// use doku_transport::{Acted, TransportError, TransportErrorKind};
///
/// let refused = TransportError::new(TransportErrorKind::Connect);
/// assert_eq!(refused.acted(), Acted::No);
///
/// let silent = TransportError::new(TransportErrorKind::Timeout);
/// assert_eq!(silent.acted(), Acted::Maybe);
/// assert_eq!(silent.to_string(), "no answer in time; the server may have acted");
/// ```
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    acted: Acted,
    detail: Option<&'static str>,
    source: Option<Box<dyn Error + Send + Sync + 'static>>,
}

impl TransportError {
    /// An error of this kind, as certain as the kind is.
    #[must_use]
    pub const fn new(kind: TransportErrorKind) -> Self {
        Self {
            kind,
            acted: kind.acted(),
            detail: None,
            source: None,
        }
    }

    /// Adds what lies beneath.
    ///
    /// Strip URLs, headers and bodies from it first: sources end up in logs.
    #[must_use]
    pub fn with_source(
        mut self,
        source: impl Into<Box<dyn Error + Send + Sync + 'static>>,
    ) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Adds a few words for a person. They are fixed words, so that no value can slip in.
    #[must_use]
    pub const fn with_detail(mut self, detail: &'static str) -> Self {
        self.detail = Some(detail);
        self
    }

    /// Takes back the promise that the server has not acted.
    ///
    /// There is no way in the other direction: a kind that may have acted stays that way.
    #[must_use]
    pub const fn perhaps_acted(mut self) -> Self {
        self.acted = Acted::Maybe;
        self
    }

    /// What went wrong.
    #[must_use]
    pub const fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Whether the server may have acted.
    #[must_use]
    pub const fn acted(&self) -> Acted {
        self.acted
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.kind.acted(), self.acted) {
            // The sentence of the kind begins with "not sent", which is no longer certain.
            (Acted::No, Acted::Maybe) => {
                let sentence = self.kind.sentence();
                f.write_str(sentence.strip_prefix("not sent: ").unwrap_or(sentence))?;
            }
            _ => f.write_str(self.kind.sentence())?,
        }
        if let Some(detail) = self.detail {
            write!(f, ": {detail}")?;
        }
        if self.acted == Acted::Maybe {
            f.write_str("; the server may have acted")?;
        }
        Ok(())
    }
}

impl Error for TransportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn Error + 'static))
    }
}

impl From<TransportErrorKind> for TransportError {
    fn from(kind: TransportErrorKind) -> Self {
        Self::new(kind)
    }
}
