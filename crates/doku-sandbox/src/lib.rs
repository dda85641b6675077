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
mod bin;
mod calls;
mod clock;
mod config;
pub mod conformance;
mod counter;
mod desk;
mod faults;
mod how_to_pay;
mod http;
mod journal;
mod keep;
mod merchant;
mod moment;
mod outbound;
mod page;
mod sandbox;
mod state;
mod teller;
mod verify;
mod view;

pub use config::{
    BearerWord, Bin, BinError, BinMode, ChannelIdForm, Dialect, DialectError, Endpoints,
    ExternalIdForm, FileError, HeaderClock, Members, MerchantUrl, MerchantUrlError, Padding,
    RepeatedTrxId, Resend, SandboxConfig, SandboxFile, StatusNumbers, TimestampForm, TokenSlot,
};
pub use counter::{AtmScreen, Paid, ScreenLine, ScreenSource, TellerError};
pub use faults::{Direction, EchoedMember, Fault, FaultError, FaultKind};
pub use journal::{Cause, Header, JournalEntry, Note, SignatureReport, Signed, Verdict};
pub use keep::StateFileError;
pub use merchant::{Environment, KeptMerchantError, MakeUpError, Merchant, MerchantFiles};
pub use outbound::{Attempt, Notification, Trigger};
pub use sandbox::{Ready, Running, Sandbox, StartError};
pub use state::{PayError, Payment, Standing};
pub use view::{PaymentView, VirtualAccount};
