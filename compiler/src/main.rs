//! The `axumc` command: parses arguments and runs one command.
#![forbid(unsafe_code)]

fn main() {}
