//! What the emitter prints: items and bodies in the vocabulary of the target, with every
//! decision taken. Moves, copies, turns, suspension and failure are explicit here. It has
//! no identifiers of the target language: `emit::names` makes them.

pub mod foreign;
pub mod print;
pub mod visit;

use crate::support::Name;

/// A lowered program.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// Source files that items come from, by index: the name as diagnostics show it.
    pub files: Vec<String>,
    /// Names of items; an [`ItemRef`] indexes them. `Chatroom.User` has two parts.
    pub names: Vec<Vec<Name>>,
    /// The same names as reports show them, with type arguments: `Cache<int, string>.Client`.
    pub shown: Vec<String>,
    /// In source order: user files first, then what is used of the library.
    pub items: Vec<Item>,
    /// Where the code uses ports, for reports.
    pub port_uses: Vec<PortUse>,
    /// Body of the program's entry; `None` for a library check.
    pub entry: Option<Entry>,
    /// The Rust files that items call, in the order in which they are met.
    pub modules: Vec<foreign::Module>,
}

/// Names an item: a type or a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemRef(pub u32);

/// Names a variable within one function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Var(pub u32);

/// Names a loop or block to leave within one function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(pub u32);

/// Where something stands in the source: file index and line from 1. Line 0: nowhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Line {
    pub file: u32,
    pub line: u32,
}

/// A place that sends on a port of this channel, or receives from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortUse {
    pub channel: ItemRef,
    pub port: Name,
    pub sends: bool,
    /// The agent whose code it is, if it is an agent's.
    pub agent: Option<ItemRef>,
    pub line: Line,
}

#[derive(Clone, Debug)]
pub struct Item {
    pub name: ItemRef,
    pub line: Line,
    /// The declaration's head as written, for the comment above: `agent Teller : channel Bank`.
    pub head: String,
    pub kind: ItemKind,
}

#[derive(Clone, Debug)]
pub enum ItemKind {
    Channel(Channel),
    Agent(Agent),
    Domain(Domain),
    Struct(Struct),
    Enum(Enum),
    Json(Json),
    Opaque(foreign::Opaque),
    Foreign(foreign::Call),
    Bridge(foreign::Bridge),
    Function(Function),
}

#[derive(Clone, Debug)]
pub struct Channel {
    /// The channel it derives from, and how many of the ports are that one's: the first.
    pub base: Option<(ItemRef, usize)>,
    pub ports: Vec<Port>,
    pub protocol: Vec<ProtocolState>,
}

#[derive(Clone, Debug)]
pub struct Port {
    pub name: Name,
    pub input: bool,
    /// Type of the messages: `Request<T, R>` for a request port.
    pub ty: Ty,
    pub request: bool,
    /// Guards of moves on it, by their number in the protocol.
    pub guards: Vec<(usize, ItemRef)>,
    /// How many messages may wait, and the case of the runtime's `Overflow` for those beyond.
    pub bounds: Option<(u32, &'static str)>,
}

#[derive(Clone, Debug)]
pub struct ProtocolState {
    pub name: Name,
    pub moves: Vec<Move>,
}

#[derive(Clone, Debug)]
pub struct Move {
    pub port: Name,
    /// Index of the next state, `None` for `End`.
    pub next: Option<usize>,
    /// Number of its guard.
    pub guard: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    None,
    Read,
    Write,
}

/// The state of an agent and what the runtime has to know of it.
#[derive(Clone, Debug)]
pub struct Agent {
    pub fields: Vec<(Name, Ty)>,
    pub channel: Option<ItemRef>,
    pub domain: Option<ItemRef>,
    pub access: Access,
}

#[derive(Clone, Debug)]
pub struct Domain {
    pub fields: Vec<(Name, Ty)>,
    pub parent: Option<ItemRef>,
}

/// Traits beyond `Clone` and `Show` that a value type derives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Derives {
    pub equatable: bool,
    pub hashable: bool,
    pub comparable: bool,
    pub default: bool,
    /// Only small plain values.
    pub copy: bool,
}

#[derive(Clone, Debug)]
pub struct Struct {
    pub derives: Derives,
    /// The name that printing shows.
    pub shown: Name,
    pub fields: Vec<(Name, Ty)>,
}

#[derive(Clone, Debug)]
pub struct Enum {
    pub derives: Derives,
    pub cases: Vec<(Name, Vec<Ty>)>,
    /// The number of each case, where not all count up from 0.
    pub numbers: Vec<i32>,
}

/// How values of a type are written as JSON, or read.
#[derive(Clone, Debug)]
pub struct Json {
    pub of: ItemRef,
    /// The name that reports show.
    pub shown: Name,
    /// Whether it reads; it writes otherwise.
    pub reads: bool,
    pub shape: JsonShape,
}

