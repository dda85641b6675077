//! The server over real sockets, with a local DOKU on one side and a merchant's application on the other.

mod changing;
mod checking;
mod configuring;
mod creating;
mod describing;
mod following;
mod guarding;
mod paying;
mod replicas;
mod stopping;
mod support;
mod telling;
mod threat_model;
mod viewing;
