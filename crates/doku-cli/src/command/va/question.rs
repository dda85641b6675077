//! `doku va status` and `doku va how-to-pay`: what only asks.

use doku::{HowToPay, PaymentStatus, UnknownStatus, rupiah};
use serde::Serialize;

use super::{stored, to_pay};
use crate::args::{StatusArguments, Target};
use crate::command::{client, wait_for};
use crate::exit::{Exit, Failure};
use crate::output::{Card, Output, json};

pub(super) fn status(arguments: StatusArguments, output: &Output) -> Result<Exit, Failure> {
    let va = stored(&arguments.target.va)?;
    let client = client()?;
    let said = wait_for(async {
        let call = client.status(&va);
        let said = match arguments.external_id {
            Some(id) => call.external_id(id).await,
            None => call.await,
        };
        Ok(said?)
    })?;
    let card = Card::new(sentence(&said.value))
        .fact("number", &va.number_grouped())
        .fact("to pay", &to_pay(va.bill()))
        .fact("trx id", va.trx_id())
        .maybe("external id", said.answer.external_id())
        .maybe("code", said.answer.response_code());
    output.result(&card, &json::Status::new(&va, &said.value, &said.answer))?;
    Ok(if said.value.is_decided() {
        Exit::Done
    } else {
        Exit::Unknown
    })
}

/// A status in a sentence.
fn sentence(status: &PaymentStatus) -> String {
    match status {
        PaymentStatus::Paid {
            amount: Some(amount),
            ..
        } => format!("Paid: {}.", rupiah(*amount)),
        PaymentStatus::Paid { amount: None, .. } => {
            "Paid; the answer does not say how much.".to_owned()
        }
        PaymentStatus::Pending => "Pending: not paid yet.".to_owned(),
        PaymentStatus::Expired => "Expired: it can no longer be paid.".to_owned(),
        PaymentStatus::Unknown(UnknownStatus::NotFound) => {
            "Unknown: DOKU finds no such account.".to_owned()
        }
        PaymentStatus::Unknown(UnknownStatus::NotIdentified) => {
            "Unknown: the answer speaks of another account, or does not say of which.".to_owned()
        }
        _ => "Unknown: the answer uses a word that is not known.".to_owned(),
    }
}

pub(super) fn how_to_pay(target: &Target, output: &Output) -> Result<Exit, Failure> {
    let va = stored(&target.va)?;
    let client = client()?;
    let told = wait_for(async { Ok(client.how_to_pay(&va).await?) })?;
    let mut card = Card::new(format!("How to pay {}:", va.number_grouped()));
    for instruction in &told.instructions {
        let language = &instruction.language;
        card = card.fact("at", &format!("{} ({language})", instruction.channel));
        for (index, step) in instruction.steps.iter().enumerate() {
            card = card.fact("", &format!("{}. {step}", index + 1));
        }
    }
    output.result(&card, &Instructions::of(&va.number_as_typed(), &told))?;
    Ok(Exit::Done)
}

/// How to pay, as JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Instructions<'a> {
    operation: &'static str,
    virtual_account_no: &'a str,
    instructions: Vec<Instruction<'a>>,
}

#[derive(Serialize)]
struct Instruction<'a> {
    channel: &'a str,
    language: &'a str,
    steps: &'a [String],
}

impl<'a> Instructions<'a> {
    fn of(virtual_account_no: &'a str, told: &'a HowToPay) -> Self {
        let instructions = told.instructions.iter();
        Self {
            operation: "howToPay",
            virtual_account_no,
            instructions: instructions
                .map(|instruction| Instruction {
                    channel: &instruction.channel,
                    language: &instruction.language,
                    steps: &instruction.steps,
                })
                .collect(),
        }
    }
}
