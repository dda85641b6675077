//! What a payment is to an account. Pure: the account is given as it was read, and given back as it is to be.

use doku_model::PositiveAmount;
use doku_va_btn::Mode;
use time::{Duration, OffsetDateTime};

use super::{Late, Verdict};
use crate::account::{BillVersion, Snapshot, State};

/// How late a notification may come: one that does not say when it was paid may have been paid so long ago.
const LATEST: Duration = Duration::hours(24);

/// A payment as it is judged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told<'a> {
    /// The number, without padding.
    pub(crate) number: &'a str,
    /// Whether it named a trxId; an account it is judged against then has this one.
    pub(crate) by_trx_id: bool,
    pub(crate) amount: PositiveAmount,
    pub(crate) paid_at: Option<OffsetDateTime>,
    pub(crate) received_at: OffsetDateTime,
}

/// What a payment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Judgement {
    pub(crate) verdict: Verdict,
    pub(crate) late: Option<Late>,
    /// The version of the bill that it satisfies.
    pub(crate) bill_version: Option<i64>,
    /// The state that the account has from then on.
    pub(crate) state: Option<State>,
}

/// Judges a payment that is not known yet.
pub(crate) fn judge(account: Option<&Snapshot>, told: &Told<'_>) -> Judgement {
    let flagged = |verdict| Judgement {
        verdict,
        late: None,
        bill_version: None,
        state: None,
    };
    let Some(account) = account else {
        return flagged(if told.by_trx_id {
            Verdict::UnknownTrxId
        } else {
            Verdict::UnknownNumber
        });
    };
    if !may_have_number(account, told.number) {
        return flagged(Verdict::NumberDiffers);
    }
    if account.state == State::Paid && !account.reusable {
        return flagged(Verdict::Second);
    }
    let late = late(account, told);
    let Some(bill) = satisfied(&account.bills, told) else {
        return Judgement {
            late,
            ..flagged(Verdict::WrongAmount)
        };
    };
    Judgement {
        verdict: Verdict::Satisfied,
        late,
        bill_version: Some(bill.version),
        state: after(account),
    }
}

/// The state after a payment that satisfies the bill, where it is another.
fn after(account: &Snapshot) -> Option<State> {
    if !account.reusable {
        return Some(State::Paid);
    }
    // Who is paid exists.
    matches!(
        account.state,
        State::Creating | State::Unknown | State::Refused
    )
    .then_some(State::Active)
}

/// Whether the account may be the one that the number was paid to. Of DGPC nobody knows the number before DOKU tells it,
/// but for its beginning.
fn may_have_number(account: &Snapshot, number: &str) -> bool {
    match (&account.number, account.mode) {
        (Some(known), _) => known == number,
        (None, Mode::DokuGenerated) => number.starts_with(&account.sent_number),
        (None, _) => account.sent_number == number,
    }
}

/// The newest version of the bill that may have been in force and is satisfied.
fn satisfied<'b>(bills: &'b [BillVersion], told: &Told<'_>) -> Option<&'b BillVersion> {
    let paid_at = told
        .paid_at
        .unwrap_or_else(|| told.received_at.saturating_sub(LATEST));
    bills
        .iter()
        .rev()
        .find(|version| version.may_have_counted(paid_at) && version.bill.accepts(told.amount))
}

/// Whether it came after the account's end. Nobody waits for check status to close the account: the order may be given up the
/// moment it ends. One that says that it was paid before is not late, only told late.
fn late(account: &Snapshot, told: &Told<'_>) -> Option<Late> {
    let paid_at = told.paid_at.unwrap_or(told.received_at);
    match account.state {
        State::Deleted => Some(Late::Deleted),
        State::Refused => Some(Late::Refused),
        // DOKU may say that it is over where no end is known here.
        state => account
            .expires_at
            .map_or(state == State::Expired, |end| paid_at > end)
            .then_some(Late::Expired),
    }
}
