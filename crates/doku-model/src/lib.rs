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

mod code;
mod error;
mod operation;
pub mod request;
mod value;
pub mod wire;

pub use code::{Action, Blame, Effect, Meaning, ResponseCode, Service};
pub use error::{Fault, FieldError};
pub use operation::{Method, Operation};
pub use value::*;
