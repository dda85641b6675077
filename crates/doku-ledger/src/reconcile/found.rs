//! What an answer of check status means for the record.

use std::time::Duration;

use doku_model::{Amount, Bill, PaymentRequestId, PositiveAmount, TrxId};
use doku_va_btn::PaymentStatus;
use time::OffsetDateTime;

use super::schedule;
use crate::account::{Account, COLUMNS, JOIN_BILLS, Snapshot, State, sen, snapshots, write_back};
use crate::database::{Statement, Transaction};
use crate::error::Error;
use crate::ledger::Ledger;
use crate::moment::{micros, moment, span};
use crate::outbox::{self, EventKind, NewEvent};
use crate::page::bounded;
use crate::payment::{Late, NewPayment, PaymentId, Source, Told, judge};

/// What a check has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// Nothing.
    Nothing,
    /// A payment that no notification has told.
    Payment(PaymentId),
    /// A reusable account was paid, and nobody says by which payment.
    Suspicion,
    /// Its time is over.
    Expired,
    /// DOKU was not asked: a payment was told of just now, and DOKU wants to be left alone about it until then.
    NotAsked {
        /// When it may be asked.
        until: OffsetDateTime,
    },
}

/// An account whose status is to be asked for, and until when nobody else asks.
#[derive(Debug)]
pub(super) struct Due {
    pub(super) account: Account,
    lease: OffsetDateTime,
}

impl Ledger {
    /// How many accounts are due now.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn due(&self) -> Result<u64, Error> {
        let statement = Statement::new(
            "SELECT count(*) AS n FROM account WHERE merchant = $1 AND check_at <= $2",
        )
        .bind(self.merchant())
        .bind(micros(self.now()));
        let row = self.database().row(statement).await?;
        let count = row.map(|row| row.int("n")).transpose()?.unwrap_or(0);
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// Lets an account be asked about as soon as DOKU wants to be asked: somebody may have paid just now.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchAccount`], [`Error::Storage`].
    pub async fn hint(&self, trx_id: &TrxId) -> Result<(), Error> {
        let now = self.now();
        let (mut transaction, account) = self.hold(trx_id.as_str()).await?;
        schedule::hint(&mut transaction, account.id, now).await?;
        transaction.commit().await
    }

    /// Takes accounts that are due, so that nobody else asks about them for as long as a call may take.
    pub(super) async fn take_due(&self, limit: usize) -> Result<Vec<Due>, Error> {
        let now = self.now();
        // A lease on a batch must outlast all of its calls.
        let calls = u32::try_from(limit).unwrap_or(u32::MAX);
        let lease = micros(now)
            .saturating_add(span(self.settings().deadline.saturating_mul(calls)))
            .saturating_add(span(Duration::from_secs(30)));
        let sql = format!(
            "UPDATE account SET check_at = $1 WHERE id IN \
             (SELECT id FROM account WHERE merchant = $2 AND check_at <= $3 ORDER BY check_at LIMIT {}{}) \
             RETURNING id",
            bounded(limit),
            self.database().skip_locked()
        );
        let statement = Statement::new(sql)
            .bind(lease)
            .bind(self.merchant())
            .bind(micros(now));
        let rows = self.database().returning(statement).await?;
        let mut due = Vec::with_capacity(rows.len());
        for row in rows {
            let sql = format!("SELECT {COLUMNS} FROM account a {JOIN_BILLS} WHERE a.id = $1");
            let statement = Statement::new(sql).bind(row.int("id")?);
            let rows = self.database().rows(statement).await?;
            for account in snapshots(&rows)? {
                due.push(Due {
                    account: account.into_account()?,
                    lease: moment(lease),
                });
            }
        }
        Ok(due)
    }

    /// Records what check status said of an account.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchAccount`], [`Error::Storage`].
    pub async fn record_status(
        &self,
        trx_id: &TrxId,
        status: &PaymentStatus,
    ) -> Result<Finding, Error> {
        self.record(trx_id, status, None).await
    }

    pub(super) async fn record_due(
        &self,
        due: &Due,
        status: &PaymentStatus,
    ) -> Result<Finding, Error> {
        self.record(&due.account.trx_id, status, Some(due.lease))
            .await
    }

    /// Whether it is still to be asked about: nobody has paid it, or planned another question, since it was taken.
    pub(super) async fn is_still_due(&self, due: &Due) -> Result<bool, Error> {
        if let Some(until) = self.quiet_until(due.account.id).await? {
            let statement =
                Statement::new("UPDATE account SET check_at = $1 WHERE id = $2 AND check_at = $3")
                    .bind(micros(until))
                    .bind(due.account.id)
                    .bind(micros(due.lease));
            self.database().execute(statement).await?;
            return Ok(false);
        }
        let statement =
            Statement::new("SELECT check_at FROM account WHERE id = $1 AND check_at = $2")
                .bind(due.account.id)
                .bind(micros(due.lease));
        Ok(self.database().row(statement).await?.is_some())
    }

