//! A transport that answers from a list.

use std::collections::VecDeque;
use std::fmt;
use std::future;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Request, Response, StatusCode};

use crate::{HttpTransport, TransportError, TransportErrorKind};

type Answer = Result<Response<Bytes>, TransportError>;
type Act = Box<dyn FnOnce(Request<Bytes>) -> Answer + Send>;

enum Step {
    Act(Act),
    Never,
}

/// Answers the first call with the first step of its script, the second with the second, and so on.
///
/// A call after the last step fails with [`TransportErrorKind::Other`] and the source [`ScriptExhausted`].
///
/// ```
/// use std::sync::Arc;
///
/// use doku_transport::testing::{Recording, Scripted};
/// use doku_transport::{HttpTransport, TransportErrorKind};
/// use http::StatusCode;
///
/// let script = Scripted::new()
///     .then_fail(TransportErrorKind::Connect)
///     .then_json(StatusCode::OK, r#"{"responseCode":"2002700"}"#);
/// let transport = Arc::new(Recording::new(script));
/// let for_the_client: Arc<dyn HttpTransport> = transport.clone();
/// # drop(for_the_client);
/// // After the calls: transport.requests(), and transport.inner().remaining() == 0.
/// ```
#[derive(Default)]
#[must_use]
pub struct Scripted {
    steps: Mutex<VecDeque<Step>>,
}

/// A [`Scripted`] transport was called more often than its script has steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the script has no step left for this call")]
#[non_exhaustive]
pub struct ScriptExhausted;

impl Scripted {
    /// An empty script.
    pub fn new() -> Self {
        Self::default()
    }

    /// Then answers with this response.
    pub fn then(self, response: Response<Bytes>) -> Self {
        self.then_call(move |_| Ok(response))
    }

    /// Then answers with this status, this body and `Content-Type: application/json`.
    pub fn then_json(self, status: StatusCode, body: impl Into<Bytes>) -> Self {
        let mut response = Response::new(body.into());
        *response.status_mut() = status;
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        self.then(response)
    }

    /// Then fails.
    pub fn then_fail(self, error: impl Into<TransportError>) -> Self {
        let error = error.into();
        self.then_call(move |_| Err(error))
    }

    /// Then lets `act` answer, with the request in hand.
    ///
    /// Check the request after the call rather than in here: a panic in `act` is a panic of the call.
    pub fn then_call(
        self,
        act: impl FnOnce(Request<Bytes>) -> Result<Response<Bytes>, TransportError> + Send + 'static,
    ) -> Self {
        self.steps().push_back(Step::Act(Box::new(act)));
        self
    }

    /// Then never answers: the call is pending until it is dropped.
    pub fn then_never(self) -> Self {
        self.steps().push_back(Step::Never);
        self
    }

    /// How many steps no call has taken yet.
    #[must_use]
    pub fn remaining(&self) -> usize {
        self.steps().len()
    }

    fn steps(&self) -> MutexGuard<'_, VecDeque<Step>> {
        // Nothing is done under the lock that could leave the list half changed.
        self.steps.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Scripted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scripted")
            .field("remaining", &self.remaining())
            .finish()
    }
}

#[async_trait]
impl HttpTransport for Scripted {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let step = self.steps().pop_front();
        match step {
            Some(Step::Act(act)) => act(request),
            Some(Step::Never) => future::pending().await,
            None => {
                Err(TransportError::new(TransportErrorKind::Other).with_source(ScriptExhausted))
            }
        }
    }
}
