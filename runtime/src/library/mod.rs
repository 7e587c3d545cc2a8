//! The library's namespaces (`Console`, `Math`, `Int32`, …): one module of functions each.
//! The types of the library are in `value/`; what suspends is in the rooms of the scheduler.

pub mod console;
