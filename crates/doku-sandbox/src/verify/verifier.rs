//! What a call must agree with: who the merchant is, its keys, and the clock.

use std::time::Duration;

use doku_model::{ClientId, Operation, Timestamp};
use doku_sign::{ClientSecret, MerchantPublicKey};

use super::not_genuine::NotGenuine;
use crate::answer::Refusal;
use crate::clock::Clock;

/// What a call must agree with.
#[derive(Debug)]
pub(crate) struct Verifier {
    pub(crate) client_id: ClientId,
    pub(crate) secret: ClientSecret,
    pub(crate) merchant_key: MerchantPublicKey,
    pub(crate) window: Duration,
}

impl Verifier {
    /// From the merchant, as the header says.
    pub(super) fn must_be_client(
        &self,
        operation: Operation,
        header: &str,
        presented: &str,
    ) -> Result<(), Box<NotGenuine>> {
        if presented == self.client_id.as_str() {
            return Ok(());
        }
        Err(NotGenuine::because(
            Refusal::unauthorized(operation, "Unknown Client"),
            format!(
                "{header} is {presented:?}, the client id here is {}",
                self.client_id
            ),
        ))
    }

    /// Near the clock, moved or not: a test that moves the clock must not lock out a caller whose own stands still.
    pub(super) fn must_be_now(
        &self,
        operation: Operation,
        presented: &str,
        clock: &Clock,
    ) -> Result<(), Box<NotGenuine>> {
        let timestamp: Timestamp = presented.parse().map_err(|error| {
            NotGenuine::because(
                Refusal::format(operation, "X-TIMESTAMP"),
                format!("{error}"),
            )
        })?;
        let near = |clock: time::OffsetDateTime| {
            (timestamp.instant() - clock).unsigned_abs() <= self.window
        };
        if near(clock.now()) || near(clock.unmoved()) {
            return Ok(());
        }
        Err(NotGenuine::because(
            Refusal::unauthorized(operation, "Invalid Timestamp"),
            format!(
                "X-TIMESTAMP is {presented}, the clock here shows {}; at most {} s may lie between them",
                Timestamp::wib(clock.now()),
                self.window.as_secs()
            ),
        ))
    }
}
