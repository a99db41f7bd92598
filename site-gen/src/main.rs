//! The `site-gen` program.
fn main() {}
