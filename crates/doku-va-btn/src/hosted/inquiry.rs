//! The inquiry endpoint: somebody typed a number of the merchant's, and DOKU asks what there is to pay (DIPC).

use std::borrow::Cow;

use bytes::Bytes;
use doku_model::request::Inquiry;
use doku_model::wire::{
    AdditionalInfo, Bilingual, InquiryData, InquiryRequest, InquiryResponse, Money, Text,
    VirtualAccountConfig,
};
use doku_model::{Channel, Operation};
use http::{Request, Response};

use super::event::{Event, Failure};
use super::guard::bounded;
use super::handlers::{InquiryAnswer, Payable};
use super::refusal::{Refusal, Told};
use super::verified::Verified;
use super::verify::Refusing;
use super::{Inner, body, reply};
use crate::dialect::InquiryInfo;
use crate::free_text::free_text;

const NOT_FOUND: Told = Told::new(404, 12, "Bill not found");
const INVALID_AMOUNT: Told = Told::new(404, 13, "Invalid Amount");
const PAID: Told = Told::new(404, 14, "Bill has been paid");
const EXPIRED: Told = Told::new(404, 19, "Bill expired");
const UNAVAILABLE: Told = Told::new(500, 1, "Internal Server Error");

impl Inner {
    pub(super) async fn inquiry(&self, request: &Request<Bytes>) -> Response<Bytes> {
        let answered = self.ask(request).await;
        answered.unwrap_or_else(|refusing| self.refused(Operation::Inquiry, request, refusing))
    }

    async fn ask(&self, request: &Request<Bytes>) -> Result<Response<Bytes>, Refusing> {
        let handler = self.inquiries.as_ref().ok_or(Refusal::NotHosted)?;
        let now = self.clock.now();
        let (call, freshness) = self
            .verifier
            .transaction(Operation::Inquiry, request, now)?;
        let not_understood = |refusal| Refusing {
            refusal,
            genuine: Some(call.clone()),
        };
        let asked: InquiryRequest<'_> = body::decode(request.body()).map_err(not_understood)?;
        let inquiry = Inquiry::try_from(&asked)
            .map_err(Refusal::Field)
            .map_err(not_understood)?;
        let inquiry = Verified::new(inquiry, call.clone(), freshness);
        let limit = self.verifier.bounds.inquiry;
        let answered = bounded(limit, || handler.inquire(inquiry.clone())).await;
        Ok(match answered {
            Ok(answer) => self.answer(&asked, &inquiry, &answer),
            Err(failure) => self.not_answered(inquiry, failure),
        })
    }

    fn answer(
        &self,
        asked: &InquiryRequest<'_>,
        inquiry: &Inquiry,
        answer: &InquiryAnswer,
    ) -> Response<Bytes> {
        let told = match answer {
            InquiryAnswer::Found(payable) => return self.found(asked, inquiry, payable),
            InquiryAnswer::NotFound => &NOT_FOUND,
            InquiryAnswer::Paid => &PAID,
            InquiryAnswer::Expired => &EXPIRED,
            InquiryAnswer::InvalidAmount => &INVALID_AMOUNT,
            InquiryAnswer::Unavailable => &UNAVAILABLE,
        };
        reply::told(Operation::Inquiry, told)
    }

    fn not_answered(&self, inquiry: Verified<Inquiry>, failure: Failure) -> Response<Bytes> {
        let told = match failure {
            Failure::TimedOut => Told::TIMEOUT,
            _ => Told::GENERAL_ERROR,
        };
        self.report(Event::NotAnswered { inquiry, failure });
        reply::told(Operation::Inquiry, &told)
    }

    fn found(
        &self,
        asked: &InquiryRequest<'_>,
        inquiry: &Inquiry,
        payable: &Payable,
    ) -> Response<Bytes> {
        let code = Operation::Inquiry.success();
        let place = self.dialect.inquiry_info;
        let nested = matches!(place, InquiryInfo::Nested | InquiryInfo::Both);
        let top_level = matches!(place, InquiryInfo::TopLevel | InquiryInfo::Both);
        let info = additional_info(inquiry, payable);
        let amount = payable.bill.amount().map_or_else(
            || Cow::Borrowed(self.dialect.open_amount.text()),
            |amount| amount.to_string().into(),
        );
        let data = InquiryData {
            additional_info: nested.then(|| info.clone()),
            customer_no: asked.customer_no.clone(),
            expired_date: payable.expired_date.as_ref().map(|at| at.as_str().into()),
            free_text: free_text(&payable.free_text),
            inquiry_reason: Some(Bilingual {
                english: Some("Success".into()),
                indonesia: Some("Sukses".into()),
            }),
            inquiry_request_id: asked.inquiry_request_id.clone(),
            inquiry_status: Some("00".into()),
            partner_service_id: asked.partner_service_id.clone(),
            total_amount: Some(Money {
                currency: Some("IDR".into()),
                value: Some(text(amount)),
            }),
            virtual_account_email: payable.email.as_ref().map(|email| email.as_str().into()),
            virtual_account_name: Some(payable.name.as_str().into()),
            // Asked in parts, it is answered whole: the member is mandatory.
            virtual_account_no: asked
                .virtual_account_no
                .clone()
                .or_else(|| Some(inquiry.virtual_account_no.as_str().into())),
            virtual_account_phone: payable.phone.as_ref().map(|phone| phone.as_str().into()),
            virtual_account_trx_type: Some(payable.bill.trx_type().as_str().into()),
        };
        let body = InquiryResponse {
            additional_info: top_level.then_some(info),
            response_code: Some(code.as_str().into()),
            response_message: Some("Successful".into()),
            virtual_account_data: Some(data),
        };
        reply::with(&code, &body)
    }
}

fn additional_info<'p>(inquiry: &Inquiry, payable: &'p Payable) -> AdditionalInfo<'p> {
    let channel = payable
        .channel
        .clone()
        .or_else(|| inquiry.channel.clone())
        .unwrap_or_else(Channel::btn);
    let limits = payable.bill.limits();
    let amount = |amount: doku_model::Amount| text(amount.to_string().into());
    AdditionalInfo {
        channel: Some(channel.as_str().to_owned().into()),
        trx_id: Some(payable.trx_id.as_str().into()),
        virtual_account_config: Some(VirtualAccountConfig {
            max_amount: limits.and_then(|limits| limits.max()).map(amount),
            min_amount: limits.and_then(|limits| limits.min()).map(amount),
            reusable_status: Some(payable.reusable),
            status: None,
        }),
        ..AdditionalInfo::default()
    }
}

fn text(text: Cow<'_, str>) -> Text<'_> {
    match text {
        Cow::Borrowed(text) => text.into(),
        Cow::Owned(text) => text.into(),
    }
}
