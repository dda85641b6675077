//! `doku token`: whether DOKU knows the client id and the RSA key. The secret key signs every other call, and is not
//! used here.

use crate::args::TokenArguments;
use crate::exit::{Exit, Failure};
use crate::output::{Card, Format, Output, json};

const ACCEPTED: &str = "the client id and the RSA key";
const NOT_TESTED: &str = "the secret key, which signs every other call";

pub(crate) fn run(arguments: &TokenArguments, output: &Output) -> Result<Exit, Failure> {
    let client = super::client()?;
    let token = super::wait_for(async { Ok(client.token().await?) })?;
    let seconds = token.life_left().as_secs();
    let shown = arguments.show.then(|| token.access_token().expose());
    let life = format!("usable for {} min {} s", seconds / 60, seconds % 60);
    match (output.format(), shown) {
        (Format::Text, Some(secret)) => {
            output.note(&format!(
                "{life}. Accepted: {ACCEPTED}. Not tested: {NOT_TESTED}."
            ));
            output.text(|_| format!("{secret}\n"))?;
        }
        _ => {
            let card = Card::new(format!("Got an access token, {life}."))
                .fact("accepted", ACCEPTED)
                .fact("not tested", NOT_TESTED)
                .fact("client id", client.config().client_id())
                .fact("from", client.config().environment());
            let shape = json::Token {
                operation: "token",
                usable_for_seconds: seconds,
                accepted: &["clientId", "privateKey"],
                not_tested: &["secretKey"],
                access_token: shown,
            };
            output.result(&card, &shape)?;
        }
    }
    Ok(Exit::Done)
}
