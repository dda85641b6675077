//! The ledger behind the endpoints that DOKU calls: it keeps payments, answers inquiries, and remembers what was handled.

mod codes;
mod handled;
mod inquiry;
mod kept_payments;
mod paid;
mod refused;

pub use kept_payments::KeptPayments;
pub use refused::KeptCall;
pub(crate) use refused::{Concerned, RefusedCall};
