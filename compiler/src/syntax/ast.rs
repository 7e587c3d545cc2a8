//! The syntax tree: what was written, with spans. It gives nothing a meaning: names are
//! unresolved, literals are unparsed beyond their kind, and every construct of the
//! grammar is here whether or not a later phase supports it.

use crate::support::{Name, span::Span};

/// An identifier with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ident {
    pub name: Name,
    pub span: Span,
}

/// A dotted name, at least one part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    pub parts: Vec<Ident>,
    pub span: Span,
}

/// One source file.
#[derive(Clone, Debug, Default)]
pub struct File {
    pub usings: Vec<Path>,
    pub items: Vec<Item>,
    /// Names declared in what could not be parsed: nobody should call them unknown.
    pub lost: Vec<Ident>,
}

/// A declaration with what may stand before any declaration.
#[derive(Clone, Debug)]
pub struct Item {
    pub span: Span,
    /// Lines of the `///` comment before it.
    pub docs: Vec<String>,
    pub attributes: Vec<Attribute>,
    pub modifiers: Vec<Modifier>,
    pub kind: ItemKind,
}

/// `[Name(args)]`
#[derive(Clone, Debug)]
pub struct Attribute {
    pub name: Path,
    pub args: Vec<Arg>,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Modifier {
    pub kind: ModifierKind,
    pub span: Span,
}

/// Words that may precede a declaration or a member, in any order; `resolve` rejects combinations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModifierKind {
    Public,
    Private,
    Protected,
    Internal,
    Reader,
    Writer,
    Function,
    Asynchronous,
    Virtual,
    Override,
    Abstract,
    Sealed,
    Static,
    Readonly,
    Const,
    Unsafe,
    Blocking,
    Partial,
}

#[derive(Clone, Debug)]
pub enum ItemKind {
    /// `namespace A.B { … }`, or `namespace A.B;` (then the items to the end of the file).
    Namespace {
        path: Path,
        usings: Vec<Path>,
        items: Vec<Item>,
    },
    Agent(Agent),
    Channel(Channel),
    Domain(Domain),
    Schema(Schema),
    Struct(Struct),
    Enum(Enum),
    /// A function or method; at namespace level and as a member.
    Method(Method),
    /// `T a = e, b;` as a member; `const` and `readonly` are modifiers.
    Field(FieldDecl),
    /// `Name(params) : base(args) { … }`
    Constructor(Constructor),
    Native(Native),
    Test(Test),
    /// `class`, `interface`, `delegate`, `event`, a property …: recognised to be rejected with AX0107.
    Unsupported {
        what: Name,
        name: Option<Ident>,
    },
    /// What could not be parsed; a problem was reported.
    Error,
}

#[derive(Clone, Debug)]
pub struct TypeParam {
    pub name: Ident,
}

/// `where T : comparable, hashable`
#[derive(Clone, Debug)]
pub struct WhereClause {
    pub param: Ident,
    pub constraints: Vec<Ident>,
}

/// `agent Name<T> : channel C` or `: Base`
#[derive(Clone, Debug)]
pub struct Agent {
    pub name: Ident,
    pub type_params: Vec<TypeParam>,
    pub wheres: Vec<WhereClause>,
    pub base: Option<AgentBase>,
    pub members: Vec<Item>,
}

#[derive(Clone, Debug)]
pub struct AgentBase {
    /// Whether the word `channel` was written.
    pub channel: bool,
    pub ty: Type,
}

#[derive(Clone, Debug)]
pub struct Channel {
    pub name: Ident,
    pub type_params: Vec<TypeParam>,
    pub wheres: Vec<WhereClause>,
    pub base: Option<Type>,
    pub ports: Vec<Port>,
    pub states: Vec<ProtocolState>,
    /// Schemas, structs and enums declared inside.
    pub items: Vec<Item>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The implementing end receives.
    Input,
    /// The implementing end sends.
    Output,
}

/// `input T Name : Reply;`, and `input Name : Reply;` for a request without payload.
#[derive(Clone, Debug)]
pub struct Port {
    pub span: Span,
    pub docs: Vec<String>,
    pub attributes: Vec<Attribute>,
    pub direction: Direction,
    /// `None` for a request without payload.
    pub payload: Option<Type>,
    pub name: Ident,
    pub reply: Option<Type>,
}

