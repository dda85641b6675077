//! Calls that DOKU signed and that were not accepted: each may tell of a payment, so each is kept as it was.

use doku_model::wire::{self, PaymentRequest, Text};
use doku_model::{Operation, TrxId, VirtualAccountNo};
use doku_va_btn::hosted::{Event, EventSink, RawCall, Refused};
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;

use super::paid::headers;
use crate::account::meant;
use crate::commit::Work;
use crate::database::{LockName, Statement, Transaction};
use crate::error::Error;
use crate::ledger::Ledger;
use crate::moment::micros;
use crate::outbox::{self, EventKind, NewEvent};
use crate::payment::{number_lock, trx_lock};
use crate::reconcile::schedule;

/// A call to be kept.
#[derive(Debug)]
pub(crate) struct RefusedCall {
    at: OffsetDateTime,
    path: String,
    headers: String,
    body: Vec<u8>,
    /// Tells it from every other one.
    digest: Vec<u8>,
    response_code: String,
    reason: String,
    number: Option<String>,
    trx_id: Option<String>,
}

/// The account that a refused call may concern.
#[derive(Debug)]
pub(crate) struct Concerned {
    id: i64,
    /// Its own, whatever was told.
    pub(crate) trx_id: String,
}

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
        match RefusedCall::of(&refused, call) {
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

impl RefusedCall {
    fn of(refused: &Refused, call: &RawCall) -> Result<Self, Error> {
        // As far as it can be read; nothing is decided by it but whom to ask about.
        let told = wire::decode::<PaymentRequest<'_>>(call.body()).ok();
        let read = |text: Option<&Text<'_>>| text.map(|text| text.as_str().trim().to_owned());
        let number = told
            .as_ref()
            .and_then(|told| read(told.virtual_account_no.as_ref()))
            .and_then(|text| text.parse::<VirtualAccountNo>().ok())
            .map(|number| number.normalised().to_owned());
        let trx_id = told
            .as_ref()
            .and_then(|told| read(told.trx_id.as_ref()))
            .and_then(|text| text.parse::<TrxId>().ok())
            .map(|trx_id| trx_id.as_str().to_owned());
        Ok(Self {
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

    pub(crate) fn locks(&self, merchant: i64) -> impl Iterator<Item = LockName> {
        let number = self
            .number
            .as_deref()
            .map(|number| number_lock(merchant, number));
        let trx_id = self
            .trx_id
            .as_deref()
            .map(|trx_id| trx_lock(merchant, trx_id));
        number.into_iter().chain(trx_id)
    }

    /// Keeps it, where it is not kept already.
    pub(crate) async fn write(
        &self,
        transaction: &mut Transaction,
        merchant: i64,
        now: OffsetDateTime,
        concerned: Option<&Concerned>,
    ) -> Result<(), Error> {
        let account_id = concerned.map(|account| account.id);
        let insert = Statement::new(
            "INSERT INTO refused_call (merchant, account_id, at, path, headers, body, response_code, reason, digest) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (digest, merchant) DO NOTHING",
        )
        .bind(merchant)
        .bind(account_id)
        .bind(micros(self.at))
        .bind(self.path.as_str())
        .bind(self.headers.as_str())
        .bind(self.body.clone())
        .bind(self.response_code.as_str())
        .bind(self.reason.as_str())
        .bind(self.digest.clone());
        if transaction.execute(insert).await? == 0 {
            return Ok(());
        }
        if let Some(account_id) = account_id {
            schedule::hint(transaction, account_id, now).await?;
        }
        let event = NewEvent {
            account_id,
            kind: EventKind::NotificationRefused {
                response_code: self.response_code.clone(),
                reason: self.reason.clone(),
            },
        };
        outbox::write(transaction, merchant, now, &[event]).await
    }

    /// The account that it may concern, as far as it could be read.
    pub(crate) async fn concerned(
        &self,
        transaction: &mut Transaction,
        merchant: i64,
    ) -> Result<Option<Concerned>, Error> {
        let by_trx_id = self.trx_id.as_deref().map(|trx_id| {
            let sql = "SELECT id, trx_id FROM account WHERE merchant = $1 AND trx_id = $2";
            Statement::new(sql).bind(merchant).bind(trx_id)
        });
        let by_number = self.number.as_deref().map(|number| {
            let by_number = meant("", "$2", "> $3");
            let sql = format!("SELECT id, trx_id FROM account WHERE id = {by_number}");
            Statement::new(sql)
                .bind(merchant)
                .bind(number)
                .bind(micros(self.at))
        });
        for statement in by_trx_id.into_iter().chain(by_number) {
            if let Some(row) = transaction.row(statement).await? {
                return Ok(Some(Concerned {
                    id: row.int("id")?,
                    trx_id: row.text("trx_id")?,
                }));
            }
        }
        Ok(None)
    }
}

/// Of the signature alone: it was verified, so it stands for path, bearer, moment and body. The bytes of the body would not do,
/// because white space in it is not signed, and anybody can add some.
fn digest(call: &RawCall) -> Vec<u8> {
    Sha256::digest(call.signature().as_bytes()).to_vec()
}
