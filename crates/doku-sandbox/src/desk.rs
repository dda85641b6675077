//! Where a call is answered: verified, understood, done, and written into the journal. Knows nothing of connections.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use doku_model::request::{CheckStatus, CreateVa, DeleteVa, UpdateVa};
use doku_model::wire::{
    self, CheckStatusRequest, DecodeError, Seconds, TokenResponse, VirtualAccountData,
};
use doku_model::{ClientId, FieldError, Operation};
use doku_sign::{
    AccessToken, DokuPrivateKey, DokuPublicKey, KeyError, MerchantPrivateKey, MerchantToken,
    RsaSha256, Signature, StringToSign, TokenParties, minify,
};
use time::OffsetDateTime;
use tokio::sync::OnceCell;

use crate::answer::{Answer, Refusal, SUCCESSFUL};
use crate::clock::Clock;
use crate::config::SandboxConfig;
use crate::faults::Faults;
use crate::journal::{Journal, Note, Scrubber, SignatureReport, Verdict};
use crate::outbound::Outbound;
use crate::state::{Call, Memory, Repeated, Settings, Tokens};
use crate::verify::{self, NotGenuine, Presented, Verifier};

/// The size of a key that is made up.
const KEY_BITS: usize = 2048;

/// The issuer that DOKU's tokens name.
const ISSUER: &str = "DOKU";

/// The whole sandbox but its sockets.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) clock: Clock,
    pub(crate) faults: Faults,
    pub(crate) journal: Journal,
    pub(crate) scrubber: Scrubber,
    pub(crate) client_id: ClientId,
    pub(crate) outbound: Outbound,
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

/// DOKU's key, in the two forms in which it is used.
#[derive(Debug, Clone)]
struct DokuKey {
    key: DokuPrivateKey,
    /// The same key as an issuer of tokens.
    issuer: MerchantPrivateKey,
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
    pub(crate) fn new(config: SandboxConfig, base_url: String) -> Self {
        let outbound = Outbound::new(&config);
        let settings = Settings {
            bins: Arc::from(config.bins),
            day_offset: config.day_offset,
            status_numbers: config.status_numbers,
            base_url,
        };
        Self {
            clock: Clock::starting_at(
                config
                    .clock_start
                    .unwrap_or_else(|| OffsetDateTime::from(SystemTime::now())),
            ),
            faults: Faults::default(),
            journal: Journal::new(config.journal_entries),
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
            memory: Mutex::new(Memory::new(settings)),
            tokens: Mutex::new(Tokens::new(config.token_lifetime)),
            doku_key: OnceCell::new(),
            given_key: config.doku_private_key,
            last_issued: Mutex::default(),
        }
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

    /// Issues a token. Making and using an RSA key takes milliseconds, so neither happens on a thread that serves.
    async fn issue(&self, now: OffsetDateTime) -> Result<AccessToken, Cow<'static, str>> {
        let issuer = self.key().await?.issuer.clone();
        let client_id = self.client_id.clone();
        let lifetime = self.token_lifetime;
        let issued = tokio::task::spawn_blocking(move || {
            let parties = TokenParties {
                issuer: ISSUER,
                client_id: client_id.as_str(),
            };
            MerchantToken::issue(&issuer, parties, SystemTime::from(now), lifetime)
        });
        let token = match issued.await {
            Ok(Ok(token)) => token,
            Ok(Err(error)) => return Err(error.to_string().into()),
            Err(_) => return Err("signing the token was interrupted".into()),
        };
        self.tokens().remember(token.expose(), now);
        let expires = time::Duration::try_from(self.token_lifetime)
            .ok()
            .and_then(|lifetime| now.checked_add(lifetime))
            .unwrap_or(now);
        *self.last_issued() = Some((token.clone(), expires));
        Ok(token)
    }

    /// The token that DOKU issued last, however old: the one that the merchant has; `None` where it has none yet.
    pub(crate) fn token_of_the_merchant(&self) -> Option<AccessToken> {
        self.last_issued().as_ref().map(|(token, _)| token.clone())
    }

    /// The token that DOKU issued last, or a new one where that has expired.
    pub(crate) async fn doku_token(&self) -> Result<AccessToken, Cow<'static, str>> {
        let now = self.clock.now();
        let last = self.last_issued().clone();
        match last {
            Some((token, expires)) if now < expires => Ok(token),
            _ => self.issue(now).await,
        }
    }

    /// DOKU's signature. Signing takes milliseconds, so it does not happen on a thread that serves.
    pub(crate) async fn sign_as_doku(
        &self,
        to_sign: StringToSign<RsaSha256>,
    ) -> Result<Signature, Cow<'static, str>> {
        let key = self.key().await?.key.clone();
        match tokio::task::spawn_blocking(move || key.sign(&to_sign)).await {
            Ok(Ok(signature)) => Ok(signature),
            Ok(Err(error)) => Err(error.to_string().into()),
            Err(_) => Err("signing was interrupted".into()),
        }
    }

    /// DOKU's public key, made first if there is none yet.
    pub(crate) async fn doku_public_key(&self) -> Option<DokuPublicKey> {
        self.key().await.ok().map(|key| key.key.public_key())
    }

    async fn key(&self) -> Result<&DokuKey, Cow<'static, str>> {
        let given = self.given_key.clone();
        let make = || async move {
            let made = tokio::task::spawn_blocking(move || DokuKey::make(given));
            match made.await {
                Ok(Ok(key)) => Ok(key),
                Ok(Err(error)) => Err(Cow::Owned(error.to_string())),
                Err(_) => Err(Cow::Borrowed("making DOKU's key was interrupted")),
            }
        };
        self.doku_key.get_or_try_init(make).await
    }

    fn transaction(&self, call: &Presented<'_>) -> Outcome {
        let now = self.clock.now();
        let token_is_live = |token: &str| self.tokens().is_live(token, now);
        let genuine = self.verifier.transaction(call, &self.clock, token_is_live);
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

    fn last_issued(&self) -> MutexGuard<'_, Option<(AccessToken, OffsetDateTime)>> {
        self.last_issued
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
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
        self.clock.reset();
        self.journal.clear();
    }
}

impl DokuKey {
    fn make(given: Option<DokuPrivateKey>) -> Result<Self, KeyError> {
        let key = given.map_or_else(|| DokuPrivateKey::generate(KEY_BITS), Ok)?;
        // Issuing a JWT is what a merchant does to DOKU. DOKU issues the same kind of token, so here it plays that part.
        let issuer = MerchantPrivateKey::from_pem(&key.to_pkcs8_pem()?)?;
        Ok(Self { key, issuer })
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
