//! Misbehaviour on demand: what the network and DOKU do to a caller on a bad day.
//!
//! A `fault` is a `kind` of misbehaviour for calls of one `direction`; `fits` says whether it makes sense, `waiting` has those
//! that were ordered, and `echo` and `turns` are what two of the kinds do.

mod direction;
mod echo;
mod error;
mod fault;
mod fits;
mod kind;
mod operation_name;
mod turns;
mod waiting;

pub use direction::Direction;
pub use echo::EchoedMember;
pub(crate) use echo::{another_number, one_rupiah_more};
pub use error::FaultError;
pub use fault::Fault;
pub use kind::FaultKind;
#[cfg(test)]
pub(crate) use kind::KINDS;
pub(crate) use operation_name::{OperationName, SERVED};
pub(crate) use turns::{Release, Turn, Turns};
pub(crate) use waiting::Faults;

#[cfg(test)]
mod tests;
