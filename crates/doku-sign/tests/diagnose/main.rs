//! Diagnoses: every mistake is made with code of its own, and then has to be named.

#[path = "../support/mod.rs"]
mod support;

mod bounds;
mod keys;
mod mistakes;
mod non_snap;
mod pairs;
mod secrecy;
mod stage;
mod unknown;
mod words;
