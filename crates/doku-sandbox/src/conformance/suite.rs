//! The run: each case against the server, one after the other, with a genuine call before those that would prove nothing
//! without it.

use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use doku_model::Operation;
use doku_model::wire::{self, TokenRequest};
use doku_sign::AccessToken;
use hyper::http::Request;
use serde_json::Value;
use tokio::sync::OnceCell;

use super::alteration::{Alteration, Stranger, apply};
use super::answer::Answer;
use super::catalogue::{self, Case};
use super::draft::{Draft, now};
use super::forgery::{self, Forgery};
use super::payable::{Form, Payable};
use super::report::{Report, Row};
use super::target::Target;
use super::verdict::{Heard, Must, Verdict, judge};

/// Every case that is to be tried against one server.
///
/// ```no_run
/// # async fn example(target: doku_sandbox::conformance::Target, payable: doku_sandbox::conformance::Payable) {
/// use doku_sandbox::conformance::Suite;
///
/// let report = Suite::new(target, Some(payable)).run(|row| println!("{}", row.name)).await;
/// assert!(report.is_good(), "{}", report.to_junit());
/// # }
/// ```
#[derive(Debug)]
pub struct Suite {
    target: Target,
    payable: Option<Payable>,
    only: Vec<String>,
    serial: AtomicU64,
    /// Tells the ids of this run from those of another.
    run: i64,
    controls: Controls,
}

/// What genuine calls came to, each made once. An error is why what builds upon it is skipped.
#[derive(Debug, Default)]
struct Controls {
    token: OnceCell<Result<AccessToken, String>>,
    inquiry: OnceCell<Result<(), String>>,
    payment: OnceCell<Result<(), String>>,
    own_bearer: OnceCell<Result<(), String>>,
}

impl Suite {
    /// Every case. Without something to pay, only those of the token endpoint can be tried.
    #[must_use]
    pub fn new(target: Target, payable: Option<Payable>) -> Self {
        Self {
            target,
            payable,
            only: Vec::new(),
            serial: AtomicU64::new(0),
            run: now().unix_timestamp(),
            controls: Controls::default(),
        }
    }

    /// Only the cases with one of these names, or with names that begin so: `payment/alg-none`, `token`.
    #[must_use]
    pub fn only(mut self, names: Vec<String>) -> Self {
        self.only = names;
        self
    }

