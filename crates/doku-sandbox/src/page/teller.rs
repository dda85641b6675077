//! The BTN teller: a number is typed, the ATM shows what is to be paid, and it is paid.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use doku_model::{Amount, VirtualAccountNo};
use hyper::StatusCode;

use super::form::{self, Form};
use super::frame::{Frame, Section};
use super::problem::{self, Problem};
use super::reply::see;
use super::shown::{self, Ends, Moment};
use super::visitor::Visitor;
use super::words::{Words, called};
use crate::counter::{AtmScreen, Paid, ScreenSource, TellerError};
use crate::desk::{Desk, Slip};
use crate::journal::Note;

#[derive(Template)]
#[template(path = "teller.html")]
struct Counter {
    w: &'static Words,
    frame: Frame,
    /// The number that was asked about.
    asked: String,
    /// What stands in the field for the next one: a number that has to be mended.
    number: String,
    error: Option<&'static str>,
    screen: Option<Screen>,
    refusal: Option<Refusal>,
    receipt: Option<Receipt>,
}

/// What the ATM shows.
struct Screen {
    grouped: String,
    name: String,
    trx_id: Option<String>,
    bill: String,
    reusable: bool,
    ends: Option<Ends>,
    lines: Vec<String>,
    source: &'static str,
    notes: Vec<Note>,
    /// What stands in the field already, and why it was not taken.
    amount: String,
    amount_error: Option<&'static str>,
}

/// Why nothing is shown, or nothing is taken.
struct Refusal {
    headline: &'static str,
    kind: String,
    reason: String,
    notes: Vec<Note>,
}

/// What was paid.
struct Receipt {
    grouped: String,
    id: String,
    amount: String,
    at: Moment,
    told: &'static str,
    acknowledged: bool,
    journal: Option<u64>,
    next: Option<Ends>,
    has_notification: bool,
}

impl Counter {
    fn empty(desk: &Desk, visitor: &Visitor) -> Self {
        Self {
            w: visitor.words,
            frame: visitor.frame(desk, Section::Teller),
            asked: String::new(),
            number: String::new(),
            error: None,
            screen: None,
            refusal: None,
            receipt: None,
        }
    }

    fn title(&self) -> &'static str {
        match (&self.refusal, &self.receipt) {
            _ if self.screen.is_some() => self.w.screen,
            (Some(refusal), _) => refusal.headline,
            (_, Some(_)) => self.w.receipt,
            _ => self.w.teller,
        }
    }

    fn refuse(&mut self, number: &str, refusal: Refusal) {
        number.clone_into(&mut self.number);
        self.refusal = Some(refusal);
    }
}

pub(super) async fn counter(State(desk): State<Arc<Desk>>, visitor: Visitor) -> Response {
    visitor.page(StatusCode::OK, &Counter::empty(&desk, &visitor))
}

/// Somebody typed a number.
pub(super) async fn ask(State(desk): State<Arc<Desk>>, visitor: Visitor, form: Form) -> Response {
    let Some(number) = number(&form) else {
        return odd_number(&desk, &visitor, &form);
    };
    let screen = desk.inquire(&number).await.map(Box::new);
    let number = number.digits().to_owned();
    let slip = desk.slips.add(Slip::Asked { number, screen });
    see(&format!("/teller/{slip}"))
}

