//! Where a call is answered: verified, understood, done, and written into the journal. Knows nothing of connections.

mod keys;
mod slips;

use std::borrow::Cow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use doku_model::request::{CheckStatus, CreateVa, DeleteVa, UpdateVa};
use doku_model::wire::{
    self, CheckStatusRequest, DecodeError, Seconds, TokenResponse, VirtualAccountData,
};
use doku_model::{ClientId, FieldError, Operation};
use doku_sign::{AccessToken, DokuPrivateKey, minify};
use time::OffsetDateTime;
use tokio::sync::OnceCell;

use keys::DokuKey;
pub(crate) use slips::{Slip, Slips};

use crate::answer::{Answer, Refusal, SUCCESSFUL};
use crate::clock::Clock;
use crate::config::SandboxConfig;
use crate::faults::{Faults, Turns};
use crate::journal::{Journal, JournalEntry, Note, Scrubber, SignatureReport, Verdict};
use crate::keep::{self, Keeper, StateFileError};
use crate::outbound::Outbound;
use crate::state::{Call, Fingerprints, Memory, Repeated, Settings, Tokens};
use crate::verify::{self, NotGenuine, Presented, Verifier};

/// The whole sandbox but its sockets.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) clock: Clock,
    pub(crate) faults: Faults,
    pub(crate) turns: Turns,
    pub(crate) journal: Journal,
    pub(crate) scrubber: Scrubber,
    pub(crate) client_id: ClientId,
    pub(crate) outbound: Outbound,
    /// Where callers find the sandbox.
    pub(crate) base_url: String,
    /// What a client is to find in its environment, for the page.
    pub(crate) environment: Vec<(String, String)>,
    /// What keeps the state, if it is kept.
    pub(crate) keeper: Option<Keeper>,
    /// What the teller's page has shown last.
    pub(crate) slips: Slips,
    verifier: Verifier,
    pub(crate) strict: bool,
    token_lifetime: Duration,
    memory: Mutex<Memory>,
    tokens: Mutex<Tokens>,
    doku_key: OnceCell<DokuKey>,
    given_key: Option<DokuPrivateKey>,
    /// The last token that was issued, and when it expires.
    last_issued: Mutex<Option<(AccessToken, OffsetDateTime)>>,
}

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
    /// A desk with nothing in its memory yet, or with what was kept.
    pub(crate) fn new(config: SandboxConfig, base_url: String) -> Result<Self, StateFileError> {
        let outbound = Outbound::new(&config);
        let settings = Settings {
            bins: Arc::from(config.bins.as_slice()),
            day_offset: config.day_offset,
            status_numbers: config.status_numbers,
            repeated_trx_id: config.repeated_trx_id,
            base_url: base_url.clone(),
        };
        let kept = match &config.state_file {
            Some(path) => keep::read(path, &config.client_id, &settings)?,
            None => None,
        };
        // A clock of its own does not go back over a restart; the machine's goes on by itself.
        let start = match (config.clock_start, &kept) {
            (Some(start), Some(kept)) => start.max(kept.unmoved),
            (Some(start), None) => start,
            (None, _) => OffsetDateTime::from(SystemTime::now()),
        };
        let clock = Clock::starting_at(start);
        let journal = Journal::new(config.journal_entries);
        let (memory, tokens) = match kept {
            None => {
                let prints = Fingerprints::default();
                let tokens = Tokens::new(config.token_lifetime, prints.clone());
                (Memory::new(settings, prints), tokens)
            }
            Some(kept) => {
                let mut tokens = Tokens::new(config.token_lifetime, kept.prints);
                tokens.put(kept.tokens);
                for (bin, notification) in kept.notifications {
                    outbound.notifications.put(bin, notification);
                }
                outbound.go_on(kept.serial);
                clock.advance(Duration::from_secs(kept.advanced_seconds));
                journal.go_on(kept.journal, kept.entries);
                (kept.memory, tokens)
            }
        };
        Ok(Self {
            environment: environment(&config, &base_url),
            base_url,
            keeper: config.state_file.map(Keeper::new),
            slips: Slips::default(),
            clock,
            faults: Faults::default(),
            turns: Turns::default(),
            journal,
            scrubber: Scrubber::new(config.secret_text),
            client_id: config.client_id.clone(),
            outbound,
            verifier: Verifier {
                client_id: config.client_id,
                secret: config.client_secret,
                merchant_key: config.merchant_public_key,
                window: config.timestamp_window,
            },
            strict: config.strict,
            token_lifetime: config.token_lifetime,
            memory: Mutex::new(memory),
            tokens: Mutex::new(tokens),
            doku_key: OnceCell::new(),
            given_key: config.doku_private_key,
            last_issued: Mutex::default(),
        })
    }

    /// Something that is kept has changed.
    pub(crate) fn changed(&self) {
        if let Some(keeper) = &self.keeper {
            keeper.note();
        }
    }

    /// Writes an entry into the journal, and gives its number.
    pub(crate) fn record(&self, entry: JournalEntry) -> u64 {
        let number = self.journal.record(entry);
        // Whatever changes the memory over HTTP is in the journal afterwards.
        self.changed();
        number
    }

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

    /// DOKU's memory. Never held across an await.
    pub(crate) fn memory(&self) -> MutexGuard<'_, Memory> {
        // No rule panics; should one, half a change is less bad than no sandbox at all.
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn tokens(&self) -> MutexGuard<'_, Tokens> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// As just started: no account, token, fault or entry, and the clock where the machine's is.
    pub(crate) fn reset(&self) {
        self.memory().reset();
        self.tokens().forget_all();
        *self.last_issued() = None;
        self.outbound.forget_all();
        self.faults.clear();
        self.turns.forget_all();
        self.clock.reset();
        self.journal.clear();
        self.slips.forget_all();
        self.changed();
    }
}

/// What a client of this sandbox is to find in its environment, as far as it is known here.
fn environment(config: &SandboxConfig, base_url: &str) -> Vec<(String, String)> {
    if let Some(given) = &config.environment {
        return given.clone();
    }
    let mut lines = vec![
        ("DOKU_ENVIRONMENT".to_owned(), base_url.to_owned()),
        ("DOKU_CLIENT_ID".to_owned(), config.client_id.to_string()),
    ];
    let range = config
        .bins
        .iter()
        .find_map(|bin| Some((bin.partner_service_id(), bin.prefix()?)));
    if let Some((bin, prefix)) = range {
        lines.push((
            "DOKU_PARTNER_SERVICE_ID".to_owned(),
            bin.digits().to_owned(),
        ));
        lines.push(("DOKU_CUSTOMER_NO_PREFIX".to_owned(), prefix.to_string()));
    }
    lines
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
