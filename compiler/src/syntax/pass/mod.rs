//! The token pass between logos and LALRPOP: it settles what needs more than one token of
//! look-ahead (vectors, type arguments, casts, lambdas, declarations, contextual keywords)
//! and says so with markers, so that the grammar is LR(1). One step a token, each in
//! constant time over the tables of `scan`. It reports nothing and builds no tree.

mod arms;
mod brackets;
mod foreign;
mod punctuation;
mod scan;
mod words;

use super::token::{Tok, Token};
pub(crate) use brackets::Kind;
use brackets::{Frame, PatternExtent};
use scan::Scan;
use std::collections::BTreeMap;

/// What may come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// A statement or a member.
    Start,
    /// A type with a name, or an expression.
    Decl,
    /// A pattern.
    Pattern,
    /// An operand.
    Operator,
    /// What follows an operand.
    Operand,
}

/// Tokens with markers.
#[derive(Debug)]
pub(crate) struct Marked<'s> {
    pub(crate) tokens: Vec<Token<'s>>,
    /// What each brace holds, by its offset, in order.
    pub(crate) braces: Vec<(u32, Kind)>,
    /// Each `return` that would leave a `finally`.
    pub(crate) returns: Vec<Token<'s>>,
    /// The first `case` or `default` of each switch that has arms instead.
    pub(crate) cases: Vec<Token<'s>>,
    /// The first source of each case of a `receive` that lacks its `from`.
    pub(crate) bare: Vec<Token<'s>>,
}

/// Rewrites the tokens of a region that begins in a bracket of the given kind.
pub(crate) fn run<'s>(tokens: &[Token<'s>], kind: Kind) -> Marked<'s> {
    let mut pass = Pass {
        scan: Scan::new(tokens),
        out: Vec::with_capacity(tokens.len() + tokens.len() / 4),
        braces: Vec::new(),
        returns: Vec::new(),
        cases: Vec::new(),
        bare: Vec::new(),
        at: 0,
        state: State::Start,
        frames: vec![Frame::new(kind)],
        type_until: 0,
        name_at: None,
        declared: false,
        pending: None,
        preset: BTreeMap::new(),
    };
    pass.state = brackets::state_inside(kind);
    if kind == Kind::SwitchArms {
        pass.frame().pattern = PatternExtent::Head;
    }
    while pass.at < tokens.len() {
        pass.step();
    }
    let Pass { out, braces, returns, cases, bare, .. } = pass;
    Marked { tokens: out, braces, returns, cases, bare }
}

struct Pass<'t, 's> {
    scan: Scan<'t, 's>,
    out: Vec<Token<'s>>,
    braces: Vec<(u32, Kind)>,
    returns: Vec<Token<'s>>,
    cases: Vec<Token<'s>>,
    bare: Vec<Token<'s>>,
    at: usize,
    state: State,
    /// Open brackets; the first stands for the region itself.
    frames: Vec<Frame>,
    /// Tokens before this position belong to a type.
    type_until: usize,
    /// A position where a word is a name whatever it reads.
    name_at: Option<usize>,
    /// The token before is the name, or the type parameters, of a declaration.
    declared: bool,
    /// Kind of the next brace, when a keyword has said so.
    pending: Option<Kind>,
    /// Kind of the brace at a position.
    preset: BTreeMap<usize, Kind>,
}

