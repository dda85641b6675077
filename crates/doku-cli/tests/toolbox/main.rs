//! The commands that help to find a mistake, as a user runs them.

mod code;
mod doctor;
mod explain;
mod proxy;
mod shell;
mod sign;
mod stage;
