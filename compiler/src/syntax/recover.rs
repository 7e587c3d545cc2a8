//! Parses a file that has syntax errors in pieces: each braced region on its own, piece by
//! piece, so that an error costs one declaration or statement and is reported once. Each
//! token is parsed once, apart from repairs of the piece it stands in. What is right is
//! parsed by the same grammar as ever; nothing here builds tree nodes but `Error`.

use super::ast;
use super::construct::{
    ChannelPart, Cx, Entry, Parsed, ReceivePart, SchemaPart, SwitchPart, lost_case,
};
use super::errors::{Problem, Range};
use super::parser::{Failure, grammar, range};
use super::pass::Kind;
use super::split::Flat;
use super::token::{Tok, Token};
use super::{expected, repair};

/// The file as it went through the stages before.
#[derive(Clone, Copy)]
pub(super) struct Source<'a, 's> {
    pub(super) text: &'s str,
    /// The tokens before the pass.
    pub(super) raw: &'a [Token<'s>],
    pub(super) marked: &'a [Token<'s>],
    /// What each brace holds, by its offset.
    pub(super) braces: &'a [(u32, Kind)],
}

/// Parses a file: its entries, the problems, and the names that were declared in what could
/// not be parsed.
pub(super) fn file<'s>(
    cx: &Cx<'s>,
    source: Source<'_, 's>,
    known: &[Problem],
) -> (Parsed, Vec<Problem>, Vec<ast::Ident>) {
    let mut spoiled: Vec<u32> = known.iter().filter_map(Problem::spoils).collect();
    spoiled.sort_unstable();
    let mut recovery = Recovery {
        cx,
        source,
        close: closing_braces(source.marked),
        kinds: Vec::new(),
        spoiled,
        problems: Vec::new(),
        lost: Vec::new(),
    };
    let parsed = recovery.sequence(Kind::File, 0, source.marked.len());
    (parsed, recovery.problems, recovery.lost)
}

pub(super) struct Recovery<'a, 's> {
    pub(super) cx: &'a Cx<'s>,
    source: Source<'a, 's>,
    /// For each opening brace, its closing one, or zero.
    close: Vec<u32>,
    /// Kinds of the regions in the parser's store.
    kinds: Vec<Kind>,
    /// Places of problems found before parsing: what does not parse there is no news.
    spoiled: Vec<u32>,
    problems: Vec<Problem>,
    lost: Vec<ast::Ident>,
}

impl<'a, 's> Recovery<'a, 's> {
    /// Parses the content of a region.
    fn sequence(&mut self, kind: Kind, from: usize, to: usize) -> Parsed {
        let flat = self.flatten(from, to);
        let kinds = &self.kinds;
        let kind_of =
            |number: u32| kinds.get(number as usize).copied().unwrap_or(Kind::Block);
        let flat = Flat::new(flat, kind_of);
        self.check_first(kind, &flat.tokens);
        let mut parsed = empty(kind);
        let mut start = 0;
        while start < flat.tokens.len() {
            let end = flat.piece_end(start, kind).max(start + 1);
            if is_virtual(&flat.tokens[start]) {
                start += 1;
                continue;
            }
            start += self.piece(kind, &flat.tokens[start..end], &mut parsed);
        }
        parsed
    }

    /// A `switch` or `receive` begins with a case.
    fn check_first(&mut self, kind: Kind, tokens: &[Token<'s>]) {
        let expected: &[&str] = match (kind, tokens.first().map(|it| &it.tok)) {
            (_, None | Some(Tok::Case | Tok::Default | Tok::From | Tok::Timeout)) => {
                return;
            }
            (Kind::SwitchBody, _) => &["case", "default"],
            (Kind::ReceiveBody, _) => &["from", "timeout", "default"],
            _ => return,
        };
        let expected = expected.iter().map(|it| (*it).to_string()).collect();
        let problem = self.unexpected(tokens, &Failure { at: 0, expected });
        self.report(problem);
    }

    /// The tokens with each region parsed and put in as one token.
    fn flatten(&mut self, from: usize, to: usize) -> Vec<Token<'s>> {
        let mut flat = Vec::new();
        let mut at = from;
        while at < to {
            let token = &self.source.marked[at];
            let kind = match token.tok {
                Tok::LBrace => self.brace_kind(token.lo).filter(|it| it.is_region()),
                _ => None,
            };
            let close = self.close[at] as usize;
            let Some(kind) = kind.filter(|_| close > at && close < to) else {
                flat.push(token.clone());
                at += 1;
                continue;
            };
            let parsed = self.sequence(kind, at + 1, close);
            let number = self.cx.keep(parsed);
            self.kinds.resize(number as usize + 1, kind);
            let hi = self.source.marked[close].hi;
            flat.push(Token { lo: token.lo, hi, tok: Tok::Parsed(number) });
            at = close + 1;
        }
        flat
    }