impl<'s> Pass<'_, 's> {
    fn frame(&mut self) -> &mut Frame {
        // The first frame is never popped.
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }
    fn kind(&self) -> Kind {
        self.frames[self.frames.len() - 1].kind
    }
    fn previous(&self) -> &Tok<'s> {
        if self.at == 0 { self.scan.at(usize::MAX) } else { self.scan.at(self.at - 1) }
    }

    /// Emits a token of no width before the next one.
    fn mark(&mut self, tok: Tok<'s>) {
        let lo = self.scan.tokens.get(self.at).map_or(0, |it| it.lo);
        self.out.push(Token { lo, hi: lo, tok });
    }
    /// Emits `tok` for the next `count` tokens.
    fn emit_for(&mut self, count: usize, tok: Tok<'s>) {
        let tokens = self.scan.tokens;
        let last = (self.at + count).min(tokens.len());
        if last > self.at {
            self.out.push(Token { lo: tokens[self.at].lo, hi: tokens[last - 1].hi, tok });
        }
        self.at = last;
    }
    /// Emits `tok` for the next token and says what may follow.
    fn emit(&mut self, tok: Tok<'s>, state: State) {
        self.emit_for(1, tok);
        self.state = state;
        self.declared = false;
    }
    /// Emits the next token as it is.
    fn keep(&mut self, state: State) {
        let tok = self.scan.at(self.at).clone();
        self.emit(tok, state);
    }

    fn step(&mut self) {
        if self.at < self.type_until {
            return self.step_in_type();
        }
        if self.name_at == Some(self.at) {
            return self.declared_name();
        }
        let tok = self.scan.at(self.at).clone();
        self.begin_anew(&tok);
        if let Tok::Ident(word) = tok {
            if self.contextual(word) || self.foreign_member() {
                return;
            }
        } else if matches!(tok, Tok::Builtin(_) | Tok::Void | Tok::Var | Tok::LParen)
            && self.foreign_member()
        {
            return;
        }
        if self.declaration() {
            return;
        }
        match tok {
            Tok::Ident(_) => self.name(),
            Tok::LParen => self.open_paren(),
            Tok::LBracket => self.open_bracket(),
            Tok::LBrace => self.open_brace(),
            Tok::HoleStart => {
                self.frames.push(Frame::new(Kind::Hole));
                self.keep(State::Operator);
            }
            Tok::RParen | Tok::RBracket | Tok::RBrace | Tok::HoleEnd(_) => self.close(),
            tok => self.other(&tok),
        }
    }

    /// A name directly behind an operand begins something new: what should stand between
    /// them is missing, and the grammar will say so.
    fn begin_anew(&mut self, tok: &Tok<'s>) {
        let sequence = self.kind().is_region() && self.kind() != Kind::Enum;
        if self.state != State::Operand || !sequence || self.frame().label {
            return;
        }
        let begins = match tok {
            Tok::Ident("throws" | "uses") => false,
            Tok::Ident(_) => !self.is_infix_word(self.at),
            Tok::Builtin(_) | Tok::Void | Tok::Var | Tok::Modifier(_) => true,
            _ => false,
        };
        if begins {
            self.frame().end_clause();
            self.state = State::Start;
        }
    }

    /// A token within a type that the tables have recognised.
    fn step_in_type(&mut self) {
        let at = self.at;
        let opens_element = matches!(self.previous(), Tok::LParen | Tok::Comma);
        if opens_element
            && !self.out.last().is_some_and(|it| it.tok == Tok::Decl)
            && let Some(end) = self.scan.type_end(at)
            && end < self.type_until
            && self.scan.is_name(end)
        {
            self.mark(Tok::Decl);
        }
        let rank =
            *self.scan.at(at) == Tok::LBracket && *self.scan.at(at + 1) == Tok::RBracket;
        match self.scan.at(at) {
            Tok::Lt => self.emit(Tok::TypeLt, State::Operator),
            Tok::Gt => self.emit(Tok::TypeGt, State::Operand),
            Tok::Question => self.emit(Tok::Nullable, State::Operand),
            Tok::LBracket if rank => {
                self.emit_for(2, Tok::Rank);
                self.state = State::Operand;
            }
            Tok::Comma | Tok::Dot | Tok::At | Tok::LParen => self.keep(State::Operator),
            _ => self.keep(State::Operand),
        }
        self.declared =
            self.name_at.is_none() && at + 1 == self.type_until && self.frame().named;
    }

    /// The name that a declaration gives.
    fn declared_name(&mut self) {
        self.name_at = None;
        self.keep(State::Operand);
        self.declared = true;
        if let Some(end) = self.scan.arguments_end(self.at) {
            self.frame().named = true;
            self.type_until = end;
        }
    }

    /// Marks a type that a name follows, where one may stand.
    fn declaration(&mut self) -> bool {
        let at = self.at;
        let allowed = matches!(self.state, State::Start | State::Decl | State::Pattern)
            || self.state == State::Operator
                && matches!(self.scan.at(at), Tok::Builtin(_) | Tok::Void | Tok::Var);
        let Some(end) = self.scan.type_end(at).filter(|_| allowed) else { return false };
        let indexer =
            *self.scan.at(end) == Tok::This && *self.scan.at(end + 1) == Tok::LBracket;
        let named = self.scan.is_name(end)
            && (!self.is_infix_word(end) || self.names_method(end));
        // Where members stand, a built-in type begins a declaration even if its name is missing.
        let nameless = self.state == State::Start
            && self.kind().holds_members()
            && matches!(self.scan.at(at), Tok::Builtin(_) | Tok::Void)
            && *self.scan.at(end) != Tok::Dot;
        let nullable = *self.scan.at(end - 1) == Tok::Question;
        if !(named || indexer || nameless) || (nullable && !self.declares_nullable(end)) {
            return false;
        }
        self.mark(Tok::Decl);
        self.type_until = end;
        self.frame().named = false;
        if named {
            self.name_at = Some(end);
        }
        true
    }

    /// Whether `T? x`, with the name at a position, goes on as a declaration and not as a
    /// conditional. No pattern has a nullable type.
    fn declares_nullable(&self, name: usize) -> bool {
        let frame = &self.frames[self.frames.len() - 1];
        let next = name + 1;
        self.state != State::Pattern
            && match self.scan.at(next) {
                Tok::Colon => frame.label || frame.kind == Kind::Channel,
                Tok::LParen => self.scan.close(next).is_none_or(|close| {
                    matches!(
                        self.scan.at(close + 1),
                        Tok::LBrace
                            | Tok::FatArrow
                            | Tok::Semi
                            | Tok::Ident("where" | "throws")
                    )
                }),
                Tok::Dot | Tok::ColonColon | Tok::LBracket | Tok::Question => false,
                tok => !tok.is_operator() || *tok == Tok::Lt,
            }
    }

    /// A name that is no contextual keyword, with the type arguments behind it.
    fn name(&mut self) {
        let at = self.at;
        if self.state == State::Pattern {
            self.preset_pattern_brace(at);
        }
        self.keep(State::Operand);
        let Some(end) = self.scan.arguments_end(at + 1) else { return };
        let follows = match self.scan.at(end) {
            Tok::Ident(_) => self.is_infix_word(end),
            tok => closes_type_arguments(tok) || self.scan.is_network(end),
        };
        if follows {
            self.frame().named = false;
            self.type_until = end;
        }
    }

    /// Presets the brace of a property pattern `Order { Id: 1 }`.
    fn preset_pattern_brace(&mut self, at: usize) {
        if let Some(end) = self.scan.core_end(at)
            && *self.scan.at(end) == Tok::LBrace
        {
            self.preset.insert(end, Kind::PropertyPattern);
        }
    }

    /// Keywords and operators.
    fn other(&mut self, tok: &Tok<'s>) {
        let operand = self.state == State::Operand;
        match tok {
            Tok::Semi => self.semicolon(),
            Tok::Comma => self.comma(),
            Tok::Colon => self.colon(),
            Tok::Question => self.question(),
            Tok::FatArrow => self.arrow(),
            Tok::Gt => self.greater(),
            Tok::Caret if !operand => self.emit(Tok::FromEnd, State::Operator),
            Tok::PlusPlus | Tok::MinusMinus | Tok::Bang if operand => {
                self.keep(State::Operand)
            }
            Tok::Builtin(_) => self.keep(State::Operand),
            Tok::Literal(_) | Tok::Str(_) | Tok::InterpolationEnd | Tok::ErrorExpr => {
                self.keep(State::Operand);
            }
            Tok::This | Tok::Base | Tok::Null | Tok::True | Tok::False => {
                self.keep(State::Operand);
            }
            Tok::Parsed(_) => self.keep(State::Start),
            Tok::Foreign(word) => self.foreign(word),
            Tok::Modifier(_) => self.modifier(),
            Tok::Dot | Tok::ColonColon => {
                self.keep(State::Operator);
                if self.scan.is_name(self.at) {
                    self.name();
                }
            }
            _ => self.keyword(tok, operand),
        }
    }

    fn keyword(&mut self, tok: &Tok<'s>, operand: bool) {
        match tok {
            Tok::Is => {
                self.frame().begin_is_pattern();
                self.keep(State::Pattern);
            }
            Tok::Case | Tok::Default if self.at_arm() => self.case_as_arm(),
            Tok::Case => {
                let frame = self.frame();
                (frame.label, frame.pattern) = (true, PatternExtent::Head);
                self.keep(State::Pattern);
            }
            Tok::Default if *self.scan.at(self.at + 1) == Tok::LParen => {
                self.emit(Tok::DefaultOf, State::Operand);
            }
            Tok::Default if self.state == State::Start => {
                self.frame().label = true;
                self.keep(State::Operand);
            }
            Tok::Default => self.keep(State::Operand),
            Tok::Else | Tok::Do | Tok::Try | Tok::Finally | Tok::Catch => {
                self.keep(State::Start)
            }
            Tok::Using if self.foreign_using() => {}
            Tok::Using => self.keep(State::Decl),
            Tok::Switch if operand => {
                self.preset.insert(self.at + 1, Kind::SwitchArms);
                self.keep(State::Operator);
            }
            Tok::Struct => self.item_word(Kind::Members),
            Tok::Enum => self.item_word(Kind::Enum),
            Tok::Namespace => self.item_word(Kind::Namespace),
            Tok::New => self.new_word(),
            Tok::If | Tok::While | Tok::For | Tok::Foreach | Tok::Switch => {
                self.keep(State::Operator);
            }
            Tok::Return if self.state == State::Start => {
                if self.frame().finally {
                    self.returns.push(self.scan.tokens[self.at].clone());
                }
                self.keep(State::Operator);
            }
            Tok::Ref | Tok::Out | Tok::Params if self.kind() == Kind::Parameters => {
                self.keep(State::Decl);
            }
            Tok::Typeof => self.foreign_call("typeof"),
            Tok::As => {
                self.keep(State::Operator);
                if let Some(end) = self.scan.type_end(self.at) {
                    let conditional = *self.scan.at(end - 1) == Tok::Question;
                    self.type_until = if conditional {
                        self.scan.core_end(self.at).unwrap_or(end)
                    } else {
                        end
                    };
                }
            }
            tok => {
                if ends_is_pattern(tok) || tok.is_network() {
                    self.frame().end_is_pattern();
                }
                self.keep(State::Operator);
            }
        }
    }

    /// `new` and the type behind it, whose brace holds an initialiser.
    fn new_word(&mut self) {
        let in_native = self.kind() == Kind::Native && self.state == State::Start;
        self.keep(State::Operator);
        let at = self.at;
        let mut end = at;
        if in_native {
            self.state = State::Operand;
            self.declared = true;
            return;
        }
        if !matches!(self.scan.at(at), Tok::LParen | Tok::Var | Tok::Void)
            && let Some(core) = self.scan.core_end(at)
        {
            end = core;
            if *self.scan.at(end) == Tok::Question
                && matches!(self.scan.at(end + 1), Tok::LBracket | Tok::LParen)
            {
                end += 1;
            }
            self.frame().named = false;
            self.type_until = end;
        } else if let Some(core) = self.tuple_array(at) {
            // What stands in the parentheses are types, not arguments.
            end = core;
            self.emit(Tok::TupleOpen, State::Operator);
            self.frame().named = false;
            self.type_until = end;
        } else if *self.scan.at(at) == Tok::LParen {
            self.state = State::Operand;
        }
        let mut behind = end;
        while matches!(self.scan.at(behind), Tok::LParen | Tok::LBracket) {
            let Some(close) = self.scan.close(behind) else { return };
            behind = close + 1;
            if *self.scan.at(close) == Tok::RParen {
                break;
            }
        }
        if *self.scan.at(behind) == Tok::LBrace {
            self.preset.insert(behind, Kind::Initializer);
        }
    }

    /// Where a tuple type ends of which an array is made.
    fn tuple_array(&self, at: usize) -> Option<usize> {
        let tuple = *self.scan.at(at) == Tok::LParen;
        let end = self.scan.core_end(at).filter(|_| tuple)?;
        (*self.scan.at(end) == Tok::LBracket).then_some(end)
    }

    /// A keyword that begins a declaration with a brace, and the name behind it.
    fn item_word(&mut self, inside: Kind) {
        self.pending = Some(inside);
        self.keep(State::Operator);
        if self.scan.is_name(self.at) {
            self.name_at = Some(self.at);
        }
    }
}

/// Tokens that may follow type arguments in an expression, by C#'s rule and beyond it where
/// no comparison could go on so.
fn closes_type_arguments(tok: &Tok<'_>) -> bool {
    matches!(
        tok,
        Tok::LParen
            | Tok::RParen
            | Tok::RBracket
            | Tok::LBracket
            | Tok::RBrace
            | Tok::LBrace
            | Tok::Colon
            | Tok::ColonColon
            | Tok::Semi
            | Tok::Comma
            | Tok::Dot
            | Tok::Question
            | Tok::EqEq
            | Tok::NotEq
            | Tok::AndAnd
            | Tok::OrOr
            | Tok::Pipe
            | Tok::Caret
            | Tok::Amp
            | Tok::At
            | Tok::FatArrow
            | Tok::Coalesce
            | Tok::StartFile
    )
}

/// Operators that end the pattern of an `is`.
fn ends_is_pattern(tok: &Tok<'_>) -> bool {
    matches!(
        tok,
        Tok::AndAnd
            | Tok::OrOr
            | Tok::Coalesce
            | Tok::EqEq
            | Tok::NotEq
            | Tok::Amp
            | Tok::Pipe
            | Tok::Caret
            | Tok::Assign
            | Tok::Send
    )
}
