//! What generated code may name, and nothing else: one module per version of this contract.
//! It defines nothing itself.

/// Version 1, which generated code imports as `rt`.
pub mod v1 {
    pub use crate::library::numbers::{
        byte, double, int16, int32, int64, sbyte, single, uint16, uint32, uint64,
    };
    pub use crate::library::{
        boolean, character as char, console, convert, environment, math, string,
        time_span,
    };
    pub use crate::value::*;

    /// Traits whose methods generated code calls on Rust's own types.
    pub mod prelude {
        pub use crate::value::{CompareTo as _, Equals as _, Nullable as _, ToText as _};
    }
}
