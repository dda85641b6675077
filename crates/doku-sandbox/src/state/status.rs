//! Check status: paid, pending or expired, for the full number or for the short one that many share.

use doku_model::request::CheckStatus;
use doku_model::wire::{
    Acquirer, Bilingual, BillDetail, CheckStatusResponse, StatusAdditionalInfo, StatusData, Text,
};
use doku_model::{Bill, CustomerNo, Operation, VirtualAccountNo};
use time::OffsetDateTime;

use super::account::{Standing, acquirer, money};
use super::accounts::AccountId;
use super::memory::Memory;
use super::payment::Payment;
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
        let subject = self.subject(now, request).ok_or_else(not_found)?;
        if subject.standing == Standing::Expired {
            return Err(Refusal::of(STATUS, 403, 0, "Transaction Expired"));
        }
        let payment = match &request.payment_request_id {
            None => subject.payments.last(),
            Some(id) => Some(
                subject
                    .payments
                    .iter()
                    .find(|payment| payment.payment_request_id == id.as_str())
                    .ok_or_else(not_found)?,
            ),
        };
        let paid = payment.map(|payment| payment.amount.amount());
        let number = VirtualAccountNo::of(subject.bin.partner_service_id(), subject.customer_no);
        let payload = CheckStatusResponse {
            additional_info: Some(StatusAdditionalInfo {
                acquirer: Some(Acquirer {
                    id: Some(acquirer(subject.bin).into()),
                }),
                trx_id: subject.trx_id.map(Text::from),
            }),
            response_code: Some(STATUS.success().as_str().to_owned().into()),
            response_message: Some(SUCCESSFUL.into()),
            virtual_account_data: vec![StatusData {
                bill_details: vec![BillDetail {
                    bill_amount: Some(money(subject.bill.amount())),
                }],
                customer_no: Some(Text::from(subject.customer_no.as_str())),
                inquiry_request_id: Some(Text::from(
                    request
                        .inquiry_request_id
                        .as_ref()
                        .map_or("", |id| id.as_str()),
                )),
                // DOKU's own sample of a pending account shows the bill's amount here, so this one does as well.
                paid_amount: Some(money(paid.or(subject.bill.amount()))),
                partner_service_id: Some(Text::from(subject.bin.partner_service_id().as_str())),
                payment_flag_reason: Some(reason(subject.standing)),
                payment_request_id: Some(Text::from(
                    payment.map_or("", |payment| payment.payment_request_id.as_str()),
                )),
                trx_id: subject.trx_id.map(Text::from),
                virtual_account_no: Some(Text::from(number.as_str())),
            }],
        };
        Ok(Answer::success(STATUS, &payload))
    }

    /// What the answer speaks of: an account, or a number that was paid and that only the merchant keeps.
    fn subject(&self, now: OffsetDateTime, request: &CheckStatus) -> Option<Subject<'_>> {
        if let Some(id) = self.asked_about(request) {
            let account = self.accounts.at(id).filter(|account| !account.deleted)?;
            return Some(Subject {
                bin: self.accounts.bin(account)?,
                customer_no: &account.customer_no,
                trx_id: Some(account.trx_id.as_str()),
                bill: &account.bill,
                payments: &account.payments,
                standing: account.standing(now),
            });
        }
        let numbers = &request.numbers;
        let (index, bin) = self.accounts.bin_of(&numbers.partner_service_id)?;
        let paid = self.direct.get(&(index, numbers.customer_no.clone()))?;
        Some(Subject {
            bin,
            customer_no: &paid.offer.customer_no,
            trx_id: paid.offer.trx_id.as_deref(),
            bill: &paid.offer.bill,
            payments: &paid.payments,
            standing: Standing::Paid,
        })
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

/// What an answer speaks of.
struct Subject<'m> {
    bin: &'m Bin,
    customer_no: &'m CustomerNo,
    trx_id: Option<&'m str>,
    bill: &'m Bill,
    payments: &'m [Payment],
    standing: Standing,
}

fn reason(standing: Standing) -> Bilingual<'static> {
    let (english, indonesia) = match standing {
        Standing::Paid => ("Paid", "Terbayar"),
        Standing::Expired => ("Expired", "Kadaluarsa"),
        _ => ("Pending", "Belum Terbayar"),
    };
    Bilingual {
        english: Some(english.into()),
        indonesia: Some(indonesia.into()),
    }
}
