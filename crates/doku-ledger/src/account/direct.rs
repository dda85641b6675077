//! A bill of the merchant's own number (DIPC): it exists in the ledger, and inquiries are answered from it.

use doku_model::{
    Bill, CustomerNo, FreeText, PartnerServiceId, Timestamp, TrxId, VirtualAccountEmail,
    VirtualAccountName, VirtualAccountPhone,
};
use doku_va_btn::VirtualAccount;
use doku_va_btn::hosted::{Payable, PaymentCode};
use serde::{Deserialize, Serialize};

/// A bill to be registered under a number of the merchant's own.
///
/// `Debug` shows the length of the payer's name, e-mail address and phone number only.
///
/// ```
/// use doku_ledger::account::DirectBill;
/// use doku_model::Bill;
/// use doku_va_btn::hosted::PaymentCode;
///
/// let code = PaymentCode::new("77062".parse()?, "2007".parse()?)?;
/// let bill = DirectBill::new(
///     &code,
///     "INV_20240913001".parse()?,
///     "Budi Santoso".parse()?,
///     Bill::Closed("25000.00".parse()?),
/// )
/// .expires("2026-12-31T23:59:59+07:00".parse()?);
/// # Ok::<(), doku_model::FieldError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DirectBill {
    pub(crate) partner_service_id: PartnerServiceId,
    pub(crate) customer_no: CustomerNo,
    pub(crate) trx_id: TrxId,
    pub(crate) name: VirtualAccountName,
    pub(crate) bill: Bill,
    #[serde(default)]
    pub(crate) reusable: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) expired_date: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) email: Option<VirtualAccountEmail>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) phone: Option<VirtualAccountPhone>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) free_text: Vec<FreeText>,
}

impl DirectBill {
    /// What a bill needs: its number, the invoice number, the name the payer sees, and what is to be paid.
    #[must_use]
    pub fn new(code: &PaymentCode, trx_id: TrxId, name: VirtualAccountName, bill: Bill) -> Self {
        Self {
            partner_service_id: code.partner_service_id().clone(),
            customer_no: code.customer_no().clone(),
            trx_id,
            name,
            bill,
            reusable: false,
            expired_date: None,
            email: None,
            phone: None,
            free_text: Vec::new(),
        }
    }

    /// Payable more than once.
    #[must_use]
    pub const fn reusable(mut self) -> Self {
        self.reusable = true;
        self
    }

    /// Payable until this moment; for ever, unless said here.
    #[must_use]
    pub fn expires(mut self, expired_date: Timestamp) -> Self {
        self.expired_date = Some(expired_date);
        self
    }

    /// With the payer's e-mail address.
    #[must_use]
    pub fn email(mut self, email: VirtualAccountEmail) -> Self {
        self.email = Some(email);
        self
    }

    /// With the payer's phone number.
    #[must_use]
    pub fn phone(mut self, phone: VirtualAccountPhone) -> Self {
        self.phone = Some(phone);
        self
    }

    /// With one more line for the payer.
    #[must_use]
    pub fn free_text(mut self, line: FreeText) -> Self {
        self.free_text.push(line);
        self
    }

    /// The merchant's invoice number.
    #[must_use]
    pub const fn trx_id(&self) -> &TrxId {
        &self.trx_id
    }

    /// What is to be paid.
    #[must_use]
    pub const fn bill(&self) -> &Bill {
        &self.bill
    }

    /// The value that check status takes.
    pub(crate) fn virtual_account(&self) -> VirtualAccount {
        VirtualAccount::direct_inquiry(
            self.partner_service_id.clone(),
            self.customer_no.clone(),
            self.trx_id.clone(),
            self.name.clone(),
            self.bill,
        )
    }

    /// The answer to an inquiry.
    pub(crate) fn payable(&self) -> Payable {
        let mut payable = Payable::new(self.name.clone(), self.bill, self.trx_id.clone())
            .with_reusable(self.reusable);
        if let Some(email) = &self.email {
            payable = payable.with_email(email.clone());
        }
        if let Some(phone) = &self.phone {
            payable = payable.with_phone(phone.clone());
        }
        if let Some(expired_date) = &self.expired_date {
            payable = payable.with_expired_date(expired_date.clone());
        }
        self.free_text.iter().fold(payable, |payable, line| {
            payable.with_free_text(line.clone())
        })
    }
}
