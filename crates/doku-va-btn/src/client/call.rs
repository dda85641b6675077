//! A call that is a value until it is awaited, so that one call may be given its own external id or deadline.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use doku_model::ExternalId;

use crate::answer::Response;
use crate::error::Error;

/// What a single call does otherwise than its client.
#[derive(Debug, Clone, Default)]
pub(crate) struct CallOptions {
    pub(crate) external_id: Option<ExternalId>,
    pub(crate) deadline: Option<Duration>,
}

type Boxed<'a, T> = Pin<Box<dyn Future<Output = Result<Response<T>, Error>> + Send + 'a>>;
type Run<'a, T> = Box<dyn FnOnce(CallOptions) -> Boxed<'a, T> + Send + 'a>;

/// One call to DOKU. It does nothing until it is awaited.
///
/// ```no_run
/// # async fn example(client: doku_va_btn::Client, va: doku_va_btn::VirtualAccount) -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
///
/// let status = client.status(&va).deadline(Duration::from_secs(5)).await?.value;
/// # Ok(())
/// # }
/// ```
#[must_use = "a call does nothing until it is awaited"]
pub struct Call<'a, T> {
    options: CallOptions,
    run: Run<'a, T>,
}

impl<'a, T> Call<'a, T> {
    pub(crate) fn new<F>(run: impl FnOnce(CallOptions) -> F + Send + 'a) -> Self
    where
        F: Future<Output = Result<Response<T>, Error>> + Send + 'a,
    {
        Self {
            options: CallOptions::default(),
            run: Box::new(move |options| Box::pin(run(options))),
        }
    }

    /// Under this X-EXTERNAL-ID instead of a new one. It is never overridden. Calls that have none ignore it.
    pub fn external_id(mut self, external_id: ExternalId) -> Self {
        self.options.external_id = Some(external_id);
        self
    }

    /// With this time for all attempts together instead of the client's.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.options.deadline = Some(deadline);
        self
    }
}

impl<'a, T> IntoFuture for Call<'a, T> {
    type Output = Result<Response<T>, Error>;
    type IntoFuture = Boxed<'a, T>;

    fn into_future(self) -> Self::IntoFuture {
        (self.run)(self.options)
    }
}

impl<T> fmt::Debug for Call<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
