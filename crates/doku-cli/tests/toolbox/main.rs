//! The commands that help to find a mistake, as a user runs them.

mod code;
mod explain;
mod sign;
mod stage;
