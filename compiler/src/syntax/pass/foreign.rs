//! Constructs of C# that the language has not: the pass takes each as one token, so that
//! `resolve` can name it and the rest of the file parses. It says nothing about replacements.

use super::{Kind, Pass, State};
use crate::syntax::token::{Foreign, Tok};

impl<'s> Pass<'_, 's> {
    /// Position behind the declaration at hand: behind its `;` or its brace.
    fn declaration_end(&self, from: usize) -> usize {
        let mut at = from;
        loop {
            match self.scan.at(at) {
                Tok::StartFile | Tok::RBrace | Tok::RParen | Tok::RBracket => return at,
                Tok::Semi => return at + 1,
                Tok::LBrace => {
                    let end = self.scan.close(at).map_or(at + 1, |it| it + 1);
                    let initialised = *self.scan.at(end) == Tok::Assign;
                    if !initialised {
                        return end;
                    }
                    at = end;
                }
                _ => at = self.scan.close(at).map_or(at, |it| it) + 1,
            }
        }
    }

    fn item_token(&mut self, what: &'static str, name_at: usize) {
        let name = match self.scan.at(name_at) {
            Tok::Ident(name) => Some((*name, self.scan.tokens[name_at].lo)),
            _ => None,
        };
        let end = self.declaration_end(self.at);
        self.emit_for(
            end - self.at,
            Tok::UnsupportedItem(Box::new(Foreign { what, name })),
        );
        self.state = State::Start;
    }

    fn stmt_token(&mut self, what: &'static str) {
        let end = self.declaration_end(self.at + 1);
        self.emit_for(end - self.at, Tok::UnsupportedStmt(what));
        self.state = State::Start;
    }

    /// Properties, indexers and operators, where members stand.
    pub(super) fn foreign_member(&mut self) -> bool {
        if self.state != State::Start || !self.kind().holds_members() {
            return false;
        }
        let Some(end) = self.scan.type_end(self.at) else { return false };
        let what = match (self.scan.at(end), self.scan.at(end + 1)) {
            (Tok::Ident(_), Tok::LBrace) if self.is_accessor_list(end + 1) => "property",
            (Tok::Ident(_), Tok::FatArrow) => "property",
            (Tok::This, Tok::LBracket) => "indexer",
            (Tok::Foreign("operator"), _) => "user-defined operator",
            _ => return false,
        };
        self.item_token(what, end);
        true
    }

    fn is_accessor_list(&self, at: usize) -> bool {
        matches!(
            self.scan.at(at + 1),
            Tok::Ident("get" | "set" | "init") | Tok::Modifier(_) | Tok::RBrace
        )
    }

    /// A word of C# that is never a name.
    pub(super) fn foreign(&mut self, word: &'s str) {
        let start = self.state == State::Start;
        let members = self.kind().holds_members();
        match word {
            "class" if start => self.item_token("class", self.at + 1),
            "interface" if start => self.item_token("interface", self.at + 1),
            "delegate" if start && members => {
                let name = self.scan.type_end(self.at + 1).unwrap_or(self.at + 1);
                self.item_token("delegate", name);
            }
            "event" if start && members => {
                let name = self.scan.type_end(self.at + 1).unwrap_or(self.at + 1);
                self.item_token("event", name);
            }
            "implicit" | "explicit" if start => {
                self.item_token("user-defined operator", self.at + 1);
            }
            "lock" if start => self.stmt_token("lock"),
            "goto" if start => self.stmt_token("goto"),
            "sizeof" => self.foreign_call("sizeof"),
            "delegate" if *self.scan.at(self.at + 1) == Tok::LParen => {
                let mut end = self.scan.close(self.at + 1).unwrap_or(self.at + 1);
                if *self.scan.at(end + 1) == Tok::LBrace {
                    end = self.scan.close(end + 1).unwrap_or(end);
                }
                self.emit_for(
                    end + 1 - self.at,
                    Tok::UnsupportedExpr("anonymous delegate"),
                );
                self.state = State::Operand;
            }
            _ => self.keep(State::Operator),
        }
    }

    /// `typeof(…)`, `sizeof(…)`
    pub(super) fn foreign_call(&mut self, what: &'static str) {
        let end = self.scan.close(self.at + 1).map_or(self.at + 1, |it| it + 1);
        self.emit_for(end - self.at, Tok::UnsupportedExpr(what));
        self.state = State::Operand;
    }

    /// `using A = B;` and `using static A;`
    pub(super) fn foreign_using(&mut self) -> bool {
        let alias =
            self.scan.is_name(self.at + 1) && *self.scan.at(self.at + 2) == Tok::Assign;
        let fixed = matches!(self.scan.at(self.at + 1), Tok::Modifier(_));
        if !(matches!(self.kind(), Kind::File | Kind::Namespace) && (alias || fixed)) {
            return false;
        }
        self.item_token(if alias { "using alias" } else { "using static" }, self.at + 1);
        true
    }

    /// A reserved modifier; `unsafe` may also begin a block.
    pub(super) fn modifier(&mut self) {
        let block = *self.scan.at(self.at + 1) == Tok::LBrace;
        if block && self.kind().holds_statements() {
            self.stmt_token("unsafe");
        } else {
            self.keep(State::Start);
        }
    }

    /// `await e`, and queries `from x in xs …`.
    pub(super) fn foreign_expression(&mut self, word: &'s str) -> bool {
        let next = self.at + 1;
        match word {
            "await"
                if matches!(self.scan.at(next), Tok::Ident(_) | Tok::This | Tok::New) =>
            {
                let declares = matches!(
                    self.scan.at(next + 1),
                    Tok::Assign | Tok::Semi | Tok::Comma | Tok::In
                ) && self.state == State::Start;
                if declares || self.is_infix_word(next) {
                    return false;
                }
                let end = self.expression_end(next);
                self.emit_for(end - self.at, Tok::UnsupportedExpr("await"));
            }
            "from" if self.scan.is_name(next) && *self.scan.at(next + 1) == Tok::In => {
                let end = self.expression_end(next);
                self.emit_for(end - self.at, Tok::UnsupportedExpr("query expression"));
            }
            _ => return false,
        }
        self.state = State::Operand;
        true
    }

    /// Where an expression that is skipped ends: at `;`, `,` or a closing bracket.
    fn expression_end(&self, from: usize) -> usize {
        let mut at = from;
        loop {
            match self.scan.at(at) {
                Tok::StartFile
                | Tok::Semi
                | Tok::Comma
                | Tok::RBrace
                | Tok::RParen
                | Tok::RBracket
                | Tok::HoleEnd(_) => return at,
                _ => at = self.scan.close(at).unwrap_or(at) + 1,
            }
        }
    }
}
