//! Every check and generator of this workspace.
fn main() {}
