//! The sandbox over real sockets: what it answers, what it refuses, what it remembers and what it explains.

mod answers;
mod anything;
mod authentic;
mod bad_day;
mod concurrent;
mod control;
mod create;
mod diagnosis;
mod faults;
mod faults_in_turn;
mod how_to_pay;
mod lenient;
mod library;
mod notify;
mod pay;
mod repeat;
mod secrets;
mod shop;
mod status;
mod support;
mod teller;
mod token;
mod update_delete;
