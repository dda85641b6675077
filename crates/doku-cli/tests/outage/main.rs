//! Days on which something is not well: `doku serve` as processes, beside databases, disks and clocks that fail.
//!
//! In each of them the same is to hold. DOKU is thanked for nothing that is not kept, and told 5xx instead. The merchant API
//! says what to do. `/readyz` and the log say what is wrong. When it is over nobody has to help: what DOKU sends again is kept
//! once, and the ledger agrees.

#![cfg(unix)]

mod backup;
mod clock;
mod cut_off;
mod duplicates;
mod postgres;
mod sqlite;
mod support;
mod words;
