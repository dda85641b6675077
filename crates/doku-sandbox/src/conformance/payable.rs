//! What there is to pay at the server, and the bodies that speak of it.

use doku_model::wire::{self, AdditionalInfo, InquiryRequest, Money, PaymentRequest, Text};
use doku_model::{
    Channel, CustomerNo, FieldError, PartnerServiceId, PositiveAmount, TrxId, VirtualAccountNo,
};
use serde_json::Value;
use time::OffsetDateTime;

use crate::config::{Members, Padding, TimestampForm};
use crate::outbound::form;

/// A number under which the server expects money.
#[derive(Debug, Clone)]
pub struct Payable {
    pub(super) partner_service_id: PartnerServiceId,
    pub(super) customer_no: CustomerNo,
    pub(super) amount: PositiveAmount,
    pub(super) trx_id: Option<TrxId>,
    pub(super) name: String,
    pub(super) channel: Channel,
    pub(super) answers_inquiries: bool,
    pub(super) one_payment: bool,
}

impl Payable {
    /// A number and what is to be paid under it. The customer's name is made up.
    ///
    /// # Errors
    ///
    /// [`FieldError`] where the number does not begin with the partner service id.
    pub fn new(
        number: &VirtualAccountNo,
        partner_service_id: PartnerServiceId,
        amount: PositiveAmount,
    ) -> Result<Self, FieldError> {
        let customer_no = match number.customer_no(&partner_service_id) {
            Some(customer_no) => customer_no,
            // An empty text is refused in the words of the field.
            None => "".parse()?,
        };
        Ok(Self {
            partner_service_id,
            customer_no,
            amount,
            trx_id: None,
            name: "Toru Yamashita".to_owned(),
            channel: Channel::btn(),
            answers_inquiries: false,
            one_payment: false,
        })
    }

    /// With the merchant's invoice number.
    #[must_use]
    pub fn trx_id(mut self, trx_id: TrxId) -> Self {
        self.trx_id = Some(trx_id);
        self
    }

    /// With the customer's name.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// One that the server answers inquiries about (DIPC).
    #[must_use]
    pub const fn answers_inquiries(mut self, answers: bool) -> Self {
        self.answers_inquiries = answers;
        self
    }

    /// One that is paid once: every notification speaks of the same payment. Without it each has a payment id of its own,
    /// which tests more, because a server that knows a payment may look no further.
    #[must_use]
    pub const fn one_payment(mut self, one: bool) -> Self {
        self.one_payment = one;
        self
    }
}

/// How a body is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form {
    pub(super) padding: Padding,
    pub(super) timestamp: TimestampForm,
    pub(super) members: Members,
}

impl Default for Form {
    fn default() -> Self {
        Self {
            // As DOKU's sample of a notification shows it.
            padding: Padding::Nothing,
            timestamp: TimestampForm::Wib,
            members: Members::All,
        }
    }
}

impl Payable {
    /// A notification.
    pub(super) fn payment(&self, form: Form, id: &str, now: OffsetDateTime) -> Vec<u8> {
        let (partner_service_id, virtual_account_no) =
            form::numbers(form.padding, &self.partner_service_id, &self.customer_no);
        let mut request = PaymentRequest {
            customer_no: Some(Text::from(self.customer_no.as_str())),
            paid_amount: Some(Money {
                currency: Some("IDR".into()),
                value: Some(self.amount.to_string().into()),
            }),
            partner_service_id: Some(partner_service_id.into()),
            payment_request_id: Some(Text::from(id)),
            trx_id: self.trx_id.as_ref().map(|id| Text::from(id.as_str())),
            virtual_account_no: Some(virtual_account_no.into()),
            ..PaymentRequest::default()
        };
        if form.members != Members::Mandatory {
            request.virtual_account_name = Some(Text::from(self.name.as_str()));
            request.trx_date_time = Some(form::timestamp(form.timestamp, now).into());
            request.additional_info = Some(self.info());
        }
        wire::encode(&request)
    }

    /// An inquiry.
    pub(super) fn inquiry(&self, form: Form, id: &str, now: OffsetDateTime) -> Vec<u8> {
        let (partner_service_id, virtual_account_no) =
            form::numbers(form.padding, &self.partner_service_id, &self.customer_no);
        wire::encode(&InquiryRequest {
            additional_info: Some(self.info()),
            customer_no: Some(Text::from(self.customer_no.as_str())),
            inquiry_request_id: Some(Text::from(id)),
            partner_service_id: Some(partner_service_id.into()),
            trx_date_init: Some(form::timestamp(form.timestamp, now).into()),
            virtual_account_no: Some(virtual_account_no.into()),
        })
    }

    fn info(&self) -> AdditionalInfo<'_> {
        AdditionalInfo {
            channel: Some(Text::from(self.channel.as_str())),
            ..AdditionalInfo::default()
        }
    }
}

/// The body with a member changed, added, or, where `change` gives null, taken away.
pub(super) fn changed(body: &[u8], name: &str, change: impl FnOnce(&Value) -> Value) -> Vec<u8> {
    let Ok(Value::Object(mut members)) = serde_json::from_slice(body) else {
        return body.to_vec();
    };
    let new = change(members.get(name).unwrap_or(&Value::Null));
    if new.is_null() {
        members.remove(name);
    } else {
        members.insert(name.to_owned(), new);
    }
    Value::Object(members).to_string().into_bytes()
}
