//! What generated code may name, and nothing else: one module per version of this contract.
//! It defines nothing itself.

/// Version 1, which generated code imports as `rt`.
pub mod v1 {
    pub use crate::library::console;
    pub use crate::value::*;
}
