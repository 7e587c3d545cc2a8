//! Runs the stages on a file.

use super::ast;
use super::construct::{self, Cx, Parsed};
use super::errors::{Problem, Range};
use super::grammar::StartParser;
use super::lexer;
use super::pass::{self, Kind};
use super::token::{Tok, Token};
use crate::support::span::FileId;
use lalrpop_util::ParseError;
use std::collections::BTreeMap;

pub(super) fn parse(file: FileId, text: &str) -> (ast::File, Vec<Problem>) {
    let lexed = lexer::lex(text);
    let mut problems = lexed.problems;
    let mut docs: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    let mut tokens: Vec<Token<'_>> = Vec::with_capacity(lexed.tokens.len());
    let mut lines: Vec<&str> = Vec::new();
    for token in lexed.tokens {
        match token.tok {
            Tok::Doc(line) => lines.push(line),
            _ => {
                if !lines.is_empty() {
                    docs.insert(token.lo, std::mem::take(&mut lines));
                }
                tokens.push(token);
            }
        }
    }
    let cx = Cx::new(file, docs);
    let marked = pass::run(&tokens, Kind::File);
    let stream = std::iter::once((0, Tok::StartFile, 0))
        .chain(marked.iter().map(|it| (it.lo, it.tok.clone(), it.hi)));
    let mut tree = ast::File::default();
    match StartParser::new().parse(&cx, stream) {
        Ok(Parsed::Entries(entries)) => {
            (tree.usings, tree.items) = construct::grouped(entries)
        }
        Ok(_) => {}
        Err(error) => {
            let (at, expected) = match error {
                ParseError::UnrecognizedToken { token, expected } => {
                    (Some(Range { lo: token.0, hi: token.2 }), expected)
                }
                ParseError::UnrecognizedEof { location, expected } => {
                    (Some(Range { lo: location, hi: location }), expected)
                }
                _ => (None, Vec::new()),
            };
            let at = at.unwrap_or(Range { lo: 0, hi: 0 });
            problems.push(Problem::Unexpected {
                at,
                found: text.get(at.lo as usize..at.hi as usize).map(str::to_string),
                expected,
                hint: None,
            });
        }
    }
    (tree, problems)
}
