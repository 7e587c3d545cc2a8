//! No Rust.
pub fn j( { }
