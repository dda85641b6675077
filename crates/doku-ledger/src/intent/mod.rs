//! What is asked of DOKU, recorded before it is sent.
//!
//! A create is recorded as its prepared bytes with their external id; an update and a delete with theirs. Whoever sends
//! holds a lease that outlasts the deadline of the call. Where nobody came back to say how it ended, because the process died
//! or the answer was lost, [`Ledger::recover`](crate::Ledger::recover) finds it once the lease is over and settles it: a create
//! by [`Client::settle`](doku_va_btn::Client::settle), so that an order never ends with two accounts; an update and a delete by
//! doing the same again.

mod change;
mod create;
mod direct;
mod doku;
mod effect;
mod key;
mod made;
mod order;
mod record;
mod recover;
mod resolve;

use crate::account::Account;

pub use create::{Begun, CreateIntent};
pub use doku::{Doku, Failed};
pub use key::IdempotencyKey;
pub use recover::Recovered;
pub(crate) use recover::Taken;
pub use resolve::{Resolution, Unsettled};

/// How something that was asked of DOKU stands.
#[derive(Debug)]
#[non_exhaustive]
pub struct Done {
    /// The account as it is now.
    pub account: Account,
    /// Why DOKU did not do it, or why nobody knows whether it did; none where it is done.
    pub failure: Option<Failed>,
}
