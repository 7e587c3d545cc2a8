//! The Axum compiler as a library: source text in, Rust text and diagnostics out.
#![forbid(unsafe_code)]
