//! The built command, as a user runs it.

mod demo;
mod failures;
mod help;
mod keys;
mod readme;
mod sandbox;
mod secrecy;
mod settle;
mod support;
mod va;
