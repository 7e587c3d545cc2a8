//! Bodies: statements and expressions with names bound as far as scopes can tell.
//! What depends on types (members, overloads, constants in patterns) is bound by `types`.

use super::ids::*;
use super::ty::Ty;
use crate::support::{
    Name,
    index::{IdMap, IdVec},
    span::Span,
};
pub use crate::syntax::ast::{AssignOp, BinaryOp, Ident, Literal, NetworkOp, UnaryOp};

/// Whose code it is; decides what `this`, `parent` and bare members mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// Namespace functions, constants, defaults.
    Free,
    Agent(AgentId),
    /// Constructor, methods and functions of a domain.
    Domain(DomainId),
    Record(RecordId),
    /// A `test` block: an agent of its own.
    Test,
}

#[derive(Clone, Debug)]
pub struct Body {
    pub context: Context,
    pub params: Vec<LocalId>,
    pub locals: IdVec<LocalId, Local>,
    pub exprs: IdVec<ExprId, Expr>,
    pub lambdas: IdVec<LambdaId, Lambda>,
    pub local_fns: IdVec<LocalFnId, LocalFn>,
    /// Type arguments written behind the bare name of a method or function.
    pub type_args: IdMap<ExprId, Vec<Ty>>,
    /// Sends with `[NoDrop]` or `[NoSuspend]` before their statement.
    pub strict: IdMap<ExprId, Strictness>,
    pub root: Root,
    /// It yields, lambdas and local functions inside aside: a call gives a sequence.
    pub iterator: bool,
    pub span: Span,
}

/// What a send may not do where the target is full: it throws instead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Strictness {
    pub no_drop: bool,
    pub no_suspend: bool,
}

impl Body {
    /// A body that does nothing.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            context: Context::Free,
            params: Vec::new(),
            locals: IdVec::new(),
            exprs: IdVec::new(),
            lambdas: IdVec::new(),
            local_fns: IdVec::new(),
            type_args: IdMap::new(),
            strict: IdMap::new(),
            root: Root::Block(Block::default()),
            iterator: false,
            span: Span::default(),
        }
    }
}

#[derive(Clone, Debug)]
pub enum Root {
    Block(Block),
    Expr(ExprId),
}

