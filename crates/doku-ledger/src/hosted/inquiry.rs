//! Inquiries are answered from the bills that were registered (DIPC).

use async_trait::async_trait;
use doku_model::request::Inquiry;
use doku_va_btn::Mode;
use doku_va_btn::hosted::{InquiryAnswer, InquiryHandler, Verified};

use crate::account::{Account, Asked, State};
use crate::error::Error;
use crate::ledger::Ledger;

#[async_trait]
impl InquiryHandler for Ledger {
    async fn inquire(&self, inquiry: Verified<Inquiry>) -> InquiryAnswer {
        let number = inquiry.virtual_account_no.normalised();
        match self.answer(number).await {
            Ok(answer) => answer,
            Err(error) => {
                tracing::error!(%error, "an inquiry could not be answered from the ledger");
                InquiryAnswer::Unavailable
            }
        }
    }
}

impl Ledger {
    async fn answer(&self, number: &str) -> Result<InquiryAnswer, Error> {
        let Some(account) = self.direct_account(number).await? else {
            return Ok(InquiryAnswer::NotFound);
        };
        let over = account.expires_at.is_some_and(|end| end <= self.now());
        Ok(match account.state {
            State::Paid => InquiryAnswer::Paid,
            State::Expired => InquiryAnswer::Expired,
            State::Active if over => InquiryAnswer::Expired,
            State::Active => found(&account),
            _ => InquiryAnswer::NotFound,
        })
    }
}

fn found(account: &Account) -> InquiryAnswer {
    match &account.asked {
        Asked::Direct(direct) if account.mode == Mode::DirectInquiry => direct.payable().into(),
        _ => InquiryAnswer::NotFound,
    }
}