    /// Until when DOKU wants to be left alone about an account, where that is later than now: a payment was told of.
    pub(super) async fn quiet_until(
        &self,
        account_id: i64,
    ) -> Result<Option<OffsetDateTime>, Error> {
        // What was told last stands among the last, but for one that completes an earlier find.
        let statement = Statement::new(
            "SELECT max(told_at) AS told_at FROM \
             (SELECT told_at FROM payment WHERE account_id = $1 ORDER BY id DESC LIMIT 20) AS latest",
        )
        .bind(account_id);
        let row = self.database().row(statement).await?;
        let told_at = row.map(|row| row.maybe_int("told_at")).transpose()?;
        Ok(told_at
            .flatten()
            .map(|told_at| moment(told_at).saturating_add(schedule::QUIET))
            .filter(|until| *until > self.now()))
    }

    /// A question that got no answer, or one that says nothing: another time. About an account that is gone, DOKU's word that
    /// it says nothing is enough.
    pub(super) async fn ask_again(&self, due: &Due, refused: bool) -> Result<(), Error> {
        let later = (!refused || is_watched(due.account.state))
            .then(|| schedule::again(self.now(), due.account.checks));
        let statement = Statement::new(
            "UPDATE account SET check_at = $1, checks = checks + 1 WHERE id = $2 AND check_at = $3",
        )
        .bind(later.map(micros))
        .bind(due.account.id)
        .bind(micros(due.lease));
        self.database().execute(statement).await.map(|_| ())
    }

    async fn record(
        &self,
        trx_id: &TrxId,
        status: &PaymentStatus,
        lease: Option<OffsetDateTime>,
    ) -> Result<Finding, Error> {
        let now = self.now();
        let (mut transaction, mut account) = self.hold(trx_id.as_str()).await?;
        let mut events = Vec::new();
        let mut finding = Finding::Nothing;
        if let PaymentStatus::Paid {
            amount,
            payment_request_id,
        } = status
        {
            finding = self
                .found_paid(
                    &mut transaction,
                    &mut account,
                    *amount,
                    payment_request_id.as_ref(),
                    &mut events,
                    now,
                )
                .await?;
        }
        if *status == PaymentStatus::Expired && account.expires_at.is_none() {
            // DOKU knows an end that nobody told: it counts from here, so that the questions come to theirs.
            account.expires_at = Some(now);
            let end = Statement::new("UPDATE account SET expires_at = $1 WHERE id = $2")
                .bind(micros(now))
                .bind(account.id);
            transaction.execute(end).await?;
        }
        // Somebody who hinted at a payment meanwhile is not overruled.
        if lease.is_none_or(|lease| account.check_at == Some(lease)) {
            let settled = account.state == State::Paid && !account.reusable;
            account.check_at = (!settled && is_watched(account.state))
                .then(|| schedule::next(now, account.checks, account.expires_at))
                .flatten();
            let checks = Statement::new("UPDATE account SET checks = checks + 1 WHERE id = $1")
                .bind(account.id);
            transaction.execute(checks).await?;
        }
        let over = *status == PaymentStatus::Expired
            || (account.check_at.is_none() && account.expires_at.is_some_and(|end| end <= now));
        if over && matches!(account.state, State::Active | State::Inactive) {
            account.state = State::Expired;
            events.push(NewEvent::of(account.id, EventKind::AccountExpired {}));
            if finding == Finding::Nothing {
                finding = Finding::Expired;
            }
        }
        write_back(&[&account], &mut transaction, now).await?;
        outbox::write(&mut transaction, self.merchant(), now, &events).await?;
        self.commit(transaction).await?;
        Ok(finding)
    }

