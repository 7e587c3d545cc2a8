//! Where one declaration, statement or case ends and the next begins, told without parsing:
//! recovery parses each on its own. It is used only for files that do not parse as a whole.

use super::pass::Kind;
use super::token::{Tok, Token};

/// One level of a file: its tokens, with each braced region below it as one token.
pub(super) struct Flat<'s> {
    pub(super) tokens: Vec<Token<'s>>,
    /// For each opening bracket, the position of its closing one, or zero.
    close: Vec<u32>,
    /// For each token that stands for a region, whether a declaration or statement may end
    /// with it.
    ends: Vec<bool>,
}

impl<'s> Flat<'s> {
    /// `kind_of` tells what a region was.
    pub(super) fn new(tokens: Vec<Token<'s>>, kind_of: impl Fn(u32) -> Kind) -> Self {
        let ends = tokens
            .iter()
            .map(|it| match it.tok {
                Tok::Parsed(number) => kind_of(number) != Kind::LambdaBlock,
                _ => false,
            })
            .collect();
        let close = matched(&tokens);
        Self { tokens, close, ends }
    }

    fn tok(&self, at: usize) -> Option<&Tok<'s>> {
        self.tokens.get(at).map(|it| &it.tok)
    }

    /// Position behind the bracket or token at `at`.
    fn next(&self, at: usize) -> usize {
        match self.close[at] {
            0 => at + 1,
            close => close as usize + 1,
        }
    }

    /// Position behind the piece that begins at `start`.
    pub(super) fn piece_end(&self, start: usize, kind: Kind) -> usize {
        match kind {
            Kind::Enum => self.find_behind(start, |tok| *tok == Tok::Comma),
            Kind::Protocol => self.find_behind(start, |tok| *tok == Tok::Semi),
            Kind::SwitchBody | Kind::ReceiveBody => match self.tok(start) {
                Some(Tok::Case | Tok::Default | Tok::From | Tok::Timeout) => {
                    self.label_end(start)
                }
                _ => self.statement_end(start),
            },
            kind if kind.holds_statements() => self.statement_end(start),
            _ => self.member_end(start),
        }
    }

    fn find_behind(&self, start: usize, ends: impl Fn(&Tok<'s>) -> bool) -> usize {
        let mut at = start;
        while let Some(tok) = self.tok(at) {
            if ends(tok) {
                return at + 1;
            }
            at = self.next(at);
        }
        self.tokens.len()
    }

    /// Behind the `:` of a case; conditionals have one of their own.
    fn label_end(&self, start: usize) -> usize {
        let (mut at, mut conditionals) = (start, 0_usize);
        while let Some(tok) = self.tok(at) {
            match tok {
                Tok::Question => conditionals += 1,
                Tok::Colon if conditionals == 0 => return at + 1,
                Tok::Colon => conditionals -= 1,
                Tok::Semi => return at + 1,
                _ => {}
            }
            at = self.next(at);
        }
        self.tokens.len()
    }

    fn statement_end(&self, start: usize) -> usize {
        let (mut at, mut loops, mut ifs, mut tries) = (start, 0_usize, 0_usize, 0_usize);
        while let Some(tok) = self.tok(at) {
            if at > start && *tok == Tok::Decl && ends_value(&self.tokens[at - 1].tok) {
                return at;
            }
            match tok {
                Tok::Do => loops += 1,
                Tok::If => ifs += 1,
                Tok::Try => tries += 1,
                _ => {}
            }
            let next = self.next(at);
            let ends =
                self.ends[at] || matches!(tok, Tok::Semi | Tok::UnsupportedStmt(_));
            match self.tok(next) {
                Some(Tok::Else) if ends && ifs > 0 => ifs -= 1,
                Some(Tok::Catch | Tok::Finally) if ends && tries > 0 => {}
                Some(Tok::While) if ends && loops > 0 => loops -= 1,
                _ if ends => return next,
                _ => {}
            }
            at = next;
        }
        self.tokens.len()
    }

    fn member_end(&self, start: usize) -> usize {
        let mut at = start;
        // Position behind the last token that could not stand before a declaration.
        let mut head = start;
        while let Some(tok) = self.tok(at) {
            if self.ends[at] || matches!(tok, Tok::Semi | Tok::UnsupportedItem(_)) {
                return at + 1;
            }
            if head > start && self.begins_member(at) {
                return head;
            }
            let next = self.next(at);
            if holds_accessors(&self.tokens, at) {
                return next;
            }
            if !matches!(
                tok,
                Tok::Modifier(_)
                    | Tok::LBracket
                    | Tok::Input
                    | Tok::Output
                    | Tok::Required
                    | Tok::Optional
            ) {
                head = next;
            }
            at = next;
        }
        self.tokens.len()
    }

    /// Whether only a new declaration can begin here.
    fn begins_member(&self, at: usize) -> bool {
        match self.tokens[at].tok {
            Tok::Decl | Tok::UnsupportedItem(_) | Tok::Using => true,
            Tok::Input | Tok::Output | Tok::Required | Tok::Optional => true,
            Tok::Agent
            | Tok::Domain
            | Tok::Schema
            | Tok::Struct
            | Tok::Enum
            | Tok::Test => true,
            Tok::Channel => at == 0 || self.tokens[at - 1].tok != Tok::Colon,
            _ => false,
        }
    }
}

/// Tokens that a declaration cannot follow within one statement.
fn ends_value(tok: &Tok<'_>) -> bool {
    matches!(
        tok,
        Tok::Ident(_)
            | Tok::Literal(_)
            | Tok::Str(_)
            | Tok::InterpolationEnd
            | Tok::RBracket
            | Tok::Null
            | Tok::True
            | Tok::False
    )
}

/// Whether the brace at `open` holds `get;` and perhaps `set;`.
fn holds_accessors(tokens: &[Token<'_>], open: usize) -> bool {
    tokens[open].tok == Tok::LBrace
        && tokens.get(open + 1).is_some_and(|it| it.tok == Tok::Get)
}

/// Closing brackets by position. A `;` ends any bracket in which none may stand.
fn matched(tokens: &[Token<'_>]) -> Vec<u32> {
    let mut close = vec![0; tokens.len()];
    let mut stack: Vec<(usize, Tok<'_>)> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let closer = match token.tok {
            Tok::LBrace | Tok::VectorOpen => Tok::RBrace,
            Tok::LParen | Tok::CastOpen | Tok::LambdaOpen | Tok::TupleOpen => Tok::RParen,
            Tok::LBracket | Tok::NullBracket => Tok::RBracket,
            Tok::HoleStart => Tok::InterpolationEnd,
            Tok::Semi => {
                while stack
                    .last()
                    .is_some_and(|&(open, _)| !holds_semicolons(tokens, open))
                {
                    stack.pop();
                }
                continue;
            }
            _ => {
                let expected = match token.tok {
                    Tok::HoleEnd(_) => Tok::InterpolationEnd,
                    _ => token.tok.clone(),
                };
                if stack.last().is_some_and(|it| it.1 == expected)
                    && let Some((open, _)) = stack.pop()
                {
                    close[open] = u32::try_from(at).unwrap_or(0);
                }
                continue;
            }
        };
        stack.push((at, closer));
    }
    close
}

fn holds_semicolons(tokens: &[Token<'_>], open: usize) -> bool {
    open > 0 && tokens[open - 1].tok == Tok::For || holds_accessors(tokens, open)
}
