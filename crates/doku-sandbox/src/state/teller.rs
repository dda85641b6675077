//! The bank's teller: takes money for a number, under the rules of the bank.
//!
//! A payment ends here, in DOKU's own record. Whoever tells the merchant of it takes the [`Payment`] that
//! [`Memory::pay`] or [`Memory::pay_direct`] gives back.

use std::sync::Arc;

use doku_model::{CustomerNo, PositiveAmount, VirtualAccountNo};
use time::OffsetDateTime;

use super::accounts::AccountId;
use super::direct::Paid;
use super::memory::Memory;
use super::offer::{Offer, must_accept};
use super::pay_error::PayError;
use super::payment::Payment;
use crate::config::{Bin, BinMode};

/// Whom the bank asks about a number.
#[derive(Debug)]
pub(crate) enum Keeper {
    /// DOKU, which has the account in its own record.
    Record,
    /// The merchant, under this BIN (DIPC).
    Merchant {
        /// Which of the merchant's BINs.
        bin: u16,
        /// What follows the BIN.
        customer_no: CustomerNo,
    },
}

impl Memory {
    /// Whom the bank asks about `number`, padded or not; `None` where nobody has it.
    pub(crate) fn keeper(&self, number: &VirtualAccountNo) -> Option<Keeper> {
        if self.accounts.by_typed_number(number).is_some() {
            return Some(Keeper::Record);
        }
        self.settings
            .bins
            .iter()
            .enumerate()
            .filter(|(_, bin)| *bin.mode() == BinMode::Dipc)
            .filter_map(|(index, bin)| {
                let customer_no = number.customer_no(bin.partner_service_id())?;
                Some((u16::try_from(index).ok()?, customer_no))
            })
            // One BIN may begin like another; the longer one is meant, which leaves fewer digits.
            .min_by_key(|(_, customer_no)| customer_no.as_str().len())
            .map(|(bin, customer_no)| Keeper::Merchant { bin, customer_no })
    }

    /// What an ATM shows for a number of DOKU's own record.
    pub(crate) fn offer(
        &self,
        now: OffsetDateTime,
        number: &VirtualAccountNo,
    ) -> Result<Offer, PayError> {
        let id = self
            .accounts
            .by_typed_number(number)
            .ok_or(PayError::NotFound)?;
        self.must_be_payable(now, id)?;
        self.accounts
            .at(id)
            .map(Offer::of)
            .ok_or(PayError::NotFound)
    }

    /// A BIN by its number.
    pub(crate) fn bin(&self, index: u16) -> Option<Bin> {
        self.settings.bins.get(usize::from(index)).cloned()
    }

    /// All of them.
    pub(crate) fn bins(&self) -> Arc<[Bin]> {
        Arc::clone(&self.settings.bins)
    }

    fn must_be_payable(&self, now: OffsetDateTime, id: AccountId) -> Result<(), PayError> {
        let account = self.accounts.at(id).ok_or(PayError::NotFound)?;
        if account.deleted {
            return Err(PayError::NotFound);
        }
        if account.is_settled() {
            return Err(PayError::AlreadyPaid);
        }
        if account.has_expired(now) {
            return Err(PayError::Expired);
        }
        if !account.active {
            return Err(PayError::Inactive);
        }
        Ok(())
    }

    /// A payment of this moment, with an id of its own.
    fn receipt(&mut self, now: OffsetDateTime, amount: PositiveAmount) -> Payment {
        self.payments += 1;
        Payment {
            payment_request_id: format!("PAY{}{:010}", now.unix_timestamp(), self.payments),
            amount,
            paid_at: now,
        }
    }

    /// Takes `amount` for `number`, padded or not.
    pub(crate) fn pay(
        &mut self,
        now: OffsetDateTime,
        number: &VirtualAccountNo,
        amount: PositiveAmount,
    ) -> Result<Payment, PayError> {
        let id = self
            .accounts
            .by_typed_number(number)
            .ok_or(PayError::NotFound)?;
        self.must_be_payable(now, id)?;
        let account = self.accounts.at(id).ok_or(PayError::NotFound)?;
        must_accept(&account.bill, amount)?;
        let payment = self.receipt(now, amount);
        if let Some(account) = self.accounts.at_mut(id) {
            account.payments.push(payment.clone());
        }
        Ok(payment)
    }

    /// Takes `amount` for what the merchant said of a number.
    pub(crate) fn pay_direct(
        &mut self,
        now: OffsetDateTime,
        offer: Offer,
        amount: PositiveAmount,
    ) -> Result<Payment, PayError> {
        offer.must_not_have_expired(now)?;
        must_accept(&offer.bill, amount)?;
        let payment = self.receipt(now, amount);
        let key = (offer.bin, offer.customer_no.clone());
        let paid = self.direct.entry(key).or_insert_with(|| {
            Arc::new(Paid {
                offer: offer.clone(),
                payments: Vec::new(),
            })
        });
        // Copied where the state is being written at this moment.
        let paid = Arc::make_mut(paid);
        paid.offer = offer;
        paid.payments.push(payment.clone());
        Ok(payment)
    }
}