#[derive(Clone, Debug)]
pub struct Local {
    pub name: Name,
    pub span: Span,
    pub kind: LocalKind,
    /// `None` for `var` and untyped lambda parameters.
    pub declared: Option<Ty>,
    /// The innermost lambda that declares it; using it from a deeper one captures it.
    pub lambda: Option<LambdaId>,
    /// The innermost local function that declares it.
    pub local_fn: Option<LocalFnId>,
    /// Declared without a value.
    pub bare: bool,
    /// Declared in one section of a `switch` and used in a later one.
    pub across_sections: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalKind {
    Param,
    Variable,
    Const,
    /// Of `foreach`, not assignable.
    Foreach,
    Using,
    /// Bound by a pattern, `into` or `catch`.
    Bound,
    LambdaParam,
}

#[derive(Clone, Debug)]
pub struct Lambda {
    pub span: Span,
    pub params: Vec<LocalId>,
    pub body: Root,
    /// The lambda around it.
    pub outer: Option<LambdaId>,
}

#[derive(Clone, Debug)]
pub struct LocalFn {
    pub name: Ident,
    pub function: Option<Span>,
    pub asynchronous: Option<Span>,
    pub params: Vec<LocalId>,
    /// The constant of each parameter that may be left out.
    pub defaults: Vec<Option<ExprId>>,
    pub returns: Ty,
    pub body: Root,
    /// It yields itself.
    pub iterator: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Block {
    pub span: Span,
    pub stmts: Vec<Stmt>,
}

#[derive(Clone, Debug)]
pub struct Stmt {
    pub span: Span,
    pub kind: StmtKind,
}

#[derive(Clone, Debug)]
pub enum StmtKind {
    Error,
    Empty,
    Block(Block),
    /// One local each; a declaration of several becomes several statements.
    Local {
        local: LocalId,
        init: Option<ExprId>,
    },
    Deconstruct {
        pattern: TuplePattern,
        value: ExprId,
    },
    /// `using var x = e;` and `using (var x = e) s`, `using (e) s` (then `local` is `None`).
    Using {
        local: Option<LocalId>,
        resource: ExprId,
        body: Block,
    },
    Expr(ExprId),
    If {
        condition: ExprId,
        then: Box<Stmt>,
        otherwise: Option<Box<Stmt>>,
    },
    While {
        condition: ExprId,
        body: Box<Stmt>,
    },
    DoWhile {
        body: Box<Stmt>,
        condition: ExprId,
    },
    For {
        init: Vec<Stmt>,
        condition: Option<ExprId>,
        update: Vec<ExprId>,
        body: Box<Stmt>,
    },
    Foreach {
        binding: Binding,
        iterable: ExprId,
        body: Box<Stmt>,
    },
    Switch {
        subject: ExprId,
        sections: Vec<SwitchSection>,
    },
    Break,
    Continue,
    Return(Option<ExprId>),
    Receive(Vec<ReceiveCase>),
    Checked {
        checked: bool,
        body: Block,
    },
    Try {
        body: Block,
        catches: Vec<Catch>,
        finally: Option<Block>,
    },
    /// `throw e;`, and `throw;` of what is being handled.
    Throw(Option<ExprId>),
    /// `yield;`
    Yield,
    /// `yield return e;`
    YieldReturn(ExprId),
    /// `yield break;`
    YieldBreak,
    /// Declared where it stands; the body is in `Body::local_fns`.
    LocalFn(LocalFnId),
}

#[derive(Clone, Debug)]
pub enum Binding {
    Single(LocalId),
    Tuple(TuplePattern),
}

#[derive(Clone, Debug)]
pub struct TuplePattern {
    pub span: Span,
    pub parts: Vec<TuplePatternPart>,
}

#[derive(Clone, Debug)]
pub enum TuplePatternPart {
    Local(LocalId),
    Discard(Span),
    Nested(TuplePattern),
}

#[derive(Clone, Debug)]
pub struct SwitchSection {
    pub span: Span,
    pub labels: Vec<SwitchLabel>,
    pub body: Block,
}

#[derive(Clone, Debug)]
pub struct SwitchLabel {
    pub span: Span,
    /// `None` for `default`.
    pub pattern: Option<Pattern>,
    pub guard: Option<ExprId>,
}

#[derive(Clone, Debug)]
pub struct Pattern {
    pub span: Span,
    pub kind: PatternKind,
}

#[derive(Clone, Debug)]
pub enum PatternKind {
    Error,
    Wildcard,
    Var(LocalId),
    /// `T x`, for nullable subjects.
    Typed {
        ty: Ty,
        local: LocalId,
    },
    Constant(ExprId),
    /// A lone or dotted name and perhaps sub-patterns: an enum case, or a constant whose
    /// expression is `constant` (also `Shape.Circle` of a dotted name, bound). `types`
    /// decides by the subject's type.
    Case {
        path: Vec<Ident>,
        args: Option<Vec<Pattern>>,
        constant: Option<ExprId>,
    },
    Tuple(Vec<Pattern>),
    Properties {
        ty: Option<Ty>,
        fields: Vec<(Ident, Pattern)>,
    },
    Relational {
        op: BinaryOp,
        value: ExprId,
    },
    /// `{ }`, and the name in `{ … } x`: any value but null.
    NonNull(Option<LocalId>),
    Or(Box<Pattern>, Box<Pattern>),
    And(Box<Pattern>, Box<Pattern>),
    Not(Box<Pattern>),
    Null,
}

/// `catch (E e) when (filter) { … }`
#[derive(Clone, Debug)]
pub struct Catch {
    pub span: Span,
    /// What is caught, and where it is written; `None` for everything.
    pub ty: Option<(Ty, Span)>,
    pub local: Option<LocalId>,
    pub filter: Option<ExprId>,
    pub body: Block,
}

impl Catch {
    /// The word that it begins with.
    #[must_use]
    pub fn head(&self) -> Span {
        Span { hi: self.span.hi.min(self.span.lo + 5), ..self.span }
    }
}

#[derive(Clone, Debug)]
pub struct ReceiveCase {
    pub span: Span,
    pub kind: ReceiveCaseKind,
    pub body: Block,
}

#[derive(Clone, Debug)]
pub enum ReceiveCaseKind {
    From { sources: Vec<ExprId>, into: Option<Binding>, guard: Option<ExprId> },
    Timeout(ExprId),
    Default,
}

#[derive(Clone, Debug)]
pub struct Expr {
    pub span: Span,
    pub kind: ExprKind,
}

#[derive(Clone, Debug)]
pub enum ExprKind {
    Error,
    Literal(Literal),
    Interpolated(Vec<InterpolationPart>),
    Local(LocalId),
    LocalFn(LocalFnId),
    /// A field of the body's own agent, record or domain, or of a domain around it, by bare
    /// name, `this.x` or `parent.x`.
    Field(FieldId),
    /// Methods of the body's own agent, record, domain, outer domain or namespace, by name.
    Method(MethodId),
    /// `base.M`: the method of the base itself, whatever overrides it.
    BaseMethod(MethodId),
    /// A port of the agent's own channel by its bare name.
    OwnPort(PortId),
    Const(ConstId),
    This,
    /// The `n`th domain around the own one, as a value: `parent` is 0 for an agent (its own domain).
    Parent(usize),
    PrimaryChannel,
    /// `_`
    Placeholder,
    /// Names that are only the left of a `.` or of a call.
    TypeName(Ty),
    AgentName(AgentId),
    DomainName(DomainId),
    SpaceName(SpaceId),
    /// A generic enum without its arguments: `Option.Some(3)`.
    EnumName(EnumId),
    /// A bare name that nothing in scope has but a case of some enum: `types` finds the
    /// enum by the expected type, and reports an unknown name where there is none.
    BareCase(Ident),
    /// `room.Create<User>`, only as a callee: a domain handle and the agent to make in it.
    CreateIn {
        domain: ExprId,
        agent: AgentId,
    },
    Member {
        base: ExprId,
        name: Ident,
        type_args: Vec<Ty>,
        null_safe: bool,
    },
    /// `c::Port`
    Port {
        base: ExprId,
        name: Ident,
    },
    Index {
        base: ExprId,
        args: Vec<ExprId>,
        null_safe: bool,
    },
    Call {
        callee: ExprId,
        type_args: Vec<Ty>,
        args: Vec<Arg>,
    },
    /// `ty` is `None` for `new()`.
    New {
        ty: Option<Ty>,
        args: Vec<Arg>,
        init: Option<Initializer>,
    },
    /// `new SomeAgent(…)`, to be rejected with AX0402.
    NewAgent {
        agent: AgentId,
    },
    NewArray {
        element: Ty,
        size: ExprId,
    },
    NewArrayInit {
        element: Option<Ty>,
        items: Vec<ExprId>,
    },
    /// `{ a, b }`: an array initialiser or a vector of a network.
    Vector(Vec<ExprId>),
    Tuple(Vec<(Option<Ident>, ExprId)>),
    Unary {
        op: UnaryOp,
        operand: ExprId,
    },
    Increment {
        prefix: bool,
        decrement: bool,
        operand: ExprId,
    },
    Cast {
        ty: Ty,
        operand: ExprId,
    },
    NonNull(ExprId),
    Binary {
        op: BinaryOp,
        left: ExprId,
        right: ExprId,
    },
    Coalesce {
        left: ExprId,
        right: ExprId,
    },
    Conditional {
        condition: ExprId,
        then: ExprId,
        otherwise: ExprId,
    },
    Assign {
        target: ExprId,
        op: Option<AssignOp>,
        value: ExprId,
    },
    Is {
        operand: ExprId,
        pattern: Pattern,
    },
    With {
        operand: ExprId,
        fields: Vec<(Ident, ExprId)>,
    },
    Switch {
        subject: ExprId,
        arms: Vec<SwitchArm>,
    },
    Lambda(LambdaId),
    Checked {
        checked: bool,
        operand: ExprId,
    },
    Range {
        from: Option<ExprId>,
        to: Option<ExprId>,
    },
    FromEnd(ExprId),
    Receive {
        source: ExprId,
        timeout: Option<ExprId>,
    },
    Send {
        target: ExprId,
        value: ExprId,
    },
    Network {
        op: NetworkOp,
        op_span: Span,
        left: ExprId,
        right: ExprId,
    },
    Default(Option<Ty>),
    /// Stands only where a value may be left out: `x ?? throw e`.
    Throw(ExprId),
}

#[derive(Clone, Debug)]
pub struct Arg {
    pub span: Span,
    pub name: Option<Ident>,
    pub value: ExprId,
}

#[derive(Clone, Debug)]
pub enum Initializer {
    Fields(Vec<(Ident, ExprId)>),
    Items(Vec<ExprId>),
    Pairs(Vec<(ExprId, ExprId)>),
}

#[derive(Clone, Debug)]
pub struct SwitchArm {
    pub span: Span,
    pub pattern: Pattern,
    pub guard: Option<ExprId>,
    pub value: ExprId,
}

#[derive(Clone, Debug)]
pub enum InterpolationPart {
    Text(String),
    Hole { value: ExprId, alignment: Option<i32>, format: Option<String> },
}
