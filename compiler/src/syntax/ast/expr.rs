//! Expressions, literals and operators.

use super::{Block, Ident, Pattern, Type};
use crate::support::{Name, span::Span};

#[derive(Clone, Debug)]
pub struct Expr {
    pub span: Span,
    pub kind: Box<ExprKind>,
}

#[derive(Clone, Debug)]
pub enum ExprKind {
    Literal(Literal),
    /// `$"…"`
    Interpolated(Vec<InterpolationPart>),
    Name(Ident),
    /// `Name<int>` where a generic name stands in an expression.
    GenericName {
        name: Ident,
        args: Vec<Type>,
    },
    /// A type where an expression may stand: `int.Parse`, `string.Format`, `List<int>[]`.
    TypeName(Type),
    This,
    Parent,
    Base,
    /// `_`: a discard, or the message in a placeholder call.
    Placeholder,
    Paren(Expr),
    /// `e.Name`, `e.Name<T>`
    Member {
        base: Expr,
        name: Ident,
        args: Vec<Type>,
    },
    /// `e?.Name`
    NullMember {
        base: Expr,
        name: Ident,
        args: Vec<Type>,
    },
    /// `c::Port`
    Port {
        base: Expr,
        name: Ident,
    },
    Index {
        base: Expr,
        args: Vec<Expr>,
    },
    NullIndex {
        base: Expr,
        args: Vec<Expr>,
    },
    Call {
        callee: Expr,
        args: Vec<Arg>,
    },
    /// `new T(args) { A = 1 }`, `new() { … }`, `new T(A = 1)`
    New {
        ty: Option<Type>,
        args: Vec<Arg>,
        init: Option<Initializer>,
    },
    /// `new T[n]` (element type and sizes; deeper ranks in the element type)
    NewArray {
        element: Type,
        size: Expr,
    },
    /// `new T[] { … }`, `new[] { … }`
    NewArrayInit {
        element: Option<Type>,
        items: Vec<Expr>,
    },
    /// `{ a, b }` as an initialiser (`int[] x = { 1, 2 };`) or as a vector of a network.
    Vector(Vec<Expr>),
    Tuple(Vec<(Option<Ident>, Expr)>),
    Unary {
        op: UnaryOp,
        operand: Expr,
    },
    /// `x++`, `x--`; `prefix` for `++x`.
    Increment {
        prefix: bool,
        decrement: bool,
        operand: Expr,
    },
    Cast {
        ty: Type,
        operand: Expr,
    },
    /// `e!`
    NonNull(Expr),
    Binary {
        op: BinaryOp,
        left: Expr,
        right: Expr,
    },
    /// `a ?? b`
    Coalesce {
        left: Expr,
        right: Expr,
    },
    Conditional {
        condition: Expr,
        then: Expr,
        otherwise: Expr,
    },
    /// `=` and compound assignments; `??=` has `op: Some(AssignOp::Coalesce)`.
    Assign {
        target: Expr,
        op: Option<AssignOp>,
        value: Expr,
    },
    Is {
        operand: Expr,
        pattern: Pattern,
    },
    /// `e with { A = 1 }`
    With {
        operand: Expr,
        fields: Vec<(Ident, Expr)>,
    },
    SwitchExpr {
        subject: Expr,
        arms: Vec<SwitchArm>,
    },
    Lambda {
        params: Vec<LambdaParam>,
        body: LambdaBody,
    },
    Throw(Expr),
    /// `checked(e)`, `unchecked(e)`
    Checked {
        checked: bool,
        operand: Expr,
    },
    /// `a..b`, `..b`, `a..`
    Range {
        from: Option<Expr>,
        to: Option<Expr>,
    },
    /// `^1`
    FromEnd(Expr),
    /// `receive(src)`, `receive(src, timeout)`
    Receive {
        source: Expr,
        timeout: Option<Expr>,
    },
    /// `target <-- value`
    Send {
        target: Expr,
        value: Expr,
    },
    /// A network operator and its operands; a chain is left-nested.
    Network {
        op: NetworkOp,
        op_span: Span,
        left: Expr,
        right: Expr,
    },
    /// `default`, `default(T)`
    Default(Option<Type>),
    /// A construct that is recognised to be rejected (`typeof`, `await`, LINQ …).
    Unsupported {
        what: Name,
    },
    Error,
}

