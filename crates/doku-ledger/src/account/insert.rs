//! A new account, written down.

use doku_model::Bill;
use doku_va_btn::Mode;
use time::OffsetDateTime;

use super::bill::{Standing, insert_bill};
use super::record::mode_word;
use super::{Asked, PublicId, State};
use crate::database::{Statement, Transaction};
use crate::error::Error;
use crate::moment::micros;

/// An account that is not written yet.
pub(crate) struct NewAccount<'a> {
    pub(crate) trx_id: &'a str,
    pub(crate) mode: Mode,
    pub(crate) state: State,
    /// The number without padding, where it is known.
    pub(crate) number: Option<&'a str>,
    /// What was sent, without padding; of DGPC, the prefix.
    pub(crate) sent_number: &'a str,
    pub(crate) reusable: bool,
    pub(crate) expires_at: Option<OffsetDateTime>,
    pub(crate) asked: &'a Asked,
    pub(crate) bill: &'a Bill,
    pub(crate) standing: Standing,
    pub(crate) check_at: Option<OffsetDateTime>,
}

impl NewAccount<'_> {
    /// Writes it, or writes it over one that was refused, and gives its id.
    pub(crate) async fn write(
        &self,
        transaction: &mut Transaction,
        merchant: i64,
        now: OffsetDateTime,
        refused: Option<(i64, i64)>,
    ) -> Result<i64, Error> {
        let asked = serde_json::to_string(self.asked)
            .map_err(|error| Error::unreadable("account", error))?;
        let (id, version) = match refused {
            None => (self.insert(transaction, merchant, now, asked).await?, 1),
            Some((id, last_version)) => {
                self.replace(transaction, id, now, asked).await?;
                (id, last_version + 1)
            }
        };
        insert_bill(
            transaction,
            id,
            version,
            self.standing,
            self.bill,
            self.expires_at,
            now,
        )
        .await?;
        Ok(id)
    }

    async fn insert(
        &self,
        transaction: &mut Transaction,
        merchant: i64,
        now: OffsetDateTime,
        asked: String,
    ) -> Result<i64, Error> {
        let statement = Statement::new(
            "INSERT INTO account (public_id, merchant, trx_id, mode, state, payable, number, sent_number, reusable, \
             expires_at, asked, credited_sen, credited_count, outstanding, check_at, checks, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, 0, $12, 0, $13, $13) RETURNING id",
        )
        .bind(PublicId::new()?.as_str())
        .bind(merchant)
        .bind(self.trx_id)
        .bind(mode_word(self.mode))
        .bind(self.state.as_str())
        .bind(self.state.is_payable())
        .bind(self.number)
        .bind(self.sent_number)
        .bind(self.reusable)
        .bind(self.expires_at.map(micros))
        .bind(asked)
        .bind(self.check_at.map(micros))
        .bind(micros(now));
        transaction
            .row(statement)
            .await?
            .ok_or_else(|| Error::unreadable("account", "it got no id"))?
            .int("id")
    }

    async fn replace(
        &self,
        transaction: &mut Transaction,
        id: i64,
        now: OffsetDateTime,
        asked: String,
    ) -> Result<(), Error> {
        let refuse = Statement::new("UPDATE bill SET standing = $1 WHERE account_id = $2")
            .bind(Standing::Refused.as_str())
            .bind(id);
        transaction.execute(refuse).await?;
        let statement = Statement::new(
            "UPDATE account SET mode = $1, state = $2, payable = $3, number = $4, sent_number = $5, reusable = $6, \
             expires_at = $7, asked = $8, returned = NULL, check_at = $9, checks = 0, updated_at = $10 WHERE id = $11",
        )
        .bind(mode_word(self.mode))
        .bind(self.state.as_str())
        .bind(self.state.is_payable())
        .bind(self.number)
        .bind(self.sent_number)
        .bind(self.reusable)
        .bind(self.expires_at.map(micros))
        .bind(asked)
        .bind(self.check_at.map(micros))
        .bind(micros(now))
        .bind(id);
        transaction.execute(statement).await.map(|_| ())
    }
}
