//! A virtual account that remembers both of its numbers.

use doku_model::{
    Amount, Bill, Channel, CustomerNo, PartnerServiceId, Timestamp, TrxId, VirtualAccountName,
    VirtualAccountNo,
};
use serde::{Deserialize, Serialize};

use crate::create_va::Mode;
use crate::display;

/// A virtual account, with everything that each later call needs.
///
/// After a DGPC create, update and delete want the numbers that DOKU returned, check status was seen to want the short ones
/// that were sent, and delete wants the `trxId` of the create call. Nobody should have to know: store this value (it
/// serialises with serde) and give it to [`crate::Client::update`], [`delete`](crate::Client::delete),
/// [`status`](crate::Client::status) and [`how_to_pay`](crate::Client::how_to_pay).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VirtualAccount {
    pub(crate) mode: Mode,
    pub(crate) partner_service_id: PartnerServiceId,
    /// As the create call sent it; of DGPC, the prefix.
    pub(crate) sent_customer_no: CustomerNo,
    /// As DOKU returned it; the whole.
    pub(crate) customer_no: CustomerNo,
    pub(crate) trx_id: TrxId,
    pub(crate) channel: Channel,
    pub(crate) name: VirtualAccountName,
    pub(crate) bill: Bill,
    pub(crate) reusable: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) expired_date: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) how_to_pay_page: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) how_to_pay_api: Option<String>,
}

impl VirtualAccount {
    /// A DIPC number: made by the merchant, unknown to DOKU until somebody pays it. Its status can be asked for; it
    /// cannot be updated or deleted at DOKU, because it only exists in the merchant's answers.
    #[must_use]
    pub fn direct_inquiry(
        partner_service_id: PartnerServiceId,
        customer_no: CustomerNo,
        trx_id: TrxId,
        name: VirtualAccountName,
        bill: Bill,
    ) -> Self {
        Self {
            mode: Mode::DirectInquiry,
            partner_service_id,
            sent_customer_no: customer_no.clone(),
            customer_no,
            trx_id,
            channel: Channel::btn(),
            name,
            bill,
            reusable: false,
            expired_date: None,
            how_to_pay_page: None,
            how_to_pay_api: None,
        }
    }

    /// Who made the number.
    #[must_use]
    pub const fn mode(&self) -> Mode {
        self.mode
    }

    /// The number a customer pays to, padded as the wire wants it.
    #[must_use]
    pub fn number(&self) -> VirtualAccountNo {
        VirtualAccountNo::of(&self.partner_service_id, &self.customer_no)
    }

    /// The number as a customer types it: digits only.
    #[must_use]
    pub fn number_as_typed(&self) -> String {
        self.number().digits().to_owned()
    }

    /// The number in groups of four: `9596 2600 0016 1862`.
    #[must_use]
    pub fn number_grouped(&self) -> String {
        display::grouped(&self.number())
    }

    /// The merchant's BIN.
    #[must_use]
    pub const fn partner_service_id(&self) -> &PartnerServiceId {
        &self.partner_service_id
    }

    /// The customer's part of the number.
    #[must_use]
    pub const fn customer_no(&self) -> &CustomerNo {
        &self.customer_no
    }

    /// The customer's part as the create call sent it: of DGPC, the prefix alone.
    #[must_use]
    pub const fn sent_customer_no(&self) -> &CustomerNo {
        &self.sent_customer_no
    }

    /// The merchant's invoice number, of the create call.
    #[must_use]
    pub const fn trx_id(&self) -> &TrxId {
        &self.trx_id
    }

    /// What is to be paid.
    #[must_use]
    pub const fn bill(&self) -> &Bill {
        &self.bill
    }

    /// The amount as Indonesians write it, `Rp11.500`; none for an open bill.
    #[must_use]
    pub fn amount_as_rupiah(&self) -> Option<String> {
        self.bill
            .amount()
            .map(|amount: Amount| display::rupiah(amount))
    }

    /// The name shown to the payer.
    #[must_use]
    pub const fn name(&self) -> &VirtualAccountName {
        &self.name
    }

    /// Whether it may be paid more than once.
    #[must_use]
    pub const fn reusable(&self) -> bool {
        self.reusable
    }

    /// When it stops being payable, where that was said.
    #[must_use]
    pub const fn expired_date(&self) -> Option<&Timestamp> {
        self.expired_date.as_ref()
    }

    /// DOKU's page for the payer, where the create answer named one.
    #[must_use]
    pub fn how_to_pay_page(&self) -> Option<&str> {
        self.how_to_pay_page.as_deref()
    }

    /// Whether the numbers of the create call and of its answer differ.
    pub(crate) fn has_two_numbers(&self) -> bool {
        self.sent_customer_no != self.customer_no
    }
}
