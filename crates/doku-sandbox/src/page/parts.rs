//! The parts of a page that change by themselves. Each is written alike for the page and for the script that renews it.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use askama::Template;

use super::entry::Entry;
use super::shown::{self, Ends, Moment};
use super::words::{Words, called};
use crate::desk::Desk;
use crate::faults::{Direction, Fault};
use crate::outbound::Notification;
use crate::view::VirtualAccount;

/// The most rows that one part has.
const MOST: usize = 50;

/// A part that is written.
pub(super) struct Part {
    pub(super) name: &'static str,
    /// How many rows it has at most.
    pub(super) most: usize,
    /// Changes whenever the part does.
    pub(super) version: String,
    pub(super) html: String,
}

impl Part {
    fn of(name: &'static str, most: usize, template: &impl Template) -> Self {
        let html = template.render().unwrap_or_else(|error| {
            tracing::error!(%error, name, "a part of a page could not be written");
            String::new()
        });
        let mut hasher = DefaultHasher::new();
        html.hash(&mut hasher);
        Self {
            name,
            most,
            version: format!("{:016x}", hasher.finish()),
            html,
        }
    }

    /// The part of this name; `None` where there is none.
    pub(super) fn named(
        name: &str,
        desk: &Desk,
        words: &'static Words,
        most: usize,
    ) -> Option<Self> {
        let most = most.clamp(1, MOST);
        match name {
            "accounts" => Some(Self::accounts(desk, words, most, None)),
            "journal" => Some(Self::journal(desk, words, most, u64::MAX)),
            "notifications" => Some(Self::notifications(desk, words, most, 0)),
            "faults" => Some(Self::faults(desk, words)),
            "clock" => Some(Self::clock(desk, words)),
            _ => None,
        }
    }

    /// The newest accounts before `before`, counted from 1.
    pub(super) fn accounts(
        desk: &Desk,
        words: &'static Words,
        most: usize,
        before: Option<usize>,
    ) -> Self {
        let total = desk.memory().accounts().len();
        let end = before.map_or(total, |before| before.saturating_sub(1).min(total));
        let skip = end.saturating_sub(most);
        let now = desk.clock.now();
        let mut rows: Vec<_> = VirtualAccount::list(desk, skip, end - skip)
            .into_iter()
            .zip(skip + 1..)
            .map(|(account, place)| AccountRow::of(&account, place, now, words))
            .collect();
        rows.reverse();
        let rest = Rest::of(rows.last().map(|row| row.place), 1, total);
        Self::of(
            "accounts",
            most,
            &Accounts {
                w: words,
                rows,
                rest,
            },
        )
    }

    pub(super) fn journal(desk: &Desk, words: &'static Words, most: usize, before: u64) -> Self {
        let (entries, _) = desk.journal.newest(before, most);
        let rows: Vec<_> = entries
            .iter()
            .map(|entry| Entry::of(entry, words))
            .collect();
        let oldest = rows.last().map(|row| row.number);
        let before = oldest.filter(|oldest| desk.journal.entry(oldest.saturating_sub(1)).is_some());
        Self::of(
            "journal",
            most,
            &Journal {
                w: words,
                rows,
                before,
            },
        )
    }

    pub(super) fn notifications(
        desk: &Desk,
        words: &'static Words,
        most: usize,
        skip: usize,
    ) -> Self {
        let (records, total) = desk.outbound.notifications.newest(skip, most);
        let now = desk.clock.now();
        let rows = records
            .iter()
            .map(|record| NotificationRow::of(record.view(), now, words))
            .collect();
        let skipped = skip.saturating_add(most);
        let skip = (skipped < total).then_some(skipped);
        Self::of(
            "notifications",
            most,
            &Notifications {
                w: words,
                rows,
                skip,
            },
        )
    }

    pub(super) fn faults(desk: &Desk, words: &'static Words) -> Self {
        let rows = desk
            .faults
            .waiting()
            .into_iter()
            .take(MOST)
            .map(|fault| FaultRow::of(&fault, words))
            .collect();
        Self::of("faults", MOST, &Faults { w: words, rows })
    }

    pub(super) fn clock(desk: &Desk, words: &'static Words) -> Self {
        let moved = i64::try_from(desk.clock.advanced_seconds()).unwrap_or(i64::MAX);
        let moved = (moved > 0).then(|| shown::left(time::Duration::seconds(moved), words));
        Self::of("clock", 1, &Clock { w: words, moved })
    }
}

/// What of a list is not shown.
struct Rest {
    /// Where the older ones begin, if there are any.
    before: Option<usize>,
    total: usize,
}

