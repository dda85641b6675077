//! Update: members that are given replace what is there; the rest stays.

use doku_model::request::{Numbers, UpdateVa};
use doku_model::{Bill, Channel, FieldError, Operation, TrxType, VirtualAccountStatus};
use time::OffsetDateTime;

use super::account::Account;
use super::accounts::AccountId;
use super::memory::Memory;
use crate::answer::{Answer, Refusal};

const UPDATE: Operation = Operation::UpdateVa;

impl Memory {
    pub(super) fn update(
        &mut self,
        now: OffsetDateTime,
        request: UpdateVa,
    ) -> Result<Answer, Refusal> {
        let id = self.changeable(UPDATE, &request.numbers, &request.channel)?;
        let account = self
            .accounts
            .at(id)
            .ok_or_else(|| Self::out_of_order(UPDATE))?;
        if account.is_settled() {
            return Err(Refusal::paid_bill(UPDATE));
        }
        let expiry = request
            .expired_date
            .as_ref()
            .or(account.expired_date.as_ref());
        if expiry.is_some_and(|date| date.instant() <= now) {
            // A date that was sent is a mistake of this call; one that was there means that it comes too late.
            return Err(match request.expired_date {
                Some(_) => Refusal::format(UPDATE, "expiredDate"),
                None => Refusal::invalid_bill(UPDATE)
                    .because("it has expired; send a later expiredDate with the update"),
            });
        }
        let bill = changed_bill(&account.bill, &request)
            .map_err(|error| Refusal::field(UPDATE, &error))?;
        let active = match request.status.as_ref().map(VirtualAccountStatus::as_str) {
            None => account.active,
            Some("ACTIVE") => true,
            Some("INACTIVE") => false,
            Some(_) => {
                return Err(Refusal::format(UPDATE, VirtualAccountStatus::FIELD)
                    .because("send ACTIVE or INACTIVE; to delete, use delete"));
            }
        };
        let created_answer = match account.created_answer {
            Some(_) => None,
            None => Some(Box::new(self.created(id))),
        };
        let account = self
            .accounts
            .at_mut(id)
            .ok_or_else(|| Self::out_of_order(UPDATE))?;
        account.created_answer = created_answer.or(account.created_answer.take());
        account.bill = bill;
        account.active = active;
        if let Some(name) = request.name {
            account.name = name;
        }
        account.email = request.email.or(account.email.take());
        account.phone = request.phone.or(account.phone.take());
        account.expired_date = request.expired_date.or(account.expired_date.take());
        let account = self
            .accounts
            .at(id)
            .ok_or_else(|| Self::out_of_order(UPDATE))?;
        let bin = self
            .accounts
            .bin(account)
            .ok_or_else(|| Self::out_of_order(UPDATE))?;
        Ok(account.update_answer(bin, &request.trx_id))
    }

    /// The account that update or delete speaks of, by the full numbers that create answered.
    pub(super) fn changeable(
        &self,
        operation: Operation,
        numbers: &Numbers,
        channel: &Channel,
    ) -> Result<AccountId, Refusal> {
        let id = &numbers.partner_service_id;
        let (index, bin) = self
            .accounts
            .bin_of(id)
            .ok_or_else(|| Refusal::bin(operation, id.as_str()))?;
        if channel != bin.channel() {
            return Err(Refusal::format(operation, Channel::FIELD)
                .because(format!("this BIN is at {}", bin.channel())));
        }
        let not_found = || Refusal::bill_not_found(operation);
        let id = self
            .accounts
            .by_number(index, &numbers.customer_no)
            .ok_or_else(not_found)?;
        let deleted = |account: &Account| account.deleted;
        if self.accounts.at(id).is_none_or(deleted) {
            return Err(not_found());
        }
        Ok(id)
    }
}

/// The bill after an update. Limits that were there go when the type becomes one that has none.
fn changed_bill(bill: &Bill, request: &UpdateVa) -> Result<Bill, FieldError> {
    let trx_type = request.trx_type.unwrap_or(bill.trx_type());
    let limits = match trx_type {
        TrxType::Closed => request.limits,
        TrxType::Open | TrxType::Variable => request.limits.or(bill.limits()),
    };
    let amount = match trx_type {
        TrxType::Open => request.amount,
        TrxType::Closed | TrxType::Variable => request.amount.or(bill.amount()),
    };
    Bill::from_parts(trx_type, amount, limits)
}
