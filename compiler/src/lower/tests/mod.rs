//! Snapshots of the Rust that lowered programs emit to.
