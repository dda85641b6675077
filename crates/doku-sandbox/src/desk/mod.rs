//! What the sandbox holds, and what is done with it at once: a call is answered, a token issued, an entry written down.
//! Knows nothing of connections.
//!
//! `answering` is how a call is verified, understood and done; `keys` is what DOKU signs; `keeping` is when the state is
//! written; `slips` is what the teller handed out.

mod answering;
mod doku_key;
mod keeping;
mod keys;
mod slips;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use doku_model::ClientId;
use doku_sign::{AccessToken, DokuPrivateKey};
use time::OffsetDateTime;
use tokio::sync::OnceCell;

pub(crate) use answering::Outcome;
use doku_key::DokuKey;
pub(crate) use keeping::keep_state;
pub(crate) use slips::{Slip, Slips};

use crate::clock::Clock;
use crate::config::SandboxConfig;
use crate::faults::{Faults, Turns};
use crate::journal::{Journal, JournalEntry, Scrubber};
use crate::keep::{self, Keeper, StateFileError};
use crate::outbound::Outbound;
use crate::state::{Fingerprints, Memory, Settings, Tokens};
use crate::verify::Verifier;

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

    /// DOKU's memory. Never held across an await.
    pub(crate) fn memory(&self) -> MutexGuard<'_, Memory> {
        // No rule panics; should one, half a change is less bad than no sandbox at all.
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn tokens(&self) -> MutexGuard<'_, Tokens> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn last_issued(&self) -> MutexGuard<'_, Option<(AccessToken, OffsetDateTime)>> {
        self.last_issued
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
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
