//! A bill of the merchant's own number (DIPC): registered in the ledger, and nowhere else.

use doku_va_btn::{Change, Mode};
use time::OffsetDateTime;

use super::IdempotencyKey;
use crate::account::{Account, Asked, DirectBill, NewAccount, Snapshot, Standing, State};
use crate::database::{Statement, Transaction};
use crate::error::Error;
use crate::ledger::Ledger;
use crate::lock::{number_lock, trx_lock};
use crate::moment::micros;
use crate::outbox::{self, EventKind, NewEvent};
use crate::reconcile::schedule;

impl Ledger {
    /// Registers a bill, which inquiries are answered with from then on. Under an idempotency key that was used before for
    /// the same request it is the account of then.
    ///
    /// Several bills may have one number: an inquiry is answered with the newest that may still be paid.
    ///
    /// # Errors
    ///
    /// [`Error::TrxIdTaken`], [`Error::KeyReused`], [`Error::Storage`].
    pub async fn register(
        &self,
        bill: DirectBill,
        key: Option<&IdempotencyKey>,
    ) -> Result<Account, Error> {
        let now = self.now();
        let merchant = self.merchant();
        let trx_id = bill.trx_id.clone();
        let number = bill.virtual_account().number().normalised().to_owned();
        let expires_at = bill
            .expired_date
            .as_ref()
            .map(doku_model::Timestamp::instant);
        let mut names = vec![
            trx_lock(merchant, trx_id.as_str()),
            number_lock(merchant, &number),
        ];
        names.extend(key.map(|key| trx_lock(merchant, &format!("key {}", key.name))));
        let mut transaction = self.begin(names).await?;
        if let Some(known) = self.known_by_key(&mut transaction, key).await? {
            return known.into_account();
        }
        let refused = self.vacant(&mut transaction, &trx_id).await?;
        let due = bill.bill;
        let reusable = bill.reusable;
        let asked = Asked::Direct(bill);
        let account = NewAccount {
            trx_id: trx_id.as_str(),
            mode: Mode::DirectInquiry,
            state: State::Active,
            number: Some(&number),
            sent_number: &number,
            reusable,
            expires_at,
            asked: &asked,
            bill: &due,
            standing: Standing::InForce,
            check_at: Some(schedule::first(now, expires_at)),
        };
        let id = account
            .write(&mut transaction, merchant, now, refused)
            .await?;
        self.write_key(&mut transaction, key, id, now).await?;
        let events = [
            NewEvent::of(
                id,
                EventKind::AccountRequested {
                    mode: Mode::DirectInquiry,
                    bill: due,
                },
            ),
            NewEvent::of(id, EventKind::AccountActivated { number }),
        ];
        outbox::write(&mut transaction, merchant, now, &events).await?;
        self.finished(transaction, trx_id.as_str()).await
    }

    /// A DIPC bill exists in the ledger alone.
    pub(super) async fn change_direct(
        &self,
        mut transaction: Transaction,
        mut account: Snapshot,
        wanted: &Change,
        bill_version: Option<i64>,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        let shown = account.clone().into_account()?;
        let Asked::Direct(mut direct) = shown.asked else {
            return Err(Error::unreadable(
                "account",
                "it is no bill of the ledger's",
            ));
        };
        let Change {
            name,
            email,
            phone,
            bill,
            expired_date,
            ..
        } = wanted.clone();
        direct.name = name.unwrap_or(direct.name);
        direct.email = email.or(direct.email);
        direct.phone = phone.or(direct.phone);
        direct.bill = bill.unwrap_or(direct.bill);
        direct.expired_date = expired_date.or(direct.expired_date);
        account.expires_at = direct
            .expired_date
            .as_ref()
            .map(doku_model::Timestamp::instant);
        let due = direct.bill;
        let asked = serde_json::to_string(&Asked::Direct(direct))
            .map_err(|error| Error::unreadable("account", error))?;
        let statement =
            Statement::new("UPDATE account SET asked = $1, expires_at = $2 WHERE id = $3")
                .bind(asked)
                .bind(account.expires_at.map(micros))
                .bind(account.id);
        transaction.execute(statement).await?;
        self.take_effect(
            &mut transaction,
            &mut account,
            due,
            wanted,
            bill_version,
            now,
        )
        .await?;
        self.commit(transaction).await
    }
}
