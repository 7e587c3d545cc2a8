//! What the type checker finds out: side tables over the resolved program. Later phases
//! read them and decide nothing about types again.

use crate::hir::ty::Ty;
use crate::hir::*;
use crate::support::index::{IdMap, IdVec};
use crate::support::span::Span;

/// The tables of the whole program.
#[derive(Debug, Default)]
pub struct Types {
    pub bodies: IdMap<BodyId, BodyTypes>,
    /// Arguments of `: base(…)` in the order of the parameters.
    pub base_args: IdMap<MethodId, Vec<BaseArg>>,
    /// The number of each case of an enum without payloads.
    pub enum_numbers: IdMap<EnumId, Vec<i32>>,
    /// How a value of one schema becomes one of another.
    pub coercions: IdVec<CoercionId, Coercion>,
    /// How many messages may wait at a port with bounds.
    pub capacities: IdMap<PortId, u32>,
    /// Generic code as the program needs it; nothing while there are errors.
    pub instances: Vec<Instance>,
}

/// Bodies with type parameters, and what these stand for.
#[derive(Debug)]
pub struct Instance {
    pub bodies: Vec<BodyId>,
    pub params: Vec<TypeParamId>,
    pub args: Vec<Ty>,
    /// The place in code without type parameters that needs it first.
    pub origin: Span,
}

crate::define_ids! {
    CoercionId;
}

/// `(B)a`: the fields of a schema from those of another.
#[derive(Debug)]
pub struct Coercion {
    pub from: Ty,
    pub to: Ty,
    /// Type parameters of the code around that occur in the two.
    pub params: Vec<TypeParamId>,
    pub fields: Vec<CoercedField>,
}

#[derive(Debug)]
pub struct CoercedField {
    pub target: FieldId,
    /// The field that it is filled from, and how that converts; null if there is none.
    pub source: Option<(FieldId, Option<Conversion>)>,
}

