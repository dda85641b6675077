//! Signatures looked at from outside: why one is refused, how one is made, whether one is right.

mod explain;
mod formula;
mod judge;
mod non_snap;
mod subject;
mod verdict;
mod words;

pub(crate) use explain::run as explain;
