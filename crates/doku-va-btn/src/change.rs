//! What a merchant changes about a virtual account that exists.

use doku_model::{
    Bill, Timestamp, VirtualAccountEmail, VirtualAccountName, VirtualAccountPhone,
    VirtualAccountStatus,
};

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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use = "a change does nothing until it is given to `Client::update`"]
pub struct Change {
    pub(crate) name: Option<VirtualAccountName>,
    pub(crate) email: Option<VirtualAccountEmail>,
    pub(crate) phone: Option<VirtualAccountPhone>,
    pub(crate) bill: Option<Bill>,
    pub(crate) expired_date: Option<Timestamp>,
    pub(crate) status: Option<VirtualAccountStatus>,
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
    pub fn activate(mut self) -> Self {
        self.status = Some(VirtualAccountStatus::active());
        self
    }

    /// May not be paid for now.
    pub fn deactivate(mut self) -> Self {
        self.status = Some(VirtualAccountStatus::inactive());
        self
    }
}
