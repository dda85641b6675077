//! One call of DOKU's, and what is to be said of the answer.

use doku_model::Operation;
use doku_model::wire::{self, TokenRequest};
use doku_sign::AccessToken;
use serde::Serialize;
use serde_json::Value;

use super::draft::{Draft, now};
use super::member::{Member, Standing, of_a_success};
use super::payable::{Form, Payable};
use super::target::Target;
use crate::config::{BearerWord, Dialect, TokenSlot};
use crate::outbound::form;

/// What is to be called, and in which form.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Wish {
    /// `Token`, `Inquiry` or `Payment`.
    pub operation: Operation,
    /// In which of its forms DOKU writes.
    pub dialect: Dialect,
    /// The id of the payment or the inquiry; made up otherwise.
    pub request_id: Option<String>,
}

impl Wish {
    /// A call in DOKU's usual form.
    #[must_use]
    pub fn new(operation: Operation) -> Self {
        Self {
            operation,
            dialect: Dialect::default(),
            request_id: None,
        }
    }
}

/// A call that was made.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Triggered {
    /// X-EXTERNAL-ID; a token request has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// The id of the payment or the inquiry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// What was answered, in a few words.
    pub answer: String,
    /// Whether something was answered at all.
    pub answered: bool,
    /// Whether it is the success that DOKU waits for, with nothing wrong in it.
    pub good: bool,
    /// The answer, member by member.
    pub members: Vec<Member>,
    /// What DOKU would do with it.
    pub doku: &'static str,
}

impl Target {
    /// Makes one call; for an inquiry or a payment `payable` says about what.
    ///
    /// # Errors
    ///
    /// In a sentence, why the call could not be made: nothing to call or to pay, no token, a form that is not played here.
    pub async fn trigger(
        &self,
        payable: Option<&Payable>,
        wish: &Wish,
    ) -> Result<Triggered, String> {
        let operation = wish.operation;
        let dialect = wish.dialect;
        let form = Form {
            padding: dialect.padding,
            timestamp: dialect.timestamp,
            members: dialect.members,
        };
        let url = self
            .url(operation)
            .ok_or_else(|| format!("there is no URL for the {operation} endpoint"))?;
        let moment = now();
        let id = wish
            .request_id
            .clone()
            .unwrap_or_else(|| format!("{}{:03}", moment.unix_timestamp(), moment.millisecond()));
        let about = || payable.ok_or_else(|| "there is no number".to_owned());
        let body = match operation {
            Operation::Token => wire::encode(&TokenRequest::client_credentials()),
            Operation::Inquiry => about()?.inquiry(form, &id, moment),
            _ => about()?.payment(form, &id, moment),
        };
        let bearer = match (operation, dialect.token_slot) {
            (Operation::Token, _) | (_, TokenSlot::NoBearer) => None,
            (_, TokenSlot::Bearer | TokenSlot::Empty) => Some(self.token().await?),
            _ => {
                return Err(
                    "a token that DOKU issues is in a sandbox only; take another token slot"
                        .to_owned(),
                );
            }
        };
        let serial = u64::from(moment.nanosecond());
        let uri = url.uri().clone();
        let mut draft = Draft::of(operation, uri, self, body, bearer, serial);
        draft.timestamp = form::timestamp(dialect.timestamp, moment);
        draft.external_id = form::external_id(dialect.external_id, moment, serial);
        draft.bearer_word = match dialect.bearer {
            BearerWord::LowerCase => "bearer",
            BearerWord::Bearer => "Bearer",
        };
        if let Some(payable) = payable {
            draft.channel =
                form::channel_id(dialect.channel_id, payable.channel.as_str()).map(str::to_owned);
        }
        if dialect.token_slot == TokenSlot::Empty {
            draft.signed.token = Some(AccessToken::empty());
        }
        let answer = self.send(draft.finish(self)?).await;
        let members = match answer.status {
            Some(_) => of_a_success(operation, &draft.body, &answer),
            None => Vec::new(),
        };
        let wrong = members
            .iter()
            .any(|member| member.verdict == Standing::Wrong);
        let transaction = operation != Operation::Token;
        Ok(Triggered {
            external_id: transaction.then_some(draft.external_id),
            request_id: transaction.then_some(id),
            answer: answer.shown(),
            answered: answer.status.is_some(),
            good: answer.status.is_some() && !wrong,
            members,
            doku: outlook(
                operation,
                answer.status,
                answer.is_success_of(operation),
                wrong,
            ),
        })
    }

    /// A token of the server's.
    async fn token(&self) -> Result<AccessToken, String> {
        let url = self
            .url(Operation::Token)
            .ok_or("there is no URL for a token")?;
        let body = wire::encode(&TokenRequest::client_credentials());
        let uri = url.uri().clone();
        let draft = Draft::of(Operation::Token, uri, self, body, None, 0);
        let answer = self.send(draft.finish(self)?).await;
        match answer.member("accessToken").and_then(Value::as_str) {
            Some(token) if answer.accepts() && !token.is_empty() => Ok(AccessToken::new(token)),
            _ => Err(format!("{} gave no token: {}", url.uri(), answer.shown())),
        }
    }
}

/// What a real DOKU would do.
fn outlook(operation: Operation, status: Option<u16>, success: bool, wrong: bool) -> &'static str {
    match (operation, success) {
        (Operation::Payment, true) if !wrong => "takes it for acknowledged, and tells no more",
        (Operation::Payment, true) => {
            "takes it for acknowledged by status and code; which members it insists on is not published"
        }
        (Operation::Payment, false) if status == Some(200) => {
            "may take HTTP 200 for an acknowledgement or not: a payment is told once or again, by chance"
        }
        (Operation::Payment, false) => {
            "sends it again 30 minutes, 6 hours and 12 hours later, and then no more"
        }
        (Operation::Inquiry, true) if !wrong => "shows the bill to the payer",
        (Operation::Inquiry, true) => "may show the payer General Error",
        (Operation::Inquiry, false) => "tells the payer that there is nothing to pay",
        (_, _) if status == Some(200) && !wrong => "presents this token in its calls",
        (_, _) => "cannot call the merchant, neither to inquire nor to notify",
    }
}