/// The tables of one body. In an error-free program every expression that is evaluated has
/// an entry in `exprs`, and no `Ty::Infer` or `Ty::Error` remains.
#[derive(Debug, Default)]
pub struct BodyTypes {
    /// The type of the expression before `conversions` is applied.
    pub exprs: IdMap<ExprId, Ty>,
    pub locals: IdMap<LocalId, Ty>,
    /// Locals of `foreach`, `into` and deconstruction whose declared type is another than that
    /// of the part they are bound to: the part's type, and how it converts.
    pub bindings: IdMap<LocalId, (Ty, Conversion)>,
    /// Parameter and return types of lambdas.
    pub lambdas: IdMap<LambdaId, LambdaTypes>,
    /// What a `Member`, `Port`, `Index`, `Field` … expression means.
    pub members: IdMap<ExprId, Member>,
    /// What a `Call`, `New` or `Index` of a native type does.
    pub calls: IdMap<ExprId, Call>,
    /// The implicit conversion of the value where it is used.
    pub conversions: IdMap<ExprId, Conversion>,
    /// How `+` and other operators compute; operands convert to `operand` first.
    pub operators: IdMap<ExprId, Operator>,
    /// The explicit conversion a `Cast` does.
    pub casts: IdMap<ExprId, Conversion>,
    /// What a source of `receive`, `foreach` or `from` is.
    pub sources: IdMap<ExprId, SourceKind>,
    /// What each source of a case of `receive { }` delivers.
    pub messages: IdMap<ExprId, Ty>,
    /// What the target of `<--` is.
    pub sends: IdMap<ExprId, SendKind>,
    /// Roles of the operands of network operators.
    pub operands: IdMap<ExprId, Operand>,
    /// What each network operator builds.
    pub networks: IdMap<ExprId, Network>,
    /// Names in patterns, by the span of the pattern: an enum case or a constant.
    pub patterns: std::collections::BTreeMap<crate::support::span::Span, PatternMeaning>,
    /// Constant values of expressions that must be constant, and of folded literals.
    pub constants: IdMap<ExprId, Constant>,
    /// Switch statements and expressions whose cases cover every value, by the span of the whole.
    pub exhaustive: std::collections::BTreeSet<crate::support::span::Span>,
    /// `try` statements whose end control never gets to, by the span of the whole.
    pub dead_ends: std::collections::BTreeSet<crate::support::span::Span>,
    /// What `using` calls at the end, by the resource; channel ends are closed without.
    pub disposals: IdMap<ExprId, MethodId>,
    /// Elements over which a `foreach` goes, by its iterable.
    pub iterations: IdMap<ExprId, Iteration>,
    /// Outermost expressions of chains with `?.`. The chain goes inward through callees and
    /// bases; where a null-safe access in it meets null, the whole gives null. Types in
    /// `exprs` of the expressions inside are those behind the test; the entry is the type of
    /// this one before it may become null.
    pub null_chains: IdMap<ExprId, Ty>,
    /// Values that are of another type than is wanted where they stand, which was reported.
    pub misfits: std::collections::BTreeSet<ExprId>,
    /// Whether control can reach the end of the body.
    pub falls_through: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct LambdaTypes {
    pub params: Vec<Ty>,
    pub returns: Ty,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Constant {
    Bool(bool),
    Char(char),
    /// Of any integer type; the type is in `exprs`.
    Int(i128),
    Float(f64),
    Decimal(rust_decimal::Decimal),
    String(crate::support::Name),
    Null,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Member {
    /// A field of a record value, of the own agent or of a domain (then `levels` out).
    Field(FieldId),
    /// Element of a tuple, from 0.
    TupleElement(usize),
    /// Port of the channel end on the left.
    Port(PortId),
    /// `c::Done`, `c.Completion`, `agent.Monitor()`
    Completion,
    /// `request.Value`, `request.RequestValue`
    RequestValue,
    /// `request::Reply`
    RequestReply,
    /// `Signal.Value`
    SignalValue,
    /// A property of a native value; `null_safe` accesses wrap the result.
    Property { method: MethodId, type_args: Vec<Ty> },
    /// A method name: the callee of a call, a node, or a function value.
    Method(MethodId),
    /// A case without payload used as a value: `Color.Red`.
    EnumCase(EnumId, usize),
    /// `x.HasValue`
    HasValue,
    /// `x.Value` of a nullable; throws on null.
    NullableValue,
}

/// One argument of a base constructor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum BaseArg {
    /// The argument at this position as written.
    Given(usize),
    /// The parameter's default value.
    Default(BodyId),
}

/// One argument in the order of the parameters.
#[derive(Clone, Debug, PartialEq)]
pub enum ArgBinding {
    Expr(ExprId),
    /// The parameter's default value.
    Default(BodyId),
    /// Values behind a composite format.
    Rest(Vec<ExprId>),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Receiver {
    /// A namespace function or a library namespace's function.
    None,
    /// A method of the body's own agent or record.
    This,
    /// A member of the domain `n` levels out: 0 is the body's own domain, or that of its agent.
    Domain(usize),
    /// A method of the value of this expression.
    Expr(ExprId),
}

/// Which domain instance a new agent joins.
#[derive(Clone, Debug, PartialEq)]
pub enum AgentDomain {
    /// A new instance of the agent's domain, or none if it stands in no domain.
    New,
    /// A new instance of the agent's domain, whose parent is the current domain `n` levels
    /// out.
    NewNested(usize),
    /// The current instance, `n` levels out.
    Current(usize),
    /// The instance that this expression names.
    Handle(ExprId),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Call {
    /// User method, function, or native member.
    Method {
        method: MethodId,
        receiver: Receiver,
        type_args: Vec<Ty>,
        args: Vec<ArgBinding>,
    },
    LocalFn {
        local_fn: LocalFnId,
        args: Vec<ExprId>,
    },
    /// A function value: the callee expression.
    Value {
        callee: ExprId,
        args: Vec<ExprId>,
    },
    EnumCase {
        id: EnumId,
        case: usize,
        args: Vec<ExprId>,
    },
    CreateAgent {
        agent: AgentId,
        /// Those of its domain, then its own.
        type_args: Vec<Ty>,
        domain: AgentDomain,
        args: Vec<ArgBinding>,
    },
    /// `new Chatroom("news")`; `nested`: the current domain, `n` levels out, is its parent.
    NewDomain {
        domain: DomainId,
        nested: Option<usize>,
        args: Vec<ArgBinding>,
    },
    /// A struct or schema: values by field, in source order; others take their default.
    NewRecord {
        record: RecordId,
        fields: Vec<(FieldId, ExprId)>,
    },
    /// A native type by one of its constructors.
    NewNative {
        native: NativeId,
        type_args: Vec<Ty>,
        constructor: MethodId,
        args: Vec<ArgBinding>,
    },
    /// `c.Close()`
    CloseEnd(ExprId),
    /// `agent.Monitor()`
    Monitor(ExprId),
    /// `x.ToString()` of any printable value.
    ToText(ExprId),
    /// `x.ToJson()`
    ToJson(ExprId),
    /// `T.FromJson(text)`
    FromJson {
        text: ExprId,
        ty: Ty,
    },
}

/// An implicit or explicit change of representation.
#[derive(Clone, Debug, PartialEq)]
pub enum Conversion {
    /// Between numbers and char: `as`. In a `checked` context a narrowing one is checked.
    Numeric {
        from: Ty,
        to: Ty,
        checked: bool,
    },
    /// Constant that takes another type: `byte b = 3`.
    Constant {
        to: Ty,
    },
    /// `T` to `T?`
    ToNullable,
    /// `T?` to `U?` by a conversion of the value inside.
    Inside(Box<Conversion>),
    /// `null` to `T?`
    Null {
        to: Ty,
    },
    /// Anything with the source half to `ISource<T>`.
    ToSource,
    ToTarget,
    ToBoth,
    /// A channel end that must be in this state of its protocol; throws in another.
    AtState(usize),
    /// A channel end with one fitting port to its source or target.
    EndToSource(PortId),
    EndToTarget(PortId),
    /// An array, collection or string to `IEnumerable<T>`.
    ToSequence,
    /// A network to `INetwork`.
    ToNetwork,
    /// Schema to a base schema by dropping fields.
    ToBaseRecord {
        from: RecordId,
        to: RecordId,
    },
    /// A channel end to the end of a channel that it derives from, so many steps away.
    ToBaseChannel {
        to: Ty,
        n_steps: usize,
    },
    /// A method name to a function value.
    MethodToFunc {
        method: MethodId,
        receiver: Receiver,
        /// Of the method itself.
        type_args: Vec<Ty>,
    },
    /// Element by element, for tuples.
    Tuple(Vec<Option<Conversion>>),
    /// A schema to another by its fields.
    Coerce {
        plan: CoercionId,
        to: Ty,
    },
    /// Each element of an array, list, set, queue or stack.
    Each(Box<Conversion>),
    /// Each value of a dictionary.
    Values(Box<Conversion>),
    /// An enum to its number, and back.
    EnumToInt,
    IntToEnum(EnumId),
    /// A cast that changes nothing.
    Identity,
    /// `T?` to `T` by a cast; throws on null.
    Unwrap,
    /// `T?` to `T` where flow typing has shown that it is not null.
    Narrowed,
    /// Two in sequence.
    Then(Box<Conversion>, Box<Conversion>),
}

/// How a unary, binary, increment or compound assignment computes.
#[derive(Clone, Debug, PartialEq)]
pub struct Operator {
    pub kind: OperatorKind,
    /// The type both operands are converted to first (for shifts: the left one's).
    pub operand: Ty,
    /// The type of the outcome before a compound assignment casts it back.
    pub result: Ty,
    /// In a `checked` context: overflow throws.
    pub checked: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperatorKind {
    Int,
    /// float, double
    Float,
    Decimal,
    /// `&& || ! & | ^` on bool
    Bool,
    /// `+` with a string on one side
    Concat,
    /// `==`, `!=` by value on anything equatable, including null tests
    Equality,
    /// `== null`, `!= null`
    NullTest,
    /// `< <= > >=` on numbers and chars
    NumericOrder,
    /// `< <= > >=` on other comparable values
    Order,
    /// Duration with Duration or number
    Duration,
}

#[derive(Clone, Debug, PartialEq)]
pub enum SourceKind {
    /// A port read by this end: messages of the payload type, or requests.
    Port(PortId),
    /// A channel end with one port to read.
    End(PortId),
    /// A correlator, point, network or any `ISource<T>`.
    Source,
    /// Delivers when the other end is done.
    Completion,
}

#[derive(Clone, Debug, PartialEq)]
pub enum SendKind {
    /// A plain message to a port.
    Port(PortId),
    /// A request: the expression is its correlator.
    Request(PortId),
    /// `request <-- reply`, `request::Reply <-- reply`
    Reply,
    /// An interaction point or `ITarget<T>`.
    Target,
    /// A channel end with one fitting port.
    End(PortId),
}

/// What an operand of a network operator is. The expression's own conversion is not applied.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// Messages of this type come out.
    Source(Ty),
    /// Requests come out; answers go back along the network.
    RequestSource {
        payload: Ty,
        reply: Ty,
        port: PortId,
    },
    Target(Ty),
    /// A method, function, lambda or function value as a node.
    Node(Node),
    /// `{ a, b }`: each element has its own entry.
    Vector(Vec<ExprId>),
    /// An array or list, of a length known at run time, of what the inner operand says.
    RunTimeVector(Box<Operand>),
    /// The result of a network operator inside; see `networks`.
    Network(Ty),
    /// The sources of an alternate or broadcast to transforms: `start -<: workers`.
    NetworkVector(Ty),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub kind: NodeKind,
    /// Type of the messages it takes. `F(int a, int b)` takes tuples, `F()` takes `Signal`.
    pub takes: Ty,
    /// `Void` for a sink.
    pub gives: Ty,
    /// It gives a sequence or source of these for one message.
    pub many: bool,
    /// Number of parameters of the method; more than 1 spreads a tuple, 0 drops the Signal.
    pub n_params: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub enum NodeKind {
    Method {
        method: MethodId,
        receiver: Receiver,
        /// Of the method itself.
        type_args: Vec<Ty>,
    },
    Lambda(LambdaId),
    /// A function value computed by the expression.
    Value,
}

/// What a network operator builds.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// What can be received from the result; `None` if it ends in targets or sinks.
    pub results: Option<Ty>,
    /// The reply type if it carries requests.
    pub reply: Option<Ty>,
    /// The result is a vector of sources (alternate or broadcast to transforms).
    pub vector: bool,
    /// For `&>-`: the message is a tuple, not an array.
    pub tuple: bool,
    /// The right operand is a point (or a vector of points): the results come out of it.
    pub through_point: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum PatternMeaning {
    EnumCase(EnumId, usize),
    Constant,
    /// Fields that a property pattern tests, in the order written.
    Fields(Vec<FieldId>),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Iteration {
    /// Array, string, collection: element type.
    Collection(Ty),
    /// `IEnumerable<T>`: asking for an element may throw.
    Sequence(Ty),
    /// Messages of a source until it completes.
    Source(Ty),
}
