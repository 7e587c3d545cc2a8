//! Brackets in the token pass: what kind each opening one is, and what may follow it and its
//! closing one. Matching itself is done by `scan`.

use super::{Pass, State};
use crate::syntax::token::Tok;

/// What a bracket holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    // Sequences of declarations.
    File,
    Namespace,
    Members,
    Channel,
    Schema,
    Enum,
    Native,
    /// Transitions of a protocol state.
    Protocol,
    Accessors,
    // Sequences of statements.
    Block,
    LambdaBlock,
    SwitchBody,
    ReceiveBody,
    // Braces in expressions.
    Initializer,
    Vector,
    SwitchArms,
    PropertyPattern,
    Uses,
    Hole,
    // Parentheses and square brackets.
    Group,
    /// Of `if`, `while`, `for` …: a statement follows.
    Header,
    /// Of `for`, where `;` may stand.
    ForHeader,
    /// Types with names: parameters, deconstructions.
    Parameters,
    /// The same, but no operand: a cast.
    Cast,
    PatternParen,
    Index,
    Attributes,
}

/// How far the pattern goes that is being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PatternExtent {
    None,
    /// Behind `is`: to the next operator of lower precedence.
    Is,
    /// Of a case, an arm or a sub-pattern: to its end.
    Head,
}

/// An open bracket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) kind: Kind,
    /// A `case`, `from` or `timeout` was read and its `:` not yet.
    pub(super) label: bool,
    pub(super) pattern: PatternExtent,
    /// Within the `when` of a `switch` arm.
    pub(super) guard: bool,
    /// Its arms are written like the cases of a statement.
    pub(super) cases: bool,
    /// Conditionals whose `:` is still to come.
    pub(super) ternary: u32,
    /// The type being read is the type parameters of a declared name.
    pub(super) named: bool,
    /// Within a `finally`, and no function between.
    pub(super) finally: bool,
}

impl Frame {
    pub(super) fn new(kind: Kind) -> Self {
        let pattern = match kind {
            Kind::PatternParen | Kind::PropertyPattern | Kind::SwitchArms => {
                PatternExtent::Head
            }
            _ => PatternExtent::None,
        };
        Self {
            kind,
            label: false,
            pattern,
            guard: false,
            cases: false,
            ternary: 0,
            named: false,
            finally: false,
        }
    }
    pub(super) fn begin_is_pattern(&mut self) {
        if self.pattern == PatternExtent::None {
            self.pattern = PatternExtent::Is;
        }
    }
    pub(super) fn end_is_pattern(&mut self) {
        if self.pattern == PatternExtent::Is {
            self.pattern = PatternExtent::None;
        }
    }
    pub(super) fn end_clause(&mut self) {
        self.label = false;
        self.ternary = 0;
        self.guard = false;
        if self.kind != Kind::SwitchArms {
            self.pattern = PatternExtent::None;
        }
    }
}

impl Kind {
    /// Whether declarations stand directly in it.
    pub(crate) fn holds_members(self) -> bool {
        matches!(
            self,
            Self::File | Self::Namespace | Self::Members | Self::Channel | Self::Schema
        )
    }
    /// Whether it is a sequence of pieces that recovery can parse one by one.
    pub(crate) fn is_region(self) -> bool {
        self.holds_members()
            || self.holds_statements()
            || matches!(self, Self::Enum | Self::Native | Self::Protocol)
    }
    fn is_parenthesis(self) -> bool {
        matches!(
            self,
            Self::Group
                | Self::Header
                | Self::ForHeader
                | Self::Parameters
                | Self::Cast
                | Self::PatternParen
        )
    }
    fn is_square(self) -> bool {
        matches!(self, Self::Index | Self::Attributes)
    }
    /// Whether it lists short entries of one form.
    pub(crate) fn is_list(self) -> bool {
        matches!(self, Self::Enum | Self::Native | Self::Protocol)
    }
    /// Whether statements stand directly in it.
    pub(crate) fn holds_statements(self) -> bool {
        matches!(
            self,
            Self::Block | Self::LambdaBlock | Self::SwitchBody | Self::ReceiveBody
        )
    }
}

