//! What a page shows of an account.

use std::time::Duration;

use askama::Template;
use doku_ledger::account::{Account, State};
use doku_model::{Amount, Bill, VirtualAccountNo, WIB};
use doku_va_btn::{grouped, rupiah};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::words::{Said, Words, month};
use crate::config::{Config, Language, ShownName};
use crate::view::payer_name;

/// The style, as it stands in the page.
pub(super) const STYLE: &str = include_str!("../../templates/pay.css");

/// The script, as it stands in the page.
pub(super) const SCRIPT: &str = include_str!("../../templates/pay.js");

/// How long after its end an account may still turn to paid: a notification may be late.
const LATE: Duration = Duration::from_secs(24 * 60 * 60);

/// The page of an account.
#[derive(Template)]
#[template(path = "pay.html")]
pub(super) struct Pay {
    words: &'static Words,
    languages: [Choice; 2],
    title: String,
    merchant: Option<String>,
    state: &'static str,
    mark: &'static str,
    headline: &'static str,
    explanation: &'static str,
    payable: Option<Payable>,
    paid: Option<Paid>,
    name: Option<String>,
    how_to_pay: Option<String>,
    order: String,
    version: String,
    changing: bool,
    style: &'static str,
    script: &'static str,
}

/// What is drawn into the ring beside the headline.
mod mark {
    pub(super) const TICK: &str = "m8 12.5 2.7 2.7L16 9.5";
    pub(super) const HANDS: &str = "M12 7v5l3 2";
    pub(super) const CROSS: &str = "m9 9 6 6m0-6-6 6";
}

struct Choice {
    code: &'static str,
    name: &'static str,
    current: bool,
}

/// What can be paid now.
struct Payable {
    number: String,
    grouped: String,
    amount: String,
    limits: Option<String>,
    ends: Option<Ends>,
}

struct Ends {
    instant: String,
    shown: String,
}

/// What was paid.
struct Paid {
    amount: String,
    at: Option<String>,
}

/// A page without an account.
#[derive(Template)]
#[template(path = "gone.html")]
pub(super) struct Gone {
    words: &'static Words,
    mark: &'static str,
    headline: &'static str,
    explanation: &'static str,
    style: &'static str,
}

impl Gone {
    /// Nobody has this address.
    pub(super) fn unknown(language: Language) -> Self {
        let words = Words::of(language);
        Self::saying(words, mark::CROSS, words.no_such)
    }

    /// It cannot be shown now.
    pub(super) fn later(language: Language) -> Self {
        let words = Words::of(language);
        Self::saying(words, mark::HANDS, words.later)
    }

    const fn saying(words: &'static Words, mark: &'static str, said: Said) -> Self {
        let (headline, explanation) = said;
        Self {
            words,
            mark,
            headline,
            explanation,
            style: STYLE,
        }
    }
}

/// The state as a customer sees it: what is over is over before the ledger has closed it.
fn seen(account: &Account, now: OffsetDateTime) -> State {
    let over = account.expires_at.is_some_and(|end| end <= now);
    match account.state {
        State::Active if over => State::Expired,
        state => state,
    }
}

/// Changes whenever the page does.
pub(super) fn version(account: &Account, now: OffsetDateTime) -> String {
    let state = seen(account, now);
    let micros = account.updated_at.unix_timestamp_nanos() / 1_000;
    format!("{state}-{}-{micros}", account.payments)
}

/// Whether it may change while somebody looks.
fn is_changing(account: &Account, now: OffsetDateTime) -> bool {
    match seen(account, now) {
        State::Creating | State::Unknown | State::Active | State::Inactive => true,
        State::Expired => account
            .expires_at
            .is_none_or(|end| now - end < time::Duration::seconds_f64(LATE.as_secs_f64())),
        State::Paid | State::Deleted | State::Refused => false,
    }
}

