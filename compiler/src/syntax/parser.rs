//! Runs the stages on a file. A file that parses as a whole is done; any other goes to
//! `recover`. It decides the order of the stages, not what is reported.

use super::ast;
use super::construct::{Cx, Parsed, grouped};
use super::errors::{self, Problem, Range};
use super::grammar::StartParser;
use super::pass::{self, Kind, Marked};
use super::recover::{self, Source};
use super::token::{Tok, Token};
use super::{balance, confusable, lexer, nesting, rank};
use crate::support::span::FileId;
use lalrpop_util::ParseError;
use std::collections::BTreeMap;

/// Where the grammar could not go on.
#[derive(Debug)]
pub(super) struct Failure {
    /// Index of the token that did not fit; the number of tokens for their end.
    pub(super) at: usize,
    /// Terminals that would have fitted.
    pub(super) expected: Vec<String>,
}

/// Parses a file. With `in_pieces` it does so as if the file had errors.
pub(super) fn parse(
    file: FileId,
    text: &str,
    in_pieces: bool,
) -> (ast::File, Vec<Problem>) {
    let lexed = lexer::lex(text);
    let mut problems = lexed.problems;
    let (docs, tokens) = split_docs(lexed.tokens);
    confusable::check(&tokens, &mut problems);
    let tokens = rank::without_ranks(tokens, &mut problems);
    let tokens = nesting::limit_brackets(tokens, &mut problems);
    let tokens = balance::balance(text, tokens, &mut problems);
    let Marked { tokens: marked, braces, returns, cases, bare } =
        pass::run(&tokens, Kind::File);
    problems.extend(returns.iter().map(|it| Problem::ReturnInFinally { at: range(it) }));
    problems.extend(cases.iter().map(|it| Problem::CaseAsArm { at: range(it) }));
    problems.extend(bare.iter().map(|it| errors::without_from(text, range(it))));
    let marked = nesting::limit_clauses(marked, &mut problems);
    let cx = Cx::new(file, docs);
    let mut tree = ast::File::default();
    let whole = if in_pieces { None } else { grammar(&cx, Kind::File, &marked).ok() };
    let parsed = whole.unwrap_or_else(|| {
        let source = Source { text, raw: &tokens, marked: &marked, braces: &braces };
        let (parsed, more, lost) = recover::file(&cx, source, &problems);
        problems.extend(more);
        tree.lost = lost;
        parsed
    });
    if let Parsed::Entries(entries) = parsed {
        (tree.usings, tree.items) = grouped(entries);
    }
    problems.sort_by_key(|it| (it.at().lo, it.at().hi));
    (tree, problems)
}

type Docs<'s> = BTreeMap<u32, Vec<&'s str>>;

/// Takes doc comments out of the tokens: they belong to the token behind them.
fn split_docs(all: Vec<Token<'_>>) -> (Docs<'_>, Vec<Token<'_>>) {
    let mut docs = Docs::new();
    let mut tokens = Vec::with_capacity(all.len());
    let mut lines = Vec::new();
    for token in all {
        if let Tok::Doc(line) = token.tok {
            lines.push(line);
            continue;
        }
        if !lines.is_empty() {
            docs.insert(token.lo, std::mem::take(&mut lines));
        }
        tokens.push(token);
    }
    (docs, tokens)
}

/// Parses the content of a region.
pub(super) fn grammar<'s>(
    cx: &Cx<'s>,
    kind: Kind,
    tokens: &[Token<'s>],
) -> Result<Parsed, Failure> {
    let start = start_token(kind);
    let first = tokens.first().map_or(0, |it| it.lo);
    let stream = std::iter::once((first, start, first))
        .chain(tokens.iter().map(|it| (it.lo, it.tok.clone(), it.hi)));
    StartParser::new().parse(cx, stream).map_err(|error| match error {
        ParseError::UnrecognizedToken { token: (lo, tok, hi), expected } => {
            let at = tokens.partition_point(|it| it.lo < lo);
            let more = tokens[at..].iter().position(|it| it.hi == hi && it.tok == tok);
            Failure { at: at + more.unwrap_or(0), expected }
        }
        ParseError::UnrecognizedEof { expected, .. } => {
            Failure { at: tokens.len(), expected }
        }
        ParseError::InvalidToken { .. }
        | ParseError::ExtraToken { .. }
        | ParseError::User { .. } => Failure { at: tokens.len(), expected: Vec::new() },
    })
}

fn start_token(kind: Kind) -> Tok<'static> {
    match kind {
        Kind::File | Kind::Namespace => Tok::StartFile,
        Kind::Channel => Tok::StartChannel,
        Kind::Schema => Tok::StartSchema,
        Kind::Enum => Tok::StartEnum,
        Kind::Native => Tok::StartNative,
        Kind::Protocol => Tok::StartProtocol,
        Kind::SwitchBody => Tok::StartSwitch,
        Kind::ReceiveBody => Tok::StartReceive,
        kind if kind.holds_statements() => Tok::StartStmts,
        _ => Tok::StartItems,
    }
}

/// The place of a token.
pub(super) fn range(token: &Token<'_>) -> Range {
    Range { lo: token.lo, hi: token.hi }
}
