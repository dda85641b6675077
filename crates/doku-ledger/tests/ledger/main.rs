//! What a ledger promises, on SQLite and on PostgreSQL.
//!
//! `DOKU_TEST_POSTGRES` names a cluster that may be thrown away; `cargo xtask test` starts one. Without it the tests on
//! PostgreSQL say that they were skipped.

mod database;
mod hosted;
mod intents;
mod leases;
mod model;
mod outbox;
mod payments;
mod races;
mod reconcile;
mod refused;
mod resolving;
mod support;
