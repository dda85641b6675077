//! One virtual account as DOKU remembers it, kept small: a test may want a million of them.

use doku_model::request::CreateVa;
use doku_model::wire::{
    AdditionalInfo, Money, Text, VirtualAccountConfig, VirtualAccountData, VirtualAccountResponse,
};
use doku_model::{
    Amount, Bill, CustomerNo, FreeText, Operation, ResponseCode, Timestamp, TrxId,
    VirtualAccountEmail, VirtualAccountName, VirtualAccountNo, VirtualAccountPhone,
};
use time::OffsetDateTime;

use super::payment::Payment;
use crate::answer::{Answer, SUCCESSFUL};
use crate::config::Bin;

/// A virtual account.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Account {
    /// Which of the merchant's BINs.
    pub(crate) bin: u16,
    pub(crate) customer_no: CustomerNo,
    pub(crate) name: VirtualAccountName,
    pub(crate) email: Option<VirtualAccountEmail>,
    pub(crate) phone: Option<VirtualAccountPhone>,
    /// The invoice number of the create call, which update does not change.
    pub(crate) trx_id: TrxId,
    pub(crate) bill: Bill,
    pub(crate) expired_date: Option<Timestamp>,
    pub(crate) reusable: bool,
    pub(crate) active: bool,
    pub(crate) deleted: bool,
    /// Seconds since 1970.
    pub(crate) created: i64,
    pub(crate) free_text: Vec<FreeText>,
    #[serde(with = "super::payment::list")]
    pub(crate) payments: Vec<Payment>,
    /// What create answered, kept only once the account no longer says the same.
    pub(crate) created_answer: Option<Box<Answer>>,
}

/// How a virtual account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Standing {
    /// It may be paid.
    Pending,
    /// It was paid at least once. A reusable one may still be paid.
    Paid,
    /// Its time ran out before anybody paid.
    Expired,
    /// It was switched off and not paid.
    Inactive,
    /// It was deleted.
    Deleted,
}

impl Account {
    /// The account that `request` asks for, under this number.
    pub(crate) fn new(
        bin: u16,
        customer_no: CustomerNo,
        request: CreateVa,
        now: OffsetDateTime,
    ) -> Self {
        Self {
            bin,
            customer_no,
            name: request.name,
            email: request.email,
            phone: request.phone,
            trx_id: request.trx_id,
            bill: request.bill,
            expired_date: request.expired_date,
            reusable: request.reusable,
            active: true,
            deleted: false,
            created: now.unix_timestamp(),
            free_text: request.free_text,
            payments: Vec::new(),
            created_answer: None,
        }
    }

    pub(crate) fn has_expired(&self, now: OffsetDateTime) -> bool {
        self.expired_date
            .as_ref()
            .is_some_and(|date| date.instant() <= now)
    }

    pub(crate) fn standing(&self, now: OffsetDateTime) -> Standing {
        if self.deleted {
            Standing::Deleted
        } else if !self.payments.is_empty() {
            Standing::Paid
        } else if self.has_expired(now) {
            Standing::Expired
        } else if !self.active {
            Standing::Inactive
        } else {
            Standing::Pending
        }
    }

    /// Whether somebody could still pay to this number, now or after it is switched on again.
    pub(crate) fn is_live(&self, now: OffsetDateTime) -> bool {
        !self.deleted && !self.has_expired(now) && (self.reusable || self.payments.is_empty())
    }

    /// Paid, and not to be paid again.
    pub(crate) fn is_settled(&self) -> bool {
        !self.reusable && !self.payments.is_empty()
    }

    pub(crate) fn number(&self, bin: &Bin) -> VirtualAccountNo {
        VirtualAccountNo::of(bin.partner_service_id(), &self.customer_no)
    }

    /// What create answers, in success and, with another code, where the trxId is repeated.
    pub(crate) fn creation_answer(&self, bin: &Bin, base_url: &str, code: ResponseCode) -> Answer {
        let number = self.number(bin);
        let page = format!(
            "{base_url}/how-to-pay/virtual-account/{}/{}",
            bank(bin),
            number.digits()
        );
        let api = format!(
            "{base_url}/pay-instruction/{}/{}",
            bank(bin),
            number.digits()
        );
        let info = AdditionalInfo {
            channel: Some(Text::from(bin.channel().as_str())),
            how_to_pay_api: Some(api.into()),
            how_to_pay_page: Some(page.into()),
            ..AdditionalInfo::default()
        };
        let repeated = code == ResponseCode::REPEATED_TRX_ID;
        let message = if repeated { "Conflict" } else { SUCCESSFUL };
        self.answer(bin, &number, info, self.trx_id.as_str(), code, message)
    }

