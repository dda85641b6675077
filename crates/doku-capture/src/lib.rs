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

mod captured;
mod curl;
mod error;
mod har;
mod raw;
mod reader;
mod shell;

pub use captured::{Captured, Format};
pub use error::{CaptureError, Place};
pub use reader::Reader;
