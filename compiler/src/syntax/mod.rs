//! Text to syntax tree. It reads one file at a time and knows no names but keywords.
//!
//! Text → `lexer` (tokens) → `pass` (markers for what needs look-ahead) → the LALRPOP grammar
//! → tree. Where that fails, `recover` parses the file in pieces. It may report AX0001–AX0007.

pub mod ast;
mod balance;
mod confusable;
mod construct;
mod errors;
mod expected;
mod lexer;
mod literal;
mod nesting;
mod parser;
mod pass;
pub mod print;
mod rank;
mod recover;
mod repair;
mod split;
#[cfg(test)]
mod tests;
mod token;

use crate::diag::Diagnostic;
use crate::support::span::FileId;

lalrpop_util::lalrpop_mod!(
    #[allow(
        clippy::all,
        unused,
        unreachable_pub,
        missing_debug_implementations,
        reason = "LALRPOP writes this file"
    )]
    grammar,
    "/syntax/grammar.rs"
);

/// Parses one file. Problems are reported and recovered from; the tree then holds `Error` nodes.
#[must_use]
pub fn parse(file: FileId, text: &str) -> (ast::File, Vec<Diagnostic>) {
    let (tree, problems) = parser::parse(file, text, false);
    (tree, problems.iter().map(|it| it.diagnose(file)).collect())
}
