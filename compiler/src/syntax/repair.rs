//! What to do with a piece that does not parse: the smallest change that makes it parse is
//! made and reported; if there is none, the part around the error is left out, or else the
//! whole piece. One problem for a piece at most, and none where one is known already.

use super::construct::Parsed;
use super::errors::{self, Problem};
use super::expected::terminal;
use super::parser::{Failure, range};
use super::pass::Kind;
use super::recover::Recovery;
use super::token::{Tok, Token};
use crate::diag::suggest;
use std::ops::Range;

/// Tokens that may be put in, or exchanged, at one place.
const INSERTIONS: usize = 8;
/// Brackets around an error whose content is tried to be left out.
const BRACKETS: usize = 4;

/// Parses as much of the piece as can be; gives the number of tokens dealt with.
pub(super) fn repair<'s>(
    recovery: &mut Recovery<'_, 's>,
    kind: Kind,
    tokens: &[Token<'s>],
    failure: &Failure,
    into: &mut Parsed,
) -> usize {
    let last = tokens.len() - 1;
    let stopped = &tokens[failure.at.min(last)];
    // A token of no width was put in for a bracket whose absence is reported.
    let known = recovery.is_spoiled(tokens[0].lo, stopped.hi)
        || (stopped.lo == stopped.hi && stopped.tok == Tok::RBrace);
    // Where text was left out, what follows on the line is no new statement.
    let before = &tokens[failure.at.saturating_sub(1)];
    let inserted = match known && !begins_line(recovery, before, tokens.get(failure.at)) {
        true => None,
        false => insert_new(recovery, kind, tokens, failure)
            .or_else(|| replace(recovery, kind, tokens, failure))
            .or_else(|| insert(recovery, kind, tokens, failure)),
    };
    if !known {
        let hint = misspelt(kind, tokens, failure)
            .or_else(|| bare_conditional(tokens, failure))
            .or_else(|| bare_variable(tokens, failure))
            .or_else(|| list_pattern(tokens, failure))
            .or_else(|| async_of_elsewhere(tokens, failure))
            .or_else(|| word_of_elsewhere(kind, tokens));
        let problem = match &inserted {
            _ if hint.is_none() && is_misplaced(kind, tokens) => {
                misplaced(recovery, tokens)
            }
            Some(it) if hint.is_none() => it.problem.clone(),
            _ => with_hint(recovery.unexpected(tokens, failure), hint),
        };
        recovery.report(problem);
    }
    if let Some(Insertion { tokens, taken, .. }) = inserted {
        recovery.accept(kind, &tokens, into);
        return taken;
    }
    match leave_out(recovery, kind, tokens, failure) {
        Some((rest, lost)) => {
            recovery.lose(&tokens[lost]);
            recovery.accept(kind, &rest, into);
        }
        None => recovery.give_up(tokens, into),
    }
    tokens.len()
}

fn with_hint(problem: Problem, hint: Option<String>) -> Problem {
    match problem {
        Problem::Unexpected { at, found, expected, .. } => {
            Problem::Unexpected { at, found, expected, hint }
        }
        other => other,
    }
}

/// The piece with what was missing.
struct Insertion<'s> {
    problem: Problem,
    tokens: Vec<Token<'s>>,
    /// Tokens of the piece that these are for.
    taken: usize,
}

/// Puts `new` before the type in front of an initialiser.
fn insert_new<'s>(
    recovery: &Recovery<'_, 's>,
    kind: Kind,
    tokens: &[Token<'s>],
    failure: &Failure,
) -> Option<Insertion<'s>> {
    let brace = tokens.get(failure.at).filter(|it| it.tok == Tok::LBrace)?;
    let initialiser = recovery.brace_kind(brace.lo) == Some(Kind::Initializer);
    let last = failure.at.checked_sub(1).filter(|_| initialiser)?;
    let mut first = last;
    while first >= 2 && tokens[first - 1].tok == Tok::Dot {
        first -= 2;
    }
    if !matches!(tokens[first].tok, Tok::Ident(_)) {
        return None;
    }
    let ty = errors::Range { lo: tokens[first].lo, hi: tokens[last].hi };
    let mut whole = tokens.to_vec();
    whole.insert(first, Token { lo: ty.lo, hi: ty.lo, tok: Tok::New });
    recovery.fits(kind, &whole).is_ok().then_some(Insertion {
        problem: Problem::MissingNew { ty },
        tokens: whole,
        taken: tokens.len(),
    })
}

