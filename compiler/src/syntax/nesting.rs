//! The limit on nesting (AX0006): what lies deeper is left out before anything that could
//! recurse sees it. It looks at brackets in plain tokens, and at nesting without brackets in
//! marked ones.

use super::errors::{Problem, Range};
use super::token::{Tok, Token};

/// Levels that are accepted.
const LEVELS: usize = 256;
/// Tokens of one clause, such as an operator chain: each may be a level of the tree.
const CLAUSE: usize = 600_000;
/// Branches of one `else if` chain.
const BRANCHES: usize = 200_000;

fn opens(tok: &Tok<'_>) -> bool {
    matches!(tok, Tok::LBrace | Tok::LParen | Tok::LBracket | Tok::HoleStart)
}

/// Brackets that are open, from the outermost.
#[derive(Debug, Default)]
struct Open {
    /// Whether each is a brace, a hole or the header of a `for`, which `;` does not close.
    strong: Vec<bool>,
}

impl Open {
    /// `;` and `}` close the parentheses that were left open before them.
    fn close_weak(&mut self) {
        while self.strong.last() == Some(&false) {
            self.strong.pop();
        }
    }
}

fn closes(tok: &Tok<'_>) -> bool {
    matches!(tok, Tok::RBrace | Tok::RParen | Tok::RBracket | Tok::HoleEnd(_))
}

/// Leaves out what stands in brackets deeper than the limit.
pub(super) fn limit_brackets<'s>(
    tokens: Vec<Token<'s>>,
    problems: &mut Vec<Problem>,
) -> Vec<Token<'s>> {
    let mut open = Open::default();
    let mut out: Vec<Token<'s>> = Vec::with_capacity(tokens.len());
    let mut after_for = false;
    for token in tokens {
        let depth = open.strong.len();
        match &token.tok {
            tok if opens(tok) => {
                let strong = matches!(tok, Tok::LBrace | Tok::HoleStart) || after_for;
                open.strong.push(strong);
                if depth == LEVELS {
                    problems.push(too_deep(&token));
                    out.push(Token { tok: Tok::ErrorExpr, ..token });
                }
            }
            Tok::RParen | Tok::RBracket => _ = open.strong.pop(),
            Tok::RBrace | Tok::HoleEnd(_) => {
                open.close_weak();
                open.strong.pop();
            }
            Tok::Semi => open.close_weak(),
            _ => {}
        }
        after_for = token.tok == Tok::For;
        // A bracket that goes too deep is left out with what it holds.
        if depth.max(open.strong.len()) <= LEVELS {
            out.push(token);
        }
    }
    out
}

fn too_deep(token: &Token<'_>) -> Problem {
    Problem::TooDeep { at: Range { lo: token.lo, hi: token.hi } }
}

/// Nesting without brackets that is open within one bracket.
#[derive(Clone, Copy, Default)]
struct Level {
    /// Prefix operators and casts directly before each other.
    prefixes: usize,
    /// Lambdas, and statements that end in another one, not yet ended.
    open: usize,
    branches: usize,
    tokens: usize,
    /// Type arguments within each other.
    types: usize,
}

impl Level {
    /// Whether the token at hand goes a level too deep.
    fn enters(&mut self, tok: &Tok<'_>, operand_before: bool) -> bool {
        self.tokens += 1;
        match tok {
            Tok::Bang | Tok::Tilde | Tok::Minus | Tok::Plus if !operand_before => {
                self.prefixes += 1;
            }
            Tok::PlusPlus | Tok::MinusMinus if !operand_before => self.prefixes += 1,
            Tok::FromEnd | Tok::CastOpen | Tok::Not | Tok::New => self.prefixes += 1,
            Tok::RParen | Tok::Ident(_) | Tok::Builtin(_) | Tok::TypeLt | Tok::TypeGt => {
            }
            _ => self.prefixes = 0,
        }
        match tok {
            Tok::FatArrow
            | Tok::Throw
            | Tok::If
            | Tok::While
            | Tok::For
            | Tok::Foreach => {
                self.open += 1;
            }
            Tok::Using | Tok::Do => self.open += 1,
            Tok::Else => {
                self.branches += 1;
                self.open = 0;
            }
            Tok::TypeLt => self.types += 1,
            Tok::TypeGt => self.types = self.types.saturating_sub(1),
            _ => {}
        }
        self.prefixes > LEVELS || self.open > LEVELS || self.types > LEVELS
    }

    /// Whether the clause at hand is a chain beyond any use.
    fn is_too_long(&self) -> bool {
        self.branches > BRANCHES || self.tokens > CLAUSE
    }

    /// After `;`, `,` or a brace the next clause begins.
    fn end_clause(&mut self, goes_on: bool) {
        let branches = if goes_on { self.branches } else { 0 };
        *self = Self { branches, ..Self::default() };
    }
}

/// Leaves out the rest of a clause that is nested too deep without brackets.
pub(super) fn limit_clauses<'s>(
    tokens: Vec<Token<'s>>,
    problems: &mut Vec<Problem>,
) -> Vec<Token<'s>> {
    let mut levels = vec![Level::default()];
    let mut out: Vec<Token<'s>> = Vec::with_capacity(tokens.len());
    let mut skipping: Option<usize> = None;
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let else_follows = tokens.peek().is_some_and(|it| it.tok == Tok::Else);
        let ends = matches!(token.tok, Tok::Semi | Tok::Comma);
        let opens = opens(&token.tok)
            || matches!(
                token.tok,
                Tok::VectorOpen
                    | Tok::CastOpen
                    | Tok::LambdaOpen
                    | Tok::TupleOpen
                    | Tok::NullBracket
            );
        let closes = closes(&token.tok);
        if let Some(depth) = skipping {
            if levels.len() > depth || !(ends || closes) {
                match () {
                    () if opens => levels.push(Level::default()),
                    () if closes => _ = levels.pop(),
                    () => {}
                }
                continue;
            }
            skipping = None;
        }
        let last = levels.len() - 1;
        let level = &mut levels[last];
        let operand_before = out.last().is_some_and(|it| ends_operand(&it.tok));
        let deep = level.enters(&token.tok, operand_before);
        if deep || level.is_too_long() {
            let at = Range { lo: token.lo, hi: token.hi };
            problems.push(match deep {
                true => Problem::TooDeep { at },
                false => Problem::TooLong { at },
            });
            level.end_clause(false);
            out.push(Token { tok: Tok::ErrorExpr, ..token });
            skipping = Some(levels.len());
            if opens {
                levels.push(Level::default());
            }
            continue;
        }
        if ends {
            level.end_clause(else_follows);
        }
        if opens {
            levels.push(Level::default());
        } else if closes && levels.len() > 1 {
            let brace = token.tok == Tok::RBrace;
            levels.pop();
            let last = levels.len() - 1;
            if brace {
                levels[last].end_clause(else_follows);
            }
        }
        out.push(token);
    }
    out
}

fn ends_operand(tok: &Tok<'_>) -> bool {
    matches!(
        tok,
        Tok::Ident(_)
            | Tok::Literal(_)
            | Tok::Str(_)
            | Tok::RParen
            | Tok::RBracket
            | Tok::RBrace
            | Tok::This
            | Tok::Base
            | Tok::Null
            | Tok::True
            | Tok::False
            | Tok::InterpolationEnd
            | Tok::TypeGt
            | Tok::Rank
    )
}
