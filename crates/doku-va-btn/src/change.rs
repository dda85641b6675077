//! What a merchant changes about a virtual account that exists.

use doku_model::{
    Bill, Timestamp, VirtualAccountEmail, VirtualAccountName, VirtualAccountPhone,
    VirtualAccountStatus,
};
use serde::{Deserialize, Serialize};

/// A change to a virtual account; what is not mentioned stays as it is.
///
/// The bill is sent with every update, changed or not, as the given [`VirtualAccount`](crate::VirtualAccount) remembers it:
/// most official SDKs hold the amount to be mandatory. So keep the account that [`Client::update`](crate::Client::update)
/// returned, and give the newest one.
///
/// ```
/// use doku_model::Bill;
/// use doku_va_btn::Change;
///
/// let dearer = Change::new().bill(Bill::Closed("12000.00".parse()?));
/// let paused = Change::new().deactivate();
/// # Ok::<(), doku_model::FieldError>(())
/// ```
///
/// It can be stored, as an object with a member for each thing that changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[must_use = "a change does nothing until it is given to `Client::update`"]
#[non_exhaustive]
pub struct Change {
    /// Another name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<VirtualAccountName>,
    /// Another e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<VirtualAccountEmail>,
    /// Another phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<VirtualAccountPhone>,
    /// Another type, amount or limits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bill: Option<Bill>,
    /// Another end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expired_date: Option<Timestamp>,
    /// Whether it may be paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
}

impl Change {
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

    /// May be paid.
    pub const fn activate(self) -> Self {
        self.active(true)
    }

    /// May not be paid for now.
    pub const fn deactivate(self) -> Self {
        self.active(false)
    }

    /// May be paid, or may not be paid for now.
    pub const fn active(mut self, active: bool) -> Self {
        self.active = Some(active);
        self
    }

    /// As the wire has it.
    pub(crate) fn status(&self) -> Option<VirtualAccountStatus> {
        self.active.map(|active| match active {
            true => VirtualAccountStatus::active(),
            false => VirtualAccountStatus::inactive(),
        })
    }
}
