//! Signatures looked at from outside: why one is refused, how one is made, whether one is right.

mod explain;
mod formula;
mod judge;
mod non_snap;
mod parts;
mod role;
mod sign;
mod stages;
mod subject;
mod verdict;
mod verify;
mod words;

pub(crate) use explain::run as explain;
pub(crate) use sign::run as sign;
pub(crate) use verify::run as verify;
