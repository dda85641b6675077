//! The ledger behind the endpoints that DOKU calls: it keeps payments, answers inquiries, and remembers what was handled.

mod codes;
mod evidence;
mod handled;
mod inquiry;
mod kept_payments;
mod paid;
mod refused;

pub use evidence::KeptCall;
pub(crate) use inquiry::Shown;
pub use kept_payments::KeptPayments;
pub(crate) use refused::{Concerned, RefusedCall};