/// Somebody pays.
pub(super) async fn pay(State(desk): State<Arc<Desk>>, visitor: Visitor, form: Form) -> Response {
    let Some(number) = number(&form) else {
        return odd_number(&desk, &visitor, &form);
    };
    let Some(amount) = form::amount(form.text("amount")) else {
        // Nothing was done, so the answer is the form again.
        let mut page = Counter::empty(&desk, &visitor);
        number.digits().clone_into(&mut page.asked);
        match desk.inquire(&number).await {
            Ok(screen) => {
                let mut screen = Screen::of(&screen, &desk, visitor.words);
                form.text("amount").clone_into(&mut screen.amount);
                screen.amount_error = Some(visitor.words.odd_amount);
                page.screen = Some(screen);
            }
            Err(error) => {
                let words = visitor.words;
                page.refuse(
                    number.digits(),
                    Refusal::of(&error, words.nothing_shown, words),
                );
            }
        }
        return visitor.page(StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    let paid = desk.pay_and_notify(&number, amount).await.map(Box::new);
    let number = number.digits().to_owned();
    let slip = desk.slips.add(Slip::Paid { number, paid });
    see(&format!("/teller/{slip}"))
}

/// What came of it.
pub(super) async fn slip(
    State(desk): State<Arc<Desk>>,
    Path(slip): Path<String>,
    visitor: Visitor,
) -> Response {
    let Some(slip) = slip.parse().ok().and_then(|slip| desk.slips.get(slip)) else {
        return problem::response(&desk, Problem::NoSuch, visitor.language);
    };
    let words = visitor.words;
    let mut page = Counter::empty(&desk, &visitor);
    match &*slip {
        Slip::Asked { number, screen } => {
            number.clone_into(&mut page.asked);
            match screen {
                Ok(screen) => page.screen = Some(Screen::of(screen, &desk, words)),
                Err(error) => page.refuse(number, Refusal::of(error, words.nothing_shown, words)),
            }
        }
        Slip::Paid { number, paid } => {
            number.clone_into(&mut page.asked);
            match paid {
                Ok(paid) => page.receipt = Some(Receipt::of(number, paid, &desk, words)),
                Err(error) => page.refuse(number, Refusal::of(error, words.not_paid, words)),
            }
        }
    }
    visitor.page(StatusCode::OK, &page)
}

/// A number as somebody types it, with blanks between its digits or without.
fn number(form: &Form) -> Option<VirtualAccountNo> {
    let typed: String = form
        .text("number")
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    typed.parse().ok()
}

fn odd_number(desk: &Desk, visitor: &Visitor, form: &Form) -> Response {
    let mut page = Counter::empty(desk, visitor);
    form.text("number").clone_into(&mut page.number);
    page.error = Some(visitor.words.odd_number);
    visitor.page(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

impl Screen {
    fn of(screen: &AtmScreen, desk: &Desk, words: &'static Words) -> Self {
        let asked = screen.amount.as_deref();
        let fixed = asked.filter(|amount| amount.parse() != Ok(Amount::ZERO));
        Self {
            grouped: shown::grouped(&screen.virtual_account_no),
            name: screen.virtual_account_name.clone(),
            trx_id: screen.trx_id.clone(),
            bill: shown::bill(
                words,
                asked,
                screen.min_amount.as_deref(),
                screen.max_amount.as_deref(),
            ),
            reusable: screen.reusable,
            ends: screen
                .expired_date
                .as_ref()
                .map(|end| Ends::at(end, desk.clock.now(), words)),
            lines: screen
                .free_text
                .iter()
                .map(|line| match words.lang {
                    "id" => line.indonesia.clone(),
                    _ => line.english.clone(),
                })
                .collect(),
            source: match screen.source {
                ScreenSource::Record => words.source_record,
                ScreenSource::Merchant => words.source_merchant,
            },
            notes: screen.notes.clone(),
            amount: fixed.map_or_else(String::new, |amount| {
                shown::money(amount).trim_start_matches("Rp").to_owned()
            }),
            amount_error: None,
        }
    }
}

impl Refusal {
    fn of(error: &TellerError, headline: &'static str, words: &'static Words) -> Self {
        Self {
            headline,
            kind: called(&words.refusals, error.kind()).to_owned(),
            reason: error.to_string(),
            notes: error.notes().to_vec(),
        }
    }
}

impl Receipt {
    fn of(number: &str, paid: &Paid, desk: &Desk, words: &'static Words) -> Self {
        let notification = paid.notification.as_ref();
        let acknowledged = notification.is_some_and(|told| told.acknowledged);
        Self {
            grouped: shown::grouped(number),
            id: paid.payment.payment_request_id.clone(),
            amount: shown::rupiah(paid.payment.amount.amount()),
            at: Moment::of(paid.payment.paid_at),
            told: match notification {
                None => words.nobody_to_tell,
                Some(_) if acknowledged => words.told,
                Some(_) => words.not_told,
            },
            acknowledged,
            journal: notification.and_then(|told| told.attempts.last()?.journal),
            next: notification
                .and_then(|told| told.next_attempt.as_ref())
                .map(|next| Ends::at(next, desk.clock.now(), words)),
            has_notification: notification.is_some(),
        }
    }
}
