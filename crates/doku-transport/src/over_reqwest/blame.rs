//! Turns what reqwest reports into a [`TransportError`].
//!
//! Only what fails before a request can have been written counts as not sent: name look-up, connecting, the TLS
//! handshake. When in doubt, the server may have acted.

use std::error::Error;
use std::io;

use crate::{TransportError, TransportErrorKind};

/// How rustls-platform-verifier begins its only complaint about a machine without roots. Its error type does not
/// tell this case apart, so the words have to.
const NO_ROOTS: &str = "No CA certificates were loaded";

/// A client could not be built.
pub(super) fn building(error: reqwest::Error) -> TransportError {
    let kind = if causes(&error).any(|cause| cause.to_string().contains(NO_ROOTS)) {
        TransportErrorKind::MissingRoots
    } else {
        TransportErrorKind::Setup
    };
    TransportError::new(kind).with_source(error.without_url())
}

/// PEM text could not be read.
pub(super) fn reading_roots(error: reqwest::Error) -> TransportError {
    TransportError::new(TransportErrorKind::Setup)
        .with_detail("the PEM text of the root certificates cannot be read")
        .with_source(error.without_url())
}

/// A request failed before its response's head was read.
pub(super) fn sending(error: reqwest::Error) -> TransportError {
    let error = error.without_url();
    if error.is_builder() {
        return TransportError::new(TransportErrorKind::InvalidRequest)
            .with_detail("the HTTP client refused it")
            .with_source(error);
    }
    if error.is_connect() {
        let (kind, detail) = why_no_connection(&error);
        let blamed = TransportError::new(kind).with_source(error);
        return match detail {
            Some(detail) => blamed.with_detail(detail),
            None => blamed,
        };
    }
    TransportError::new(after_the_start(&error)).with_source(error)
}

/// The head of the response was read, and its body failed.
pub(super) fn reading(error: reqwest::Error) -> TransportError {
    let error = error.without_url();
    TransportError::new(after_the_start(&error)).with_source(error)
}

fn why_no_connection(error: &reqwest::Error) -> (TransportErrorKind, Option<&'static str>) {
    if error.is_dns() {
        return (
            TransportErrorKind::Connect,
            Some("its name cannot be resolved"),
        );
    }
    // tokio-rustls reports what rustls dislikes as `InvalidData`, and a peer that hangs up during the handshake as
    // `UnexpectedEof`. Connecting a socket yields neither.
    let kinds = || {
        causes(error)
            .filter_map(|cause| cause.downcast_ref::<io::Error>())
            .map(io::Error::kind)
    };
    if kinds().any(|kind| {
        matches!(
            kind,
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
        )
    }) {
        return (TransportErrorKind::Tls, None);
    }
    if error.is_timeout() {
        return (TransportErrorKind::Connect, Some("it took too long"));
    }
    if kinds().any(|kind| kind == io::ErrorKind::ConnectionRefused) {
        return (
            TransportErrorKind::Connect,
            Some("it refused the connection"),
        );
    }
    (TransportErrorKind::Connect, None)
}

fn after_the_start(error: &reqwest::Error) -> TransportErrorKind {
    if error.is_timeout() {
        return TransportErrorKind::Timeout;
    }
    let hyper = causes(error).find_map(|cause| cause.downcast_ref::<hyper::Error>());
    match hyper {
        Some(hyper) if hyper.is_parse() => TransportErrorKind::Protocol,
        // A connection that was closed or reset, or a single stream of it.
        Some(hyper) if !hyper.is_user() => TransportErrorKind::Interrupted,
        _ if causes(error).any(<dyn Error>::is::<io::Error>) => TransportErrorKind::Interrupted,
        _ => TransportErrorKind::Other,
    }
}

/// The error and everything beneath it.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    std::iter::from_fn(move || {
        let cause = next?;
        // An `io::Error` around another error names that one's source as its own, and so skips the error itself.
        let within = cause
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        next = within
            .map(|within| within as &(dyn Error + 'static))
            .or_else(|| cause.source());
        Some(cause)
    })
}