/// `Name: { Port -> Next; … }`
#[derive(Clone, Debug)]
pub struct ProtocolState {
    pub span: Span,
    pub name: Ident,
    pub transitions: Vec<Transition>,
}

/// `Port(var x) when guard -> Next;`
#[derive(Clone, Debug)]
pub struct Transition {
    pub span: Span,
    pub port: Ident,
    pub binding: Option<Ident>,
    pub guard: Option<Expr>,
    pub next: Ident,
}

#[derive(Clone, Debug)]
pub struct Domain {
    pub name: Ident,
    pub type_params: Vec<TypeParam>,
    pub wheres: Vec<WhereClause>,
    pub base: Option<Type>,
    pub members: Vec<Item>,
}

#[derive(Clone, Debug)]
pub struct Schema {
    pub name: Ident,
    pub type_params: Vec<TypeParam>,
    pub wheres: Vec<WhereClause>,
    pub base: Option<Type>,
    pub fields: Vec<SchemaField>,
    pub rules: Vec<Rule>,
    /// Methods and anything else declared inside.
    pub members: Vec<Item>,
}

/// `required int Id;` `optional string Note;` `int X = 1;`
#[derive(Clone, Debug)]
pub struct SchemaField {
    pub span: Span,
    pub docs: Vec<String>,
    pub attributes: Vec<Attribute>,
    pub optional: bool,
    pub ty: Type,
    pub name: Ident,
    pub init: Option<Expr>,
}

#[derive(Clone, Debug)]
pub struct Rule {
    pub span: Span,
    pub condition: Expr,
}

#[derive(Clone, Debug)]
pub struct Struct {
    pub name: Ident,
    pub type_params: Vec<TypeParam>,
    pub wheres: Vec<WhereClause>,
    /// What stands behind `:`; structs have no base, `resolve` says so.
    pub base: Option<Type>,
    pub members: Vec<Item>,
}

#[derive(Clone, Debug)]
pub struct Enum {
    pub name: Ident,
    pub type_params: Vec<TypeParam>,
    pub wheres: Vec<WhereClause>,
    pub cases: Vec<EnumCase>,
}

/// `Circle(double r)`, `Empty`, `Red = 3`
#[derive(Clone, Debug)]
pub struct EnumCase {
    pub span: Span,
    pub docs: Vec<String>,
    pub name: Ident,
    pub payload: Vec<Param>,
    pub value: Option<Expr>,
}

#[derive(Clone, Debug)]
pub struct FieldDecl {
    pub ty: Type,
    pub declarators: Vec<Declarator>,
}

#[derive(Clone, Debug)]
pub struct Declarator {
    pub name: Ident,
    pub init: Option<Expr>,
}

#[derive(Clone, Debug)]
pub struct Param {
    pub span: Span,
    /// `ref`, `out`, `in`, `params` or `this` before it, for `resolve` to reject.
    pub passing: Option<Ident>,
    pub ty: Type,
    pub name: Ident,
    pub default: Option<Expr>,
}

/// A method, function, local function, or native signature.
#[derive(Clone, Debug)]
pub struct Method {
    pub returns: Type,
    pub name: Ident,
    pub type_params: Vec<TypeParam>,
    pub params: Vec<Param>,
    pub wheres: Vec<WhereClause>,
    /// `throws` behind a native signature.
    pub throws: bool,
    pub body: MethodBody,
}

#[derive(Clone, Debug)]
pub enum MethodBody {
    Block(Block),
    /// `=> expr;`
    Expr(Expr),
    /// `;`, for native signatures.
    None,
}

#[derive(Clone, Debug)]
pub struct Constructor {
    pub name: Ident,
    pub params: Vec<Param>,
    /// Arguments of `: base(…)`.
    pub base_args: Option<Vec<Arg>>,
    pub body: Block,
}

