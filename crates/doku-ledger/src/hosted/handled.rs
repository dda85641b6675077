//! Claims that replicas share: of two, one gets the notification, until it is done or its claim lapses.

use std::time::Duration;

use async_trait::async_trait;
use doku_model::PositiveAmount;
use doku_va_btn::hosted::{Claim, HandledStore, PaymentKey, REMEMBERED, StoreError};

use crate::account::{positive, sen};
use crate::database::{Statement, Value};
use crate::error::Error;
use crate::ledger::Ledger;
use crate::moment::{micros, span};

/// How long the last time it was asked about stands before a repeat is written down: less than what is to spare, and a flood of
/// repeats writes once.
const AS_GOOD_AS_NOW: Duration = Duration::from_secs(10 * 60);

const THIS: &str = "merchant = $1 AND number = $2 AND trx_id = $3 AND payment_request_id = $4";

#[async_trait]
impl HandledStore for Ledger {
    async fn claim(&self, key: &PaymentKey, amount: PositiveAmount) -> Result<Claim, StoreError> {
        self.claimed(key, amount).await.map_err(failed)
    }

    async fn complete(&self, key: &PaymentKey, amount: PositiveAmount) -> Result<(), StoreError> {
        let sql = format!(
            "UPDATE claim SET completed_at = $7 WHERE {THIS} AND sen = $5 AND holder = $6 AND completed_at IS NULL"
        );
        let statement = self
            .of_claim(sql, key)
            .bind(sen(amount.amount()))
            .bind(self.core().holder.as_str())
            .bind(micros(self.now()));
        self.database()
            .execute(statement)
            .await
            .map(|_| ())
            .map_err(failed)
    }

    async fn release(&self, key: &PaymentKey, amount: PositiveAmount) -> Result<(), StoreError> {
        let sql = format!(
            "DELETE FROM claim WHERE {THIS} AND sen = $5 AND holder = $6 AND completed_at IS NULL"
        );
        let statement = self
            .of_claim(sql, key)
            .bind(sen(amount.amount()))
            .bind(self.core().holder.as_str());
        self.database()
            .execute(statement)
            .await
            .map(|_| ())
            .map_err(failed)
    }
}

fn failed(error: Error) -> StoreError {
    StoreError::Failed(error.into())
}

impl Ledger {
    async fn claimed(&self, key: &PaymentKey, amount: PositiveAmount) -> Result<Claim, Error> {
        let kept = self.kept_amounts(key).await?;
        if kept.contains(&amount) {
            return Ok(Claim::Handled);
        }
        let now = self.now();
        let own = sen(amount.amount());
        // One statement decides who gets it: a new row, or one whose holder has let it lapse.
        let take = Statement::new(
            "INSERT INTO claim (merchant, number, trx_id, payment_request_id, sen, holder, lapses_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT (merchant, number, trx_id, payment_request_id, sen) DO UPDATE \
             SET holder = excluded.holder, lapses_at = excluded.lapses_at \
             WHERE claim.completed_at IS NULL AND claim.lapses_at <= $8",
        )
        .bind_all(self.key_of(key))
        .bind(own)
        .bind(self.core().holder.as_str())
        .bind(micros(now).saturating_add(span(self.settings().claim)))
        .bind(micros(now));
        let taken = self.database().execute(take).await? == 1;
        let sql = format!("SELECT sen, completed_at FROM claim WHERE {THIS}");
        let rows = self.database().rows(self.of_claim(sql, key)).await?;
        let mut other_amounts = kept;
        for row in &rows {
            let stored = row.int("sen")?;
            if stored == own {
                if !taken {
                    let Some(last) = row.maybe_int("completed_at")? else {
                        return Ok(Claim::Busy);
                    };
                    self.remember_on(key, own, last, micros(now)).await?;
                    return Ok(Claim::Handled);
                }
            } else {
                let other = positive(stored)?;
                if !other_amounts.contains(&other) {
                    other_amounts.push(other);
                }
            }
        }
        Ok(if taken {
            Claim::New { other_amounts }
        } else {
            // Released since: whoever sends again gets it.
            Claim::Busy
        })
    }

    /// Counts the time that a completed claim is remembered from this repeat on.
    async fn remember_on(
        &self,
        key: &PaymentKey,
        sen: i64,
        last: i64,
        now: i64,
    ) -> Result<(), Error> {
        if now.saturating_sub(last) < span(AS_GOOD_AS_NOW) {
            return Ok(());
        }
        let sql = format!(
            "UPDATE claim SET completed_at = $6 WHERE {THIS} AND sen = $5 AND completed_at < $6"
        );
        let statement = self.of_claim(sql, key).bind(sen).bind(now);
        self.database().execute(statement).await.map(|_| ())
    }

    /// Forgets completed claims that can no longer be repeated. Says how many they were.
    pub(crate) async fn forget_claims(&self) -> Result<u64, Error> {
        let before = micros(self.now()).saturating_sub(span(REMEMBERED));
        let statement = Statement::new(
            "DELETE FROM claim WHERE completed_at IS NOT NULL AND completed_at < $1",
        )
        .bind(before);
        self.database().execute(statement).await
    }

    fn of_claim(&self, sql: String, key: &PaymentKey) -> Statement {
        Statement::new(sql).bind_all(self.key_of(key))
    }

    fn key_of(&self, key: &PaymentKey) -> [Value; 4] {
        [
            self.merchant().into(),
            key.number().into(),
            key.trx_id().map_or("", |trx_id| trx_id.as_str()).into(),
            key.payment_request_id().as_str().into(),
        ]
    }
}
