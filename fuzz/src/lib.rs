//! What holds for any input whatsoever.
//!
//! Each target is one function from bytes to nothing. It reads the bytes as something a stranger may send, hands them to
//! the crates, and panics where a property does not hold; a panic of the code under test is a finding, too. The same
//! functions are called by `libfuzzer/`, which looks for inputs by their coverage, and by `tests/properties.rs`, which
//! makes them up and runs in CI, so that the two cannot come to differ.
//!
//! Here belongs what is true of every input. What is true of one input is a test of its crate.
//!
//! An input that was a finding goes into `seeds/`, in the folder of its target, under a name that says what it is.

#![expect(
    clippy::unwrap_used,
    reason = "what cannot fail here has failed, and that is a finding"
)]

mod client;
mod diagnose;
mod edits;
mod hosted;
mod keys;
mod lookup;
mod merchant_token;
mod minify;
mod pairs;
mod values;
mod wire;

pub use client::client;
pub use diagnose::diagnose;
pub use hosted::{hosted, hosted_altered, hosted_signed};
pub use keys::keys;
pub use merchant_token::merchant_token;
pub use minify::minify;
pub use values::values;
pub use wire::wire;

/// A function that must not panic, by the name of its folder in `seeds/` and of its program in `libfuzzer/`.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// The name.
    pub name: &'static str,
    /// Holds the properties against one input.
    pub run: fn(&[u8]),
}

macro_rules! targets {
    ($($name:ident),+ $(,)?) => {
        /// Every target.
        pub const TARGETS: &[Target] = &[$(Target { name: stringify!($name), run: $name }),+];
    };
}

targets!(
    client,
    diagnose,
    hosted,
    hosted_altered,
    hosted_signed,
    keys,
    merchant_token,
    minify,
    values,
    wire,
);

/// The target of this name.
#[must_use]
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}
