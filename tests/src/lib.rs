//! Harness of the whole-compiler tests: finds cases, runs the pipeline on them, compares
//! and updates expectations. The cases themselves are files beside it.
#![forbid(unsafe_code)]

pub mod annotate;
pub mod batch;
pub mod bless;
pub mod case;
pub mod compiler;
pub mod joined;
pub mod library;
pub mod markdown;
pub mod mutation;
