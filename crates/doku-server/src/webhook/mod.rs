//! Telling the merchant's application of events, by the Standard Webhooks scheme.

mod dispatcher;
mod message;
mod pace;

#[cfg(test)]
mod tests;

pub(crate) use dispatcher::{Dispatcher, recipient, unnamed};
