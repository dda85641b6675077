//! The parts of a page that change by themselves. Each is written alike for the page and for the script that renews it.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use askama::Template;

use super::entry::Entry;
use super::extent::Extent;
use super::shown::{self, Ends, Moment};
use super::words::{Words, called};
use crate::desk::Desk;
use crate::faults::{Direction, Fault};
use crate::outbound::Notification;
use crate::view::VirtualAccount;

/// The most rows that one part has.
const MOST: usize = 50;

/// The most attempts that are shown of one notification.
const ATTEMPTS: usize = 10;

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
        Self {
            name,
            most,
            version: version(&html),
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
            "notifications" => Some(Self::notifications(desk, words, most, u64::MAX)),
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
        let older = (skip > 0).then(|| format!("/accounts?before={}", skip + 1));
        let extent = Extent::of(skip + 1, end, total, older);
        let part = Accounts {
            w: words,
            rows,
            extent,
        };
        Self::of("accounts", most, &part)
    }

    /// The newest entries with a number below `before`.
    pub(super) fn journal(desk: &Desk, words: &'static Words, most: usize, before: u64) -> Self {
        let (entries, total) = desk.journal.newest(before, most);
        let rows: Vec<_> = entries
            .iter()
            .map(|entry| Entry::of(entry, words))
            .collect();
        let (newest, oldest) = (
            rows.first().map_or(0, |row| row.number),
            rows.last().map_or(0, |row| row.number),
        );
        let older = desk.journal.entry(oldest.saturating_sub(1));
        let older = older.map(|_| format!("/journal?before={oldest}"));
        let part = Journal {
            w: words,
            rows,
            extent: Extent::of(oldest, newest, total, older),
        };
        Self::of("journal", most, &part)
    }

    /// The newest notifications with an id below `before`.
    pub(super) fn notifications(
        desk: &Desk,
        words: &'static Words,
        most: usize,
        before: u64,
    ) -> Self {
        let (records, total) = desk.outbound.notifications.newest(before, most);
        let now = desk.clock.now();
        let rows: Vec<_> = records
            .iter()
            .map(|record| NotificationRow::of(record.view(), now, words))
            .collect();
        let (newest, oldest) = (
            rows.first().map_or(0, |row| row.id),
            rows.last().map_or(0, |row| row.id),
        );
        let older = (oldest > 1).then(|| format!("/notifications?before={oldest}"));
        let total = u64::try_from(total).unwrap_or(u64::MAX);
        let part = Notifications {
            w: words,
            rows,
            urls: desk.outbound.notification_urls(),
            extent: Extent::of(oldest, newest, total, older),
        };
        Self::of("notifications", most, &part)
    }

    /// The faults that wait, the first to happen first.
    pub(super) fn faults(desk: &Desk, words: &'static Words) -> Self {
        let waiting = desk.faults.waiting();
        let rows: Vec<_> = waiting
            .iter()
            .take(MOST)
            .map(|fault| FaultRow::of(fault, words))
            .collect();
        let part = Faults {
            w: words,
            extent: Extent::of(1, rows.len(), waiting.len(), None),
            rows,
        };
        Self::of("faults", MOST, &part)
    }

    pub(super) fn clock(desk: &Desk, words: &'static Words) -> Self {
        let moved = i64::try_from(desk.clock.advanced_seconds()).unwrap_or(i64::MAX);
        let moved = (moved > 0).then(|| shown::left(time::Duration::seconds(moved), words));
        Self::of("clock", 1, &Clock { w: words, moved })
    }
}

/// Tells one writing of a part from another. How long it is until something ends makes no difference: the browser counts
/// that by itself.
fn version(html: &str) -> String {
    let mut hasher = DefaultHasher::new();
    let mut pieces = html.split(" data-ends=\"");
    pieces.next().hash(&mut hasher);
    for piece in pieces {
        let (tag, rest) = piece.split_once('>').unwrap_or((piece, ""));
        let after = rest.find('<').and_then(|end| rest.get(end..));
        (tag, after).hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

#[derive(Template)]
#[template(path = "part_accounts.html")]
struct Accounts {
    w: &'static Words,
    rows: Vec<AccountRow>,
    extent: Extent,
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
    extent: Extent,
}

#[derive(Template)]
#[template(path = "part_notifications.html")]
struct Notifications {
    w: &'static Words,
    rows: Vec<NotificationRow>,
    /// Where DOKU calls.
    urls: Vec<String>,
    extent: Extent,
}

struct NotificationRow {
    id: u64,
    payment: String,
    grouped: String,
    trx_id: Option<String>,
    amount: String,
    acknowledged: bool,
    next: Option<Ends>,
    /// How many there were.
    attempted: usize,
    /// The last of them, and which of all is the first of those.
    attempts: Vec<AttemptRow>,
    first_attempt: usize,
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
        let attempted = notification.attempts.len();
        let unshown = attempted.saturating_sub(ATTEMPTS);
        let attempts = notification.attempts.into_iter().skip(unshown);
        let attempts = attempts.map(|attempt| AttemptRow {
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
            attempted,
            attempts: attempts.collect(),
            first_attempt: unshown + 1,
        }
    }
}

#[derive(Template)]
#[template(path = "part_faults.html")]
struct Faults {
    w: &'static Words,
    rows: Vec<FaultRow>,
    extent: Extent,
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

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn time_that_runs_is_no_change() {
        let row = |name: &str, end: &str, left: &str, after: &str| {
            version(&format!(
                "<b>{name}</b> <i data-ends=\"{end}\" title=\"x\">{left}</i>{after}"
            ))
        };
        let first = row("Budi", "2026-01-31", "2 h 5 min", "<p>");
        assert_eq!(first, row("Budi", "2026-01-31", "2 h 4 min", "<p>"));
        for other in [
            row("Siti", "2026-01-31", "2 h 5 min", "<p>"),
            row("Budi", "2026-02-01", "2 h 5 min", "<p>"),
            row("Budi", "2026-01-31", "2 h 5 min", "<p>paid"),
        ] {
            assert_ne!(first, other);
        }
    }
}
