//! What a sandbox is told at its start: who the merchant is, which BINs it has, and how strict to be.
//!
//! `sandbox_config` is all of it; `endpoints` is what the merchant hosts, `dialect` in which form DOKU writes there, and `file`
//! the same as a file.

mod dialect;
mod endpoints;
mod file;
mod sandbox_config;

pub use crate::bin::{Bin, BinError, BinMode};
pub use dialect::{
    BearerWord, ChannelIdForm, Dialect, DialectError, ExternalIdForm, HeaderClock, Members,
    Padding, RepeatedTrxId, Resend, TimestampForm, TokenSlot,
};
pub use endpoints::{Endpoints, MerchantUrl, MerchantUrlError};
pub use file::{FileError, SandboxFile};
pub use sandbox_config::{SandboxConfig, StatusNumbers};
