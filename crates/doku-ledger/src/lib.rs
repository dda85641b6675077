#![doc = include_str!("../README.md")]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice
    )
)]

pub mod account;
mod commit;
mod database;
pub mod delivery;
mod error;
pub mod hosted;
pub mod intent;
mod ledger;
mod location;
mod moment;
pub mod outbox;
mod page;
pub mod payment;
pub mod reconcile;
mod restore;
mod schema;

pub use commit::GroupCommits;
pub use error::{Error, Fault, Kept, NoLedger};
pub use ledger::{Ledger, Settings};
pub use location::{InvalidLocation, Location};
pub use page::{Cursor, InvalidCursor, Page};
pub use schema::{Schema, SchemaError};
