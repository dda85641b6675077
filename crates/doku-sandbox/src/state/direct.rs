//! Numbers that DOKU knows from payments only (DIPC): the merchant made them and was asked about them.

use std::collections::HashMap;
use std::sync::Arc;

use doku_model::CustomerNo;

use super::offer::Offer;
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
