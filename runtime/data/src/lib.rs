//! What compiled Axum programs link besides the runtime if they compute with decimals or
//! speak JSON: [`abi`] is the runtime's, and these.
//!
//! It is a crate of its own so that programs without either neither compile nor link what
//! it builds on.
#![forbid(unsafe_code)]

pub mod abi;

mod decimal;
pub mod json;
