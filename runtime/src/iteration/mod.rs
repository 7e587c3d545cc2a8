//! Sequences: `IEnumerable<T>` as a value, the bodies of iterators, and the members that make one
//! sequence of another or go through one to its end.
//!
//! * [`seq`]: the value, which is a recipe: each enumeration starts anew.
//! * [`generator`]: bodies that `yield`, polled by hand; no thread and no scheduler is involved.
//! * [`lazy`]: chains of members, each step a type of its own; [`adaptors`] and [`whole`] are the steps,
//!   [`ends`] what gives one value at last. [`ordered`] and [`grouping`] are what sorting and grouping give.
//!
//! It does not know agents: what a body needs of them it has copied before.

pub(crate) mod adaptors;
pub(crate) mod collect;
pub(crate) mod ends;
pub(crate) mod generator;
pub(crate) mod grouping;
pub(crate) mod handoff;
pub(crate) mod lazy;
pub(crate) mod ordered;
pub(crate) mod seq;
pub(crate) mod whole;

#[cfg(test)]
mod tests;
