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
mod change;
mod client;
mod clock;
mod config;
mod create_va;
mod dialect;
mod display;
mod error;
mod external_id;
mod free_text;
pub mod hosted;
mod payment_status;
mod virtual_account;

pub use answer::{Answer, Response};
pub use change::Change;
pub use client::{Call, Client, HowToPay, Instruction, PreparedCreate, Token};
pub use clock::{Clock, SystemClock};
pub use config::{
    Config, ConfigError, Environment, EnvironmentError, InvalidVariable, RetryPolicy,
};
pub use create_va::{CreateVa, Mode};
pub use dialect::{
    ChannelId, Dialect, HostedDialect, InquiryInfo, Offset, OpenAmount, StatusNumbers, Timestamps,
    TokenSlot, TokenSlots,
};
pub use display::{grouped, rupiah};
pub use error::{BuildError, Error, HowToPayError, Mismatch, NoToken, Outcome};
pub use external_id::{ExternalIds, NoRandomNumbers};
pub use payment_status::{PaymentStatus, UnknownStatus};
pub use virtual_account::VirtualAccount;
