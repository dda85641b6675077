//! How a call is answered: verified, understood, and done.

use std::borrow::Cow;

use doku_model::request::{CheckStatus, CreateVa, DeleteVa, UpdateVa};
use doku_model::wire::{
    self, CheckStatusRequest, DecodeError, Seconds, TokenResponse, VirtualAccountData,
};
use doku_model::{FieldError, Operation};
use doku_sign::minify;

use super::Desk;
use crate::answer::{Answer, Refusal, SUCCESSFUL};
use crate::journal::{Note, SignatureReport, Verdict};
use crate::state::{Call, Repeated};
use crate::verify::{self, NotGenuine, Presented};

/// What became of a call.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) answer: Answer,
    pub(crate) verdict: Verdict,
    pub(crate) reason: Option<Cow<'static, str>>,
    pub(crate) notes: Vec<Note>,
    pub(crate) signature: Option<SignatureReport>,
}

impl Outcome {
    fn refused(refusal: Refusal) -> Self {
        let answer = Answer::from(refusal);
        Self {
            reason: answer.reason.clone(),
            answer,
            verdict: Verdict::Refused,
            notes: Vec::new(),
            signature: None,
        }
    }
}

impl From<NotGenuine> for Outcome {
    fn from(not_genuine: NotGenuine) -> Self {
        Self {
            reason: not_genuine.reason.map(Cow::Owned),
            signature: not_genuine.signature,
            ..Self::refused(not_genuine.refusal)
        }
    }
}

impl Desk {
    /// Answers a call, as DOKU would.
    pub(crate) async fn answer(&self, call: &Presented<'_>) -> Outcome {
        match call.operation {
            Operation::Token => self.token(call).await,
            _ => self.transaction(call),
        }
    }

    /// A body that is too large to be read.
    pub(crate) fn too_large(operation: Operation) -> Outcome {
        Outcome {
            reason: Some(Cow::Borrowed("the body is larger than any documented one")),
            ..Outcome::refused(Refusal::bad_request(operation))
        }
    }

    async fn token(&self, call: &Presented<'_>) -> Outcome {
        if let Err(not_genuine) = self.verifier.token_request(call, &self.clock) {
            return (*not_genuine).into();
        }
        let mut notes = verify::in_headers(call);
        notes.extend(verify::in_body(call));
        if let Some(refused) = self.refuse_if_strict(call.operation, &notes) {
            return Outcome {
                notes,
                ..Outcome::refused(refused)
            };
        }
        let now = self.clock.now();
        match self.issue(now).await {
            Ok(token) => {
                let payload = TokenResponse {
                    access_token: Some(token.expose().into()),
                    expires_in: Some(Seconds::new(self.token_lifetime.as_secs())),
                    response_code: Some(call.operation.success().as_str().to_owned().into()),
                    response_message: Some(SUCCESSFUL.into()),
                    token_type: Some("Bearer".into()),
                };
                Outcome {
                    answer: Answer::success(call.operation, &payload),
                    verdict: Verdict::Accepted,
                    reason: None,
                    notes,
                    signature: None,
                }
            }
            Err(reason) => Outcome {
                reason: Some(reason),
                notes,
                ..Outcome::refused(Refusal::of(call.operation, 500, 0, "General Error"))
            },
        }
    }

    fn transaction(&self, call: &Presented<'_>) -> Outcome {
        let now = self.clock.now();
        let token_standing = |token: &str| self.tokens().standing(token, now);
        let genuine = self.verifier.transaction(call, &self.clock, token_standing);
        let external_id = match genuine {
            Ok(external_id) => external_id,
            Err(not_genuine) => return (*not_genuine).into(),
        };
        let mut notes = verify::in_headers(call);
        notes.extend(verify::in_body(call));
        let parsed = match self.refuse_if_strict(call.operation, &notes) {
            Some(refusal) => Call::Refused(refusal),
            None => understand(call).unwrap_or_else(Call::Refused),
        };
        let done =
            self.memory()
                .perform(now, call.operation, external_id, &minify(call.body), parsed);
        let (verdict, reason) = match done.repeated {
            Some(Repeated::SameCall) => (
                Verdict::Repeated,
                Some(
                    "this external id was used today for the same call; this is its answer".into(),
                ),
            ),
            Some(Repeated::OtherCall) => (
                Verdict::Repeated,
                Some("this external id was used today for another call; take a new one".into()),
            ),
            None if done.answer.code == call.operation.success() => (Verdict::Accepted, None),
            None => (Verdict::Refused, done.answer.reason.clone()),
        };
        Outcome {
            answer: done.answer,
            verdict,
            reason,
            notes,
            signature: None,
        }
    }

    fn refuse_if_strict(&self, operation: Operation, notes: &[Note]) -> Option<Refusal> {
        notes.first().filter(|_| self.strict).map(|note| {
            Refusal::format(operation, &note.field).because(format!(
                "the sandbox is strict, and {} {}",
                note.field, note.what
            ))
        })
    }
}

/// What a genuine call asks for, or why it cannot be told.
fn understand(call: &Presented<'_>) -> Result<Call, Refusal> {
    let operation = call.operation;
    let undecodable = |error: DecodeError| {
        let refusal = match &error {
            DecodeError::Member { path } => Refusal::format(operation, path),
            _ => Refusal::bad_request(operation),
        };
        refusal.because(error.to_string())
    };
    let invalid = |error: FieldError| Refusal::field(operation, &error);
    if operation == Operation::CheckStatus {
        let request: CheckStatusRequest<'_> = wire::decode(call.body).map_err(undecodable)?;
        return CheckStatus::try_from(&request)
            .map(Call::CheckStatus)
            .map_err(invalid);
    }
    let data: VirtualAccountData<'_> = wire::decode(call.body).map_err(undecodable)?;
    match operation {
        Operation::UpdateVa => UpdateVa::try_from(&data)
            .map(Box::new)
            .map(Call::Update)
            .map_err(invalid),
        Operation::DeleteVa => DeleteVa::try_from(&data).map(Call::Delete).map_err(invalid),
        _ => CreateVa::try_from(&data)
            .map(Box::new)
            .map(Call::Create)
            .map_err(invalid),
    }
}
