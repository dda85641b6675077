//! Whether a call is genuine: headers, clock, token and signature, in this order; and why not.
//!
//! Only what was verified goes on to [`crate::state`]. A call that fails here does not use up its external id.
//!
//! `presented` is the request, `verifier` what it must agree with, and `genuine` whether it does; `cause` is what went wrong
//! with a signature, `oddities` what passes and should not.

mod cause;
mod genuine;
mod not_genuine;
mod oddities;
mod presented;
mod verifier;

pub(crate) use not_genuine::NotGenuine;
pub(crate) use oddities::{in_body, in_headers};
pub(crate) use presented::Presented;
pub(crate) use verifier::Verifier;
