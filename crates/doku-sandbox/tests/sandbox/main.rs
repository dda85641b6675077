//! The sandbox over real sockets: what it answers, what it refuses, what it remembers and what it explains.

mod anything;
mod authentic;
mod concurrent;
mod control;
mod create;
mod diagnosis;
mod faults;
mod how_to_pay;
mod lenient;
mod library;
mod pay;
mod repeat;
mod secrets;
mod status;
mod support;
mod token;
mod update_delete;
