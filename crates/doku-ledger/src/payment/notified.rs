//! A notification on its way into the ledger: what it says, what it is known by, and where it has to wait for its turn.

use doku_model::{PaymentRequestId, PositiveAmount, TrxId};
use time::OffsetDateTime;

use super::Told;
use crate::database::LockName;
use crate::lock::{number_lock, trx_lock};

/// By what a payment is known within a merchant: number, trxId or nothing, and id.
pub(super) type Key = (String, String, String);

/// A notification that was verified.
#[derive(Debug, Clone)]
pub(crate) struct Notified {
    /// The number, without padding.
    pub(crate) number: String,
    pub(crate) trx_id: Option<TrxId>,
    pub(crate) payment_request_id: PaymentRequestId,
    pub(crate) amount: PositiveAmount,
    pub(crate) paid_at: Option<OffsetDateTime>,
    pub(crate) received_at: OffsetDateTime,
    pub(crate) path: String,
    /// As JSON.
    pub(crate) headers: String,
    pub(crate) body: Vec<u8>,
}

impl Notified {
    /// What has to be locked before it is kept.
    pub(crate) fn locks(&self, merchant: i64) -> impl Iterator<Item = LockName> {
        let by_trx_id = self
            .trx_id
            .as_ref()
            .map(|trx_id| trx_lock(merchant, trx_id.as_str()));
        [number_lock(merchant, &self.number)]
            .into_iter()
            .chain(by_trx_id)
    }

    pub(super) fn trx_text(&self) -> &str {
        self.trx_id.as_ref().map_or("", TrxId::as_str)
    }

    pub(super) fn key(&self) -> Key {
        (
            self.number.clone(),
            self.trx_text().to_owned(),
            self.payment_request_id.as_str().to_owned(),
        )
    }

    /// When it was paid, or told where nobody says.
    pub(super) fn made_at(&self) -> OffsetDateTime {
        self.paid_at.unwrap_or(self.received_at)
    }

    /// As it is judged.
    pub(super) fn told(&self) -> Told<'_> {
        Told {
            number: &self.number,
            by_trx_id: self.trx_id.is_some(),
            amount: self.amount,
            paid_at: self.paid_at,
            received_at: self.received_at,
        }
    }
}
