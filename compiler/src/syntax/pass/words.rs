//! Contextual keywords in the token pass: each is a name unless what stands around it can
//! only mean the keyword. Words of C# that the language has not are in `foreign`.

use super::brackets::PatternExtent;
use super::{Kind, Pass, State};
use crate::syntax::ast::ModifierKind;
use crate::syntax::token::Tok;

impl<'s> Pass<'_, 's> {
    /// Whether an operand can begin at a position.
    pub(super) fn begins_operand(&self, at: usize) -> bool {
        match self.scan.at(at) {
            Tok::Ident(_) => !self.is_infix_word(at),
            tok => matches!(
                tok,
                Tok::Literal(_)
                    | Tok::Str(_)
                    | Tok::InterpolationStart
                    | Tok::Builtin(_)
                    | Tok::This
                    | Tok::Base
                    | Tok::New
                    | Tok::Null
                    | Tok::True
                    | Tok::False
                    | Tok::LParen
                    | Tok::Bang
                    | Tok::Minus
                    | Tok::Plus
                    | Tok::Tilde
                    | Tok::PlusPlus
                    | Tok::MinusMinus
                    | Tok::Caret
                    | Tok::DotDot
                    | Tok::Default
                    | Tok::Typeof
                    | Tok::ErrorExpr
            ),
        }
    }

    fn begins_pattern(&self, at: usize) -> bool {
        match self.scan.at(at) {
            Tok::Ident("and" | "or") => false,
            Tok::Var | Tok::LBrace | Tok::Lt | Tok::Gt | Tok::Le => true,
            _ => self.begins_operand(at),
        }
    }

    /// Whether the word at a position goes on the operand or type before it.
    pub(super) fn is_infix_word(&self, at: usize) -> bool {
        let Tok::Ident(word) = self.scan.at(at) else { return false };
        let next = at + 1;
        match *word {
            "with" => *self.scan.at(next) == Tok::LBrace,
            "where" => self.scan.is_name(next) && *self.scan.at(next + 1) == Tok::Colon,
            "and" | "or" | "when" => match self.scan.at(next) {
                Tok::Ident("and" | "or" | "when" | "with" | "into") => false,
                Tok::Ident(_) | Tok::Var | Tok::LBrace => true,
                Tok::Lt | Tok::Gt | Tok::Le => *word != "when",
                _ => self.begins_operand(next),
            },
            "into" => {
                matches!(
                    self.scan.at(next),
                    Tok::Var | Tok::Builtin(_) | Tok::LParen | Tok::Colon
                ) || self.scan.type_end(next).is_some_and(|it| self.scan.is_name(it))
                    || self.scan.is_name(next)
                        && matches!(
                            self.scan.at(next + 1),
                            Tok::Colon | Tok::Ident("when")
                        )
            }
            _ => false,
        }
    }

    /// Whether the name at a position, behind a type, is that of a method.
    pub(super) fn names_method(&self, name: usize) -> bool {
        self.state != State::Pattern
            && *self.scan.at(name + 1) == Tok::LParen
            && self.scan.close(name + 1).is_some_and(|close| {
                matches!(self.scan.at(close + 1), Tok::LBrace | Tok::Semi)
            })
    }

    /// Handles the word at hand if it is a keyword here.
    pub(super) fn contextual(&mut self, word: &'s str) -> bool {
        match self.state {
            State::Start => self.word_at_start(word),
            State::Operand => self.word_behind_operand(word),
            _ => self.word_before_operand(word),
        }
    }

    fn word_at_start(&mut self, word: &'s str) -> bool {
        let next = self.scan.at(self.at + 1);
        match word {
            "agent" if self.begins_item() => self.item(Tok::Agent, Kind::Members),
            "domain" if self.begins_item() => self.item(Tok::Domain, Kind::Members),
            "channel" if self.begins_item() => self.item(Tok::Channel, Kind::Channel),
            "schema" if self.begins_item() => self.item(Tok::Schema, Kind::Schema),
            "reader" if self.precedes_declaration() => {
                self.word_modifier(ModifierKind::Reader)
            }
            "writer" if self.precedes_declaration() => {
                self.word_modifier(ModifierKind::Writer)
            }
            "function" if self.precedes_declaration() => {
                self.word_modifier(ModifierKind::Function)
            }
            "asynchronous" if self.precedes_declaration() => {
                self.word_modifier(ModifierKind::Asynchronous)
            }
            "blocking" if self.precedes_declaration() => {
                self.word_modifier(ModifierKind::Blocking)
            }
            "partial" if self.precedes_declaration() => {
                self.word_modifier(ModifierKind::Partial)
            }
            "test" if matches!(next, Tok::Str(_)) => {
                self.word(Tok::Test, State::Operator)
            }
            "native" => self.native(),
            "yield" if matches!(next, Tok::Semi | Tok::Return | Tok::Break) => {
                self.word(Tok::Yield, State::Operator)
            }
            "assert" if *next == Tok::LParen && self.kind().holds_statements() => {
                self.word(Tok::Assert, State::Operand)
            }
            "expect" if *next == Tok::Ident("throws") => {
                self.emit(Tok::Expect, State::Operator);
                self.word(Tok::Throws, State::Operator)
            }
            "receive" if *next == Tok::LBrace => {
                self.preset.insert(self.at + 1, Kind::ReceiveBody);
                self.word(Tok::Receive, State::Operator)
            }
            "when" if self.follows_catch() => self.word(Tok::When, State::Operator),
            _ => self.word_of_region(word, next) || self.word_before_operand(word),
        }
    }

    /// Whether `catch` or `catch (…)` stands before.
    fn follows_catch(&self) -> bool {
        let open = self.at.checked_sub(1).and_then(|it| self.scan.open(it));
        match open {
            Some(open) => open > 0 && *self.scan.at(open - 1) == Tok::Catch,
            None => *self.previous() == Tok::Catch,
        }
    }

    /// Words that mean something at the start of a member or case of one kind of region.
    fn word_of_region(&mut self, word: &'s str, next: &Tok<'s>) -> bool {
        match (self.kind(), word) {
            (Kind::Channel, "input" | "output")
                if !matches!(next, Tok::Colon | Tok::Arrow) =>
            {
                let tok = if word == "input" { Tok::Input } else { Tok::Output };
                self.word(tok, State::Decl)
            }
            (Kind::Schema, "required" | "optional")
                if self.scan.type_end(self.at + 1).is_some() =>
            {
                let tok = if word == "required" { Tok::Required } else { Tok::Optional };
                self.word(tok, State::Decl)
            }
            (Kind::Schema, "rule") => self.word(Tok::Rule, State::Operator),
            (Kind::Native, "opaque") if *next == Tok::Ident("type") => {
                self.emit(Tok::Opaque, State::Operator);
                self.word(Tok::TypeWord, State::Operator);
                self.name_next();
                true
            }
            (Kind::Accessors, "get") => self.word(Tok::Get, State::Operand),
            (Kind::Accessors, "set") => self.word(Tok::Set, State::Operand),
            (Kind::ReceiveBody, "from" | "timeout") if self.begins_case(word) => {
                self.frame().label = true;
                let tok = if word == "from" { Tok::From } else { Tok::Timeout };
                self.word(tok, State::Operator)
            }
            (Kind::ReceiveBody, _) if self.begins_bare_case() => {
                self.bare.push(self.scan.tokens[self.at].clone());
                self.frame().label = true;
                self.mark(Tok::From);
                self.state = State::Operator;
                true
            }
            (kind, _) if kind.holds_statements() && *next == Tok::Colon => {
                let what = match kind {
                    Kind::ReceiveBody => "label in receive",
                    _ => "label",
                };
                self.emit_for(2, Tok::UnsupportedStmt(what));
                self.state = State::Start;
                true
            }
            _ => false,
        }
    }

    fn word_before_operand(&mut self, word: &'s str) -> bool {
        let next = self.scan.at(self.at + 1);
        match word {
            "channel"
                if *self.previous() == Tok::Colon && self.scan.is_name(self.at + 1) =>
            {
                self.word(Tok::Channel, State::Operator)
            }
            "receive" if *next == Tok::LParen => self.word(Tok::Receive, State::Operand),
            "checked" | "unchecked" if matches!(next, Tok::LParen | Tok::LBrace) => {
                let block = *next == Tok::LBrace;
                if block {
                    self.preset.insert(self.at + 1, Kind::Block);
                }
                let tok = if word == "checked" { Tok::Checked } else { Tok::Unchecked };
                self.word(tok, if block { State::Start } else { State::Operand })
            }
            "parent" if *next == Tok::Dot => self.word(Tok::Parent, State::Operand),
            "not" if self.state == State::Pattern && self.begins_pattern(self.at + 1) => {
                self.word(Tok::Not, State::Pattern)
            }
            _ => self.foreign_expression(word),
        }
    }

    fn word_behind_operand(&mut self, word: &'s str) -> bool {
        match word {
            "throws" if self.kind() == Kind::Native => {
                self.word(Tok::Throws, State::Operand)
            }
            "uses"
                if matches!(self.previous(), Tok::Str(_))
                    && *self.scan.at(self.at + 1) == Tok::LBrace =>
            {
                self.preset.insert(self.at + 1, Kind::Uses);
                self.word(Tok::Uses, State::Operator)
            }
            _ if !self.is_infix_word(self.at) => false,
            "where" => {
                self.word(Tok::Where, State::Operator);
                self.name_next();
                true
            }
            "when" => {
                let frame = self.frame();
                if frame.pattern == PatternExtent::Head {
                    frame.guard = frame.kind == Kind::SwitchArms;
                }
                frame.pattern = PatternExtent::None;
                self.word(Tok::When, State::Operator)
            }
            "with" => {
                self.preset.insert(self.at + 1, Kind::Initializer);
                self.word(Tok::With, State::Operator)
            }
            "into" if self.frame().label => self.word(Tok::Into, State::Decl),
            "and" if self.frame().pattern != PatternExtent::None => {
                self.word(Tok::And, State::Pattern)
            }
            "or" if self.frame().pattern != PatternExtent::None => {
                self.word(Tok::Or, State::Pattern)
            }
            _ => false,
        }
    }

    fn word(&mut self, tok: Tok<'s>, state: State) -> bool {
        self.emit(tok, state);
        true
    }

    /// The next word is a name whatever it reads.
    fn name_next(&mut self) {
        self.name_at = Some(self.at).filter(|&it| self.scan.is_name(it));
    }

    fn item(&mut self, tok: Tok<'s>, inside: Kind) -> bool {
        self.pending = Some(inside);
        self.emit(tok, State::Operator);
        self.name_next();
        true
    }

    /// Whether the word here is followed by a name and what may follow the name of an item.
    fn begins_item(&self) -> bool {
        let next = self.at + 1;
        match self.scan.at(next) {
            Tok::Ident(_) => match self.scan.at(next + 1) {
                Tok::LBrace | Tok::Colon | Tok::Ident("where") | Tok::StartFile => true,
                Tok::Lt => self.scan.arguments_end(next + 1).is_some(),
                _ => false,
            },
            Tok::LBrace => self.kind().holds_members(),
            _ => false,
        }
    }

    /// Whether the word here is followed by a declaration, so that it modifies it.
    fn precedes_declaration(&self) -> bool {
        let next = self.at + 1;
        match self.scan.at(next) {
            Tok::Modifier(_) | Tok::Builtin(_) | Tok::Void | Tok::Foreign(_) => true,
            Tok::Ident(
                "reader" | "writer" | "function" | "asynchronous" | "blocking"
                | "partial" | "agent",
            ) if self.scan.is_name(next + 1)
                || matches!(self.scan.at(next + 1), Tok::Builtin(_) | Tok::Void) =>
            {
                true
            }
            Tok::Ident(_) if *self.scan.at(next + 1) == Tok::LParen => {
                self.kind().holds_members() || self.kind() == Kind::Native
            }
            _ => self.scan.type_end(next).is_some_and(|end| {
                self.scan.is_name(end) || *self.scan.at(end) == Tok::This
            }),
        }
    }

    fn word_modifier(&mut self, kind: ModifierKind) -> bool {
        self.word(Tok::Modifier(kind), State::Start)
    }

    /// `native "file"`, `native type T`, `native handle T`, `native namespace N`.
    fn native(&mut self) -> bool {
        let word = match self.scan.at(self.at + 1) {
            Tok::Str(_) => None,
            Tok::Ident("type") => Some(Tok::TypeWord),
            Tok::Ident("handle") => Some(Tok::Handle),
            Tok::Namespace => Some(Tok::Namespace),
            _ => return false,
        };
        let named = matches!(self.scan.at(self.at + 2), Tok::Ident(_) | Tok::Builtin(_));
        if word.is_some() && !named {
            return false;
        }
        self.pending = Some(Kind::Native);
        self.emit(Tok::Native, State::Operator);
        if let Some(word) = word {
            self.emit(word, State::Operator);
            self.name_next();
        }
        true
    }

    /// Whether `from` or `timeout` begins a case of a `receive`: an expression follows, and
    /// then what only a case has.
    fn begins_case(&self, word: &str) -> bool {
        let next = self.at + 1;
        if !self.begins_operand(next) {
            return false;
        }
        match self.scan.at(self.scan.stop(next)) {
            Tok::Colon => true,
            Tok::Ident("into" | "when") => word == "from",
            _ => false,
        }
    }

    /// Whether a case of a `receive` begins without its `from`: only a case has an `into`, a binding
    /// and then `:` or `when`.
    fn begins_bare_case(&self) -> bool {
        let into = self.scan.stop(self.at);
        if into == self.at
            || *self.scan.at(into) != Tok::Ident("into")
            || !matches!(
                self.scan.at(into - 1),
                Tok::Ident(_) | Tok::RParen | Tok::RBracket
            )
        {
            return false;
        }
        let behind = match self.scan.at(into + 1) {
            Tok::LParen => self.scan.close(into + 1).map_or(into, |it| it + 1),
            _ => self.scan.stop(into + 1),
        };
        let mut words = self.at..into;
        matches!(self.scan.at(behind), Tok::Colon | Tok::Ident("when"))
            && words.all(|it| *self.scan.at(it) != Tok::Ident("from"))
    }
}
