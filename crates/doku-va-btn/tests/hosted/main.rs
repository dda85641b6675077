//! The endpoints a merchant hosts, over their public API: DOKU on one side, an attacker beside it, and the merchant's
//! handlers behind.
//!
//! `attack_*` has one test for each line of the table in `docs/threat-model.md`.

mod attack_bearer;
mod attack_body;
mod attack_header;
mod attack_replay;
mod attack_signature;
mod attack_token;
mod codes;
mod events;
mod inquiry;
mod over_warp;
mod payment;
mod rotation;
mod secrecy;
mod slots;
mod store;
mod support;
mod threat_model;
mod token;
mod tolerance;
