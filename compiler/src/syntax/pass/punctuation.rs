//! Separators and operators in the token pass that mean several things: `;`, `,`, `:`, `?`,
//! `=>` and `>`. Brackets are in `brackets`.

use super::brackets::{Frame, PatternExtent};
use super::{Kind, Pass, State};
use crate::syntax::token::Tok;

impl Pass<'_, '_> {
    pub(super) fn semicolon(&mut self) {
        if self.frame().cases {
            return self.end_of_case();
        }
        self.close_at_semicolon();
        let for_header = self.kind() == Kind::ForHeader;
        let frame = self.frame();
        frame.end_clause();
        self.pending = None;
        self.keep(if for_header { State::Operator } else { State::Start });
    }

    pub(super) fn comma(&mut self) {
        let frame = self.frame();
        frame.end_is_pattern();
        let state = match frame.kind {
            Kind::Parameters => State::Decl,
            Kind::PatternParen => State::Pattern,
            Kind::SwitchArms => {
                frame.pattern = PatternExtent::Head;
                State::Pattern
            }
            _ => State::Operator,
        };
        self.keep(state);
    }

    pub(super) fn colon(&mut self) {
        if self.frame().cases && self.colon_of_case() {
            return;
        }
        let frame = self.frame();
        frame.end_is_pattern();
        let state = if frame.ternary > 0 {
            frame.ternary -= 1;
            State::Operator
        } else if frame.label {
            frame.end_clause();
            State::Start
        } else if frame.kind == Kind::PropertyPattern {
            State::Pattern
        } else {
            State::Operator
        };
        self.keep(state);
    }

    /// `?` of a type, of `?.` and `?[`, or of a conditional.
    pub(super) fn question(&mut self) {
        let next = self.at + 1;
        let rank = *self.scan.at(next) == Tok::LBracket
            && *self.scan.at(next + 1) == Tok::RBracket;
        match self.scan.at(next) {
            Tok::Dot if self.scan.touches(next) => {
                self.emit_for(2, Tok::NullDot);
                self.state = State::Operator;
                if self.scan.is_name(self.at) {
                    self.name();
                }
            }
            Tok::LBracket if rank => self.emit(Tok::Nullable, State::Operand),
            Tok::LBracket if self.scan.touches(next) => {
                self.emit_for(2, Tok::NullBracket);
                self.frames.push(Frame::new(Kind::Index));
                self.state = State::Operator;
            }
            Tok::Semi
            | Tok::RParen
            | Tok::RBracket
            | Tok::Comma
            | Tok::Gt
            | Tok::LBrace => {
                self.emit(Tok::Nullable, State::Operand);
            }
            _ => {
                let frame = self.frame();
                frame.end_is_pattern();
                frame.ternary += 1;
                self.keep(State::Operator);
            }
        }
    }

    /// `=>` of a `switch` arm, a lambda or a member.
    pub(super) fn arrow(&mut self) {
        let frame = self.frame();
        let arm = frame.kind == Kind::SwitchArms
            && (frame.pattern == PatternExtent::Head || frame.guard);
        if arm {
            frame.pattern = PatternExtent::None;
            frame.guard = false;
        }
        let tok = if arm { Tok::ArmArrow } else { Tok::FatArrow };
        self.emit(tok, State::Operator);
    }

    /// `>` and what is written with it; the lexer leaves them apart for type arguments.
    pub(super) fn greater(&mut self) {
        if self.state != State::Pattern {
            self.frame().end_is_pattern();
        }
        let next = |back: usize, tok: &Tok<'_>| {
            self.scan.at(self.at + back) == tok && self.scan.touches(self.at + back)
        };
        let (count, tok) = if self.scan.is_multiplex(self.at) {
            (3, Tok::Multiplex)
        } else if next(1, &Tok::Gt) && next(2, &Tok::Assign) {
            (3, Tok::ShrAssign)
        } else if next(1, &Tok::Gt) {
            (2, Tok::Shr)
        } else if next(1, &Tok::Assign) {
            (2, Tok::Ge)
        } else {
            (1, Tok::Gt)
        };
        self.emit_for(count, tok);
        self.state = State::Operator;
    }
}
