//! What went wrong, and what became of the record.

use std::path::PathBuf;
use std::sync::Arc;

use doku_model::{ClientId, TrxId};

use crate::account::State;
use crate::location::InvalidLocation;
use crate::schema::SchemaError;

/// Whether what was to be recorded is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the question has these two answers"
)]
pub enum Kept {
    /// Certainly not. DOKU is not told otherwise, and sends a notification again.
    No,
    /// Perhaps: the database went away while it was committing. Doing the same again is safe, because what is there is
    /// recognised.
    Perhaps,
}

/// Why the database did not do what it was asked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// It has no room left.
    Full,
    /// It takes no writes: a read-only file, folder or server.
    ReadOnly,
    /// It cannot be reached.
    Gone,
    /// Its file cannot be opened, read or written.
    File,
    /// Somebody else kept it busy for too long.
    Busy,
    /// Two transactions were in each other's way. The same again succeeds.
    Collision,
    /// What it holds is damaged, or it is no database of this kind.
    Damaged,
    /// It refused one row.
    Row,
    /// Something else.
    Other,
}

impl Fault {
    const fn words(self) -> &'static str {
        match self {
            Self::Full => "the database has no room left; free or add some",
            Self::ReadOnly => {
                "the database takes no writes; look at the rights of the file and its folder, or at the server's role"
            }
            Self::Gone => {
                "the database cannot be reached; start it, or look at the network and the address"
            }
            Self::File => {
                "the database's file cannot be opened, read or written; look at its path, its rights and its disk"
            }
            Self::Busy => {
                "somebody kept the database busy for too long; look for a program that holds it locked"
            }
            Self::Collision => "two transactions were in each other's way; do it again",
            Self::Damaged => "the database is damaged or is none of this kind; restore a backup",
            Self::Row => "the database refused the row",
            Self::Other => "the database failed",
        }
    }
}

/// A place that holds no ledger, and where none can be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoLedger {
    /// A folder was named.
    #[error(
        "{} is a folder, and a ledger is a file; name one in it, as in {}",
        .0.display(), .0.join("doku.sqlite").display()
    )]
    Folder(PathBuf),
    /// The folder of the file is not there.
    #[error("the folder of {} is not there; make it, or name another file", .0.display())]
    NoFolder(PathBuf),
    /// The file is not there.
    #[error("there is no file {}; name the file of the ledger", .0.display())]
    NoFile(PathBuf),
    /// The file is something else.
    #[error(
        "{} is no ledger, and no database of SQLite at all; name another file, or restore a backup where this was one",
        .0.display()
    )]
    NotSqlite(PathBuf),
}

