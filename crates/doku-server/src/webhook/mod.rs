//! Telling the merchant's application of events, by the Standard Webhooks scheme.

mod dispatcher;
mod message;
mod pace;
mod secret;

#[cfg(test)]
mod tests;

pub(crate) use dispatcher::{Dispatcher, recipient, unnamed};
pub use secret::{InvalidSecret, WebhookSecret};
