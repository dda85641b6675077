//! The built command, as a user runs it.

mod demo;
mod failures;
mod help;
mod keys;
mod ledger;
mod readme;
mod resolve;
mod sandbox;
mod secrecy;
mod serve;
mod server;
mod settle;
mod support;
mod va;