#[derive(Clone, Debug)]
pub enum JsonShape {
    /// An object.
    Record {
        fields: Vec<JsonField>,
        /// Checks the rules of what was read.
        check: Option<ItemRef>,
    },
    /// The name of a case, or an object around what it carries.
    Enum(Vec<(Name, Vec<JsonField>)>),
}

#[derive(Clone, Debug)]
pub struct JsonField {
    /// As the text has it.
    pub key: Name,
    /// As the generated type has it; payloads have no names there.
    pub field: Name,
    pub ty: Ty,
}

#[derive(Clone, Debug)]
pub struct Function {
    /// A method of this type; its first parameter is then `self`.
    pub receiver: Option<(ItemRef, SelfMode)>,
    /// Variables of the body; a [`Var`] indexes them. The name is the user's, or `ax_…`.
    pub vars: Vec<Name>,
    pub params: Vec<Param>,
    pub returns: Ty,
    /// Gives `rt::Result`.
    pub throws: bool,
    /// An `async fn`.
    pub suspends: bool,
    /// It is no function of the program's own: what it throws is thrown where it is called.
    pub hidden: bool,
    pub body: Block,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelfMode {
    Ref,
    Mut,
}

#[derive(Clone, Debug)]
pub struct Param {
    pub var: Var,
    pub ty: Ty,
}

/// The program's start: an expression that gives the using end of the entry agent.
#[derive(Clone, Debug)]
pub struct Entry {
    pub vars: Vec<Name>,
    /// The channel `Application`.
    pub application: ItemRef,
    /// May throw; gives `Using<Application>`.
    pub create: Block,
    /// It may wait, for the constructor of the agent's domain does.
    pub waits: bool,
    /// What is pending is finished before the program ends.
    pub drains: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Ty {
    Unit,
    Never,
    /// `i32`, `bool`, `f64`, `char` …: the target's own.
    Prim(&'static str),
    /// A type of the runtime with its arguments: `("List", [T])`, `("Str", [])`.
    Rt(Name, Vec<Ty>),
    /// A generated type.
    Item(ItemRef),
    Option(Box<Ty>),
    Tuple(Vec<Ty>),
    Func {
        params: Vec<Ty>,
        returns: Box<Ty>,
    },
    /// A shared borrow, for parameters.
    Ref(Box<Ty>),
    RefMut(Box<Ty>),
    /// Left to inference.
    Infer,
}

#[derive(Clone, Debug, Default)]
pub struct Block {
    pub stmts: Vec<Stmt>,
    /// The block's value.
    pub value: Option<Box<Expr>>,
}

#[derive(Clone, Debug)]
pub struct Stmt {
    pub line: Line,
    pub kind: StmtKind,
}

#[derive(Clone, Debug)]
pub enum StmtKind {
    /// Without `init`, assigned on every path before use.
    Let {
        pattern: Pattern,
        ty: Option<Ty>,
        init: Option<Expr>,
    },
    Expr(Expr),
    /// A comment line in the output.
    Note(String),
}

#[derive(Clone, Debug)]
pub enum Pattern {
    Wildcard,
    /// Binds by value; whether it is `mut` the emitter sees from the body.
    Var(Var),
    Literal(Literal),
    Tuple(Vec<Pattern>),
    Case {
        item: ItemRef,
        case: Name,
        args: Vec<Pattern>,
    },
    Struct {
        item: ItemRef,
        fields: Vec<(Name, Pattern)>,
    },
    Some(Box<Pattern>),
    None,
    Or(Vec<Pattern>),
    /// `ref x`: binds a borrow.
    RefVar(Var),
    /// A constant of the runtime: `Select::TIMEOUT`.
    RtConst(&'static str),
    /// A case of one of the runtime's enums: `Left::Returned(x)`.
    RtCase(&'static str, Vec<Pattern>),
}

#[derive(Clone, Debug)]
pub struct Expr {
    pub line: Line,
    pub kind: ExprKind,
}

#[derive(Clone, Debug)]
pub enum ExprKind {
    Literal(Literal),
    Var(Var),
    /// `self`
    This,
    Field(Box<Expr>, Name),
    TupleField(Box<Expr>, usize),
    /// Call of something with a name; `throws` adds `?`, `suspends` adds `.await`.
    Call {
        callee: Callee,
        args: Vec<Expr>,
        suspends: bool,
        throws: bool,
    },
    /// Call of a function value.
    CallValue {
        callee: Box<Expr>,
        args: Vec<Expr>,
        throws: bool,
    },
    /// A method of the runtime, of a generated type, or of the target's own types.
    Method {
        receiver: Box<Expr>,
        name: String,
        generics: Vec<Ty>,
        args: Vec<Expr>,
        suspends: bool,
        throws: bool,
    },
    Clone(Box<Expr>),
    Ref(Box<Expr>),
    RefMut(Box<Expr>),
    Deref(Box<Expr>),
    Unary(UnaryOp, Box<Expr>),
    /// The target's own operators; wrapping arithmetic is a `Method`.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `e as T`
    Cast(Box<Expr>, Ty),
    If {
        condition: Box<Expr>,
        then: Block,
        otherwise: Option<Block>,
    },
    Match {
        subject: Box<Expr>,
        arms: Vec<Arm>,
    },
    Block(Block),
    /// `'label: { … }`, left with `Break`.
    Labeled(Label, Block),
    Loop {
        label: Option<Label>,
        body: Block,
    },
    While {
        label: Option<Label>,
        condition: Box<Expr>,
        body: Block,
    },
    For {
        label: Option<Label>,
        pattern: Pattern,
        iterable: Box<Expr>,
        body: Block,
    },
    Break(Option<Label>, Option<Box<Expr>>),
    Continue(Option<Label>),
    /// In a function that throws the value is wrapped in `Ok` by the emitter.
    Return(Option<Box<Expr>>),
    /// `|params| body`; `throws`: its value is wrapped in `Ok`.
    Closure {
        params: Vec<(Pattern, Option<Ty>)>,
        moves: bool,
        /// `async move { … }` as the body.
        suspends: bool,
        returns: Option<Ty>,
        throws: bool,
        body: Block,
    },
    /// A shared function value: `Arc::new(closure)`.
    Func(Box<Expr>),
    /// `async move { … }`; `throws`: its value is wrapped in `Ok`.
    Async {
        throws: bool,
        body: Block,
    },
    /// A value of the runtime without parts: `"Signal"`, `"Overflow::DropNewest"`.
    RtConst(Name),
    Tuple(Vec<Expr>),
    /// `vec![…]`
    Vec(Vec<Expr>),
    /// `&[…]`
    Slice(Vec<Expr>),
    Struct {
        item: ItemRef,
        fields: Vec<(Name, Expr)>,
        rest: Option<Box<Expr>>,
    },
    Case {
        item: ItemRef,
        case: Name,
        args: Vec<Expr>,
    },
    Some(Box<Expr>),
    None,
    /// `None` where nothing around it may say of what.
    NoneOf(Ty),
    Ok(Box<Expr>),
    Err(Box<Expr>),
    Assign {
        place: Box<Expr>,
        value: Box<Expr>,
    },
    CompoundAssign {
        op: BinaryOp,
        place: Box<Expr>,
        value: Box<Expr>,
    },
    /// `matches!(e, pattern)`
    Matches(Box<Expr>, Pattern),
    /// `e?`
    Try(Box<Expr>),
    /// Runs `body`, whose value is that of the whole; what fails in it goes on at `handler`,
    /// with the exception in `var`. `done` leaves the whole with a value; there is none if
    /// control never gets to the end of the body. `failed` leaves the body with an
    /// exception.
    Handled {
        done: Option<Label>,
        failed: Label,
        body: Block,
        var: Var,
        handler: Block,
    },
    /// What `e?` is in the body of a `Handled`: a failure leaves the label with it.
    OrBreak(Label, Box<Expr>),
    /// Fails with the exception. If it only hands on what failed in the body of a
    /// `Handled`, `of` is the label of that failure.
    Throw {
        value: Box<Expr>,
        of: Option<Label>,
    },
    /// Cannot be reached; says why.
    Unreachable(&'static str),
}

#[derive(Clone, Debug)]
pub struct Arm {
    pub line: Line,
    pub pattern: Pattern,
    pub guard: Option<Expr>,
    pub body: Block,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Callee {
    /// A generated function.
    Item(ItemRef),
    /// A generated method: the first argument is its receiver.
    Method(ItemRef),
    /// An associated function of a generated type: `Adder::open`.
    Assoc(ItemRef, Name),
    /// A path below the runtime's ABI: `"console::write_line"`, `"List::new"`, with its generics;
    /// those of a type's function are the type's.
    Rt(String, Vec<Ty>),
    /// An associated function of one of the target's own types: `("i32", "from_str")`.
    Prim(&'static str, &'static str),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    Bool(bool),
    Char(char),
    /// With the suffix of its type.
    Int(i128, &'static str),
    /// `f32` or `f64`
    Float(f64, &'static str),
    /// `rt::Str::lit("…")`
    Str(Name),
    /// A plain text literal: `&'static str`.
    Text(Name),
    Unit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    Neg,
    Not,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    And,
    Or,
    BitAnd,
    BitOr,
    BitXor,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}