/// What a ledger could not do.
///
/// `Display` is one line: what happened, and what to do next. [`Error::kept`] tells whether something may have been
/// recorded all the same.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text that names a database names none.
    #[error(transparent)]
    Location(#[from] InvalidLocation),
    /// There is no ledger where one was looked for.
    #[error(transparent)]
    NoLedger(#[from] NoLedger),
    /// What was asked for was begun, and may have been done at DOKU; how it ended could not be recorded or read. It is
    /// recorded that it was begun, so it is found again.
    #[error(
        "it may have been done, and how it ended is not known here yet; look at the account ({source})"
    )]
    HowItEnded {
        /// What kept it from being known.
        source: Box<Error>,
    },
    /// The database failed.
    #[error("{}: {} ({source})", was_kept(*.kept), .fault.words())]
    Storage {
        /// Whether something was recorded.
        kept: Kept,
        /// Why it failed.
        fault: Fault,
        /// What the database said. Shared by all that were to be recorded together.
        source: Arc<dyn std::error::Error + Send + Sync>,
    },
    /// The tables are not those that this version knows.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// A stored value cannot be read.
    #[error(
        "the stored {what} cannot be read; restore a backup, or ask whoever changed it by hand"
    )]
    Unreadable {
        /// Of what it is.
        what: &'static str,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The ledger was closed, or its runtime ended.
    #[error("nothing was recorded: the ledger is closed; open it again")]
    Closed,
    /// A notification for another client id than the ledger's.
    #[error(
        "nothing was recorded: the notification is for {theirs}, and this ledger for {ours}; give each client id a ledger of its own"
    )]
    OtherClient {
        /// The ledger's.
        ours: ClientId,
        /// The notification's.
        theirs: ClientId,
    },
    /// There is an account for this invoice number already.
    #[error(
        "nothing was sent: there is an account for {trx_id} already, and it is {state}; {}",
        instead(*state)
    )]
    TrxIdTaken {
        /// The invoice number.
        trx_id: TrxId,
        /// What became of the account.
        state: State,
    },
    /// The idempotency key was used for another request.
    #[error(
        "nothing was sent: this idempotency key was used before for another request; take a new one"
    )]
    KeyReused,
    /// There is no such account.
    #[error("there is no account for {what}")]
    NoSuchAccount {
        /// What was looked for.
        what: String,
    },
    /// The account is in a state in which this cannot be done.
    #[error("nothing was sent: the account for {trx_id} is {state}, so this cannot be done now")]
    NotNow {
        /// The invoice number.
        trx_id: TrxId,
        /// Its state.
        state: State,
    },
    /// What DOKU made of the account is not known here, and a change needs it.
    #[error(
        "nothing was sent: DOKU's numbers for {trx_id} are not known here, because the answer to its create was lost; look \
         them up in DOKU's back office and record them with `doku ledger resolve`"
    )]
    NumbersUnknown {
        /// The invoice number.
        trx_id: TrxId,
    },
    /// An earlier change of the account has not come to its end.
    #[error("nothing was sent: an earlier change of {trx_id} is still under way; wait for its end")]
    Underway {
        /// The invoice number.
        trx_id: TrxId,
    },
    /// The request for DOKU could not be made.
    #[error(transparent)]
    Request(#[from] Box<doku_va_btn::Error>),
    /// A value breaks a rule.
    #[error(transparent)]
    Field(#[from] doku_model::FieldError),
    /// The operating system gave no random numbers.
    #[error("nothing was recorded: the operating system gave no random numbers")]
    NoRandomNumbers(#[from] getrandom::Error),
}

const fn was_kept(kept: Kept) -> &'static str {
    match kept {
        Kept::No => "nothing was recorded",
        Kept::Perhaps => "it may have been recorded",
    }
}

/// What to do about an invoice number that is taken. One whose create has no answer yet may have a number already, and an order
/// with two of them is paid twice.
const fn instead(state: State) -> &'static str {
    match state {
        State::Creating | State::Unknown => {
            "wait until that is settled, which happens by itself as a rule, and make no other one for the same order meanwhile"
        }
        _ => "take another trxId, or use that one",
    }
}

impl Error {
    /// Whether something may have been recorded.
    #[must_use]
    pub const fn kept(&self) -> Kept {
        match self {
            Self::Storage { kept, .. } => *kept,
            Self::HowItEnded { .. } => Kept::Perhaps,
            _ => Kept::No,
        }
    }

    /// Why the database failed, where it did.
    #[must_use]
    pub const fn fault(&self) -> Option<Fault> {
        match self {
            Self::Storage { fault, .. } => Some(*fault),
            Self::HowItEnded { source } => source.fault(),
            _ => None,
        }
    }

    /// The same error for another who waited for the same commit, where it is one of the database.
    pub(crate) fn shared(&self) -> Option<Self> {
        match self {
            Self::Storage {
                kept,
                fault,
                source,
            } => Some(Self::Storage {
                kept: *kept,
                fault: *fault,
                source: Arc::clone(source),
            }),
            _ => None,
        }
    }

    /// The same, of something that was begun.
    pub(crate) fn after_begin(self) -> Self {
        match self {
            known @ Self::HowItEnded { .. } => known,
            source => Self::HowItEnded {
                source: Box::new(source),
            },
        }
    }

    /// A stored value that is not what the ledger writes.
    pub(crate) fn unreadable(
        what: &'static str,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Unreadable {
            what,
            source: source.into(),
        }
    }
}
