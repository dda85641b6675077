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

mod answer;
mod clock;
mod config;
mod desk;
mod faults;
mod http;
mod journal;
mod merchant;
mod sandbox;
mod state;
mod verify;
mod view;

pub use config::{Bin, BinError, BinMode, FileError, SandboxConfig, SandboxFile, StatusNumbers};
pub use faults::{Fault, FaultError, FaultKind};
pub use journal::{Cause, Header, JournalEntry, Note, SignatureReport, Verdict};
pub use merchant::{Environment, MakeUpError, Merchant, MerchantFiles};
pub use sandbox::{Ready, Running, Sandbox, StartError};
pub use state::{PayError, Payment, Standing};
pub use view::{PaymentView, VirtualAccount};
