//! The library's namespaces (`Console`, `Math`, `Int32`, …): one module of functions each.
//! The types of the library are in `value/`; what suspends is in the rooms of the scheduler.

pub(crate) mod blocking;
pub mod console;
pub mod enumerable;
pub mod environment;
pub mod file;
pub(crate) mod input;
pub mod native;

pub mod bit_operations;
pub mod boolean;
pub mod character;
pub mod clock;
pub mod convert;
pub mod math;
pub(crate) mod numbers;
pub mod path;
pub mod string;
pub mod time_span;
