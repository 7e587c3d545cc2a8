//! Embeds the standard library's `.ax` files as one table. It holds no logic.
#![forbid(unsafe_code)]

/// One library file: its name as diagnostics show it, and its text.
pub const FILES: &[(&str, &str)] = &[
    ("axum/core.ax", include_str!("../axum/core.ax")),
    ("axum/text.ax", include_str!("../axum/text.ax")),
    ("axum/collections.ax", include_str!("../axum/collections.ax")),
    ("axum/numbers.ax", include_str!("../axum/numbers.ax")),
    ("axum/io.ax", include_str!("../axum/io.ax")),
    ("axum/flow.ax", include_str!("../axum/flow.ax")),
];
