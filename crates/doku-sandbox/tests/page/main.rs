//! The page over real sockets, without a browser: what it shows, what its forms do, and whom it refuses.

mod accounts;
mod forms;
mod guard;
mod kept;
mod kept_merchant;
mod live;
#[path = "../sandbox/support.rs"]
#[allow(dead_code, reason = "the other tests use the rest of it")]
mod support;
mod views;
mod visitor;
