//! From the flags about an order to what the client creates.

use std::str::FromStr;
use std::time::SystemTime;

use doku::{CreateVa, FieldError, FreeText};

use super::bill;
use crate::args::{CreateArguments, ModeArgument};
use crate::exit::Failure;

/// What is to be created.
pub(super) fn of(arguments: &CreateArguments) -> Result<CreateVa, Failure> {
    let Some(trx_id) = arguments.trx_id.clone() else {
        return Err(missing("--trx-id"));
    };
    let name =
        personal("--name", arguments.payer.name.as_deref())?.ok_or_else(|| missing("--name"))?;
    let bill = bill::of_order(&arguments.bill)?;
    let mut order = match (arguments.mode, arguments.customer_no.clone()) {
        (ModeArgument::Mgpc, Some(number)) => {
            CreateVa::merchant_generated(number, trx_id, name, bill)
        }
        (ModeArgument::Dipc, _) => return Err(direct_inquiry()),
        (ModeArgument::Mgpc, None) => return Err(missing("--customer-no")),
        (ModeArgument::Dgpc, None) => CreateVa::doku_generated(trx_id, name, bill),
        (ModeArgument::Dgpc, Some(prefix)) => {
            CreateVa::doku_generated(trx_id, name, bill).with_prefix(prefix)
        }
    };
    if let Some(id) = &arguments.partner_service_id {
        order = order.under(id.clone());
    }
    if let Some(email) = personal("--email", arguments.payer.email.as_deref())? {
        order = order.email(email);
    }
    if let Some(phone) = personal("--phone", arguments.payer.phone.as_deref())? {
        order = order.phone(phone);
    }
    if arguments.reusable {
        order = order.reusable();
    }
    if let Some(expires) = &arguments.expires {
        if SystemTime::from(expires.instant()) <= SystemTime::now() {
            return Err(Failure::usage("--expires lies in the past")
                .next("Give a moment to come, or see that the clock of this machine is right; nothing was sent."));
        }
        order = order.expires(expires.clone());
    }
    for line in &arguments.free_text {
        order = order.free_text(free_text(line)?);
    }
    Ok(order)
}

/// Somebody's name, address or number. The error names the rule and never the value.
pub(super) fn personal<T>(flag: &str, text: Option<&str>) -> Result<Option<T>, Failure>
where
    T: FromStr<Err = FieldError>,
{
    text.map(|text| {
        text.parse().map_err(|error: FieldError| {
            Failure::usage(format!("{flag} {}", error.fault()))
                .next("Mend it and run the command again; nothing was sent.")
        })
    })
    .transpose()
}

fn direct_inquiry() -> Failure {
    Failure::usage("a direct-inquiry number (DIPC) is not created at DOKU").next(
        "Give your customer the BIN and a number of yours: DOKU asks your server about it when it is to be paid. \
         To have DOKU keep a number, use --mode dgpc or mgpc.",
    )
}

fn missing(flag: &str) -> Failure {
    Failure::usage(format!("{flag} is missing")).next("See `doku va create --help`.")
}

fn free_text(line: &str) -> Result<FreeText, Failure> {
    let Some((english, indonesia)) = line.split_once('|') else {
        return Err(Failure::usage(
            "--free-text has two halves, English and Indonesian, with | between them",
        )
        .next("Write it as \"Thank you|Terima kasih\"."));
    };
    FreeText::new(english.trim(), indonesia.trim()).map_err(|error| {
        Failure::usage(format!("--free-text: {error}"))
            .next("Write 1 to 64 plain characters in each half; nothing was sent.")
    })
}