/// `native "file.rs" uses { crate = "1" } { … }`, and the library's own
/// `native type`, `native handle` and `native namespace`.
#[derive(Clone, Debug)]
pub enum Native {
    Module {
        path: Literal,
        uses: Vec<(Ident, Literal)>,
        items: Vec<NativeMember>,
    },
    /// `native type Name<T> { … }`; `handle` for `native handle Name<T> : Base { … }`.
    Type {
        handle: bool,
        name: Ident,
        type_params: Vec<TypeParam>,
        bases: Vec<Type>,
        wheres: Vec<WhereClause>,
        members: Vec<NativeMember>,
    },
    Namespace {
        name: Ident,
        members: Vec<NativeMember>,
    },
}

#[derive(Clone, Debug)]
pub struct NativeMember {
    pub span: Span,
    pub docs: Vec<String>,
    pub attributes: Vec<Attribute>,
    pub modifiers: Vec<Modifier>,
    pub kind: NativeMemberKind,
}

#[derive(Clone, Debug)]
pub enum NativeMemberKind {
    /// `opaque type Picture;`
    OpaqueType(Ident),
    Method(Method),
    /// `new(int capacity);`
    New {
        params: Vec<Param>,
        throws: bool,
    },
    /// `int Count { get; }`
    Property {
        ty: Type,
        name: Ident,
        throws: bool,
        settable: bool,
    },
    /// `T this[int index] throws { get; set; }`
    Indexer {
        ty: Type,
        params: Vec<Param>,
        throws: bool,
        settable: bool,
    },
}

/// `test "name" { … }`
#[derive(Clone, Debug)]
pub struct Test {
    pub name: Literal,
    pub body: Block,
}

#[derive(Clone, Debug)]
pub struct Type {
    pub span: Span,
    pub kind: TypeKind,
}

#[derive(Clone, Debug)]
pub enum TypeKind {
    /// `A.B<int>.C`; each part with its own type arguments.
    Named(Vec<TypePart>),
    /// `var`, where a type is written.
    Var,
    Void,
    Array(Box<Type>),
    Nullable(Box<Type>),
    /// Elements with their optional names.
    Tuple(Vec<(Type, Option<Ident>)>),
    /// `C@State`
    AtState(Box<Type>, Ident),
    Error,
}

#[derive(Clone, Debug)]
pub struct TypePart {
    pub name: Ident,
    pub args: Vec<Type>,
}

#[derive(Clone, Debug, Default)]
pub struct Block {
    pub span: Span,
    pub stmts: Vec<Stmt>,
}

#[derive(Clone, Debug)]
pub struct Stmt {
    pub span: Span,
    pub attributes: Vec<Attribute>,
    pub kind: StmtKind,
}

#[derive(Clone, Debug)]
pub enum StmtKind {
    /// `;`
    Empty,
    Block(Block),
    /// `T a = e, b = f;` `var x = e;` `const int N = 3;`
    Local {
        constant: bool,
        ty: Type,
        declarators: Vec<Declarator>,
    },
    /// `var (a, b) = e;` `(int a, string b) = e;`
    Deconstruct {
        pattern: TuplePattern,
        value: Expr,
    },
    LocalFunction {
        modifiers: Vec<Modifier>,
        method: Box<Method>,
    },
    Expr(Expr),
    If {
        condition: Expr,
        then: Box<Stmt>,
        otherwise: Option<Box<Stmt>>,
    },
    While {
        condition: Expr,
        body: Box<Stmt>,
    },
    DoWhile {
        body: Box<Stmt>,
        condition: Expr,
    },
    For {
        init: Vec<Stmt>,
        condition: Option<Expr>,
        update: Vec<Expr>,
        body: Box<Stmt>,
    },
    /// `foreach (T x in e) s`; also the `for (var x in e)` spelling.
    Foreach {
        binding: ForeachBinding,
        iterable: Expr,
        body: Box<Stmt>,
    },
    Switch {
        subject: Expr,
        sections: Vec<SwitchSection>,
    },
    Break,
    Continue,
    Return(Option<Expr>),
    Throw(Option<Expr>),
    Try {
        body: Block,
        catches: Vec<Catch>,
        finally: Option<Block>,
    },
    /// `using (var x = e) s`, `using (e) s`
    Using {
        resource: UsingResource,
        body: Box<Stmt>,
    },
    /// `using var x = e;`, to the end of the block.
    UsingVar {
        ty: Type,
        declarators: Vec<Declarator>,
    },
    Checked {
        checked: bool,
        body: Block,
    },
    Receive(Vec<ReceiveCase>),
    /// `yield;`
    Yield,
    YieldReturn(Expr),
    YieldBreak,
    Assert(Vec<Expr>),
    /// `expect throws E { … }`
    ExpectThrows {
        ty: Type,
        body: Block,
    },
    /// A construct that is recognised to be rejected (`lock`, `goto`, a label …).
    Unsupported {
        what: Name,
    },
    Error,
}

