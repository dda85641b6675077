//! Calls that DOKU signed and that were not accepted: each may tell of a payment, so each is kept as it was.

use doku_model::wire::{self, PaymentRequest, Text};
use doku_model::{Operation, TrxId, VirtualAccountNo};
use doku_va_btn::hosted::{Event, EventSink, RawCall, Refused};
use sha2::{Digest as _, Sha256};

use super::paid::headers;
use crate::commit::{RefusedCall, Work};
use crate::error::Error;
use crate::ledger::Ledger;

impl EventSink for Ledger {
    /// Keeps what DOKU signed and the endpoints refused, raises an event, and lets the account be asked about; once, however
    /// often somebody sends it. Everything else is in the trace.
    fn event(&self, event: Event) {
        let Event::Refused(refused) = event else {
            return;
        };
        let Some(call) = genuine_notification(&refused) else {
            return;
        };
        match read(&refused, call) {
            Ok(call) => self.keep_refused(call),
            Err(error) => tracing::error!(%error, "a refused notification was not kept"),
        }
    }
}

fn genuine_notification(refused: &Refused) -> Option<&RawCall> {
    refused
        .genuine
        .as_ref()
        .filter(|_| refused.operation == Operation::Payment)
}

impl Ledger {
    fn keep_refused(&self, call: RefusedCall) {
        let Ok(writer) = self.writer() else {
            tracing::error!("a refused notification was not kept: the ledger is closed");
            return;
        };
        // Nobody waits for it here: the task of the request must not be held up. Where too many wait it is let go, because it
        // was not acknowledged and so comes again.
        if !writer.hand_over(Work::Refused(Box::new(call))) {
            tracing::error!("a refused notification was not kept: too many are waiting");
        }
    }
}

/// The call as it is kept. What it tells is taken as far as it can be read; nothing is decided by it but whom to ask about.
fn read(refused: &Refused, call: &RawCall) -> Result<RefusedCall, Error> {
    let told = wire::decode::<PaymentRequest<'_>>(call.body()).ok();
    let text = |text: Option<&Text<'_>>| text.map(|text| text.as_str().trim().to_owned());
    let number = told
        .as_ref()
        .and_then(|told| text(told.virtual_account_no.as_ref()))
        .and_then(|text| text.parse::<VirtualAccountNo>().ok())
        .map(|number| number.normalised().to_owned());
    let trx_id = told
        .as_ref()
        .and_then(|told| text(told.trx_id.as_ref()))
        .and_then(|text| text.parse::<TrxId>().ok())
        .map(|trx_id| trx_id.as_str().to_owned());
    Ok(RefusedCall {
        at: call.received_at(),
        path: call.path().to_owned(),
        headers: headers(call)?,
        body: call.body().to_vec(),
        digest: digest(call),
        response_code: refused.response_code.to_string(),
        reason: refused.refusal.to_string(),
        number,
        trx_id,
    })
}

/// Of the signature alone: it was verified, so it stands for path, bearer, moment and body. The bytes of the body would not do,
/// because white space in it is not signed, and anybody can add some.
fn digest(call: &RawCall) -> Vec<u8> {
    Sha256::digest(call.signature().as_bytes()).to_vec()
}