impl Rest {
    fn of(oldest: Option<usize>, first: usize, total: usize) -> Self {
        Self {
            before: oldest.filter(|oldest| *oldest > first),
            total,
        }
    }
}

#[derive(Template)]
#[template(path = "part_accounts.html")]
struct Accounts {
    w: &'static Words,
    rows: Vec<AccountRow>,
    rest: Rest,
}

struct AccountRow {
    place: usize,
    number: String,
    grouped: String,
    name: String,
    trx_id: String,
    bill: String,
    standing: &'static str,
    standing_name: &'static str,
    ends: Option<Ends>,
    payable: bool,
}

impl AccountRow {
    fn of(
        account: &VirtualAccount,
        place: usize,
        now: time::OffsetDateTime,
        words: &'static Words,
    ) -> Self {
        let (standing, standing_name) = shown::standing(account.standing, words);
        let open = standing == "pending" || (standing == "paid" && account.reusable);
        Self {
            place,
            number: account.virtual_account_no.trim().to_owned(),
            grouped: shown::grouped(&account.virtual_account_no),
            name: account.virtual_account_name.clone(),
            trx_id: account.trx_id.clone(),
            bill: shown::bill(
                words,
                account.amount.as_deref(),
                account.min_amount.as_deref(),
                account.max_amount.as_deref(),
            ),
            standing,
            standing_name,
            ends: account
                .expired_date
                .as_ref()
                .filter(|_| open)
                .map(|end| Ends::at(end, now, words)),
            payable: open,
        }
    }
}

#[derive(Template)]
#[template(path = "part_journal.html")]
struct Journal {
    w: &'static Words,
    rows: Vec<Entry>,
    before: Option<u64>,
}

#[derive(Template)]
#[template(path = "part_notifications.html")]
struct Notifications {
    w: &'static Words,
    rows: Vec<NotificationRow>,
    skip: Option<usize>,
}

struct NotificationRow {
    id: u64,
    payment: String,
    grouped: String,
    trx_id: Option<String>,
    amount: String,
    acknowledged: bool,
    next: Option<Ends>,
    attempts: Vec<AttemptRow>,
}

struct AttemptRow {
    at: Moment,
    trigger: &'static str,
    journal: Option<u64>,
    status: Option<u16>,
    code: String,
    reason: Option<String>,
}

impl NotificationRow {
    fn of(notification: Notification, now: time::OffsetDateTime, words: &'static Words) -> Self {
        use crate::outbound::Trigger;
        let attempts = notification.attempts.into_iter().map(|attempt| AttemptRow {
            at: Moment::written(&attempt.at),
            trigger: called(
                &words.triggers,
                match attempt.trigger {
                    Trigger::Payment => "payment",
                    Trigger::Retry => "retry",
                    Trigger::OutOfOrder => "outOfOrder",
                    Trigger::Resend => "resend",
                },
            ),
            journal: attempt.journal,
            status: (attempt.status > 0).then_some(attempt.status),
            code: attempt.response_code.unwrap_or_default(),
            reason: attempt.reason,
        });
        Self {
            id: notification.id,
            payment: notification.payment_request_id,
            grouped: shown::grouped(&notification.virtual_account_no),
            trx_id: notification.trx_id,
            amount: shown::money(&notification.paid_amount),
            acknowledged: notification.acknowledged,
            next: notification
                .next_attempt
                .map(|next| Ends::at(&next, now, words)),
            attempts: attempts.collect(),
        }
    }
}

#[derive(Template)]
#[template(path = "part_faults.html")]
struct Faults {
    w: &'static Words,
    rows: Vec<FaultRow>,
}

struct FaultRow {
    kind: &'static str,
    what: &'static str,
    calls: String,
    count: Option<u32>,
    percent: Option<u8>,
}

impl FaultRow {
    fn of(fault: &Fault, words: &'static Words) -> Self {
        let calls = match (fault.operation_name(), fault.direction) {
            (Some(name), _) => name.to_owned(),
            (None, Direction::Inbound) => words.any_to_doku.to_owned(),
            (None, Direction::Outbound) => words.any_to_merchant.to_owned(),
        };
        Self {
            kind: fault.kind.name(),
            what: called(&words.kinds, fault.kind.name()),
            calls,
            count: (fault.count != u32::MAX).then_some(fault.count),
            percent: fault.percent,
        }
    }
}

#[derive(Template)]
#[template(path = "part_clock.html")]
struct Clock {
    w: &'static Words,
    moved: Option<String>,
}
