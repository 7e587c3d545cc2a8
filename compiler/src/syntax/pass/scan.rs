//! Facts about a token list that need unlimited look-ahead, computed from the end so that
//! each position is visited once: matching brackets, extents of types, ends of clauses.
//! It does not know which of the possible readings holds.

use crate::syntax::token::{Tok, Token};

/// What stands behind the last token.
const END: &Tok<'static> = &Tok::StartFile;

/// Tables over token positions. Zero means "none": no table ever needs to name position 0.
#[derive(Debug)]
pub(crate) struct Scan<'t, 's> {
    pub(crate) tokens: &'t [Token<'s>],
    /// For an opening bracket, its closing one.
    close: Vec<u32>,
    /// For a closing bracket, its opening one plus one.
    open: Vec<u32>,
    /// Position behind the type without suffixes that begins here.
    core_end: Vec<u32>,
    /// Position behind the type that begins here.
    type_end: Vec<u32>,
    /// Position behind the `>` that ends a list of types that begins here.
    list_end: Vec<u32>,
    /// Next `;`, `:`, `into`, `when` or closing bracket at the depth of this position.
    stop: Vec<u32>,
}

impl<'t, 's> Scan<'t, 's> {
    pub(crate) fn new(tokens: &'t [Token<'s>]) -> Self {
        let empty = || vec![0; tokens.len() + 2];
        let mut scan = Self {
            tokens,
            close: empty(),
            open: empty(),
            core_end: empty(),
            type_end: empty(),
            list_end: empty(),
            stop: empty(),
        };
        scan.match_brackets();
        scan.find_stops();
        let mut suffix_end = empty();
        let mut tuple_end = empty();
        for at in (0..=tokens.len()).rev() {
            scan.extent(at, &mut suffix_end, &mut tuple_end);
        }
        scan
    }

    /// The token at a position, or the end mark.
    pub(crate) fn at(&self, at: usize) -> &'t Tok<'s> {
        self.tokens.get(at).map_or(END, |it| &it.tok)
    }
    /// Whether nothing stands between a token and the one before it.
    pub(crate) fn touches(&self, at: usize) -> bool {
        at > 0 && at < self.tokens.len() && self.tokens[at - 1].hi == self.tokens[at].lo
    }
    pub(crate) fn is_name(&self, at: usize) -> bool {
        matches!(self.at(at), Tok::Ident(_))
    }
    /// The matching closing bracket.
    pub(crate) fn close(&self, at: usize) -> Option<usize> {
        nonzero(&self.close, at)
    }
    /// The matching opening bracket.
    pub(crate) fn open(&self, at: usize) -> Option<usize> {
        nonzero(&self.open, at).map(|it| it - 1)
    }
    /// Position behind the type that begins here, if one can.
    pub(crate) fn type_end(&self, at: usize) -> Option<usize> {
        nonzero(&self.type_end, at)
    }
    /// The same without `?`, `[]` and `@State`.
    pub(crate) fn core_end(&self, at: usize) -> Option<usize> {
        nonzero(&self.core_end, at)
    }
    /// Position behind the type arguments that begin with `<` here, if they can be such.
    pub(crate) fn arguments_end(&self, at: usize) -> Option<usize> {
        (*self.at(at) == Tok::Lt).then(|| nonzero(&self.list_end, at + 1)).flatten()
    }
    /// Next `;`, `:`, `into`, `when` or closing bracket from here on, brackets skipped.
    pub(crate) fn stop(&self, at: usize) -> usize {
        nonzero(&self.stop, at).unwrap_or(self.tokens.len())
    }
    /// Whether a network operator stands here; `>>-` is still three tokens.
    pub(crate) fn is_network(&self, at: usize) -> bool {
        self.at(at).is_network() || self.is_multiplex(at)
    }
    pub(crate) fn is_multiplex(&self, at: usize) -> bool {
        *self.at(at) == Tok::Gt
            && *self.at(at + 1) == Tok::Gt
            && *self.at(at + 2) == Tok::Minus
            && self.touches(at + 1)
            && self.touches(at + 2)
    }

    fn match_brackets(&mut self) {
        let mut stack: Vec<usize> = Vec::new();
        for (at, token) in self.tokens.iter().enumerate() {
            let opener = match token.tok {
                Tok::LBrace | Tok::LParen | Tok::LBracket | Tok::HoleStart => {
                    stack.push(at);
                    continue;
                }
                Tok::RBrace => Tok::LBrace,
                Tok::RParen => Tok::LParen,
                Tok::RBracket => Tok::LBracket,
                Tok::HoleEnd(_) => Tok::HoleStart,
                _ => continue,
            };
            // A brace or a hole closes what was left open within it; `)` and `]` do not reach
            // over a brace.
            let strong = matches!(opener, Tok::LBrace | Tok::HoleStart);
            while let Some(&top) = stack.last() {
                let found = &self.tokens[top].tok;
                if *found == opener {
                    stack.pop();
                    self.close[top] = narrow(at);
                    self.open[at] = narrow(top + 1);
                    break;
                }
                if !strong || matches!(found, Tok::LBrace | Tok::HoleStart) {
                    break;
                }
                stack.pop();
            }
        }
    }

    fn find_stops(&mut self) {
        let mut outer: Vec<u32> = Vec::new();
        let mut current = narrow(self.tokens.len());
        for at in (0..self.tokens.len()).rev() {
            match &self.tokens[at].tok {
                Tok::RBrace | Tok::RParen | Tok::RBracket | Tok::HoleEnd(_) => {
                    if self.open[at] != 0 {
                        outer.push(current);
                    }
                    current = narrow(at);
                }
                Tok::LBrace | Tok::LParen | Tok::LBracket | Tok::HoleStart
                    if self.close[at] != 0 =>
                {
                    current = outer.pop().unwrap_or(current);
                }
                Tok::Semi | Tok::Colon | Tok::Ident("into" | "when") => {
                    current = narrow(at)
                }
                _ => {}
            }
            self.stop[at] = current;
        }
    }

    /// Fills the tables of types at one position from those behind it.
    fn extent(&mut self, at: usize, suffix_end: &mut [u32], tuple_end: &mut [u32]) {
        suffix_end[at] = match self.at(at) {
            Tok::Question => suffix_end[at + 1],
            Tok::LBracket if *self.at(at + 1) == Tok::RBracket => suffix_end[at + 2],
            Tok::At if self.is_name(at + 1) => suffix_end[at + 2],
            _ => narrow(at),
        };
        let core = match self.at(at) {
            Tok::Ident(_) => {
                let end = self.arguments_end(at + 1).unwrap_or(at + 1);
                match self.at(end) {
                    Tok::Dot if self.is_name(end + 1) => self.core_end[end + 1],
                    _ => narrow(end),
                }
            }
            Tok::Builtin(_) | Tok::Var | Tok::Void => narrow(at + 1),
            Tok::LParen => match element_end(self, at + 1) {
                Some(end) if *self.at(end) == Tok::Comma => tuple_end[end + 1],
                _ => 0,
            },
            _ => 0,
        };
        self.core_end[at] = core;
        self.type_end[at] = if core == 0 { 0 } else { suffix_end[core as usize] };
        let end = self.type_end[at] as usize;
        self.list_end[at] = match self.at(end) {
            _ if end == 0 => 0,
            Tok::Comma => self.list_end[end + 1],
            Tok::Gt => narrow(end + 1),
            _ => 0,
        };
        tuple_end[at] = match element_end(self, at) {
            Some(end) if *self.at(end) == Tok::Comma => tuple_end[end + 1],
            Some(end) if *self.at(end) == Tok::RParen => narrow(end + 1),
            _ => 0,
        };
    }
}

/// Position behind an element of a tuple type, a type with or without a name.
fn element_end(scan: &Scan<'_, '_>, at: usize) -> Option<usize> {
    let end = scan.type_end(at)?;
    Some(if scan.is_name(end) { end + 1 } else { end })
}

fn nonzero(table: &[u32], at: usize) -> Option<usize> {
    table.get(at).filter(|&&it| it != 0).map(|&it| it as usize)
}

fn narrow(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
