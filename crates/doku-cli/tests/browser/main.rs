//! What people and their browsers see, in a real browser: Debian's Chromium, headless, driven over WebDriver, against processes
//! of the built command.
//!
//! Without Chromium and its driver the tests say that they were skipped; where `CI` is `true` they fail. With
//! `DOKU_SCREENSHOTS=1` they write the pictures of `docs/images` besides.

// Processes are ended by their group.
#![cfg(unix)]

mod away;
mod browser;
mod contained;
mod counter;
mod local;
mod merchant;
mod paying;
mod readable;
#[path = "../cli/server.rs"]
#[expect(
    dead_code,
    reason = "what the tests of the command need of a server, these need in part"
)]
mod server;
mod shop;
mod states;
#[path = "../cli/support.rs"]
#[expect(
    dead_code,
    reason = "what the tests of the command need of a sandbox, these need in part"
)]
mod support;
mod unscripted;
