//! What to do with a piece that does not parse: the smallest change that makes it parse is
//! made and reported; if there is none, the part around the error is left out, or else the
//! whole piece. One problem for a piece at most, and none where one is known already.

use super::construct::Parsed;
use super::errors::Problem;
use super::expected::terminal;
use super::parser::{Failure, range};
use super::pass::Kind;
use super::recover::Recovery;
use super::token::{Tok, Token};
use crate::diag::suggest;

/// Tokens that may be put in at one place.
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
    let inserted = insert(recovery, kind, tokens, failure);
    if !known {
        let hint = misspelt(kind, tokens, failure).or_else(|| misplaced(kind, tokens));
        let problem = match &inserted {
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
        Some(rest) => recovery.accept(kind, &rest, into),
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
        let semicolon = allowed(";") && !allowed("while");
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
                let goes_on = ended
                    && recovery.begins_line(before.hi, tokens.get(at)?.lo)
                    && recovery.fits(kind, &repaired).is_ok();
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
/// value that is being assigned.
fn leave_out<'s>(
    recovery: &Recovery<'_, 's>,
    kind: Kind,
    tokens: &[Token<'s>],
    failure: &Failure,
) -> Option<Vec<Token<'s>>> {
    let at = failure.at.min(tokens.len());
    for &open in open_brackets(&tokens[..at]).iter().rev().take(BRACKETS) {
        if let Some(close) = matching(tokens, open) {
            let rest = without(tokens, open + 1, close);
            if recovery.fits(kind, &rest).is_ok() {
                return Some(rest);
            }
        }
    }
    let equals = tokens[..at].iter().position(|it| it.tok == Tok::Assign)?;
    let end = tokens.iter().rposition(|it| it.tok == Tok::Semi)?;
    let rest = without(tokens, equals + 1, end.max(equals + 1));
    recovery.fits(kind, &rest).is_ok().then_some(rest)
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

/// The first word of the piece may be a keyword that was mistyped: one of a declaration that
/// stops behind its name, or of a statement that stops at a brace.
fn misspelt(kind: Kind, tokens: &[Token<'_>], failure: &Failure) -> Option<String> {
    let at_brace = matches!(tokens.get(failure.at)?.tok, Tok::Parsed(_));
    let near = match kind.holds_statements() {
        true => at_brace,
        false => at_brace || failure.at <= 3,
    };
    let first = tokens.iter().take(2).find(|it| it.tok != Tok::Decl)?;
    let Tok::Ident(word) = first.tok else { return None };
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

/// A statement where declarations stand.
fn misplaced(kind: Kind, tokens: &[Token<'_>]) -> Option<String> {
    if kind.holds_statements() || kind.is_list() {
        return None;
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
    (statement || expression).then(|| {
        "statements stand in the body of a constructor, method or test".to_string()
    })
}
