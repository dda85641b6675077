//! What is said at the bank's counter: the screen of an ATM, a payment that was taken, or why not. Words only:
//! who asks and takes is [`crate::teller`].

mod error;
mod paid;
mod screen;

pub use error::TellerError;
pub use paid::Paid;
pub use screen::{AtmScreen, ScreenLine, ScreenSource};
