//! The virtual accounts: all of them, and one by itself.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use hyper::StatusCode;

use super::extent::Extent;
use super::frame::{Frame, Section};
use super::parts::Part;
use super::problem::{self, Problem};
use super::shown::{self, Ends, Moment};
use super::visitor::Visitor;
use super::words::{Words, called};
use crate::desk::Desk;
use crate::view::VirtualAccount;

/// Accounts on one page, and payments of one account.
const MOST: usize = 50;

#[derive(Template)]
#[template(path = "list.html")]
struct List {
    w: &'static Words,
    frame: Frame,
    title: &'static str,
    explanation: &'static str,
    part: Part,
    newest: Option<&'static str>,
    said: &'static str,
}

pub(super) async fn list(State(desk): State<Arc<Desk>>, visitor: Visitor) -> Response {
    let before = visitor
        .number("before")
        .and_then(|before| usize::try_from(before).ok());
    let words = visitor.words;
    let page = List {
        w: words,
        frame: visitor.frame(&desk, Section::Accounts),
        title: words.accounts,
        explanation: "",
        part: Part::accounts(&desk, words, MOST, before),
        newest: before.map(|_| "/accounts"),
        said: words.new_accounts,
    };
    visitor.page(StatusCode::OK, &page)
}

#[derive(Template)]
#[template(path = "account.html")]
struct One {
    w: &'static Words,
    frame: Frame,
    number: String,
    grouped: String,
    account: VirtualAccount,
    bill: String,
    kind: &'static str,
    standing: &'static str,
    standing_name: &'static str,
    ends: Option<Ends>,
    /// The newest ones, newest first.
    payments: Vec<Payment>,
    paid: Extent,
    how_to_pay: String,
    payable: bool,
}

struct Payment {
    id: String,
    amount: String,
    at: Moment,
}

pub(super) async fn one(
    State(desk): State<Arc<Desk>>,
    Path(place): Path<String>,
    visitor: Visitor,
) -> Response {
    let place: Option<usize> = place.parse().ok();
    let account = place
        .and_then(|place| place.checked_sub(1))
        .and_then(|skip| VirtualAccount::list(&desk, skip, 1).pop());
    let Some(account) = account else {
        return problem::response(&desk, Problem::NoSuch, visitor.language);
    };
    let words = visitor.words;
    let (standing, standing_name) = shown::standing(account.standing, words);
    let number = account.virtual_account_no.trim().to_owned();
    let count = account.payments.len();
    let kind = called(&words.kinds_of_bill, account.virtual_account_trx_type);
    let page = One {
        w: words,
        frame: visitor.frame(&desk, Section::Accounts),
        grouped: shown::grouped(&number),
        bill: shown::bill(
            words,
            account.amount.as_deref(),
            account.min_amount.as_deref(),
            account.max_amount.as_deref(),
        ),
        kind,
        standing,
        standing_name,
        ends: account
            .expired_date
            .as_ref()
            .map(|end| Ends::at(end, desk.clock.now(), words)),
        payments: account
            .payments
            .iter()
            .rev()
            .take(MOST)
            .map(|payment| Payment {
                id: payment.payment_request_id.clone(),
                amount: shown::money(&payment.paid_amount),
                at: Moment::written(&payment.paid_at),
            })
            .collect(),
        paid: Extent::of(count.saturating_sub(MOST) + 1, count, count, None),
        how_to_pay: format!("/how-to-pay/virtual-account/{}/{number}", account.bank),
        payable: standing == "pending" || (standing == "paid" && account.reusable),
        number,
        account,
    };
    visitor.page(StatusCode::OK, &page)
}
