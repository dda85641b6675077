//! A transport that loses requests and answers, the same ones for the same seed.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};

use crate::{HttpTransport, TransportError, TransportErrorKind};

/// Puts a bad network in front of another transport.
///
/// A call comes to one of three ends, by lot:
///
/// * the request is lost: the inner transport is not called, and the error is [`TransportErrorKind::Connect`];
/// * the answer is lost: the inner transport *is* called, and the error is [`TransportErrorKind::Interrupted`]. This
///   is the case a payment client has to get right;
/// * nothing happens to it.
///
/// The lots depend on the seed alone. Calls made one after the other fare the same in every run.
///
/// ```
/// use doku_transport::testing::{Chaos, Scripted};
///
/// let one_in_four_each = Chaos::new(Scripted::new(), 42).lose_requests(25).lose_answers(25);
/// # drop(one_in_four_each);
/// ```
#[derive(Debug)]
#[must_use]
pub struct Chaos<T> {
    inner: T,
    state: Mutex<u64>,
    lost_requests: u8,
    lost_answers: u8,
}

impl<T: HttpTransport> Chaos<T> {
    /// A network in front of `inner` that loses one request and one answer in ten.
    pub const fn new(inner: T, seed: u64) -> Self {
        Self {
            inner,
            state: Mutex::new(seed),
            lost_requests: 10,
            lost_answers: 10,
        }
    }

    /// How many calls in a hundred never reach the inner transport.
    pub const fn lose_requests(mut self, percent: u8) -> Self {
        self.lost_requests = percent;
        self
    }

    /// How many calls in a hundred lose their answer. Lost requests are dealt first, so both together are at most
    /// a hundred.
    pub const fn lose_answers(mut self, percent: u8) -> Self {
        self.lost_answers = percent;
        self
    }

    /// The transport underneath.
    #[must_use]
    pub const fn inner(&self) -> &T {
        &self.inner
    }

    /// A number from 0 to 99, by SplitMix64.
    fn lot(&self) -> u64 {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = *state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % 100
    }
}

#[async_trait]
impl<T: HttpTransport> HttpTransport for Chaos<T> {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let lot = self.lot();
        let requests = u64::from(self.lost_requests);
        if lot < requests {
            return Err(TransportErrorKind::Connect.into());
        }
        let response = self.inner.send(request).await?;
        if lot < requests + u64::from(self.lost_answers) {
            return Err(TransportErrorKind::Interrupted.into());
        }
        Ok(response)
    }
}