#[derive(Clone, Debug)]
pub enum ForeachBinding {
    Single { ty: Type, name: Ident },
    Tuple(TuplePattern),
}

/// `var (a, b)`, `(int a, _)`; nested allowed.
#[derive(Clone, Debug)]
pub struct TuplePattern {
    pub span: Span,
    pub parts: Vec<TuplePatternPart>,
}

#[derive(Clone, Debug)]
pub enum TuplePatternPart {
    /// `ty` is `Var` under a leading `var`; `_` discards.
    Name {
        ty: Type,
        name: Ident,
    },
    Nested(TuplePattern),
}

#[derive(Clone, Debug)]
pub enum UsingResource {
    Local { ty: Type, declarators: Vec<Declarator> },
    Expr(Expr),
}

#[derive(Clone, Debug)]
pub struct SwitchSection {
    pub span: Span,
    pub labels: Vec<SwitchLabel>,
    pub body: Vec<Stmt>,
}

#[derive(Clone, Debug)]
pub struct SwitchLabel {
    pub span: Span,
    /// `None` for `default`.
    pub pattern: Option<Pattern>,
    pub guard: Option<Expr>,
}

#[derive(Clone, Debug)]
pub struct Catch {
    pub span: Span,
    /// `catch`, `catch (E)`, `catch (E e)`.
    pub ty: Option<Type>,
    pub name: Option<Ident>,
    pub filter: Option<Expr>,
    pub body: Block,
}

#[derive(Clone, Debug)]
pub struct ReceiveCase {
    pub span: Span,
    pub kind: ReceiveCaseKind,
    pub body: Vec<Stmt>,
}

#[derive(Clone, Debug)]
pub enum ReceiveCaseKind {
    /// `from a, b into (var x, var y) when g:`
    From {
        sources: Vec<Expr>,
        into: Option<ReceiveBinding>,
        guard: Option<Expr>,
    },
    Timeout(Expr),
    Default,
}

#[derive(Clone, Debug)]
pub enum ReceiveBinding {
    Single { ty: Type, name: Ident },
    Tuple(TuplePattern),
}

#[derive(Clone, Debug)]
pub struct Pattern {
    pub span: Span,
    pub kind: PatternKind,
}

#[derive(Clone, Debug)]
pub enum PatternKind {
    Wildcard,
    /// `var x`
    Var(Ident),
    /// `T x`
    Typed {
        ty: Type,
        name: Ident,
    },
    /// A constant expression, or a name that may be an enum case.
    Expr(Expr),
    /// `Circle(var r)`, `Shape.Circle(_)`
    Case {
        path: Path,
        args: Vec<Pattern>,
    },
    Tuple(Vec<Pattern>),
    /// `{ Id: 1 }`, `Order { Id: 1 }`
    Properties {
        ty: Option<Type>,
        fields: Vec<(Ident, Pattern)>,
    },
    Relational {
        op: BinaryOp,
        value: Expr,
    },
    Or(Box<Pattern>, Box<Pattern>),
    And(Box<Pattern>, Box<Pattern>),
    Not(Box<Pattern>),
    Error,
}

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

impl ModifierKind {
    /// The word as written.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
            Self::Protected => "protected",
            Self::Internal => "internal",
            Self::Reader => "reader",
            Self::Writer => "writer",
            Self::Function => "function",
            Self::Asynchronous => "asynchronous",
            Self::Virtual => "virtual",
            Self::Override => "override",
            Self::Abstract => "abstract",
            Self::Sealed => "sealed",
            Self::Static => "static",
            Self::Readonly => "readonly",
            Self::Const => "const",
            Self::Unsafe => "unsafe",
            Self::Blocking => "blocking",
            Self::Partial => "partial",
        }
    }
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
