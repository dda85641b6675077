//! DOKU's memory and its rules, without HTTP and without locks.
//!
//! Everything that must happen together happens in [`Memory::perform`]: an external id is looked up, the call is
//! done, and what was answered is remembered. `memory` holds the tables; `create`, `update`, `delete`, `status` and
//! `teller` say what becomes of them, one operation a file; `kept` is the memory as it goes into a file and out of one.

mod account;
mod accounts;
mod create;
mod delete;
mod direct;
mod external_ids;
mod fingerprint;
mod kept;
mod memory;
mod offer;
mod pay_error;
pub(crate) mod payment;
mod pieces;
mod status;
mod teller;
mod tokens;
mod update;

pub use account::Standing;
pub(crate) use account::{Account, acquirer};
pub(crate) use direct::Paid;
pub(crate) use external_ids::Used;
pub(crate) use fingerprint::{Fingerprint, Fingerprints};
pub(crate) use kept::{Kept, KeptMemory};
pub(crate) use memory::{Call, Memory, Repeated, Settings};
pub(crate) use offer::{Offer, written};
pub use pay_error::PayError;
pub use payment::Payment;
pub(crate) use teller::Keeper;
pub(crate) use tokens::{TokenStanding, Tokens};
