//! The lines of a state file: a head, then one value a line, then an end with a checksum over everything before it.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::journal::{InWords, JournalEntry};
use crate::outbound::KeptNotification;
use crate::state::{Account, Fingerprint, Fingerprints, Paid, Used};

/// What the first line says the file is.
pub(super) const FORMAT: &str = "doku-sandbox state";

/// The version that is written and read.
pub(super) const VERSION: u32 = 1;

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Head {
    pub(super) format: String,
    pub(super) version: u32,
    pub(super) client_id: String,
    /// The BINs, which accounts name by their place in this list.
    pub(super) bins: Vec<HeadBin>,
    pub(super) prints: Fingerprints,
    pub(super) payments: u64,
    /// The day of the external ids, as its Julian number.
    pub(super) day: Option<i32>,
    /// How far the clock was moved.
    pub(super) advanced_seconds: u64,
    /// What the clock would have shown unmoved, in microseconds.
    pub(super) unmoved: i64,
    /// How many calls DOKU made.
    pub(super) serial: u64,
    /// The number of the journal's last entry.
    pub(super) journal: u64,
}

/// A BIN, and the number that DGPC gives out next.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct HeadBin {
    pub(super) partner_service_id: String,
    pub(super) next: u64,
}

/// A line after the first one, as it is written.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Written<'k> {
    Account(&'k Account),
    Used(&'k Used),
    Paid(&'k Paid),
    Token(Fingerprint, i64),
    Notification(&'k KeptNotification),
    Entry(&'k JournalEntry, Option<&'k InWords>),
    End(End),
}

/// The same, as it is read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Line {
    Account(Box<Account>),
    Used(Used),
    Paid(Box<Paid>),
    Token(Fingerprint, i64),
    Notification(Box<KeptNotification>),
    Entry(Box<JournalEntry>, Option<InWords>),
    End(End),
}

/// The last line.
#[derive(Serialize, Deserialize)]
pub(super) struct End {
    /// SHA-256 over every byte before this line, in hex.
    pub(super) sha256: String,
}

/// The checksum so far.
#[derive(Default)]
pub(super) struct Sum(Sha256);

impl Sum {
    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(super) fn hex(&self) -> String {
        let digest = self.0.clone().finalize();
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
