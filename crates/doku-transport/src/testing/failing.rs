//! A transport that fails every call in the same way.

use std::future;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};

use crate::{Acted, HttpTransport, TransportError, TransportErrorKind};

/// Fails every call in one way, or never answers.
///
/// ```
/// use doku_transport::TransportErrorKind;
/// use doku_transport::testing::Failing;
///
/// let closed = Failing::with(TransportErrorKind::Connect);
/// let silent = Failing::never();
/// # drop((closed, silent));
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Failing {
    how: How,
}

#[derive(Clone, Copy, Debug)]
enum How {
    Error(TransportErrorKind, Acted),
    Never,
}

impl Failing {
    /// Fails with this kind, and is as certain as the kind is.
    pub const fn with(kind: TransportErrorKind) -> Self {
        Self {
            how: How::Error(kind, kind.acted()),
        }
    }

    /// Fails with this kind, and the server may have acted in any case.
    pub const fn perhaps_acted(kind: TransportErrorKind) -> Self {
        Self {
            how: How::Error(kind, Acted::Maybe),
        }
    }

    /// Never answers: a call is pending until it is dropped.
    pub const fn never() -> Self {
        Self { how: How::Never }
    }
}

#[async_trait]
impl HttpTransport for Failing {
    async fn send(&self, _request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        match self.how {
            How::Error(kind, Acted::No) => Err(TransportError::new(kind)),
            How::Error(kind, Acted::Maybe) => Err(TransportError::new(kind).perhaps_acted()),
            How::Never => future::pending().await,
        }
    }
}