/// In a protocol, takes `-->` for `->` and `,` for `;`: what does not parse there would be
/// missed by every state that can no longer be reached.
fn replace<'s>(
    recovery: &Recovery<'_, 's>,
    kind: Kind,
    tokens: &[Token<'s>],
    failure: &Failure,
) -> Option<Insertion<'s>> {
    let mut whole = tokens.to_vec();
    let mut at = failure.at;
    let mut expected = failure.expected.clone();
    let mut problem = None;
    for _ in 0..INSERTIONS {
        let found = whole.get_mut(at).filter(|_| kind == Kind::Protocol)?;
        let (meant, tok) = match found.tok {
            Tok::ForwardOnce => ("->", Tok::Arrow),
            Tok::Comma => (";", Tok::Semi),
            _ => return None,
        };
        if !expected.iter().any(|it| terminal(it) == meant) {
            return None;
        }
        found.tok = tok;
        problem.get_or_insert_with(|| {
            let hint = Some(format!("write `{meant}`"));
            with_hint(recovery.unexpected(tokens, failure), hint)
        });
        match recovery.fits(kind, &whole) {
            Ok(()) => {
                let taken = tokens.len();
                return Some(Insertion { problem: problem?, tokens: whole, taken });
            }
            Err(next) if next.at > at => {
                at = next.at;
                expected = next.expected;
            }
            Err(_) => return None,
        }
    }
    None
}

/// Puts in closing brackets and `;` where the grammar stopped, if that makes it go on.
fn insert<'s>(
    recovery: &Recovery<'_, 's>,
    kind: Kind,
    tokens: &[Token<'s>],
    failure: &Failure,
) -> Option<Insertion<'s>> {
    let at = failure.at;
    let before = &tokens[at.checked_sub(1)?];
    let mut open = open_brackets(&tokens[..at]);
    let mut expected = failure.expected.clone();
    let mut problem = None;
    let mut repaired: Vec<Token<'s>> = tokens[..at].to_vec();
    for _ in 0..INSERTIONS {
        let allowed = |it: &str| expected.iter().any(|word| terminal(word) == it);
        // Where a statement may begin, `;` would be an empty one.
        let semicolon = allowed(";")
            && !allowed("while")
            && begins_line(recovery, before, tokens.get(at));
        let opener = open.last().map(|&it| (it, closer(&tokens[it].tok)));
        let (what, tok, opener) = match opener {
            Some((open, Some((what, tok)))) if allowed(what) => (what, tok, Some(open)),
            _ if semicolon => (";", Tok::Semi, None),
            _ => return None,
        };
        problem.get_or_insert(Problem::Missing {
            behind: range(before),
            what,
            open: opener.map(|it| range(&tokens[it])),
        });
        if opener.is_some() {
            open.pop();
        }
        let ended = tok == Tok::Semi;
        repaired.push(Token { lo: before.hi, hi: before.hi, tok });
        let mut whole = repaired.clone();
        whole.extend_from_slice(&tokens[at..]);
        match recovery.fits(kind, &whole) {
            Ok(()) => {
                return Some(Insertion {
                    problem: problem?,
                    tokens: whole,
                    taken: tokens.len(),
                });
            }
            Err(next) if next.at == repaired.len() && !ended => expected = next.expected,
            Err(_) => {
                let goes_on = ended && recovery.fits(kind, &repaired).is_ok();
                return goes_on.then_some(Insertion {
                    problem: problem?,
                    tokens: repaired,
                    taken: at,
                });
            }
        }
    }
    None
}

/// Whether the token behind `before` begins something new.
fn begins_line<'s>(
    recovery: &Recovery<'_, 's>,
    before: &Token<'s>,
    behind: Option<&Token<'s>>,
) -> bool {
    begins_anew(behind)
        || behind.is_some_and(|it| may_begin(&it.tok))
            && recovery.ends_line(before, behind)
}

/// Whether a token begins a statement or declaration wherever it stands on its line; `None`
/// is the end of the piece.
fn begins_anew(tok: Option<&Token<'_>>) -> bool {
    tok.is_none_or(|it| {
        matches!(
            it.tok,
            Tok::If
                | Tok::Else
                | Tok::While
                | Tok::Do
                | Tok::For
                | Tok::Foreach
                | Tok::Switch
                | Tok::Case
                | Tok::Default
                | Tok::From
                | Tok::Timeout
                | Tok::Break
                | Tok::Continue
                | Tok::Return
                | Tok::Throw
                | Tok::Try
                | Tok::Using
                | Tok::Yield
                | Tok::Assert
                | Tok::Expect
                | Tok::Decl
                | Tok::Modifier(_)
                | Tok::Input
                | Tok::Output
                | Tok::Required
                | Tok::Optional
                | Tok::Rule
                | Tok::Parsed(_)
                | Tok::RBrace
        )
    })
}

