//! The client against the sandbox, over real HTTP: every operation, mode and bill type, every refusal, bad input, lost
//! answers, a crowd, and no secret anywhere.

mod bad_input;
mod crowd;
mod faults;
mod lost_answers;
mod operations;
mod refusals;
mod secrets;
mod shop;
