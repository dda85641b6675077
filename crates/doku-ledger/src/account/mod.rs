//! Virtual accounts as the ledger knows them: which order they are for, what may be paid, and what became of them.

mod bill;
mod direct;
mod hold;
mod insert;
mod query;
mod record;
mod state;

use std::fmt;
use std::str::FromStr;

use doku_model::{Amount, Bill, FieldError, TrxId};
use doku_va_btn::{CreateVa, Mode, VirtualAccount};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use bill::{BillVersion, Standing, UnknownStanding};
pub use direct::DirectBill;
pub use query::AccountFilter;
pub use state::{State, UnknownState};

pub(crate) use bill::{insert_bill, positive, sen};
pub(crate) use insert::NewAccount;
pub(crate) use query::{by_trx_id, meant};
pub(crate) use record::{COLUMNS, JOIN_BILLS, Snapshot, snapshots, write_back};

/// The name of an account that may be shown to anybody: 26 letters and digits that nobody guesses.
///
/// It says nothing of the order, and whoever knows one account knows no other: it may stand in the address of a page.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicId(Box<str>);

impl PublicId {
    const LENGTH: usize = 26;
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

    /// Another one, from the operating system's random numbers: 130 bits.
    pub(crate) fn new() -> Result<Self, getrandom::Error> {
        let mut bytes = [0_u8; Self::LENGTH];
        getrandom::fill(&mut bytes)?;
        let text: String = bytes
            .iter()
            .filter_map(|byte| Self::ALPHABET.get(usize::from(byte % 32)))
            .map(|letter| char::from(*letter))
            .collect();
        Ok(Self(text.into()))
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PublicId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for PublicId {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known =
            text.len() == Self::LENGTH && text.bytes().all(|byte| Self::ALPHABET.contains(&byte));
        if known {
            Ok(Self(text.into()))
        } else {
            Err(FieldError::rule(
                "public id",
                "must be 26 lower-case letters and digits",
            ))
        }
    }
}

impl TryFrom<String> for PublicId {
    type Error = FieldError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<PublicId> for String {
    fn from(id: PublicId) -> Self {
        id.0.into()
    }
}

/// A virtual account as the ledger knows it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Account {
    /// Its name for anybody.
    pub public_id: PublicId,
    /// The merchant's invoice number.
    pub trx_id: TrxId,
    /// Who made the number.
    pub mode: Mode,
    /// What became of it.
    pub state: State,
    /// The number without padding, once it is known.
    pub number: Option<String>,
    /// Whether it may be paid more than once.
    pub reusable: bool,
    /// The bill that counts now; of a change under way, the one before it.
    pub bill: Bill,
    /// Every bill that may have been in force, the oldest first.
    pub bills: Vec<BillVersion>,
    /// When it stops being payable, where that is known.
    pub expires_at: Option<OffsetDateTime>,
    /// What was asked for.
    pub asked: Asked,
    /// What DOKU made of it: what its later calls need. None before it is known to exist.
    pub virtual_account: Option<VirtualAccount>,
    /// The sum of the payments that satisfied the bill.
    pub credited: Amount,
    /// How many they are.
    pub payments: u64,
    /// When it was paid: of a reusable one, the last time.
    pub paid_at: Option<OffsetDateTime>,
    /// When it is next asked about, if ever.
    pub check_at: Option<OffsetDateTime>,
    /// When it was recorded.
    pub created_at: OffsetDateTime,
    /// When it changed last.
    pub updated_at: OffsetDateTime,
    pub(crate) checks: i64,
    pub(crate) id: i64,
}

/// What an account was asked for with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    clippy::exhaustive_enums,
    reason = "DOKU makes it or the merchant does"
)]
pub enum Asked {
    /// A create call to DOKU (DGPC, MGPC).
    Create(CreateVa),
    /// A bill registered in the ledger (DIPC).
    Direct(DirectBill),
}
