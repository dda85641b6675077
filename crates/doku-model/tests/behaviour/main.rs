//! What this crate promises, told over its public API.
//!
//! One file a subject. `support` holds what several of them need: payloads with every member filled, a reference
//! writer of JSON, and the settings of the property tests.

mod amount;
mod bill;
mod codes;
mod emitted;
mod errors;
mod fixed_point;
mod fixtures;
mod inbound;
mod lenient;
mod numbers;
mod requests;
mod status;
mod support;
mod texts;
mod timestamp;
