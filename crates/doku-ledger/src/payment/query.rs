//! Reading payments: in the order in which they were kept, and the evidence behind each.

use doku_model::TrxId;
use futures_util::stream::{self, Stream, StreamExt as _, TryStreamExt as _};
use time::OffsetDateTime;

use super::{Payment, PaymentId};
use crate::account::positive;
use crate::database::{Row, Statement};
use crate::error::Error;
use crate::ledger::Ledger;
use crate::moment::moment;
use crate::outbox::cursor;
use crate::page::{Cursor, Page, bounded};

const COLUMNS: &str = "o.number, o.trx_id AS told_trx_id, o.payment_request_id, o.sen, o.verdict, o.late, o.source, \
    o.paid_at, o.recorded_at, o.told_at, a.trx_id";

/// The notification behind a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RawNotification {
    /// When it arrived.
    pub received_at: OffsetDateTime,
    /// What was called.
    pub path: String,
    /// X-TIMESTAMP, X-SIGNATURE and X-EXTERNAL-ID, as JSON.
    pub headers: String,
    /// The body, byte for byte.
    pub body: Vec<u8>,
}

impl Ledger {
    /// The payments after `cursor`, at most `limit` of them (1 to 1000): every one is seen once, in one order, like events.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn payments_after(
        &self,
        cursor: Cursor,
        limit: usize,
    ) -> Result<Page<Payment>, Error> {
        let Some(end) = self.end_after("payment", cursor).await? else {
            return Ok(Page::none_after(cursor));
        };
        let order = self.database().order();
        let sql = format!(
            "SELECT {}, {COLUMNS} FROM payment o LEFT JOIN account a ON a.id = o.account_id \
             WHERE {} AND o.merchant = $5 ORDER BY {} LIMIT {}",
            order.columns,
            order.shown,
            order.by,
            bounded(limit)
        );
        let statement = self.after(sql, cursor);
        let rows = self.database().rows(statement).await?;
        let items = rows.iter().map(payment).collect::<Result<Vec<_>, _>>()?;
        let next = items.last().map_or(end, |payment| payment.cursor);
        Ok(Page { items, next })
    }

    /// Those of them that were matched to one account, in the same order; none where there is no such account.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn payments_of_after(
        &self,
        trx_id: &TrxId,
        cursor: Cursor,
        limit: usize,
    ) -> Result<Page<Payment>, Error> {
        let order = self.database().order();
        let sql = format!(
            "SELECT {}, {COLUMNS} FROM account a JOIN payment o ON o.account_id = a.id \
             WHERE {} AND o.merchant = $5 AND a.merchant = $5 AND a.trx_id = $6 ORDER BY {} LIMIT {}",
            order.columns,
            order.shown,
            order.by,
            bounded(limit)
        );
        let statement = self.after(sql, cursor).bind(trx_id.as_str());
        let rows = self.database().rows(statement).await?;
        let items = rows.iter().map(payment).collect::<Result<Vec<_>, _>>()?;
        let next = items.last().map_or(cursor, |payment| payment.cursor);
        Ok(Page { items, next })
    }

    /// Every payment, the oldest first, read in pages as they are asked for.
    pub fn all_payments(&self) -> impl Stream<Item = Result<Payment, Error>> + Send + '_ {
        const PAGE: usize = 500;
        stream::try_unfold(Cursor::START, move |cursor| async move {
            let page = self.payments_after(cursor, PAGE).await?;
            Ok::<_, Error>((!page.items.is_empty()).then_some((page.items, page.next)))
        })
        .map_ok(|items| stream::iter(items).map(Ok))
        .try_flatten()
    }

    /// The payments that were matched to an account, the oldest first, at most 1000.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn payments_of(&self, trx_id: &TrxId) -> Result<Vec<Payment>, Error> {
        let sql = format!(
            "SELECT {}, {COLUMNS} FROM account a JOIN payment o ON o.account_id = a.id \
             WHERE a.merchant = $1 AND a.trx_id = $2 ORDER BY o.id LIMIT 1000",
            self.database().order().columns
        );
        let statement = Statement::new(sql)
            .bind(self.merchant())
            .bind(trx_id.as_str());
        let rows = self.database().rows(statement).await?;
        rows.iter().map(payment).collect()
    }

    /// The notification behind a payment; `None` where there is no such payment, or check status alone has told of it.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn notification(&self, id: PaymentId) -> Result<Option<RawNotification>, Error> {
        let statement = Statement::new(
            "SELECT told_at, path, headers, body FROM payment WHERE merchant = $1 AND id = $2 AND told_at IS NOT NULL",
        )
        .bind(self.merchant())
        .bind(id.0);
        let row = self.database().row(statement).await?;
        row.map(|row| {
            Ok(RawNotification {
                received_at: moment(row.int("told_at")?),
                path: row.maybe_text("path")?.unwrap_or_default(),
                headers: row.maybe_text("headers")?.unwrap_or_default(),
                body: row.maybe_bytes("body")?.unwrap_or_default(),
            })
        })
        .transpose()
    }
}

fn payment(row: &Row) -> Result<Payment, Error> {
    let cursor = cursor(row)?;
    let told = |column| -> Result<Option<String>, Error> {
        Ok(Some(row.text(column)?).filter(|text| !text.is_empty()))
    };
    Ok(Payment {
        id: PaymentId(cursor.id),
        cursor,
        number: row.text("number")?,
        told_trx_id: told("told_trx_id")?.map(|text| text.parse()).transpose()?,
        trx_id: row.maybe_parsed("trx_id")?,
        payment_request_id: told("payment_request_id")?
            .map(|text| text.parse())
            .transpose()?,
        amount: positive(row.int("sen")?)?,
        verdict: row.parsed("verdict")?,
        late: row.maybe_parsed("late")?,
        source: row.parsed("source")?,
        notified: row.maybe_int("told_at")?.is_some(),
        paid_at: row.maybe_int("paid_at")?.map(moment),
        recorded_at: moment(row.int("recorded_at")?),
    })
}
