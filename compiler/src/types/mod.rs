//! Types of expressions, and the rules about them. Reads the resolved program; writes the
//! side tables; may report AX01xx (members, arguments), AX03xx, AX0406 of types, AX050x,
//! AX060x of ports and AX080x of networks.
//!
//! One body is checked at a time, from its root inward, by a single context (`cx`): types
//! flow up, expectations flow down, and what is assigned or not null flows along with
//! control. Chains of operators, members and `else if` are loops, not recursion.

pub mod tables;

mod agent;
mod bounds;
mod call;
mod case;
mod coerce;
mod constants;
mod convert;
mod cx;
pub mod decimal;
mod early;
mod errors;
mod evaluate;
mod exceptions;
mod exhaustive;
mod expr;
mod flow;
mod format;
mod generics;
mod index;
mod indexer;
mod infer;
mod instances;
mod item;
mod iterators;
mod json;
mod lambda;
mod literal;
mod member;
mod mentions;
mod mutation;
mod network;
mod nullable;
mod operator;
mod overload;
mod path;
mod pattern;
mod place;
mod port;
pub mod print;
mod receive;
mod record;
mod rules;
mod sendable;
pub mod show;
mod starts;
mod stmt;
mod switch;
mod ty;
mod unify;

#[cfg(test)]
mod tests;

pub use tables::Types;

use crate::diag::Diagnostic;
use crate::hir::Program;

/// Checks every body of the program.
#[must_use]
pub fn check(program: &Program) -> (Types, Vec<Diagnostic>) {
    item::check(program)
}
