//! `doku token`: whether the credentials are right.

use crate::args::TokenArguments;
use crate::exit::{Exit, Failure};
use crate::output::{Card, Format, Output, json};

pub(crate) fn run(arguments: &TokenArguments, output: &Output) -> Result<Exit, Failure> {
    let client = super::client()?;
    let token = super::wait_for(async { Ok(client.token().await?) })?;
    let seconds = token.life_left().as_secs();
    let shown = arguments.show.then(|| token.access_token().expose());
    let life = format!("usable for {} min {} s", seconds / 60, seconds % 60);
    match (output.format(), shown) {
        (Format::Text, Some(secret)) => {
            output.note(&life);
            output.text(|_| format!("{secret}\n"))?;
        }
        _ => {
            let card = Card::new(format!("Got an access token, {life}."))
                .fact("client id", client.config().client_id())
                .fact("from", client.config().environment());
            let shape = json::Token {
                operation: "token",
                usable_for_seconds: seconds,
                access_token: shown,
            };
            output.result(&card, &shape)?;
        }
    }
    Ok(Exit::Done)
}
