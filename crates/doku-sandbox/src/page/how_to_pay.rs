//! What the payer sees: the number, the amount and the steps, in one language.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use doku_model::FreeText;
use doku_model::wire::{HowToPayInstruction, Text};
use hyper::StatusCode;

use super::frame::Choice;
use super::language::Language;
use super::shown::{self, Ends};
use super::visitor::Visitor;
use super::words::{Words, called};
use crate::desk::Desk;
use crate::how_to_pay::instructions;

#[derive(Template)]
#[template(path = "how_to_pay.html")]
struct Page {
    w: &'static Words,
    languages: [Choice; 2],
    found: Option<Shown>,
}

/// What is shown of an account.
struct Shown {
    grouped: String,
    bank: String,
    bill: String,
    standing: &'static str,
    standing_name: &'static str,
    name: String,
    trx_id: String,
    ends: Option<Ends>,
    lines: Vec<String>,
    places: Vec<Place>,
}

/// Where it can be paid, and how.
struct Place {
    name: String,
    steps: Vec<String>,
}

/// Bank in small letters and visible number stand in the path.
pub(super) async fn show(
    State(desk): State<Arc<Desk>>,
    Path((bank, number)): Path<(String, String)>,
    visitor: Visitor,
) -> Response {
    let words = visitor.words;
    let found = instructions(&desk, &bank, &number).map(|found| {
        let account = found.account;
        let (standing, standing_name) = shown::standing(account.standing, words);
        let now = desk.clock.now();
        Shown {
            grouped: shown::grouped(&account.virtual_account_no),
            bank: account.bank.to_ascii_uppercase(),
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
                .map(|end| Ends::at(end, now, words)),
            lines: found
                .lines
                .iter()
                .map(|line| of_language(line, visitor.language))
                .collect(),
            places: places(&found.how_to_pay.payment_instruction, words),
            name: account.virtual_account_name,
            trx_id: account.trx_id,
        }
    });
    let status = match found {
        Some(_) => StatusCode::OK,
        None => StatusCode::NOT_FOUND,
    };
    let page = Page {
        w: words,
        languages: visitor.languages(),
        found,
    };
    visitor.page(status, &page)
}

fn of_language(line: &FreeText, language: Language) -> String {
    match language {
        Language::English => line.english().to_owned(),
        Language::Indonesian => line.indonesia().to_owned(),
    }
}

/// The instructions of one language.
fn places(all: &[HowToPayInstruction<'_>], words: &Words) -> Vec<Place> {
    let text = |text: &Option<Text<'_>>| {
        text.as_ref()
            .map_or(String::new(), |text| text.as_str().to_owned())
    };
    all.iter()
        .filter(|place| text(&place.language).eq_ignore_ascii_case(words.lang))
        .map(|place| Place {
            name: called(&words.places, &text(&place.channel)).to_owned(),
            steps: place
                .step
                .iter()
                .map(|step| step.as_str().to_owned())
                .collect(),
        })
        .collect()
}
