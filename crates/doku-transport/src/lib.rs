//! An HTTP seam that says whether the server may have acted.
//!
//! [`HttpTransport`] is one asynchronous method, from `http::Request<Bytes>` to `http::Response<Bytes>`. It is
//! object-safe, so a client holds an `Arc<dyn HttpTransport>` and does not care what carries its calls. This crate
//! knows nothing of the protocol above it: no paths, no payloads, no retries.
//!
//! A call that moves money can fail in two ways that must never be confused. Either nothing left this process, and
//! the call may be made again; or the request was on its way, and the server may have acted although no answer
//! came. [`TransportError::acted`] tells the two apart, and errs on the side of [`Acted::Maybe`].
//!
//! An HTTP status is not an error here. A 503, a redirect or a page of HTML is a response like any other.
//!
//! # Features
//!
//! None is on by default, and without one the crate pulls in neither tokio nor reqwest.
//!
//! * `reqwest`: `ReqwestTransport`, the transport for production.
//! * `testing`: the module `testing`, with transports that are scripted, record, fail or cause chaos.

#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice
    )
)]

mod error;
mod loopback;
mod redacted;
mod transport;

#[cfg(feature = "reqwest")]
mod over_reqwest;
#[cfg(feature = "testing")]
pub mod testing;

pub use error::{Acted, TransportError, TransportErrorKind};
pub use loopback::is_loopback;
pub use redacted::Redacted;
pub use transport::{HttpTransport, TotalTimeout};

#[cfg(feature = "reqwest")]
pub use over_reqwest::{ReqwestTransport, ReqwestTransportBuilder};

/// Compiles the example of the README.
#[cfg(all(doctest, feature = "reqwest"))]
#[doc = include_str!("../README.md")]
struct Readme;
