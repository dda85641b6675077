//! A payment is kept before it is acknowledged.

use async_trait::async_trait;
use doku_va_btn::hosted::{HandlerError, Notification, PaymentHandler, RawCall, Verified};
use serde::Serialize;

use crate::commit::Work;
use crate::error::Error;
use crate::ledger::Ledger;
use crate::payment::Notified;

#[async_trait]
impl PaymentHandler for Ledger {
    /// Keeps the payment, whatever it is, and returns when it is durable. One that was kept before changes nothing.
    async fn paid(&self, notification: Verified<Notification>) -> Result<(), HandlerError> {
        let notified = self.notified(&notification)?;
        let work = Work::Payment(Box::new(notified));
        self.writer()?.write(work).await?;
        Ok(())
    }
}

impl Ledger {
    fn notified(&self, notification: &Verified<Notification>) -> Result<Notified, Error> {
        let key = notification.key();
        if key.client_id() != self.client_id() {
            return Err(Error::OtherClient {
                ours: self.client_id().clone(),
                theirs: key.client_id().clone(),
            });
        }
        let call = notification.call();
        Ok(Notified {
            number: key.number().to_owned(),
            trx_id: key.trx_id().cloned(),
            payment_request_id: key.payment_request_id().clone(),
            amount: notification.paid_amount,
            paid_at: notification
                .trx_date_time
                .as_ref()
                .map(doku_model::Timestamp::instant),
            received_at: call.received_at(),
            path: call.path().to_owned(),
            headers: headers(call)?,
            body: call.body().to_vec(),
        })
    }
}

/// The headers that are kept, as JSON.
#[derive(Serialize)]
struct Headers<'a> {
    #[serde(rename = "X-EXTERNAL-ID", skip_serializing_if = "Option::is_none")]
    external_id: Option<&'a str>,
    #[serde(rename = "X-SIGNATURE")]
    signature: &'a str,
    #[serde(rename = "X-TIMESTAMP")]
    timestamp: &'a str,
}

pub(super) fn headers(call: &RawCall) -> Result<String, Error> {
    let headers = Headers {
        external_id: call.unsigned_external_id(),
        signature: call.signature(),
        timestamp: call.timestamp(),
    };
    serde_json::to_string(&headers).map_err(|error| Error::unreadable("headers", error))
}
