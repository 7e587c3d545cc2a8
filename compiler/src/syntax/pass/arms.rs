//! Arms of a switch expression that are written like cases of the statement: `case 1: "one",`
//! instead of `1 => "one",`. They are read as arms, so that only the spelling is reported.

use super::brackets::PatternExtent;
use super::{Pass, State};
use crate::syntax::token::Tok;

impl Pass<'_, '_> {
    /// Whether an arm of a switch expression may begin here.
    pub(super) fn at_arm(&mut self) -> bool {
        let begins = self.state == State::Pattern;
        let frame = self.frame();
        begins
            && frame.kind == super::Kind::SwitchArms
            && frame.pattern == PatternExtent::Head
    }

    /// Drops `case`, and takes `default` for `_`.
    pub(super) fn case_as_arm(&mut self) {
        let word = self.scan.tokens[self.at].clone();
        if word.tok == Tok::Default {
            self.emit(Tok::Ident("_"), State::Operand);
        } else {
            self.at += 1;
        }
        if !self.frame().cases {
            self.frame().cases = true;
            self.cases.push(word);
        }
    }

    /// `:` behind the pattern of a case; `false` if it is another one.
    pub(super) fn colon_of_case(&mut self) -> bool {
        let frame = self.frame();
        let head = frame.pattern == PatternExtent::Head || frame.guard;
        if !head || frame.ternary > 0 {
            return false;
        }
        frame.pattern = PatternExtent::None;
        frame.guard = false;
        self.emit(Tok::ArmArrow, State::Operator);
        true
    }

    /// `;` behind the value of a case.
    pub(super) fn end_of_case(&mut self) {
        let frame = self.frame();
        frame.end_clause();
        frame.pattern = PatternExtent::Head;
        self.emit(Tok::Comma, State::Pattern);
    }
}
