//! What generated code may name if it is linked with this crate: the runtime's ABI with the
//! same names, and more. It defines nothing itself.

/// Version 1, which generated code imports as `rt`.
pub mod v1 {
    pub use axum_rt::abi::v1::*;

    pub use crate::decimal::{Decimal, namespace as decimal};

    pub use crate::json;
    pub use crate::json::Json;

    /// `Math`, with what it does with decimals.
    pub mod math {
        pub use crate::decimal::math::{
            abs as abs_decimal, ceiling as ceiling_decimal, floor as floor_decimal,
            round as round_decimal, round_to as round_decimal_to,
            truncate as truncate_decimal,
        };
        pub use axum_rt::abi::v1::math::*;
    }
}
