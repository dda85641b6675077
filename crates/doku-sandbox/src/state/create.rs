//! Create: who makes the number, and whether there may be one.

use doku_model::request::CreateVa;
use doku_model::{Channel, CustomerNo, Operation, ResponseCode};
use time::OffsetDateTime;

use super::account::Account;
use super::accounts::AccountId;
use super::memory::Memory;
use crate::answer::{Answer, Refusal};
use crate::config::{Bin, BinMode, RepeatedTrxId};

const CREATE: Operation = Operation::CreateVa;

impl Memory {
    /// Creates a virtual account, or says why not.
    pub(super) fn create(
        &mut self,
        now: OffsetDateTime,
        request: CreateVa,
    ) -> Result<AccountId, Answer> {
        let sent = &request.numbers;
        let id = &sent.partner_service_id;
        let (index, bin) = self
            .accounts
            .bin_of(id)
            .ok_or_else(|| Refusal::bin(CREATE, id.as_str()).because(NO_SUCH_BIN))?;
        let makes_number = must_suit(bin, &sent.customer_no)?;
        if request.channel != *bin.channel() {
            return Err(Refusal::format(CREATE, Channel::FIELD)
                .because(format!("this BIN is at {}", bin.channel()))
                .into());
        }
        let past = |date: &doku_model::Timestamp| date.instant() <= now;
        if request.expired_date.as_ref().is_some_and(past) {
            return Err(Refusal::format(CREATE, "expiredDate")
                .because("the date has passed on the clock of the sandbox")
                .into());
        }
        if self.settings.repeated_trx_id == RepeatedTrxId::Answered
            && let Some(existing) = self.accounts.by_trx_id(&request.trx_id)
        {
            return Err(self.existing(existing));
        }
        let customer_no = match makes_number {
            Maker::Doku => self
                .accounts
                .next_number(index)
                .ok_or_else(|| Self::out_of_order(CREATE))?,
            Maker::Merchant => {
                self.must_be_free(now, index, &sent.customer_no)?;
                sent.customer_no.clone()
            }
        };
        let account = Account::new(index, customer_no, request, now);
        self.accounts
            .insert(account)
            .ok_or_else(|| Self::out_of_order(CREATE).into())
    }

    /// What is answered for a repeated trxId: the account it belongs to.
    fn existing(&self, id: AccountId) -> Answer {
        let answer = self.accounts.at(id).and_then(|account| {
            let bin = self.accounts.bin(account)?;
            let code = ResponseCode::REPEATED_TRX_ID;
            Some(account.creation_answer(bin, &self.settings.base_url, code))
        });
        answer.unwrap_or_else(|| Self::out_of_order(CREATE).into())
    }

    /// A merchant's number may be used again once nobody can pay to it any more.
    fn must_be_free(
        &self,
        now: OffsetDateTime,
        bin: u16,
        customer_no: &CustomerNo,
    ) -> Result<(), Refusal> {
        let holder = self
            .accounts
            .by_number(bin, customer_no)
            .and_then(|id| self.accounts.at(id));
        if holder.is_some_and(|holder| holder.is_live(now)) {
            Err(Refusal::of(CREATE, 409, 1, "Duplicate Reference Number")
                .because("another virtual account has this number and can still be paid"))
        } else {
            Ok(())
        }
    }
}

enum Maker {
    Doku,
    Merchant,
}

const NO_SUCH_BIN: &str = "no BIN of the sandbox is written like this; it has 8 characters, padded with blanks on the left";

/// Whether the BIN is set up for the customer number that was sent: its prefix and nothing more, or a whole number.
fn must_suit(bin: &Bin, sent: &CustomerNo) -> Result<Maker, Refusal> {
    let id = bin.partner_service_id();
    let whole = id.digits().len() + sent.as_str().len();
    let reason = match bin.mode() {
        BinMode::Dgpc { prefix, .. } if prefix == sent => return Ok(Maker::Doku),
        BinMode::Dgpc { prefix, .. } => format!(
            "DOKU makes the numbers of this BIN (DGPC): send the prefix {prefix} as customerNo and nothing more"
        ),
        BinMode::Mgpc {
            digits: Some(digits),
        } if *digits != whole => format!(
            "numbers of this BIN have {digits} visible digits, BIN included; this one has {whole}"
        ),
        BinMode::Mgpc { .. } => return Ok(Maker::Merchant),
        BinMode::Dipc => {
            "numbers of this BIN are never created: DOKU asks the merchant about them (DIPC)"
                .to_owned()
        }
    };
    Err(Refusal::bin(CREATE, id.as_str()).because(reason))
}
