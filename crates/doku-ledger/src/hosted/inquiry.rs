//! Inquiries are answered from the bills that were registered (DIPC).

use async_trait::async_trait;
use doku_model::request::Inquiry;
use doku_va_btn::Mode;
use doku_va_btn::hosted::{InquiryAnswer, InquiryHandler, Verified};

use crate::account::{Account, Asked, State};
use crate::commit::{Shown, Work};
use crate::error::Error;
use crate::ledger::Ledger;
use crate::lock::{number_lock, trx_lock};
use crate::reconcile::schedule;

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
            State::Active => {
                self.expect_payment(&account, number);
                found(&account)
            }
            _ => InquiryAnswer::NotFound,
        })
    }

    /// No stronger hint of a payment than somebody who asks for the bill: should no notification come, DOKU is asked soon.
    /// The answer does not wait for it.
    fn expect_payment(&self, account: &Account, number: &str) {
        let ask_by = schedule::after_inquiry(self.now());
        if account.check_at.is_some_and(|planned| planned <= ask_by) {
            return;
        }
        let merchant = self.merchant();
        let shown = Shown {
            account_id: account.id,
            locks: [
                trx_lock(merchant, account.trx_id.as_str()),
                number_lock(merchant, number),
            ],
            ask_by,
        };
        let handed_over = self
            .writer()
            .is_ok_and(|writer| writer.hand_over(Work::Shown(Box::new(shown))));
        if !handed_over {
            tracing::debug!(trx_id = %account.trx_id, "an inquiry made no question due: too much is waiting");
        }
    }
}

fn found(account: &Account) -> InquiryAnswer {
    match &account.asked {
        Asked::Direct(direct) if account.mode == Mode::DirectInquiry => direct.payable().into(),
        _ => InquiryAnswer::NotFound,
    }
}
