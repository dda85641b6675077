//! Numbers that DOKU knows from payments only (DIPC): the merchant made them and was asked about them.

use std::collections::HashMap;
use std::sync::Arc;

use doku_model::{CustomerNo, PositiveAmount};
use time::OffsetDateTime;

use super::Memory;
use super::offer::{Offer, must_accept};
use super::pay_error::PayError;
use super::payment::Payment;

/// What was paid under one number, and what it was last paid for.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(crate) struct Paid {
    pub(crate) offer: Offer,
    #[serde(with = "super::payment::list")]
    pub(super) payments: Vec<Payment>,
}

/// Every number that was paid, by BIN and customer.
pub(super) type DirectPayments = HashMap<(u16, CustomerNo), Arc<Paid>>;

impl Memory {
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
