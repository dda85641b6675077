//! The `doku` command.
fn main() {}
