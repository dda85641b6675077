//! `doku trigger`: one call to a merchant's server as DOKU would make it, and what is to be said of the answer.

use std::sync::Arc;

use doku::{Operation, ReqwestTransport};
use doku_sandbox::conformance::{Standing, Target, Triggered, Wish};
use doku_sandbox::{Endpoints, MerchantUrl, TokenSlot};
use serde::Serialize;

use super::speaker;
use crate::args::{Called, TriggerArguments};
use crate::exit::{Exit, Failure};
use crate::output::{Card, Format, Output, Style, Table, Tone};

pub(crate) fn run(arguments: &TriggerArguments, output: &Output) -> Result<Exit, Failure> {
    let operation = match arguments.call {
        Called::Payment => Operation::Payment,
        Called::Inquiry => Operation::Inquiry,
        Called::Token => Operation::Token,
    };
    let endpoints = endpoints(operation, arguments)?;
    let (client_id, secret) = speaker::credentials(&arguments.speaker)?;
    let transport = Arc::new(ReqwestTransport::new());
    let mut target = Target::new(client_id, secret, endpoints, transport);
    match speaker::doku_key(&arguments.speaker)? {
        Some(key) => target = target.doku_private_key(key),
        None if operation == Operation::Token || !arguments.without_bearer => {
            return Err(Failure::usage(
                "a request for a token is signed with a private key, and there is none",
            )
            .next(
                "Give --doku-private-key, such as doku-private.pem of the folder that `doku sandbox` names, \
                 or --without-bearer for a call that presents no token.",
            ));
        }
        None => {}
    }
    let payable = speaker::payable(&arguments.bill)?;
    if payable.is_none() && operation != Operation::Token {
        return Err(Failure::usage("there is no number to speak of")
            .next("Give --number, and --amount and --trx-id as the server knows them."));
    }
    let mut wish = Wish::new(operation);
    wish.dialect = arguments.dialect;
    wish.request_id = arguments.request_id.clone();
    if arguments.without_bearer {
        wish.dialect.token_slot = TokenSlot::NoBearer;
    }
    let triggered = super::wait_for(async {
        target
            .trigger(payable.as_ref(), &wish)
            .await
            .map_err(|reason| {
                let failure = Failure::usage(format!("the call was not made: {reason}")).next(
                    "See that the server runs, and that --to and --token-url are its addresses.",
                );
                Failure {
                    exit: Exit::NotSent,
                    ..failure
                }
            })
    })?;
    match output.format() {
        Format::Text => output.text(|style| text(operation, &triggered, style))?,
        Format::Json => output.json(&Shape {
            operation: "trigger",
            call: word(operation),
            triggered: &triggered,
        })?,
    }
    Ok(match (triggered.answered, triggered.good) {
        (_, true) => Exit::Done,
        (true, false) => Exit::Refused,
        (false, false) => Exit::NotSent,
    })
}

/// What `--output json` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shape<'t> {
    operation: &'static str,
    call: &'static str,
    #[serde(flatten)]
    triggered: &'t Triggered,
}

const fn word(operation: Operation) -> &'static str {
    match operation {
        Operation::Token => "token",
        Operation::Inquiry => "inquiry",
        _ => "payment",
    }
}

/// The URL that is called, and where a token is to be had.
fn endpoints(operation: Operation, arguments: &TriggerArguments) -> Result<Endpoints, Failure> {
    let bare = arguments.to.path() == "/";
    let to = match bare {
        true => speaker::sibling(&arguments.to, operation.path())?,
        false => arguments.to.clone(),
    };
    let token_url = match &arguments.token_url {
        Some(url) => url.clone(),
        None => beside(&to, operation)?,
    };
    let endpoints = Endpoints::new();
    Ok(match operation {
        Operation::Token => endpoints.token_url(to),
        Operation::Inquiry => endpoints.token_url(token_url).inquiry_url(to),
        _ => endpoints.token_url(token_url).notification_url(to),
    })
}

/// The token URL beside another one: under the same prefix, where that one ends as SNAP BI has it.
fn beside(url: &MerchantUrl, operation: Operation) -> Result<MerchantUrl, Failure> {
    let prefix = url.path().strip_suffix(operation.path()).unwrap_or("");
    speaker::sibling(url, &format!("{prefix}{}", Operation::Token.path()))
}

fn text(operation: Operation, triggered: &Triggered, style: Style) -> String {
    let verdict = if triggered.good {
        style.paint(Tone::Good, "as DOKU expects it")
    } else {
        style.paint(Tone::Bad, "not as DOKU expects it")
    };
    let sentence = match triggered.answered {
        true => format!("The {operation} call was answered, {verdict}."),
        false => format!("The {operation} call was not answered."),
    };
    let card = Card::new(sentence)
        .fact("answer", &triggered.answer)
        .maybe("external id", triggered.external_id.as_deref())
        .maybe("request id", triggered.request_id.as_deref())
        .fact("DOKU", triggered.doku);
    let mut table = Table::new(["member", "expected", "found", "verdict"]);
    for member in &triggered.members {
        table.row([
            member.member.clone(),
            member.expected.clone(),
            member.found.clone(),
            member.verdict.as_str().to_owned(),
        ]);
    }
    let rows = table.printed_with(style, |row| match row {
        [.., verdict] if verdict == Standing::Wrong.as_str() => Some(Tone::Bad),
        _ => None,
    });
    match rows.is_empty() {
        true => card.printed(style),
        false => format!("{}\n{rows}", card.printed(style)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_to_be_had_beside_the_url() {
        for (url, expected) in [
            (
                "https://shop.example/pay/v1/transfer-va/payment",
                "https://shop.example/pay/authorization/v1/access-token/b2b",
            ),
            (
                "http://127.0.0.1:8080/notify?a=b",
                "http://127.0.0.1:8080/authorization/v1/access-token/b2b",
            ),
        ] {
            let url = url.parse().unwrap();
            assert_eq!(
                beside(&url, Operation::Payment).unwrap().to_string(),
                expected
            );
        }
    }
}
