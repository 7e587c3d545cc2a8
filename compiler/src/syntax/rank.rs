//! `int[,]`: C#'s rectangular arrays, which the language has not. They are read as `int[]`, so
//! that the rest of the file parses. `new int[3, 3]` the parser finds by itself.

use super::errors::{Problem, Range};
use super::token::{Tok, Token};

/// Takes out commas that stand alone in brackets.
pub(super) fn without_ranks<'s>(
    tokens: Vec<Token<'s>>,
    problems: &mut Vec<Problem>,
) -> Vec<Token<'s>> {
    let mut kept: Vec<Token<'s>> = Vec::with_capacity(tokens.len());
    // Commas directly behind the last kept token, which is a `[`.
    let mut held: Vec<Token<'s>> = Vec::new();
    for token in tokens {
        let opened = kept.last().is_some_and(|it| it.tok == Tok::LBracket);
        if opened && token.tok == Tok::Comma {
            held.push(token);
            continue;
        }
        if let (Tok::RBracket, Some(first), Some(last)) =
            (&token.tok, held.first(), held.last())
        {
            problems
                .push(Problem::Rectangular { at: Range { lo: first.lo, hi: last.hi } });
            held.clear();
        }
        kept.append(&mut held);
        kept.push(token);
    }
    kept.append(&mut held);
    kept
}
