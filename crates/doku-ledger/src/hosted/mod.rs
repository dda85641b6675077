//! The ledger behind the endpoints that DOKU calls: it keeps payments, answers inquiries, and remembers what was handled.

mod codes;
mod evidence;
mod handled;
mod inquiry;
mod kept_payments;
mod paid;
mod refused;

pub use evidence::KeptCall;
pub use kept_payments::KeptPayments;