    /// What update answers; `trx_id` is the one of the call.
    pub(crate) fn update_answer(&self, bin: &Bin, trx_id: &TrxId) -> Answer {
        let limits = self.bill.limits();
        let amount = |amount: Option<Amount>| amount.map(|amount| Text::from(amount.to_string()));
        let status = if self.active { "ACTIVE" } else { "INACTIVE" };
        let info = AdditionalInfo {
            channel: Some(Text::from(bin.channel().as_str())),
            virtual_account_config: Some(VirtualAccountConfig {
                max_amount: amount(limits.and_then(|limits| limits.max())),
                min_amount: amount(limits.and_then(|limits| limits.min())),
                status: Some(status.into()),
                ..VirtualAccountConfig::default()
            }),
            ..AdditionalInfo::default()
        };
        let code = Operation::UpdateVa.success();
        self.answer(
            bin,
            &self.number(bin),
            info,
            trx_id.as_str(),
            code,
            SUCCESSFUL,
        )
    }

    /// What delete answers: the members of its request.
    pub(crate) fn deletion_answer(&self, bin: &Bin) -> Answer {
        let number = self.number(bin);
        let payload = VirtualAccountResponse {
            response_code: Some(Operation::DeleteVa.success().as_str().to_owned().into()),
            response_message: Some(SUCCESSFUL.into()),
            virtual_account_data: Some(VirtualAccountData {
                additional_info: Some(AdditionalInfo {
                    channel: Some(Text::from(bin.channel().as_str())),
                    ..AdditionalInfo::default()
                }),
                customer_no: Some(Text::from(self.customer_no.as_str())),
                partner_service_id: Some(Text::from(bin.partner_service_id().as_str())),
                trx_id: Some(Text::from(self.trx_id.as_str())),
                virtual_account_no: Some(Text::from(number.as_str())),
                ..VirtualAccountData::default()
            }),
            ..VirtualAccountResponse::default()
        };
        Answer::success(Operation::DeleteVa, &payload)
    }

    fn answer(
        &self,
        bin: &Bin,
        number: &VirtualAccountNo,
        info: AdditionalInfo<'_>,
        trx_id: &str,
        code: ResponseCode,
        message: &'static str,
    ) -> Answer {
        let payload = VirtualAccountResponse {
            response_code: Some(Text::from(code.as_str())),
            response_message: Some(message.into()),
            virtual_account_data: Some(VirtualAccountData {
                additional_info: Some(info),
                customer_no: Some(Text::from(self.customer_no.as_str())),
                expired_date: self.expired_date.as_ref().map(|date| date.as_str().into()),
                free_text: None,
                partner_service_id: Some(Text::from(bin.partner_service_id().as_str())),
                total_amount: Some(money(self.bill.amount())),
                trx_id: Some(Text::from(trx_id)),
                virtual_account_email: self.email.as_ref().map(|email| email.as_str().into()),
                virtual_account_name: Some(Text::from(self.name.as_str())),
                virtual_account_no: Some(Text::from(number.as_str())),
                virtual_account_phone: self.phone.as_ref().map(|phone| phone.as_str().into()),
                virtual_account_trx_type: Some(self.bill.trx_type().as_str().into()),
            }),
            ..VirtualAccountResponse::default()
        };
        let body = doku_model::wire::encode(&payload).into();
        Answer {
            status: code.http_status().unwrap_or(200),
            code,
            message: message.into(),
            body,
            reason: None,
        }
    }
}

/// An amount of the wire; nothing is `0.00`, the only spelling that DOKU's answers show.
pub(crate) fn money(amount: Option<Amount>) -> Money<'static> {
    Money {
        currency: Some("IDR".into()),
        value: Some(amount.unwrap_or(Amount::ZERO).to_string().into()),
    }
}

/// The bank of a channel in a link: `VIRTUAL_ACCOUNT_BTN` is `btn`.
fn bank(bin: &Bin) -> String {
    acquirer(bin).to_ascii_lowercase()
}

/// The bank of a channel as check status names it: `VIRTUAL_ACCOUNT_BTN` is `BTN`.
pub(crate) fn acquirer(bin: &Bin) -> &str {
    let channel = bin.channel().as_str();
    channel.strip_prefix("VIRTUAL_ACCOUNT_").unwrap_or(channel)
}
