//! Whether a merchant's server, ours or not, keeps its side of the wire: DOKU is played towards it, genuine and forged.
//!
//! [`catalogue`](Case) says what is sent and what must happen; `alteration` and `forgery` make a call into what a case sends;
//! `draft` signs it; `member` reads an answer member by member; `verdict` compares; `report` keeps the rows. It knows the wire
//! by `doku-model` and `doku-sign` alone, and nothing of the merchant's code.
//!
//! Payments that a suite tells of were never made. Aim it at test servers only.

mod alteration;
mod answer;
mod catalogue;
mod draft;
mod forgery;
mod member;
mod payable;
mod report;
mod suite;
mod target;
mod trigger;
mod verdict;

pub use catalogue::Case;
pub use member::{Member, Standing};
pub use payable::Payable;
pub use report::{Report, Row};
pub use suite::Suite;
pub use target::Target;
pub use trigger::{Triggered, Wish};
pub use verdict::{Must, Verdict};
