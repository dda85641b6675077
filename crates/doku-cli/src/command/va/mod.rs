//! `doku va …`: one file for each thing that changes an account, and what they share.

mod bill;
mod create;
mod order;
mod question;
mod update;

use std::path::Path;

use doku::{Answer, Bill, Limits, VirtualAccount, rupiah};

use crate::args::VaCommand;
use crate::exit::{Exit, Failure};
use crate::file::{self, Kind};
use crate::output::{Card, Output, json};

pub(crate) fn run(command: VaCommand, output: &Output) -> Result<Exit, Failure> {
    match command {
        VaCommand::Create(arguments) => create::create(*arguments, output),
        VaCommand::Settle(arguments) => create::settle(&arguments, output),
        VaCommand::Update(arguments) => update::update(*arguments, output),
        VaCommand::Delete(arguments) => update::delete(arguments, output),
        VaCommand::Status(arguments) => question::status(arguments, output),
        VaCommand::HowToPay(target) => question::how_to_pay(&target, output),
    }
}

/// What is left to tell of an account that is gone is less.
const DELETE: &str = "delete";

/// A virtual account that was stored.
fn stored(path: &Path) -> Result<VirtualAccount, Failure> {
    file::read_stored(path, Kind::VirtualAccount)
}

/// A virtual account as it is stored.
fn storable(va: &VirtualAccount) -> Result<String, Failure> {
    serde_json::to_string_pretty(va)
        .map(|text| text + "\n")
        .map_err(|error| Failure::internal("the virtual account cannot be stored").because(&error))
}

/// What is told of something that was done.
struct Told {
    operation: &'static str,
    sentence: &'static str,
    /// Of a create: whether the account was there before.
    existed: Option<bool>,
    /// Of an update that changed it: ACTIVE or INACTIVE.
    status: Option<&'static str>,
}

/// Tells of an account that something was done to.
fn tell(output: &Output, told: &Told, va: &VirtualAccount, answer: &Answer) -> Result<(), Failure> {
    let mut card = Card::new(told.sentence)
        .fact("number", &va.number_grouped())
        .maybe("status", told.status);
    if told.operation != DELETE {
        card = card
            .fact("to pay", &to_pay(va.bill()))
            .maybe("expires", va.expired_date())
            .maybe("how to pay", va.how_to_pay_page());
    }
    let card = card
        .fact("trx id", va.trx_id())
        .maybe("external id", answer.external_id())
        .maybe("code", answer.response_code());
    let shape = json::Account {
        operation: told.operation,
        existed: told.existed,
        virtual_account_status: told.status,
        call: answer.into(),
        virtual_account_no: va.number_as_typed(),
        virtual_account: va,
    };
    output.result(&card, &shape)
}

/// What is to be paid, in words.
pub(super) fn to_pay(bill: &Bill) -> String {
    let within = |limits: Option<Limits>| {
        let (min, max) = limits.map_or((None, None), |limits| (limits.min(), limits.max()));
        match (min, max) {
            (Some(min), Some(max)) => format!(", from {} to {}", rupiah(min), rupiah(max)),
            (Some(min), None) => format!(", at least {}", rupiah(min)),
            (None, Some(max)) => format!(", at most {}", rupiah(max)),
            (None, None) => String::new(),
        }
    };
    match *bill {
        Bill::Closed(amount) => format!("exactly {}", rupiah(amount.amount())),
        Bill::Open(limits) => format!("any amount{}", within(limits)),
        Bill::Variable { amount, limits } => {
            format!("{}, or another amount{}", rupiah(amount), within(limits))
        }
    }
}
