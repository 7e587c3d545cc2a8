//! What other crates of the runtime build their values from, besides the ABI. Generated code does not
//! name it, and it defines nothing itself.

pub use crate::value::digits::format_digits;