impl Pay {
    pub(super) fn of(
        account: &Account,
        config: &Config,
        now: OffsetDateTime,
        language: Language,
    ) -> Self {
        let words = Words::of(language);
        let state = seen(account, now);
        let received = account.payments > 0;
        let exact = matches!(account.bill, Bill::Closed(_));
        let (headline, explanation) = words.state(state, received, exact);
        let paid = received.then(|| Paid {
            amount: rupiah(account.credited),
            at: account.paid_at.map(|at| shown(at, language)),
        });
        let merchant = config.merchant.clone();
        let how_to_pay = account
            .virtual_account
            .as_ref()
            .and_then(|account| account.how_to_pay_page())
            .filter(|link| link.starts_with("https://"))
            .map(str::to_owned);
        let choice = |of: Language, name| Choice {
            code: of.code(),
            name,
            current: of == language,
        };
        Self {
            words,
            languages: [
                choice(Language::Id, "Indonesia"),
                choice(Language::En, "English"),
            ],
            title: merchant.as_ref().map_or_else(
                || headline.to_owned(),
                |merchant| format!("{headline} – {merchant}"),
            ),
            merchant,
            state: state.as_str(),
            mark: match state {
                State::Paid => mark::TICK,
                State::Active if received => mark::TICK,
                State::Deleted | State::Refused => mark::CROSS,
                _ => mark::HANDS,
            },
            headline,
            explanation,
            payable: Payable::of(account, state, words, language),
            paid,
            name: payer_name(account).and_then(|name| named(&name, config.shown_name)),
            how_to_pay,
            order: account.trx_id.to_string(),
            version: version(account, now),
            changing: is_changing(account, now),
            style: STYLE,
            script: SCRIPT,
        }
    }
}

impl Payable {
    fn of(
        account: &Account,
        state: State,
        words: &'static Words,
        language: Language,
    ) -> Option<Self> {
        if state != State::Active {
            return None;
        }
        let number: VirtualAccountNo = account.number.as_deref()?.parse().ok()?;
        let limits = account.bill.limits().and_then(|limits| {
            let of = |amount: Option<Amount>| amount.map(rupiah);
            match (of(limits.min()), of(limits.max())) {
                (Some(min), Some(max)) => Some(format!("{min} – {max}")),
                (Some(min), None) => Some(format!("{} {min}", words.at_least)),
                (None, Some(max)) => Some(format!("{} {max}", words.at_most)),
                (None, None) => None,
            }
        });
        let amount = match account.bill {
            Bill::Closed(amount) => rupiah(amount.amount()),
            Bill::Variable { amount, .. } if !amount.is_zero() => rupiah(amount),
            Bill::Variable { .. } | Bill::Open(_) => words.any_amount.to_owned(),
        };
        Some(Self {
            number: number.digits().to_owned(),
            grouped: grouped(&number),
            amount,
            limits,
            ends: account.expires_at.and_then(|end| {
                Some(Ends {
                    instant: end.to_offset(time::UtcOffset::UTC).format(&Rfc3339).ok()?,
                    shown: shown(end, language),
                })
            }),
        })
    }
}

/// `31 Januari 2026, 10.55 WIB`.
fn shown(moment: OffsetDateTime, language: Language) -> String {
    let local = moment.checked_to_offset(WIB).unwrap_or(moment);
    let (day, year) = (local.day(), local.year());
    let (hour, minute, _) = local.to_hms();
    let month = month(local.month(), language);
    match language {
        Language::Id => format!("{day} {month} {year}, {hour:02}.{minute:02} WIB"),
        Language::En => format!("{day} {month} {year}, {hour:02}:{minute:02} WIB (UTC+7)"),
    }
}

/// The name, or what may be seen of it. How long a word is, is not seen.
fn named(name: &str, shown: ShownName) -> Option<String> {
    match shown {
        ShownName::Hidden => None,
        ShownName::Full => Some(name.to_owned()),
        ShownName::Masked => {
            let words: Vec<String> = name
                .split_whitespace()
                .filter_map(|word| word.chars().next())
                .map(|first| format!("{first}***"))
                .collect();
            Some(words.join(" ")).filter(|masked| !masked.is_empty())
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::datetime;

    use super::*;

    #[test]
    fn moments_are_those_of_jakarta() {
        let moment = datetime!(2026-01-31 03:55:00 UTC);
        assert_eq!(shown(moment, Language::Id), "31 Januari 2026, 10.55 WIB");
        assert_eq!(
            shown(moment, Language::En),
            "31 January 2026, 10:55 WIB (UTC+7)"
        );
    }

    proptest! {
        #[test]
        fn a_masked_name_shows_initials_only(name in "[A-Z][a-z]{1,10}( [A-Z][a-z]{1,10}){0,3}") {
            let masked = named(&name, ShownName::Masked).unwrap();
            prop_assert_eq!(masked.split(' ').count(), name.split(' ').count());
            for (word, full) in masked.split(' ').zip(name.split(' ')) {
                prop_assert_eq!(word, format!("{}***", &full[..1]));
            }
            prop_assert_eq!(named(&name, ShownName::Hidden), None);
            prop_assert_eq!(named(&name, ShownName::Full), Some(name));
        }
    }
}