    pub(super) fn brace_kind(&self, offset: u32) -> Option<Kind> {
        let found = self.source.braces.binary_search_by_key(&offset, |it| it.0).ok()?;
        Some(self.source.braces[found].1)
    }

    /// Parses one piece and gives the number of tokens it took.
    fn piece(&mut self, kind: Kind, tokens: &[Token<'s>], into: &mut Parsed) -> usize {
        match self.fits(kind, tokens) {
            Ok(()) => {
                self.accept(kind, tokens, into);
                tokens.len()
            }
            Err(failure) => repair::repair(self, kind, tokens, &failure, into),
        }
    }

    /// Whether the tokens are right, without taking anything out of the store.
    pub(super) fn fits(&self, kind: Kind, tokens: &[Token<'s>]) -> Result<(), Failure> {
        self.cx.rehearse(true);
        let result = grammar(self.cx, kind, tokens);
        self.cx.rehearse(false);
        result.map(|_| ())
    }

    /// Parses tokens that are right.
    pub(super) fn accept(&self, kind: Kind, tokens: &[Token<'s>], into: &mut Parsed) {
        if let Ok(parsed) = grammar(self.cx, kind, tokens) {
            absorb(into, parsed);
        }
    }

    pub(super) fn report(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Whether a line ends between two tokens.
    pub(super) fn ends_line(
        &self,
        before: &Token<'s>,
        behind: Option<&Token<'s>>,
    ) -> bool {
        let between = before.hi as usize
            ..behind.map_or(self.source.text.len(), |it| it.lo as usize);
        self.source.text.get(between).is_some_and(|it| it.contains('\n'))
    }

    /// Whether something in `lo..=hi` was reported before parsing.
    pub(super) fn is_spoiled(&self, lo: u32, hi: u32) -> bool {
        let next = self.spoiled.partition_point(|&it| it < lo);
        self.spoiled.get(next).is_some_and(|&it| it <= hi)
    }

    /// The first token of the text behind an offset.
    pub(super) fn token_behind(&self, offset: u32) -> Option<&'a Token<'s>> {
        self.source.raw.get(self.source.raw.partition_point(|it| it.lo < offset))
    }

    /// Puts a node in place of what could not be parsed, and remembers what it declared.
    pub(super) fn give_up(&mut self, tokens: &[Token<'s>], into: &mut Parsed) {
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return };
        self.lose(tokens);
        let span = self.cx.span(first.lo, last.hi);
        let item = || ast::Item {
            span,
            docs: Vec::new(),
            attributes: Vec::new(),
            modifiers: Vec::new(),
            kind: ast::ItemKind::Error,
        };
        let stmt =
            || ast::Stmt { span, attributes: Vec::new(), kind: ast::StmtKind::Error };
        match into {
            Parsed::Entries(all) => all.push(Entry::Item(Box::new(item()))),
            Parsed::Items(all) => all.push(item()),
            Parsed::Channel(all) => all.push(ChannelPart::Item(Box::new(item()))),
            Parsed::Schema(all) => all.push(SchemaPart::Item(Box::new(item()))),
            Parsed::Stmts(all) => all.push(stmt()),
            Parsed::Switch(all) if first.tok == Tok::Case => {
                let pattern = Some(ast::Pattern { span, kind: ast::PatternKind::Error });
                let label = ast::SwitchLabel { span, pattern, guard: None };
                all.push(SwitchPart::Label(label));
            }
            Parsed::Receive(all) if matches!(first.tok, Tok::From | Tok::Timeout) => {
                let error = ast::Expr { span, kind: Box::new(ast::ExprKind::Error) };
                let kind = match first.tok == Tok::Timeout {
                    true => ast::ReceiveCaseKind::Timeout(error),
                    false => lost_case(span),
                };
                all.push(ReceivePart::Case(span, kind));
            }
            Parsed::Switch(all) => all.push(SwitchPart::Stmt(stmt())),
            Parsed::Receive(all) => all.push(ReceivePart::Stmt(stmt())),
            Parsed::Enum(_)
            | Parsed::Native(_)
            | Parsed::Protocol(_)
            | Parsed::Nothing => {}
        }
    }

    /// Remembers what tokens declare that could not be parsed.
    pub(super) fn lose(&mut self, tokens: &[Token<'s>]) {
        for (at, token) in tokens.iter().enumerate() {
            if let Tok::Ident(name) = token.tok
                && declares(tokens, at)
            {
                self.lost.push(self.cx.ident(token.lo, name, token.hi));
            }
        }
    }

    /// What stands at a token and what would have fitted, as a problem.
    pub(super) fn unexpected(&self, tokens: &[Token<'s>], failure: &Failure) -> Problem {
        let mut at = failure.at;
        while tokens.get(at).is_some_and(|it| it.tok.is_marker()) {
            at += 1;
        }
        let end = tokens.last().map_or(0, |it| it.hi);
        let place = tokens.get(at).or_else(|| self.token_behind(end)).map(range);
        let length = u32::try_from(self.source.text.len()).unwrap_or(u32::MAX);
        let (at, found) = match place {
            Some(place) => self.found(place),
            None => (Range { lo: length, hi: length }, None),
        };
        Problem::Unexpected {
            at,
            found,
            expected: expected::words(&failure.expected),
            hint: None,
        }
    }

    /// The text at a place, cut short; of a region only its brace.
    fn found(&self, place: Range) -> (Range, Option<String>) {
        let text =
            self.source.text.get(place.lo as usize..place.hi as usize).unwrap_or("");
        if text.starts_with('{') {
            let at = Range { lo: place.lo, hi: place.lo + 1 };
            return (at, Some("{".into()));
        }
        let line = text.lines().next().unwrap_or("");
        match line.char_indices().nth(30) {
            None if line.is_empty() => (place, None),
            Some((end, _)) => (place, Some(format!("{}…", &line[..end]))),
            None => (place, Some(line.to_string())),
        }
    }
}

/// Whether a brace was put in where one is missing, and matches none here.
fn is_virtual(token: &Token<'_>) -> bool {
    token.lo == token.hi && token.tok == Tok::RBrace
}

/// Whether the token at `at` is a name that is being declared.
fn declares(tokens: &[Token<'_>], at: usize) -> bool {
    at > 0
        && match tokens[at - 1].tok {
            Tok::Agent
            | Tok::Channel
            | Tok::Domain
            | Tok::Schema
            | Tok::Struct
            | Tok::Enum => true,
            // The name behind a type: two names, or a type that is more than one.
            Tok::Ident(_)
            | Tok::Builtin(_)
            | Tok::Var
            | Tok::Void
            | Tok::TypeGt
            | Tok::Rank => true,
            Tok::Nullable => true,
            _ => false,
        }
}

/// For each opening brace, its closing one.
fn closing_braces(tokens: &[Token<'_>]) -> Vec<u32> {
    let mut close = vec![0; tokens.len()];
    let mut stack = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token.tok {
            Tok::LBrace | Tok::VectorOpen => stack.push(at),
            Tok::RBrace => {
                if let Some(open) = stack.pop() {
                    close[open] = u32::try_from(at).unwrap_or(0);
                }
            }
            _ => {}
        }
    }
    close
}

/// What a region without content parses to.
fn empty(kind: Kind) -> Parsed {
    match kind {
        Kind::File | Kind::Namespace => Parsed::Entries(Vec::new()),
        Kind::Channel => Parsed::Channel(Vec::new()),
        Kind::Schema => Parsed::Schema(Vec::new()),
        Kind::Enum => Parsed::Enum(Vec::new()),
        Kind::Native => Parsed::Native(Vec::new()),
        Kind::Protocol => Parsed::Protocol(Vec::new()),
        Kind::SwitchBody => Parsed::Switch(Vec::new()),
        Kind::ReceiveBody => Parsed::Receive(Vec::new()),
        kind if kind.holds_statements() => Parsed::Stmts(Vec::new()),
        _ => Parsed::Items(Vec::new()),
    }
}

/// Appends what a piece gave to what the region has.
pub(super) fn absorb(into: &mut Parsed, piece: Parsed) {
    match (into, piece) {
        (Parsed::Entries(all), Parsed::Entries(more)) => all.extend(more),
        (Parsed::Items(all), Parsed::Items(more)) => all.extend(more),
        (Parsed::Channel(all), Parsed::Channel(more)) => all.extend(more),
        (Parsed::Schema(all), Parsed::Schema(more)) => all.extend(more),
        (Parsed::Enum(all), Parsed::Enum(more)) => all.extend(more),
        (Parsed::Native(all), Parsed::Native(more)) => all.extend(more),
        (Parsed::Protocol(all), Parsed::Protocol(more)) => all.extend(more),
        (Parsed::Stmts(all), Parsed::Stmts(more)) => all.extend(more),
        (Parsed::Switch(all), Parsed::Switch(more)) => all.extend(more),
        (Parsed::Receive(all), Parsed::Receive(more)) => all.extend(more),
        _ => {}
    }
}
