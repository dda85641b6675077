//! How to pay: the instructions that DOKU has for the payer of one account.

use bytes::Bytes;
use doku_model::wire::{self, Text};
use http::header::ACCEPT;
use http::{Request, Uri};

use super::exchange::JSON;
use super::retry::{Attempts, may_ask_again, may_send_again};
use super::{Client, Inner};
use crate::error::{Error, HowToPayError};
use crate::virtual_account::VirtualAccount;

/// Instructions for paying one virtual account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct HowToPay {
    /// One for each place and language.
    pub instructions: Vec<Instruction>,
}

/// The steps at one place in one language.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Instruction {
    /// Where: `ATM`, `MOBILE BANKING`, …
    pub channel: String,
    /// `ID` or `EN`.
    pub language: String,
    /// What to do, in order.
    pub steps: Vec<String>,
}

impl Client {
    /// DOKU's instructions for the payer, from the link that the create answer named.
    ///
    /// The link is followed to DOKU's hosts and to the one that calls go to, nowhere else, and without credentials. Its
    /// answer is not documented for SNAP; every member of it is optional.
    ///
    /// # Errors
    ///
    /// [`Error::HowToPay`].
    pub async fn how_to_pay(&self, va: &VirtualAccount) -> Result<HowToPay, Error> {
        let link = va.how_to_pay_api.as_deref().ok_or(HowToPayError::NoLink)?;
        let link = self.inner.followed(link)?;
        Ok(self.inner.instructions(&link).await?)
    }
}

impl Inner {
    fn followed(&self, link: &str) -> Result<Uri, HowToPayError> {
        let uri: Uri = link.parse().map_err(|_| HowToPayError::NoLink)?;
        if self.config.environment.may_follow(&uri) {
            Ok(uri)
        } else {
            let host = uri.host().unwrap_or("nowhere").chars().take(100).collect();
            Err(HowToPayError::Elsewhere { host })
        }
    }

    async fn instructions(&self, link: &Uri) -> Result<HowToPay, HowToPayError> {
        let mut attempts = Attempts::new(&self.config.retry, &self.budget, None);
        loop {
            let Some(within) = attempts.begin() else {
                return Err(HowToPayError::OutOfTime);
            };
            let mut request = Request::new(Bytes::new());
            *request.uri_mut() = link.clone();
            request.headers_mut().insert(ACCEPT, JSON);
            let asked = self.send(request, within).await;
            let again = match &asked {
                Ok((status, _)) => may_ask_again(true, *status),
                Err(error) => may_send_again(true, error),
            };
            if !again || !attempts.wait().await {
                return read(asked.map_err(HowToPayError::Transport)?);
            }
        }
    }
}

fn read((status, body): (u16, Bytes)) -> Result<HowToPay, HowToPayError> {
    if !(200..300).contains(&status) {
        return Err(HowToPayError::Status { status });
    }
    let payload: wire::HowToPay<'_> = wire::decode(&body).map_err(HowToPayError::NotUnderstood)?;
    let text = |text: &Text<'_>| text.as_str().to_owned();
    let instructions = payload
        .payment_instruction
        .iter()
        .map(|instruction| Instruction {
            channel: instruction.channel.as_ref().map(text).unwrap_or_default(),
            language: instruction.language.as_ref().map(text).unwrap_or_default(),
            steps: instruction.step.iter().map(text).collect(),
        })
        .collect();
    Ok(HowToPay { instructions })
}
