//! The guide: every page of `docs/` is reached from its table of contents, and every block of it holds.
//!
//! | fence | what is done with it |
//! |---|---|
//! | `rust` | a doctest of `doku-sdk`, which includes the page |
//! | `sh` | each command is one that there is, with its options; run where it can be; where a `text` block follows, compared with it |
//! | `toml` | read by whoever would read it: cargo, the server, the sandbox |
//! | `json` | decoded as the payload it is, with no member left over |
//! | `ini`, `dockerfile` | each command and each variable in it is one that there is |
//! | `text` | prose, unless it follows commands |
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on should say where"
)]

mod books;
mod codes;
mod command;
mod contents;
#[cfg(unix)]
#[path = "../harness/http.rs"]
#[expect(dead_code, reason = "the tests of outages read more of an answer")]
mod http;
mod names;
mod page;
mod payloads;
#[cfg(unix)]
mod reader;
#[cfg(unix)]
mod running;
mod settings;
#[path = "../cli/support.rs"]
#[expect(dead_code, reason = "the tests of the command need more of it")]
mod support;
mod switches;
mod units;
