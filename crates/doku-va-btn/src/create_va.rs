//! What a merchant asks for: a virtual account for one order or one customer.

use doku_model::{
    Bill, CustomerNo, FreeText, PartnerServiceId, Timestamp, TrxId, VirtualAccountEmail,
    VirtualAccountName, VirtualAccountPhone,
};
use serde::{Deserialize, Serialize};

/// Who makes the number of a virtual account.
///
/// Nothing on the wire says it: for create, it is a property of the merchant's BIN at DOKU. The client has to know it
/// all the same, because the answer has to be judged by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::exhaustive_enums, reason = "DOKU has these three modes")]
pub enum Mode {
    /// DGPC: DOKU makes it, from the merchant's prefix.
    DokuGenerated,
    /// MGPC: the merchant makes it and registers it at DOKU.
    MerchantGenerated,
    /// DIPC: the merchant makes it and DOKU asks the merchant when it is paid.
    DirectInquiry,
}

/// A virtual account to be created.
///
/// `Debug` shows the length of the payer's name, e-mail address and phone number only.
///
/// ```
/// use doku_model::Bill;
/// use doku_va_btn::CreateVa;
///
/// let order = CreateVa::doku_generated(
///     "INV-2026-0001".parse()?,
///     "Budi Santoso".parse()?,
///     Bill::Closed("11500.00".parse()?),
/// )
/// .expires("2026-12-31T23:59:59+07:00".parse()?);
/// # Ok::<(), doku_model::FieldError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateVa {
    pub(crate) mode: Mode,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) customer_no: Option<CustomerNo>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) partner_service_id: Option<PartnerServiceId>,
    pub(crate) trx_id: TrxId,
    pub(crate) name: VirtualAccountName,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) email: Option<VirtualAccountEmail>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) phone: Option<VirtualAccountPhone>,
    pub(crate) bill: Bill,
    pub(crate) reusable: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) expired_date: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) free_text: Vec<FreeText>,
}

impl CreateVa {
    /// DGPC: DOKU makes the number, from the prefix the client is configured with.
    #[must_use]
    pub fn doku_generated(trx_id: TrxId, name: VirtualAccountName, bill: Bill) -> Self {
        Self::new(Mode::DokuGenerated, None, trx_id, name, bill)
    }

    /// MGPC: the merchant makes the number; `customer_no` is the whole of it, prefix included.
    #[must_use]
    pub fn merchant_generated(
        customer_no: CustomerNo,
        trx_id: TrxId,
        name: VirtualAccountName,
        bill: Bill,
    ) -> Self {
        Self::new(
            Mode::MerchantGenerated,
            Some(customer_no),
            trx_id,
            name,
            bill,
        )
    }

    fn new(
        mode: Mode,
        customer_no: Option<CustomerNo>,
        trx_id: TrxId,
        name: VirtualAccountName,
        bill: Bill,
    ) -> Self {
        Self {
            mode,
            customer_no,
            partner_service_id: None,
            trx_id,
            name,
            email: None,
            phone: None,
            bill,
            reusable: false,
            expired_date: None,
            free_text: Vec::new(),
        }
    }

    /// Under another BIN than the one the client is configured with.
    #[must_use]
    pub fn under(mut self, partner_service_id: PartnerServiceId) -> Self {
        self.partner_service_id = Some(partner_service_id);
        self
    }

    /// DGPC with another prefix than the one the client is configured with. A number that the merchant makes is whole
    /// already, and stays as it is.
    #[must_use]
    pub fn with_prefix(mut self, prefix: CustomerNo) -> Self {
        if self.mode == Mode::DokuGenerated {
            self.customer_no = Some(prefix);
        }
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

    /// Payable more than once: a fixed number, for a top-up. Otherwise the first payment closes it.
    ///
    /// An answer of check status has room for one payment, and no public source says which one. So payments of a reusable
    /// number can be counted by DOKU's notifications alone.
    #[must_use]
    pub fn reusable(mut self) -> Self {
        self.reusable = true;
        self
    }

    /// Payable until this moment. Without it DOKU's default counts, which is not published.
    #[must_use]
    pub fn expires(mut self, expired_date: Timestamp) -> Self {
        self.expired_date = Some(expired_date);
        self
    }

    /// With one more line for the payer.
    #[must_use]
    pub fn free_text(mut self, line: FreeText) -> Self {
        self.free_text.push(line);
        self
    }

    /// Who makes the number.
    #[must_use]
    pub const fn mode(&self) -> Mode {
        self.mode
    }

    /// What is to be paid.
    #[must_use]
    pub const fn bill(&self) -> &Bill {
        &self.bill
    }

    /// The merchant's invoice number.
    #[must_use]
    pub const fn trx_id(&self) -> &TrxId {
        &self.trx_id
    }
}