/// What may come first in a bracket.
pub(super) fn state_inside(kind: Kind) -> State {
    match kind {
        Kind::Parameters => State::Decl,
        Kind::PatternParen | Kind::SwitchArms => State::Pattern,
        kind if kind.holds_members() || kind.holds_statements() => State::Start,
        Kind::Native | Kind::Protocol | Kind::Accessors => State::Start,
        _ => State::Operator,
    }
}

/// What may come behind the closing bracket.
fn state_behind(kind: Kind) -> State {
    match kind {
        Kind::Header | Kind::ForHeader | Kind::Attributes => State::Start,
        Kind::Cast => State::Operator,
        Kind::Initializer | Kind::Vector | Kind::SwitchArms | Kind::PropertyPattern => {
            State::Operand
        }
        Kind::LambdaBlock | Kind::Uses => State::Operand,
        kind if kind.holds_members() || kind.holds_statements() => State::Start,
        Kind::Enum | Kind::Native | Kind::Protocol | Kind::Accessors => State::Start,
        Kind::Hole => State::Operator,
        _ => State::Operand,
    }
}

impl<'s> Pass<'_, 's> {
    fn open_as(&mut self, tok: Tok<'s>, kind: Kind) {
        self.emit(tok, state_inside(kind));
        self.frames.push(Frame::new(kind));
    }

    pub(super) fn close(&mut self) {
        let kind = self.kind();
        let closes = match self.scan.at(self.at) {
            Tok::RParen => kind.is_parenthesis(),
            Tok::RBracket => {
                matches!(kind, Kind::Index | Kind::Attributes | Kind::Parameters)
            }
            Tok::HoleEnd(_) => kind == Kind::Hole,
            _ => true,
        };
        if *self.scan.at(self.at) == Tok::RBrace {
            self.pop_to_brace();
        } else if closes && self.frames.len() > 1 {
            self.frames.pop();
        }
        let state = if *self.scan.at(self.at) == Tok::RBrace {
            self.state
        } else {
            state_behind(kind)
        };
        self.keep(state);
    }

    /// A brace also closes the parentheses that were left open within it.
    fn pop_to_brace(&mut self) {
        while self.frames.len() > 1 {
            let kind = self.kind();
            self.frames.pop();
            self.state = state_behind(kind);
            if !kind.is_parenthesis() && !kind.is_square() {
                break;
            }
        }
    }

    /// A semicolon closes what was left open before it, but for the header of a `for`.
    pub(super) fn close_at_semicolon(&mut self) {
        while self.frames.len() > 1
            && (self.kind().is_parenthesis() || self.kind().is_square())
            && self.kind() != Kind::ForHeader
        {
            self.frames.pop();
        }
    }

    pub(super) fn open_paren(&mut self) {
        let close = self.scan.close(self.at);
        let behind = close.map_or(usize::MAX, |it| it + 1);
        let operand = self.state == State::Operand;
        if self.is_parameter_list(operand) {
            return self.open_as(Tok::LParen, Kind::Parameters);
        }
        match self.previous() {
            Tok::For => {
                self.open_as(Tok::LParen, Kind::ForHeader);
                self.state = State::Decl;
                return;
            }
            Tok::Foreach | Tok::Using | Tok::Catch if self.state != State::Operand => {
                self.open_as(Tok::LParen, Kind::Header);
                self.state = State::Decl;
                return;
            }
            Tok::If | Tok::While | Tok::Switch => {
                return self.open_as(Tok::LParen, Kind::Header);
            }
            Tok::Var => return self.open_as(Tok::LParen, Kind::Group),
            Tok::Ident("into")
                if self.state == State::Decl
                    && self.frames.last().is_some_and(|it| it.label) =>
            {
                return self.open_as(Tok::TupleOpen, Kind::Parameters);
            }
            _ => {}
        }
        let in_pattern = self.frame().pattern != PatternExtent::None;
        if in_pattern && (operand || self.state == State::Pattern) {
            return self.open_as(Tok::LParen, Kind::PatternParen);
        }
        if operand {
            return self.open_as(Tok::LParen, Kind::Group);
        }
        let declares = matches!(self.state, State::Start | State::Decl);
        if declares
            && matches!(
                self.scan.at(behind),
                Tok::Assign | Tok::In | Tok::Colon | Tok::Ident("when")
            )
            && self.is_tuple_pattern(self.at)
        {
            return self.open_as(Tok::TupleOpen, Kind::Parameters);
        }
        if declares && self.kind() == Kind::Parameters {
            // A tuple pattern within a tuple pattern.
            return self.open_as(Tok::LParen, Kind::Parameters);
        }
        let arm = self.frame().kind == Kind::SwitchArms && self.frame().guard;
        if *self.scan.at(behind) == Tok::FatArrow && !arm {
            return self.open_as(Tok::LambdaOpen, Kind::Parameters);
        }
        if let Some(close) = close.filter(|&it| self.is_cast(it)) {
            self.open_as(Tok::CastOpen, Kind::Cast);
            self.type_until = close;
            return;
        }
        self.open_as(Tok::LParen, Kind::Group);
    }

    /// Whether the parenthesis here holds the parameters of a declaration.
    fn is_parameter_list(&mut self, operand: bool) -> bool {
        if self.declared {
            return true;
        }
        operand
            && matches!(self.previous(), Tok::Ident(_))
            && self.scan.at(self.at.wrapping_sub(2)) != &Tok::Dot
            && match self.kind() {
                Kind::Enum | Kind::Protocol | Kind::Native => true,
                kind => kind.holds_members() && !self.frame().label,
            }
            && self.frame().ternary == 0
            && !self.after_assign()
    }

    /// Whether an `=` or `=>` stands before the name before this position: then it is a call.
    fn after_assign(&self) -> bool {
        let mut at = self.at;
        // Only what directly precedes the name matters: a constructor follows `;`, a brace, a
        // bracket or a modifier.
        at = at.saturating_sub(2);
        self.at >= 2
            && !matches!(
                self.scan.at(at),
                Tok::LBrace
                    | Tok::RBrace
                    | Tok::Semi
                    | Tok::RBracket
                    | Tok::Comma
                    | Tok::Modifier(_)
                    | Tok::Ident(_)
                    | Tok::Parsed(_)
            )
            || matches!(self.scan.at(at), Tok::Ident("rule" | "when"))
    }

    /// Whether the elements of the parenthesis at `at` are all names with types, or `_`, or
    /// such parentheses again, with a type at least once.
    fn is_tuple_pattern(&self, at: usize) -> bool {
        let Some(close) = self.scan.close(at) else { return false };
        if *self.scan.at(at) != Tok::LParen {
            return false;
        }
        let mut next = at + 1;
        while next < close {
            let element_end = match self.scan.type_end(next) {
                Some(end) if self.scan.is_name(end) => return true,
                // What could be a tuple type may be a pattern in the pattern.
                Some(_) if self.is_tuple_pattern(next) => return true,
                Some(end) => end,
                None => match self.scan.close(next) {
                    Some(inner) if self.is_tuple_pattern(next) => return inner > 0,
                    Some(inner) => inner + 1,
                    None => return false,
                },
            };
            if *self.scan.at(element_end) != Tok::Comma {
                return false;
            }
            next = element_end + 1;
        }
        false
    }

    /// C#'s rule: `(T)x` is a cast if the parenthesis holds a type and the next token can
    /// begin an operand that could not go on an expression in parentheses.
    fn is_cast(&self, close: usize) -> bool {
        if self.scan.type_end(self.at + 1) != Some(close) {
            return false;
        }
        let certain = match self.scan.at(close - 1) {
            Tok::Builtin(_) | Tok::Question | Tok::Gt | Tok::RBracket => true,
            Tok::Ident(_) => *self.scan.at(close.wrapping_sub(2)) == Tok::At,
            _ => false,
        };
        let next = close + 1;
        match self.scan.at(next) {
            Tok::Ident(_) => !self.is_infix_word(next),
            Tok::Bang => self.begins_operand(next + 1),
            Tok::Minus | Tok::Plus | Tok::PlusPlus | Tok::MinusMinus => certain,
            Tok::Caret | Tok::DotDot => false,
            _ => self.begins_operand(next),
        }
    }

    pub(super) fn open_bracket(&mut self) {
        if *self.scan.at(self.at + 1) == Tok::RBracket {
            self.emit_for(2, Tok::Rank);
            self.state = State::Operand;
            return;
        }
        let kind = match self.state {
            State::Start => Kind::Attributes,
            _ if *self.previous() == Tok::This && self.kind() == Kind::Native => {
                Kind::Parameters
            }
            _ => Kind::Index,
        };
        self.open_as(Tok::LBracket, kind);
        if kind == Kind::Attributes {
            self.state = State::Operator;
        }
    }

    pub(super) fn open_brace(&mut self) {
        if self.is_block_as_node() {
            let end = self.scan.close(self.at).map_or(self.at + 1, |it| it + 1);
            self.emit_for(end - self.at, Tok::UnsupportedExpr("block as node"));
            self.state = State::Operand;
            return;
        }
        let within = self.state == State::Start && self.frame().finally;
        let finally = *self.previous() == Tok::Finally || within;
        let kind = self.brace_kind();
        self.braces.push((self.scan.tokens[self.at].lo, kind));
        let tok = if kind == Kind::Vector { Tok::VectorOpen } else { Tok::LBrace };
        self.open_as(tok, kind);
        self.frame().finally = finally && kind.holds_statements();
    }

    fn brace_kind(&mut self) -> Kind {
        if let Some(kind) = self.preset.remove(&self.at) {
            return kind;
        }
        // The block itself is still to come.
        if self.kind() == Kind::Uses {
            return Kind::Uses;
        }
        if let Some(kind) = self.pending.take() {
            return kind;
        }
        let behind = self.scan.close(self.at).map(|it| it + 1);
        let feeds_network = behind.is_some_and(|it| self.scan.is_network(it));
        let operand = self.state == State::Operand;
        match self.previous() {
            Tok::FatArrow => return Kind::LambdaBlock,
            Tok::Switch => return Kind::SwitchArms,
            Tok::Colon if self.kind() == Kind::Channel => return Kind::Protocol,
            Tok::Ident(_) | Tok::Rank if self.declared && self.kind() == Kind::Native => {
                return Kind::Accessors;
            }
            _ => {}
        }
        if self.kind() == Kind::Native && operand {
            return Kind::Accessors;
        }
        let pattern = self.frame().pattern;
        if self.state == State::Pattern || (pattern != PatternExtent::None && operand) {
            return Kind::PropertyPattern;
        }
        match self.state {
            State::Start if feeds_network => Kind::Vector,
            State::Operator | State::Decl if feeds_network || self.follows_network() => {
                Kind::Vector
            }
            State::Operator | State::Decl => Kind::Initializer,
            State::Start if self.follows_switch_header() => Kind::SwitchBody,
            State::Operand if self.lacks_new() => Kind::Initializer,
            _ => Kind::Block,
        }
    }

    /// Whether the brace follows a name where a value begins, and sets fields: `x = Order { Id
    /// = 1 }`. Such a `new` is missing, which the grammar finds and recovery says.
    fn lacks_new(&self) -> bool {
        let mut first = self.at.wrapping_sub(1);
        if !matches!(self.scan.at(first), Tok::Ident(_)) {
            return false;
        }
        while *self.scan.at(first.wrapping_sub(1)) == Tok::Dot
            && matches!(self.scan.at(first.wrapping_sub(2)), Tok::Ident(_))
        {
            first -= 2;
        }
        let begins_value = match self.scan.at(first.wrapping_sub(1)) {
            Tok::Send | Tok::LParen | Tok::Assign | Tok::Return => true,
            Tok::Comma => matches!(self.kind(), Kind::Group | Kind::Initializer),
            _ => false,
        };
        begins_value
            && matches!(self.scan.at(self.at + 1), Tok::Ident(_))
            && *self.scan.at(self.at + 2) == Tok::Assign
    }

    /// Whether statements stand in braces behind a network operator: `source ==> { n++; }`.
    fn is_block_as_node(&self) -> bool {
        let operand = matches!(self.state, State::Operator | State::Decl);
        operand
            && self.follows_network()
            && self.scan.close(self.at).is_some()
            && *self.scan.at(self.scan.stop(self.at + 1)) == Tok::Semi
    }

    /// Whether a network operator stands before: then its operand begins here.
    fn follows_network(&self) -> bool {
        self.out.last().is_some_and(|it| it.tok.is_network())
    }

    /// Whether the parenthesis before is the subject of a `switch`.
    fn follows_switch_header(&self) -> bool {
        self.at > 0
            && self
                .scan
                .open(self.at - 1)
                .is_some_and(|open| open > 0 && *self.scan.at(open - 1) == Tok::Switch)
    }
}
