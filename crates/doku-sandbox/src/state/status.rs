//! Check status: paid, pending or expired, for the full number or for the short one that many share.

use doku_model::request::CheckStatus;
use doku_model::wire::{
    Acquirer, Bilingual, BillDetail, CheckStatusResponse, StatusAdditionalInfo, StatusData, Text,
};
use doku_model::{Operation, PaymentFlag};
use time::OffsetDateTime;

use super::Memory;
use super::account::{Standing, acquirer, money};
use super::accounts::AccountId;
use crate::answer::{Answer, Refusal, SUCCESSFUL};
use crate::config::{Bin, StatusNumbers};

const STATUS: Operation = Operation::CheckStatus;

impl Memory {
    pub(super) fn check_status(
        &self,
        now: OffsetDateTime,
        request: &CheckStatus,
    ) -> Result<Answer, Refusal> {
        let not_found = || {
            Refusal::of(STATUS, 404, 1, "Transaction Not Found").because(
                "nothing here has these numbers, or check status is set to answer for other ones",
            )
        };
        let account = self
            .asked_about(request)
            .and_then(|id| self.accounts.at(id))
            .filter(|account| !account.deleted)
            .ok_or_else(not_found)?;
        if account.standing(now) == Standing::Expired {
            return Err(Refusal::of(STATUS, 403, 0, "Transaction Expired"));
        }
        let payment = match &request.payment_request_id {
            None => account.payments.last(),
            Some(id) => Some(
                account
                    .payments
                    .iter()
                    .find(|payment| payment.payment_request_id == id.as_str())
                    .ok_or_else(not_found)?,
            ),
        };
        let bin = self.accounts.bin(account).ok_or_else(not_found)?;
        let paid = payment.map(|payment| payment.amount.amount());
        let number = account.number(bin);
        let payload = CheckStatusResponse {
            additional_info: Some(StatusAdditionalInfo {
                acquirer: Some(Acquirer {
                    id: Some(acquirer(bin).into()),
                }),
                trx_id: Some(Text::from(account.trx_id.as_str())),
            }),
            response_code: Some(STATUS.success().as_str().to_owned().into()),
            response_message: Some(SUCCESSFUL.into()),
            virtual_account_data: vec![StatusData {
                bill_details: vec![BillDetail {
                    bill_amount: Some(money(account.bill.amount())),
                }],
                customer_no: Some(Text::from(account.customer_no.as_str())),
                inquiry_request_id: Some(Text::from(
                    request
                        .inquiry_request_id
                        .as_ref()
                        .map_or("", |id| id.as_str()),
                )),
                // DOKU's own sample of a pending account shows the bill's amount here, so this one does as well.
                paid_amount: Some(money(paid.or(account.bill.amount()))),
                partner_service_id: Some(Text::from(bin.partner_service_id().as_str())),
                payment_flag_reason: Some(reason(account.payment_flag(now))),
                payment_request_id: Some(Text::from(
                    payment.map_or("", |payment| payment.payment_request_id.as_str()),
                )),
                trx_id: Some(Text::from(account.trx_id.as_str())),
                virtual_account_no: Some(Text::from(number.as_str())),
            }],
        };
        Ok(Answer::success(STATUS, &payload))
    }

    /// The account behind the numbers that were sent.
    fn asked_about(&self, request: &CheckStatus) -> Option<AccountId> {
        let numbers = &request.numbers;
        let (index, bin) = self.accounts.bin_of(&numbers.partner_service_id)?;
        let is_short = |bin: &Bin| bin.prefix() == Some(&numbers.customer_no);
        match (bin.prefix().is_some(), self.settings.status_numbers) {
            (true, StatusNumbers::Short) if !is_short(bin) => None,
            (true, StatusNumbers::Full) if is_short(bin) => None,
            // The question does not say which account of the prefix it means, so the answer is about the last one.
            (true, _) if is_short(bin) => self.accounts.latest(index),
            _ => self.accounts.by_number(index, &numbers.customer_no),
        }
    }
}

fn reason(flag: PaymentFlag) -> Bilingual<'static> {
    let (english, indonesia) = match flag {
        PaymentFlag::Paid => ("Paid", "Terbayar"),
        PaymentFlag::Expired => ("Expired", "Kadaluarsa"),
        _ => ("Pending", "Belum Terbayar"),
    };
    Bilingual {
        english: Some(english.into()),
        indonesia: Some(indonesia.into()),
    }
}
