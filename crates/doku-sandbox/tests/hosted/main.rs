//! The sandbox against a merchant's hosted endpoints, over real HTTP: what the client creates or the merchant offers is
//! inquired, paid and notified, on good days and on bad ones, and the books of both sides agree to the sen.

mod any_faults;
mod crowd;
mod dialects;
mod faults;
mod merchant;
mod modes;
mod paths;
mod refusals;
mod schedule;
mod server;
mod tokens;
mod world;