/// Whether a token may begin a statement on a line of its own.
fn may_begin(tok: &Tok<'_>) -> bool {
    matches!(
        tok,
        Tok::Ident(_)
            | Tok::Builtin(_)
            | Tok::Var
            | Tok::Void
            | Tok::LParen
            | Tok::TupleOpen
            | Tok::CastOpen
            | Tok::VectorOpen
            | Tok::LBracket
            | Tok::PlusPlus
            | Tok::MinusMinus
            | Tok::New
            | Tok::This
            | Tok::Base
            | Tok::Parent
            | Tok::Receive
            | Tok::Checked
            | Tok::Unchecked
            | Tok::UnsupportedStmt(_)
            | Tok::UnsupportedItem(_)
    )
}

/// Positions of the brackets that are open at the end of the tokens, outermost first.
fn open_brackets(tokens: &[Token<'_>]) -> Vec<usize> {
    let mut open = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token.tok {
            Tok::LParen
            | Tok::CastOpen
            | Tok::LambdaOpen
            | Tok::TupleOpen
            | Tok::LBracket
            | Tok::NullBracket
            | Tok::LBrace
            | Tok::VectorOpen
            | Tok::HoleStart => open.push(at),
            Tok::RParen | Tok::RBracket | Tok::RBrace | Tok::HoleEnd(_) => _ = open.pop(),
            _ => {}
        }
    }
    open
}

/// What closes a bracket, if it can be put in.
fn closer<'s>(opener: &Tok<'s>) -> Option<(&'static str, Tok<'s>)> {
    match opener {
        Tok::LParen | Tok::CastOpen | Tok::LambdaOpen | Tok::TupleOpen => {
            Some((")", Tok::RParen))
        }
        Tok::LBracket | Tok::NullBracket => Some(("]", Tok::RBracket)),
        Tok::LBrace | Tok::VectorOpen => Some(("}", Tok::RBrace)),
        _ => None,
    }
}

/// The piece with an error in place of what stands in brackets around the failure, or of the
/// value that is being assigned, and the positions of what was left out.
fn leave_out<'s>(
    recovery: &Recovery<'_, 's>,
    kind: Kind,
    tokens: &[Token<'s>],
    failure: &Failure,
) -> Option<(Vec<Token<'s>>, Range<usize>)> {
    let at = failure.at.min(tokens.len());
    for &open in open_brackets(&tokens[..at]).iter().rev().take(BRACKETS) {
        if let Some(close) = matching(tokens, open) {
            let rest = without(tokens, open + 1, close);
            if recovery.fits(kind, &rest).is_ok() {
                return Some((rest, open + 1..close));
            }
        }
    }
    let end = tokens.iter().rposition(|it| it.tok == Tok::Semi)?;
    let values = tokens[..at].iter().enumerate().filter(|(_, it)| {
        matches!(
            it.tok,
            Tok::Assign | Tok::Return | Tok::Throw | Tok::Send | Tok::FatArrow
        )
    });
    for (value, _) in values.take(BRACKETS) {
        let end = end.max(value + 1);
        let rest = without(tokens, value + 1, end);
        if recovery.fits(kind, &rest).is_ok() {
            return Some((rest, value + 1..end));
        }
    }
    None
}

/// The tokens with one error in place of those from `from` to `to`.
fn without<'s>(tokens: &[Token<'s>], from: usize, to: usize) -> Vec<Token<'s>> {
    let lo = tokens[from - 1].hi;
    let hi = tokens.get(to).map_or(lo, |it| it.lo);
    let mut rest = tokens[..from].to_vec();
    rest.push(Token { lo, hi, tok: Tok::ErrorExpr });
    rest.extend_from_slice(&tokens[to..]);
    rest
}

/// The bracket that closes the one at `open`.
fn matching(tokens: &[Token<'_>], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.tok {
            Tok::RParen | Tok::RBracket | Tok::RBrace | Tok::HoleEnd(_) => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ if open_brackets(std::slice::from_ref(token)).len() == 1 => depth += 1,
            _ => {}
        }
    }
    None
}