    /// It was paid: by a payment that is known, by one that is not, or nobody can tell.
    async fn found_paid(
        &self,
        transaction: &mut Transaction,
        account: &mut Snapshot,
        told: Option<Amount>,
        payment_request_id: Option<&PaymentRequestId>,
        events: &mut Vec<NewEvent>,
        now: OffsetDateTime,
    ) -> Result<Finding, Error> {
        if account.state == State::Paid && !account.reusable {
            return Ok(Finding::Nothing);
        }
        let paid = told
            .or_else(|| only_amount(account))
            .and_then(|amount| PositiveAmount::try_from(amount).ok());
        if is_known(transaction, account, paid, payment_request_id).await? {
            return Ok(Finding::Nothing);
        }
        let paid = match paid {
            Some(paid) if !account.reusable || payment_request_id.is_some() => paid,
            _ => return Ok(suspect(account, told, events)),
        };
        let number = account
            .number
            .clone()
            .unwrap_or_else(|| account.sent_number.clone());
        let judgement = judge(
            Some(account),
            &Told {
                number: &number,
                by_trx_id: true,
                amount: paid,
                paid_at: None,
                received_at: now,
            },
        );
        let id = self
            .insert_found(
                transaction,
                account,
                &number,
                paid,
                payment_request_id,
                &judgement,
                now,
            )
            .await?;
        account.outstanding = account.outstanding.saturating_add(1);
        if judgement.verdict.is_credited() {
            account.credit(sen(paid.amount()), judgement.state, &number, now);
        }
        let payment = NewPayment {
            id,
            account_id: Some(account.id),
            amount: paid,
            payment_request_id: payment_request_id.cloned(),
            number,
            trx_id: Some(account.trx_id.parse()?),
            source: Source::Reconciliation,
        };
        payment.tell(events, &judgement);
        Ok(Finding::Payment(id))
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "each is a column of the row that is written"
    )]
    async fn insert_found(
        &self,
        transaction: &mut Transaction,
        account: &Snapshot,
        number: &str,
        paid: PositiveAmount,
        payment_request_id: Option<&PaymentRequestId>,
        judgement: &crate::payment::Judgement,
        now: OffsetDateTime,
    ) -> Result<PaymentId, Error> {
        let statement = Statement::new(
            "INSERT INTO payment (merchant, account_id, number, trx_id, payment_request_id, sen, verdict, late, \
             bill_version, source, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id",
        )
        .bind(self.merchant())
        .bind(account.id)
        .bind(number)
        .bind(account.trx_id.as_str())
        .bind(payment_request_id.map_or("", PaymentRequestId::as_str))
        .bind(sen(paid.amount()))
        .bind(judgement.verdict.as_str())
        .bind(judgement.late.map(Late::as_str))
        .bind(judgement.bill_version)
        .bind(Source::Reconciliation.as_str())
        .bind(micros(now));
        let id = transaction
            .row(statement)
            .await?
            .ok_or_else(|| Error::unreadable("payment", "it got no id"))?
            .int("id")?;
        Ok(PaymentId(id))
    }
}

/// Whether a payment is still looked for. Of what was deleted or refused a question is asked where there is a hint, and no
/// other one after it.
const fn is_watched(state: State) -> bool {
    !matches!(state, State::Deleted | State::Refused)
}

/// Where the answer does not say how much: of a closed bill that is the only one, it can only be that.
fn only_amount(account: &Snapshot) -> Option<Amount> {
    match account.bills.as_slice() {
        [only] => match only.bill {
            Bill::Closed(amount) => Some(amount.amount()),
            Bill::Open(_) | Bill::Variable { .. } => None,
        },
        _ => None,
    }
}

/// Whether it may be a payment that is kept already: the same id; where none is told, the same amount; where neither
/// is, any.
async fn is_known(
    transaction: &mut Transaction,
    account: &Snapshot,
    paid: Option<PositiveAmount>,
    payment_request_id: Option<&PaymentRequestId>,
) -> Result<bool, Error> {
    let by_id = payment_request_id.filter(|_| account.reusable);
    let statement = match (by_id, paid) {
        (Some(id), _) => Statement::new(
            "SELECT id FROM payment WHERE account_id = $1 AND payment_request_id = $2 LIMIT 1",
        )
        .bind(account.id)
        .bind(id.as_str()),
        (None, Some(paid)) => {
            Statement::new("SELECT id FROM payment WHERE account_id = $1 AND sen = $2 LIMIT 1")
                .bind(account.id)
                .bind(sen(paid.amount()))
        }
        (None, None) => {
            Statement::new("SELECT id FROM payment WHERE account_id = $1 LIMIT 1").bind(account.id)
        }
    };
    Ok(transaction.row(statement).await?.is_some())
}

/// Says so once for each amount.
fn suspect(account: &mut Snapshot, told: Option<Amount>, events: &mut Vec<NewEvent>) -> Finding {
    // Nothing was told: no amount is below zero.
    const UNTOLD: i64 = -1;
    let suspected = told.map_or(UNTOLD, sen);
    if account.suspected_sen == Some(suspected) {
        return Finding::Nothing;
    }
    account.suspected_sen = Some(suspected);
    let event = EventKind::PaymentSuspected { amount: told };
    events.push(NewEvent::of(account.id, event));
    Finding::Suspicion
}
