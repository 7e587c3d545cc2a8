//! The runtime that compiled Axum programs link.

pub mod abi;

mod library;
mod value;
