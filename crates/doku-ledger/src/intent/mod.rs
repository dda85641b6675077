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

use doku_model::{Bill, Timestamp, VirtualAccountEmail, VirtualAccountName, VirtualAccountPhone};
use doku_va_btn::Change;
use serde::{Deserialize, Serialize};

use crate::account::Account;

pub use create::{Begun, CreateIntent};
pub use doku::{Doku, Failed};
pub use key::IdempotencyKey;
pub use recover::Recovered;
pub(crate) use recover::Taken;
pub use resolve::{Resolution, Unsettled};

/// A change to an account; what is not mentioned stays as it is. It can be stored, unlike [`Change`].
///
/// ```
/// use doku_ledger::intent::Amendment;
/// use doku_model::Bill;
///
/// let dearer = Amendment::new().bill(Bill::Closed("12000.00".parse()?));
/// # Ok::<(), doku_model::FieldError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[must_use = "an amendment does nothing until it is given to `Ledger::update`"]
pub struct Amendment {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<VirtualAccountName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) email: Option<VirtualAccountEmail>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) phone: Option<VirtualAccountPhone>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) bill: Option<Bill>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expired_date: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) active: Option<bool>,
}

impl Amendment {
    /// No change yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another name.
    pub fn name(mut self, name: VirtualAccountName) -> Self {
        self.name = Some(name);
        self
    }

    /// Another e-mail address.
    pub fn email(mut self, email: VirtualAccountEmail) -> Self {
        self.email = Some(email);
        self
    }

    /// Another phone number.
    pub fn phone(mut self, phone: VirtualAccountPhone) -> Self {
        self.phone = Some(phone);
        self
    }

    /// Another type, amount or limits.
    pub fn bill(mut self, bill: Bill) -> Self {
        self.bill = Some(bill);
        self
    }

    /// Another end.
    pub fn expires(mut self, expired_date: Timestamp) -> Self {
        self.expired_date = Some(expired_date);
        self
    }

    /// May be paid, or may not be paid for now.
    pub const fn active(mut self, active: bool) -> Self {
        self.active = Some(active);
        self
    }

    /// The change that the client takes.
    pub fn change(&self) -> Change {
        let mut change = Change::new();
        if let Some(name) = &self.name {
            change = change.name(name.clone());
        }
        if let Some(email) = &self.email {
            change = change.email(email.clone());
        }
        if let Some(phone) = &self.phone {
            change = change.phone(phone.clone());
        }
        if let Some(bill) = self.bill {
            change = change.bill(bill);
        }
        if let Some(expired_date) = &self.expired_date {
            change = change.expires(expired_date.clone());
        }
        match self.active {
            Some(true) => change.activate(),
            Some(false) => change.deactivate(),
            None => change,
        }
    }
}

/// How something that was asked of DOKU stands.
#[derive(Debug)]
#[non_exhaustive]
pub struct Done {
    /// The account as it is now.
    pub account: Account,
    /// Why DOKU did not do it, or why nobody knows whether it did; none where it is done.
    pub failure: Option<Failed>,
}
