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
mod core;
mod database;
pub mod delivery;
mod error;
mod group_commits;
pub mod hosted;
pub mod intent;
mod ledger;
mod location;
mod lock;
mod moment;
pub mod outbox;
mod page;
pub mod payment;
pub mod reconcile;
mod restore;
mod schema;
mod settings;

pub use error::{Error, Fault, Kept, NoLedger};
pub use group_commits::GroupCommits;
pub use ledger::Ledger;
pub use location::{InvalidLocation, Location};
pub use page::{Cursor, InvalidCursor, Page};
pub use schema::{Schema, SchemaError};
pub use settings::Settings;
