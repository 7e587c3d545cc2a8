//! Embeds the standard library's `.ax` files as one table. It holds no logic.
#![forbid(unsafe_code)]

/// One library file: its name as diagnostics show it, and its text.
pub const FILES: &[(&str, &str)] = &[];