/// In a hole of a string, the `:` of a conditional begins the format.
fn bare_conditional(tokens: &[Token<'_>], failure: &Failure) -> Option<String> {
    let hole =
        matches!(&tokens.get(failure.at)?.tok, Tok::HoleEnd(it) if it.format.is_some());
    let conditional = failure.expected.iter().any(|it| terminal(it) == ":");
    (hole && conditional)
        .then(|| "put a conditional in a hole into parentheses".to_string())
}

/// `foreach (x in xs)`: the variable is declared there.
fn bare_variable(tokens: &[Token<'_>], failure: &Failure) -> Option<String> {
    let before = failure.at.checked_sub(2)?;
    match &tokens[before..] {
        [foreach, _, name, behind, ..] if foreach.tok == Tok::Foreach => {
            match (&name.tok, &behind.tok) {
                (Tok::Ident(name), Tok::In) => {
                    Some(format!("declare the variable: `foreach (var {name} in …)`"))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// Words that mean something in another place: an `else` without its `if`, a `case` among the
/// arms of a switch, and what stands in schemas and channels only.
fn word_of_elsewhere(kind: Kind, tokens: &[Token<'_>]) -> Option<String> {
    let first = tokens.iter().find(|it| it.tok != Tok::Decl)?;
    let text = match first.tok {
        Tok::Else => "`else` follows one statement, or several in braces",
        Tok::Ident("required" | "optional" | "rule") if kind.holds_members() => {
            "`required`, `optional` and `rule` stand in a schema"
        }
        Tok::Ident("input" | "output") if kind.holds_members() => {
            "ports stand in a `channel`"
        }
        _ => return None,
    };
    Some(text.to_owned())
}

/// `async int F()`, `async x => …`
fn async_of_elsewhere(tokens: &[Token<'_>], failure: &Failure) -> Option<String> {
    let before = tokens.get(failure.at.checked_sub(1)?)?;
    (before.tok == Tok::Ident("async"))
        .then(|| "code that waits needs no mark; a method may say `asynchronous`".into())
}

/// `case [1, 2]:`
fn list_pattern(tokens: &[Token<'_>], failure: &Failure) -> Option<String> {
    let bracket = matches!(tokens.get(failure.at)?.tok, Tok::LBracket | Tok::Rank);
    let patterns = failure.expected.iter().any(|it| terminal(it) == "not");
    (bracket && patterns).then(|| {
        "there are no patterns for lists; a tuple of the length and elements has them"
            .into()
    })
}

/// The first word of the piece may be a keyword that was mistyped: one of a declaration that
/// stops behind its name, or of a statement that stops at a brace or behind that word.
fn misspelt(kind: Kind, tokens: &[Token<'_>], failure: &Failure) -> Option<String> {
    let at_brace =
        tokens.get(failure.at).is_some_and(|it| matches!(it.tok, Tok::Parsed(_)));
    let first = tokens.iter().take(2).position(|it| it.tok != Tok::Decl)?;
    let near = match kind.holds_statements() {
        true => at_brace || failure.at == first + 1,
        false => at_brace || failure.at <= 3,
    };
    let Tok::Ident(word) = tokens[first].tok else { return None };
    let found = suggest::closest(word, KEYWORDS.iter().copied()).filter(|_| near)?;
    (found != word).then(|| format!("is `{word}` meant to be `{found}`?"))
}

/// Words that begin a declaration or a statement.
const KEYWORDS: &[&str] = &[
    "agent",
    "channel",
    "domain",
    "schema",
    "struct",
    "enum",
    "namespace",
    "using",
    "native",
    "public",
    "private",
    "reader",
    "writer",
    "function",
    "input",
    "output",
    "required",
    "optional",
    "if",
    "while",
    "for",
    "foreach",
    "switch",
    "return",
    "throw",
    "receive",
    "try",
    "yield",
];

/// Whether a statement stands where declarations do.
fn is_misplaced(kind: Kind, tokens: &[Token<'_>]) -> bool {
    if kind.holds_statements() || kind.is_list() {
        return false;
    }
    let statement = matches!(
        tokens[0].tok,
        Tok::If
            | Tok::While
            | Tok::For
            | Tok::Foreach
            | Tok::Switch
            | Tok::Return
            | Tok::Throw
            | Tok::Try
            | Tok::Do
            | Tok::Receive
            | Tok::This
            | Tok::Var
    );
    let expression = matches!(tokens[0].tok, Tok::Ident(_))
        && tokens.get(1).is_some_and(|it| {
            matches!(
                it.tok,
                Tok::Dot | Tok::Assign | Tok::Send | Tok::ColonColon | Tok::PlusPlus
            ) || it.tok.is_network()
        });
    statement || expression
}

fn misplaced<'s>(recovery: &Recovery<'_, 's>, tokens: &[Token<'s>]) -> Problem {
    let expected = vec!["agent".into(), "domain".into(), "struct".into()];
    let hint = "statements stand in the body of a constructor, method or test";
    with_hint(
        recovery.unexpected(tokens, &Failure { at: 0, expected }),
        Some(hint.into()),
    )
}
