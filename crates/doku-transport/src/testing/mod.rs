//! Transports for tests, without a socket.
//!
//! * [`Scripted`] answers from a list.
//! * [`Recording`] keeps what was sent through another transport.
//! * [`Failing`] fails every call in one way, or never answers.
//! * [`Chaos`] loses requests and answers of another transport, the same ones for the same seed.
//!
//! They need no runtime, and none of them panics.

mod chaos;
mod failing;
mod recording;
mod scripted;

pub use chaos::Chaos;
pub use failing::Failing;
pub use recording::{Recorded, Recording};
pub use scripted::{ScriptExhausted, Scripted};
