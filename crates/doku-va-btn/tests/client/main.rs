//! What the client promises, told over its public API.
//!
//! One file a subject. `support` holds what several of them need: a DOKU that answers from a script or by a rule and
//! keeps what it was sent, a clock that a test can set, and answers to change a member of.

mod config;
mod create;
mod created;
mod deadline;
mod delete;
mod errors;
mod fixed_point;
mod how_to_pay;
mod retries;
mod secrecy;
mod settle;
mod status;
mod stored;
mod support;
mod token;
mod update;