#[derive(Clone, Debug)]
pub struct Arg {
    pub span: Span,
    /// `name: e`, and `Name = e` of `new T(A = 1)`.
    pub name: Option<Ident>,
    /// Whether the name was written with `=`.
    pub assigned: bool,
    pub value: Expr,
}

#[derive(Clone, Debug)]
pub enum Initializer {
    /// `{ A = 1, B = { … } }`
    Fields(Vec<(Ident, Expr)>),
    /// `{ 1, 2 }`
    Items(Vec<Expr>),
    /// `{ { k, v }, … }` and `{ [k] = v, … }`
    Pairs(Vec<(Expr, Expr)>),
}

#[derive(Clone, Debug)]
pub struct SwitchArm {
    pub span: Span,
    pub pattern: Pattern,
    pub guard: Option<Expr>,
    pub value: Expr,
}

#[derive(Clone, Debug)]
pub struct LambdaParam {
    pub ty: Option<Type>,
    pub name: Ident,
}

#[derive(Clone, Debug)]
pub enum LambdaBody {
    Expr(Expr),
    Block(Block),
}

#[derive(Clone, Debug)]
pub enum InterpolationPart {
    Text(String),
    /// `{e,8:F2}`
    Hole {
        value: Expr,
        alignment: Option<i32>,
        format: Option<String>,
    },
}

/// A literal whose text was already decoded by the lexer; range checks come with types.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    Null,
    Bool(bool),
    /// Magnitude and suffix; the sign is a unary minus.
    Int {
        value: u64,
        suffix: IntSuffix,
    },
    Float {
        value: f64,
        single: bool,
    },
    /// Digits as written, for `m`.
    Decimal(String),
    Char(char),
    String(std::rc::Rc<str>),
    /// Nanoseconds.
    Duration(i64),
    /// A literal that was reported as malformed.
    Error,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntSuffix {
    None,
    Unsigned,
    Long,
    UnsignedLong,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    Neg,
    Plus,
    Not,
    BitNot,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    Mul,
    Div,
    Rem,
    Add,
    Sub,
    Shl,
    Shr,
    Lt,
    Le,
    Gt,
    Ge,
    Eq,
    Ne,
    BitAnd,
    BitXor,
    BitOr,
    And,
    Or,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssignOp {
    Op(BinaryOp),
    Coalesce,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NetworkOp {
    /// `==>`
    Forward,
    /// `-->`
    ForwardOnce,
    /// `-<<`
    Broadcast,
    /// `-<:`
    Alternate,
    /// `>>-`
    Multiplex,
    /// `&>-`
    Combine,
    /// `-<&`
    Scatter,
}

impl BinaryOp {
    /// The operator as written.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Mul => "*",
            Self::Div => "/",
            Self::Rem => "%",
            Self::Add => "+",
            Self::Sub => "-",
            Self::Shl => "<<",
            Self::Shr => ">>",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
            Self::Eq => "==",
            Self::Ne => "!=",
            Self::BitAnd => "&",
            Self::BitXor => "^",
            Self::BitOr => "|",
            Self::And => "&&",
            Self::Or => "||",
        }
    }
}

impl NetworkOp {
    /// The operator as written.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Forward => "==>",
            Self::ForwardOnce => "-->",
            Self::Broadcast => "-<<",
            Self::Alternate => "-<:",
            Self::Multiplex => ">>-",
            Self::Combine => "&>-",
            Self::Scatter => "-<&",
        }
    }
    /// Its name in prose.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Forward => "forward",
            Self::ForwardOnce => "forward once",
            Self::Broadcast => "broadcast",
            Self::Alternate => "alternate",
            Self::Multiplex => "multiplex",
            Self::Combine => "combine",
            Self::Scatter => "scatter",
        }
    }
}