    /// Every case there is, in the order of a run.
    pub fn cases() -> impl Iterator<Item = &'static Case> {
        catalogue::all()
    }

    /// The cases that this suite tries.
    pub fn chosen(&self) -> impl Iterator<Item = &'static Case> {
        let fits = |case: &&Case| {
            self.only.is_empty()
                || self
                    .only
                    .iter()
                    .any(|name| case.name.starts_with(name.as_str()))
        };
        catalogue::all().filter(fits)
    }

    /// Tries them, and tells `each` of every row as soon as it is known.
    pub async fn run(&self, mut each: impl FnMut(&Row)) -> Report {
        // Making keys takes long, so it does not happen on a thread that serves.
        let stranger = match tokio::task::spawn_blocking(Stranger::make).await {
            Ok(stranger) => stranger,
            Err(_) => Err("making keys was interrupted".to_owned()),
        };
        let mut report = Report::default();
        for case in self.chosen() {
            let row = match &stranger {
                Ok(stranger) => self.row(case, stranger).await,
                Err(reason) => Row::of(case, Verdict::Skipped, reason.clone()),
            };
            each(&row);
            report.rows.push(row);
        }
        report
    }

    async fn row(&self, case: &Case, stranger: &Stranger) -> Row {
        match self.tried(case, stranger).await {
            Ok(heard) => {
                let (verdict, happened) = judge(case.must, case.operation, &heard);
                Row::of(case, verdict, happened)
            }
            // What nobody answers is no reason to skip, but to fail: without it nothing works.
            Err(reason)
                if case.is_control()
                    && self.target.url(case.operation).is_some()
                    && self.can_ask(case) =>
            {
                Row::of(case, Verdict::Failed, reason)
            }
            Err(reason) => Row::of(case, Verdict::Skipped, reason),
        }
    }

    /// Whether everything is there that a call of this operation takes.
    fn can_ask(&self, case: &Case) -> bool {
        self.target.doku_key.is_some()
            && (case.operation == Operation::Token || self.payable(case.operation).is_ok())
    }

    /// Makes the call of a case; an error is why it was not made.
    async fn tried(&self, case: &Case, stranger: &Stranger) -> Result<Heard, String> {
        let mut draft = self.draft(case.operation, case.alteration.form()).await?;
        if !matches!(case.alteration, Alteration::Nothing) {
            self.control(case.operation).await?;
        }
        if let Alteration::Forged(Forgery::Expired | Forgery::AnotherClient) = case.alteration {
            self.own_bearer(case.operation).await?;
        }
        apply(case.alteration, &mut draft, &self.target, stranger)?;
        let request = draft.finish(&self.target)?;
        let first = self.target.send(request.clone()).await;
        let second = match case.alteration.repeats() {
            None => None,
            Some(false) => Some(self.target.send(request).await),
            Some(true) => Some(self.target.send(self.signed_anew(&draft)?).await),
        };
        let lives = !case.must.asks_for_life() || self.is_alive().await;
        Ok(Heard {
            sent: draft.body,
            first,
            second,
            lives,
        })
    }

    /// The same payment in another call.
    fn signed_anew(&self, draft: &Draft) -> Result<Request<Bytes>, String> {
        let serial = self.next();
        let mut again = draft.clone();
        again.external_id = format!("{}{serial:05}", self.run);
        again.finish(&self.target)
    }

    /// A genuine call of `operation`.
    async fn draft(&self, operation: Operation, form: Form) -> Result<Draft, String> {
        let url = self
            .target
            .url(operation)
            .ok_or_else(|| format!("there is no URL for the {operation} endpoint"))?;
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
        Ok(Draft::of(
            operation,
            uri,
            &self.target,
            body,
            bearer,
            serial,
        ))
    }

    fn payable(&self, operation: Operation) -> Result<&Payable, String> {
        match &self.payable {
            None => Err("there is no number to pay".to_owned()),
            Some(payable) if operation == Operation::Inquiry && !payable.answers_inquiries => {
                Err("there is no number that the server answers inquiries about".to_owned())
            }
            Some(payable) => Ok(payable),
        }
    }

    fn next(&self) -> u64 {
        self.serial.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// The server's token, asked for once.
    async fn bearer(&self) -> Result<AccessToken, String> {
        let token = self.controls.token.get_or_init(|| self.ask_for_token());
        token.await.clone()
    }

    async fn ask_for_token(&self) -> Result<AccessToken, String> {
        let answer = self.genuine(Operation::Token).await?;
        let token = answer.member("accessToken").and_then(Value::as_str);
        match token {
            Some(token) if answer.accepts() && !token.is_empty() => Ok(AccessToken::new(token)),
            _ => Err(format!(
                "a genuine token request came to: {}",
                answer.shown()
            )),
        }
    }

    /// Whether a genuine call is answered. A server may have closed the connection that it was called through before, so the
    /// second try counts as well.
    async fn is_alive(&self) -> bool {
        self.ask_for_token().await.is_ok() || self.ask_for_token().await.is_ok()
    }

    async fn genuine(&self, operation: Operation) -> Result<Answer, String> {
        let draft = Box::pin(self.draft(operation, Form::default())).await?;
        Ok(self.target.send(draft.finish(&self.target)?).await)
    }

    /// Whether a genuine call is accepted: without that, neither a refusal nor its want proves anything.
    async fn control(&self, operation: Operation) -> Result<(), String> {
        let made = match operation {
            Operation::Token => return self.bearer().await.map(|_| ()),
            Operation::Inquiry => &self.controls.inquiry,
            _ => &self.controls.payment,
        };
        let ask = || async {
            let answer = self.genuine(operation).await?;
            if answer.accepts() {
                Ok(())
            } else {
                Err(format!(
                    "a genuine {operation} call came to: {}",
                    answer.shown()
                ))
            }
        };
        made.get_or_init(ask).await.clone()
    }

    /// Whether the server takes a bearer of its own key that it has not issued itself.
    async fn own_bearer(&self, operation: Operation) -> Result<(), String> {
        let ask = || async {
            let mut draft = self.draft(operation, Form::default()).await?;
            let genuine = draft.bearer.clone().unwrap_or_else(AccessToken::empty);
            draft.bearer = Some(forgery::as_issued(&genuine, &self.target)?);
            let answer = self.target.send(draft.finish(&self.target)?).await;
            if answer.accepts() {
                Ok(())
            } else {
                Err(format!(
                    "the server issues tokens in another form, and takes none made with its key: {}",
                    answer.shown()
                ))
            }
        };
        self.controls.own_bearer.get_or_init(ask).await.clone()
    }
}

impl Case {
    /// Whether everything else of its operation builds upon it.
    const fn is_control(&self) -> bool {
        matches!(self.alteration, Alteration::Nothing) && matches!(self.must, Must::Accept)
    }
}
