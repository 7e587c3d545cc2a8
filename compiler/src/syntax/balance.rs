//! Braces that do not match: finds by indentation where one is missing or too many, reports
//! it, and hands on a list of tokens whose braces match. It leaves matching files alone.

use super::errors::{Problem, Range};
use super::token::{Tok, Token};

/// Where a token stands on its line.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// First token of its line.
    first: bool,
    /// Characters before the first token of its line.
    indent: u32,
}

/// The tokens with matching braces.
pub(super) fn balance<'s>(
    text: &str,
    tokens: Vec<Token<'s>>,
    problems: &mut Vec<Problem>,
) -> Vec<Token<'s>> {
    let surplus = surplus(&tokens);
    if surplus == (0, 0) {
        return tokens;
    }
    let mut balancer = Balancer {
        end: u32::try_from(text.len()).unwrap_or(u32::MAX),
        unclosed: surplus.0 > 0,
        unopened: surplus.1 > 0,
        stack: Vec::new(),
        out: Vec::with_capacity(tokens.len()),
        reported: false,
        problems,
    };
    let places = places(text, &tokens);
    for (at, token) in tokens.iter().enumerate() {
        balancer.token(token, places[at], tokens.get(at + 1));
    }
    balancer.close_all(0);
    balancer.out
}

/// How many braces stay open, and how many close nothing.
fn surplus(tokens: &[Token<'_>]) -> (usize, usize) {
    let (mut open, mut unopened) = (0, 0);
    for token in tokens {
        match token.tok {
            Tok::LBrace => open += 1,
            Tok::RBrace if open > 0 => open -= 1,
            Tok::RBrace => unopened += 1,
            _ => {}
        }
    }
    (open, unopened)
}

fn places(text: &str, tokens: &[Token<'_>]) -> Vec<Place> {
    let mut indent = 0;
    let mut behind = 0;
    let mut places = Vec::with_capacity(tokens.len());
    for token in tokens {
        let (lo, hi) = (token.lo as usize, token.hi as usize);
        let gap = text.get(behind..lo).unwrap_or("");
        let first = places.is_empty() || gap.contains('\n');
        if first {
            let line = gap.rfind('\n').map_or(0, |it| it + 1);
            indent = u32::try_from(gap.len() - line).unwrap_or(u32::MAX);
        }
        places.push(Place { first, indent });
        behind = hi;
    }
    places
}

struct Balancer<'p, 's> {
    end: u32,
    unclosed: bool,
    unopened: bool,
    /// Open braces, with the indentation of their lines.
    stack: Vec<(Range, u32)>,
    out: Vec<Token<'s>>,
    reported: bool,
    problems: &'p mut Vec<Problem>,
}

impl<'s> Balancer<'_, 's> {
    fn token(&mut self, token: &Token<'s>, place: Place, next: Option<&Token<'s>>) {
        let at = Range { lo: token.lo, hi: token.hi };
        match token.tok {
            Tok::LBrace => self.stack.push((at, place.indent)),
            Tok::RBrace => {
                if !self.closes(place) {
                    self.problems.push(Problem::Unopened { at, bracket: "}" });
                    return;
                }
                self.stack.pop();
            }
            _ if self.unclosed && place.first && begins_item(token, next) => {
                let keep = self.stack.iter().rposition(|it| it.1 < place.indent);
                let keep = keep.map_or(0, |it| it + 1);
                self.close_until(keep, token.lo);
            }
            _ => {}
        }
        self.out.push(token.clone());
    }

    /// Whether a closing brace closes something; first closes what must have been meant to
    /// end before it.
    fn closes(&mut self, place: Place) -> bool {
        let Some(&(_, top)) = self.stack.last() else { return false };
        if !place.first || top == place.indent {
            return true;
        }
        if place.indent > top {
            return !self.unopened;
        }
        let same = self.stack.iter().rposition(|it| it.1 <= place.indent);
        if let Some(found) =
            same.filter(|&it| self.unclosed && self.stack[it].1 == place.indent)
        {
            let lo = self.stack[found].0.hi.max(self.out.last().map_or(0, |it| it.hi));
            self.close_until(found + 1, lo);
        }
        true
    }

    /// Closes open braces down to `keep` of them, at an offset.
    fn close_until(&mut self, keep: usize, at: u32) {
        while self.stack.len() > keep {
            let Some((open, _)) = self.stack.pop() else { return };
            if !self.reported {
                self.reported = true;
                let end = Range { lo: self.end, hi: self.end };
                self.problems.push(Problem::Unclosed { open, bracket: "}", end });
            }
            self.out.push(Token { lo: at, hi: at, tok: Tok::RBrace });
        }
    }

    fn close_all(&mut self, keep: usize) {
        self.close_until(keep, self.end);
    }
}

/// Whether a declaration of the outermost kinds begins with this token.
fn begins_item(token: &Token<'_>, next: Option<&Token<'_>>) -> bool {
    let named = next.is_some_and(|it| matches!(it.tok, Tok::Ident(_)));
    match token.tok {
        Tok::Ident("agent" | "domain" | "channel" | "schema" | "reader" | "writer") => {
            named
        }
        Tok::Struct | Tok::Enum | Tok::Namespace => named,
        Tok::Modifier(_) => true,
        _ => false,
    }
}
