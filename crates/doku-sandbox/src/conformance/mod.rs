//! Whether a merchant's server, ours or not, keeps its side of the wire: DOKU is played towards it, genuine and forged.
//!
//! [`catalogue`](Case) says what is sent and what must happen; `alteration` makes a genuine call into what a case sends, with
//! `written` for bodies, `spoil` for signatures, and `forgery` and `jws` for bearers; `draft` signs it; `caller` makes genuine
//! calls, with a `bearer` that is alive and with `patience`; `run` tries one case after the other between them; `member` reads
//! an answer member by member; `verdict` compares; `report` keeps the rows. It knows the wire by `doku-model` and `doku-sign`
//! alone, and nothing of the merchant's code.
//!
//! Payments that a suite tells of were never made. Aim it at test servers only.

mod alteration;
mod answer;
mod bearer;
mod caller;
mod catalogue;
mod draft;
mod forgery;
mod jws;
mod member;
mod patience;
mod payable;
mod report;
mod run;
mod spoil;
mod suite;
mod target;
mod trigger;
mod verdict;
mod written;

pub use catalogue::Case;
pub use member::{Member, Standing};
pub use payable::Payable;
pub use report::{Report, Row};
pub use suite::Suite;
pub use target::Target;
pub use trigger::{Triggered, Wish};
pub use verdict::{Must, Verdict};
