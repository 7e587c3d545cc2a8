//! The Axum compiler as a library: source text in, Rust text and diagnostics out.
//! Everything here but `driver` and `cli` is free of files, clocks, threads and processes.
#![forbid(unsafe_code)]

pub mod cli;
pub mod diag;
pub mod driver;
pub mod emit;
pub mod foreign;
pub mod hir;
pub mod ir;
pub mod isolation;
pub mod lower;
pub mod pipeline;
pub mod protocol;
pub mod resolve;
pub mod support;
pub mod syntax;
pub mod types;
