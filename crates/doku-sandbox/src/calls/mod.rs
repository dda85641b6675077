//! DOKU's calls to the merchant: for a token, about a number, and of a payment.
//!
//! From the bottom: `headers` is what every call bears and `heard` what may come back; `judge` says what is wrong with an
//! answer, and `failure` why a call came to nothing. `sign` and `send` are the way out, `spoil` is what faults do on it, and
//! [`exchange`] goes the whole of it and writes it into the journal. `token`, `inquiry` and `payment` say what is sent,
//! `schedule` when. What is remembered of it all is in [`crate::outbound`].

mod exchange;
mod failure;
mod headers;
mod heard;
mod inquiry;
mod judge;
mod payment;
mod schedule;
mod send;
mod sign;
mod spoil;
mod token;

pub(crate) use failure::{CallFailure, Failing};
pub(crate) use inquiry::Inquired;
pub(crate) use schedule::keep_schedule;
