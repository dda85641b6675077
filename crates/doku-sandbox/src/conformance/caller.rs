//! Genuine calls to the server under test, made with patience and with a bearer that is alive.

use bytes::Bytes;
use doku_model::Operation;
use doku_model::wire::{self, TokenRequest};
use doku_sign::AccessToken;
use hyper::http::Request;
use tokio::time::Instant;

use super::answer::Answer;
use super::bearer::Held;
use super::draft::{Draft, now};
use super::patience::Patience;
use super::payable::{Form, Payable};
use super::target::Target;

/// Why a call was not made, or is worth nothing.
#[derive(Debug, Clone)]
pub(super) enum Skip {
    /// Something is not there that it takes: a number, a URL, a key.
    Missing(String),
    /// The server put it off, or something that it builds upon.
    PutOff(String),
    /// What it builds upon came to nothing.
    Unfounded(String),
}

impl Skip {
    /// In words.
    pub(super) fn reason(self) -> String {
        match self {
            Self::Missing(reason) | Self::PutOff(reason) | Self::Unfounded(reason) => reason,
        }
    }

    /// What came of a genuine call that was not accepted.
    pub(super) fn after(operation: Operation, answer: &Answer) -> Self {
        let reason = format!("a genuine {operation} call came to: {}", answer.shown());
        if answer.puts_off() {
            Self::PutOff(reason)
        } else {
            Self::Unfounded(reason)
        }
    }
}

/// Who makes the calls of one run.
#[derive(Debug)]
pub(super) struct Caller<'s> {
    pub(super) target: &'s Target,
    payable: Option<&'s Payable>,
    patience: Patience,
    serial: u64,
    /// Tells the ids of this run from those of another.
    run: i64,
    held: Option<Held>,
    reach: Reach,
}

/// Whether there is anybody to call.
#[derive(Debug)]
enum Reach {
    /// No call was made yet.
    Untried,
    /// No call went out, for the reason of the first one.
    Away(String),
    /// A call went out.
    There,
}

impl Reach {
    fn learn(&mut self, answer: &Answer) {
        match self {
            _ if answer.went_out => *self = Self::There,
            Self::Untried => *self = Self::Away(answer.nothing_because().to_owned()),
            Self::Away(_) | Self::There => {}
        }
    }
}

impl<'s> Caller<'s> {
    pub(super) fn new(
        target: &'s Target,
        payable: Option<&'s Payable>,
        patience: Patience,
    ) -> Self {
        Self {
            target,
            payable,
            patience,
            serial: 0,
            run: now().unix_timestamp(),
            held: None,
            reach: Reach::Untried,
        }
    }

    /// Why nobody could be called, where not one call went out.
    pub(super) fn away(&self) -> Option<&str> {
        match &self.reach {
            Reach::Away(reason) => Some(reason),
            Reach::Untried | Reach::There => None,
        }
    }

    /// A genuine call of `operation`.
    pub(super) async fn draft(&mut self, operation: Operation, form: Form) -> Result<Draft, Skip> {
        let target = self.target;
        let url = target.url(operation).ok_or_else(|| {
            Skip::Missing(format!("there is no URL for the {operation} endpoint"))
        })?;
        let serial = self.next();
        let body = match operation {
            Operation::Token => wire::encode(&TokenRequest::client_credentials()),
            Operation::Inquiry => {
                let id = format!("DIPC{}{serial:05}", self.run);
                self.payable(operation)?.inquiry(form, &id, now())
            }
            _ => {
                let payable = self.payable(operation)?;
                let serial = if payable.one_payment { 0 } else { serial };
                let id = format!("{}{serial:05}", self.run);
                payable.payment(form, &id, now())
            }
        };
        let bearer = match operation {
            Operation::Token => None,
            _ => Some(self.bearer().await?),
        };
        let uri = url.uri().clone();
        Ok(Draft::of(operation, uri, target, body, bearer, serial))
    }

    fn payable(&self, operation: Operation) -> Result<&'s Payable, Skip> {
        let missing = |what: &str| Err(Skip::Missing(what.to_owned()));
        match self.payable {
            None => missing("there is no number to pay"),
            Some(payable) if operation == Operation::Inquiry && !payable.answers_inquiries => {
                missing("there is no number that the server answers inquiries about")
            }
            Some(payable) => Ok(payable),
        }
    }

    /// Whether every notification must speak of the same payment.
    pub(super) fn has_one_payment(&self) -> bool {
        self.payable.is_some_and(|payable| payable.one_payment)
    }

    fn next(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    /// The same payment in another call.
    pub(super) fn anew(&mut self, draft: &Draft) -> Draft {
        let serial = self.next();
        let mut again = draft.clone();
        again.external_id = format!("{}{serial:05}", self.run);
        again
    }

    /// The server's token; a new one where there is none, or where its time has come.
    async fn bearer(&mut self) -> Result<AccessToken, Skip> {
        if let Some(token) = self.held.as_ref().and_then(Held::alive) {
            return Ok(token.clone());
        }
        self.renew().await
    }

    /// A new token of the server's.
    pub(super) async fn renew(&mut self) -> Result<AccessToken, Skip> {
        let answer = Box::pin(self.genuine(Operation::Token)).await?;
        match self.held.as_ref().and_then(Held::alive) {
            Some(token) if answer.accepts() => Ok(token.clone()),
            // Its time came while it was on its way.
            _ => match Held::of(&answer) {
                Some(_) => Err(Skip::Unfounded(
                    "the server's tokens live no longer than a call takes".to_owned(),
                )),
                None => Err(Skip::after(Operation::Token, &answer)),
            },
        }
    }

    /// A genuine call, and what is answered.
    pub(super) async fn genuine(&mut self, operation: Operation) -> Result<Answer, Skip> {
        let draft = self.draft(operation, Form::default()).await?;
        let request = draft.finish(self.target).map_err(Skip::Missing)?;
        Ok(self.send(&request, true).await)
    }

    /// Sends a request, and sends it again while it is put off; where `insists`, also while there is no answer. Where nobody
    /// listens, nobody is waited for.
    pub(super) async fn send(&mut self, request: &Request<Bytes>, insists: bool) -> Answer {
        let mut tries = 0;
        loop {
            let since = Instant::now();
            let answer = self.target.send(request.clone()).await;
            tries += 1;
            self.reach.learn(&answer);
            // Of several tokens that a server gave, some take the last one alone.
            if let Some(held) = Held::of(&answer) {
                self.held = Some(held);
            }
            let silent = answer.status.is_none() && answer.went_out;
            let again = answer.puts_off() || (insists && silent);
            if !again {
                return answer;
            }
            self.patience.spend(since.elapsed());
            match self.patience.pause(tries, answer.retry_after) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return answer,
            }
        }
    }
}
