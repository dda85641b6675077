//! DOKU played towards merchants' servers: ours, which must pass, and three that are broken, each of which must be found out.

#[path = "../cli/server.rs"]
#[expect(dead_code, reason = "the tests of the command use the rest")]
mod server;
#[path = "../cli/support.rs"]
#[expect(dead_code, reason = "the tests of the command use the rest")]
mod support;

mod broken;
mod command;
mod found_out;
mod listen;
mod ours;
mod trigger;
