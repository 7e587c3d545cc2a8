//! Declarations with their ids. Types in signatures are resolved; bodies are in `body`.

use super::ids::*;
use super::ty::{Args, Ty};
use crate::support::{Name, span::Span};
pub use crate::syntax::ast::{Direction, Ident};

/// Where an item is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A namespace, or none.
    Namespace,
    Agent(AgentId),
    Domain(DomainId),
    Channel(ChannelId),
    Record(RecordId),
    Enum(EnumId),
    Native(NativeId),
    Space(SpaceId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    Public,
    Private,
}

/// What an agent may do with the state of its domains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Neither,
    Reader,
    Writer,
}

/// What every declaration has.
#[derive(Clone, Debug)]
pub struct Decl {
    pub name: Ident,
    /// The whole declaration.
    pub span: Span,
    pub owner: Owner,
    pub visibility: Visibility,
    /// Namespace parts before the name, for messages and for telling types apart.
    pub namespace: Vec<Name>,
    pub docs: Vec<String>,
    /// Declared in the library.
    pub library: bool,
}

/// A type parameter with its constraints.
#[derive(Clone, Debug)]
pub struct TypeParam {
    pub name: Ident,
    /// What `where` asks of it, and where it stands.
    pub constraints: Vec<(Constraint, Span)>,
}

impl TypeParam {
    /// Whether `where` asks for one of these.
    #[must_use]
    pub fn has(&self, wanted: &[Constraint]) -> bool {
        self.constraints.iter().any(|(it, _)| wanted.contains(it))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constraint {
    Comparable,
    Equatable,
    Hashable,
    Number,
}

#[derive(Clone, Debug)]
pub struct Agent {
    pub decl: Decl,
    pub access: Access,
    /// Span of the word `reader` or `writer`.
    pub access_span: Option<Span>,
    /// Those of the domain that it stands in, then its own.
    pub type_params: Vec<TypeParamId>,
    /// Own or inherited channel.
    pub channel: Option<(ChannelId, Args)>,
    pub base: Option<AgentId>,
    /// Type arguments of the base.
    pub base_args: Args,
    /// The domain it stands in.
    pub domain: Option<DomainId>,
    /// Own fields; inherited ones are those of `base`.
    pub fields: Vec<FieldId>,
    pub constructor: Option<MethodId>,
    /// Own methods; an override has the same name as the one it replaces.
    pub methods: Vec<MethodId>,
    pub attributes: Vec<Attribute>,
}

/// An attribute whose name was recognised; arguments are checked where it is used.
#[derive(Clone, Debug)]
pub struct Attribute {
    pub name: Name,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Channel {
    pub decl: Decl,
    pub type_params: Vec<TypeParamId>,
    pub base: Option<(ChannelId, Args)>,
    /// Own ports, behind those of the base channel.
    pub ports: Vec<PortId>,
    /// States of the protocol, own or inherited; empty without one. Index 0 is `Start`.
    pub states: Vec<State>,
}

#[derive(Clone, Debug)]
pub struct State {
    pub name: Ident,
    pub moves: Vec<Move>,
    /// Whether all moves are here; one that was reported is left out.
    pub complete: bool,
}

#[derive(Clone, Debug)]
pub struct Move {
    pub span: Span,
    pub port: PortId,
    /// Index of the next state; `None` is `End`.
    pub next: Option<usize>,
    /// `Port(var x) when guard`: a body with the one parameter `x`.
    pub guard: Option<BodyId>,
}

#[derive(Clone, Debug)]
pub struct Port {
    pub name: Ident,
    pub span: Span,
    pub channel: ChannelId,
    pub direction: Direction,
    /// `Signal` where none is written.
    pub payload: Ty,
    pub payload_span: Span,
    /// A request-reply port.
    pub reply: Option<Ty>,
    /// Of the port, if it has no reply.
    pub reply_span: Span,
    /// `[Bounded(n, Overflow.Fail)]`
    pub bounds: Option<Bounds>,
}

/// How many messages may wait at a port, and what happens to those beyond.
#[derive(Clone, Debug)]
pub struct Bounds {
    /// Of the attribute.
    pub span: Span,
    /// A constant of type `int`.
    pub capacity: BodyId,
    pub policy: Policy,
}

/// A case of the library's `Overflow`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    Suspend,
    DropNewest,
    DropOldest,
    Fail,
}

impl Policy {
    pub const ALL: [Self; 4] =
        [Self::Suspend, Self::DropNewest, Self::DropOldest, Self::Fail];

    /// Its name in `Overflow`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Suspend => "Suspend",
            Self::DropNewest => "DropNewest",
            Self::DropOldest => "DropOldest",
            Self::Fail => "Fail",
        }
    }

    /// Whether it drops messages.
    #[must_use]
    pub fn drops(self) -> bool {
        matches!(self, Self::DropNewest | Self::DropOldest)
    }
}

impl Port {
    /// What it carries, payload and reply, and where each is written.
    pub fn types(&self) -> impl Iterator<Item = (&Ty, Span)> {
        let reply = self.reply.iter().map(|it| (it, self.reply_span));
        std::iter::once((&self.payload, self.payload_span)).chain(reply)
    }

    /// What it does with a message that exceeds its capacity, if it has one.
    #[must_use]
    pub fn policy(&self) -> Option<Policy> {
        self.bounds.as_ref().map(|it| it.policy)
    }
}

#[derive(Clone, Debug)]
pub struct Domain {
    pub decl: Decl,
    pub type_params: Vec<TypeParamId>,
    /// The domain around it.
    pub parent: Option<DomainId>,
    pub fields: Vec<FieldId>,
    pub constructor: Option<MethodId>,
    pub methods: Vec<MethodId>,
    pub agents: Vec<AgentId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordKind {
    Struct,
    Schema,
    /// A schema that derives `Exception`.
    Exception,
}

#[derive(Clone, Debug)]
pub struct Record {
    pub decl: Decl,
    pub kind: RecordKind,
    pub type_params: Vec<TypeParamId>,
    pub base: Option<(RecordId, Args)>,
    /// Own fields, behind those of the base.
    pub fields: Vec<FieldId>,
    pub methods: Vec<MethodId>,
    /// Conditions of `rule`, each a body whose implicit receiver is the record.
    pub rules: Vec<BodyId>,
}

#[derive(Clone, Debug)]
pub struct Field {
    pub name: Ident,
    pub owner: Owner,
    pub visibility: Visibility,
    /// Includes the `?` of an `optional` field.
    pub ty: Ty,
    pub ty_span: Span,
    pub optional: bool,
    pub readonly: bool,
    pub init: Option<BodyId>,
}

#[derive(Clone, Debug)]
pub struct Enum {
    pub decl: Decl,
    pub type_params: Vec<TypeParamId>,
    pub cases: Vec<EnumCase>,
}

#[derive(Clone, Debug)]
pub struct EnumCase {
    pub name: Ident,
    pub payload: Vec<(Ident, Ty)>,
    /// What stands behind `=`, a body without parameters.
    pub number: Option<BodyId>,
}

#[derive(Clone, Debug)]
pub struct Method {
    pub decl: Decl,
    pub kind: MethodKind,
    /// Promised by the word `function`.
    pub function: Option<Span>,
    pub asynchronous: Option<Span>,
    pub overridable: Overridable,
    pub type_params: Vec<TypeParamId>,
    /// What `where` behind the method asks of the type parameters of its owner.
    pub constraints: Vec<(TypeParamId, Constraint, Span)>,
    pub params: Vec<Param>,
    pub returns: Ty,
    pub returns_span: Span,
    /// Missing for native signatures.
    pub body: Option<BodyId>,
    pub native: Option<NativeSignature>,
    /// Arguments of `: base(…)`: bodies with the constructor's parameters, in order.
    pub base_args: Option<Vec<BodyId>>,
    /// Names of those arguments; as many as there are.
    pub base_names: Vec<Option<Ident>>,
    pub attributes: Vec<Attribute>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MethodKind {
    Method,
    Constructor,
    /// `int Count { get; }` of a native type.
    Property,
    /// `T this[int index]` of a native type.
    Indexer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overridable {
    No,
    Virtual,
    /// Span of the word `override`.
    Override(Span),
}

#[derive(Clone, Debug)]
pub struct Param {
    pub name: Ident,
    pub ty: Ty,
    pub ty_span: Span,
    /// A body without parameters.
    pub default: Option<BodyId>,
}

/// How the runtime implements a native member, and what it does.
#[derive(Clone, Debug)]
pub struct NativeSignature {
    /// Name of the Rust function or method.
    pub rust: String,
    pub throws: bool,
    pub suspends: bool,
    pub io: bool,
    pub sends: bool,
    /// Takes or counts messages, or changes what a handle names.
    pub receives: bool,
    /// Changes its receiver: a member of a value type without `function`.
    pub mutates: bool,
    /// The first parameter is a composite format, the rest are its values.
    pub format: bool,
    /// A property or indexer that can be assigned.
    pub settable: bool,
    /// The value of a property that is a constant: a body without parameters.
    pub constant: Option<BodyId>,
    /// A function of a Rust file beside the program, rather than of the runtime.
    pub module: Option<InModule>,
}

/// What a `native` block says of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InModule {
    pub id: ModuleId,
    /// Declared `throws`. All native code can panic, so that all of it may fail.
    pub throws: bool,
}

/// A `native` block: a Rust file and what the program takes from it.
#[derive(Clone, Debug)]
pub struct Module {
    /// The path as written, relative to the `.ax` file.
    pub path: Ident,
    /// The head of the block.
    pub span: Span,
    pub crates: Vec<Crate>,
    pub types: Vec<NativeId>,
    pub functions: Vec<MethodId>,
}

/// A crate that a Rust file uses.
#[derive(Clone, Debug)]
pub struct Crate {
    pub name: Ident,
    /// What versions of it will do.
    pub version: Ident,
    pub features: Vec<Ident>,
    pub default_features: bool,
}

#[derive(Clone, Debug)]
pub struct Native {
    pub decl: Decl,
    /// Name of the Rust type.
    pub rust: String,
    /// Copying names the same thing.
    pub handle: bool,
    /// An `opaque type` of this module.
    pub module: Option<ModuleId>,
    pub type_params: Vec<TypeParamId>,
    /// Types that it converts to.
    pub bases: Vec<Ty>,
    /// Members; several with one name are overloads in order of preference.
    pub members: Vec<MethodId>,
}

#[derive(Clone, Debug)]
pub struct Space {
    pub decl: Decl,
    /// Name of the Rust module.
    pub rust: String,
    pub members: Vec<MethodId>,
}

#[derive(Clone, Debug)]
pub struct Const {
    pub decl: Decl,
    pub ty: Ty,
    pub value: BodyId,
}

#[derive(Clone, Debug)]
pub struct Test {
    pub name: String,
    pub span: Span,
    pub body: BodyId,
}

/// Library items that the language refers to; `None` until the library declares them.
#[derive(Clone, Debug, Default)]
pub struct LangItems {
    pub string: Option<NativeId>,
    pub array: Option<NativeId>,
    pub nullable: Option<NativeId>,
    pub duration: Option<NativeId>,
    pub list: Option<NativeId>,
    pub dictionary: Option<NativeId>,
    pub json: Option<NativeId>,
    pub set: Option<NativeId>,
    pub queue: Option<NativeId>,
    pub stack: Option<NativeId>,
    /// `IEnumerable<T>`
    pub sequence: Option<NativeId>,
    /// `IOrderedEnumerable<T>`
    pub ordered: Option<NativeId>,
    /// `IGrouping<K, T>`
    pub grouping: Option<NativeId>,
    pub source: Option<NativeId>,
    pub target: Option<NativeId>,
    /// `ISourceAndTarget<T>`
    pub both: Option<NativeId>,
    pub network: Option<NativeId>,
    pub application: Option<ChannelId>,
    pub console_application: Option<AgentId>,
    pub exception: Option<RecordId>,
    /// `AgentFailedException`
    pub agent_failed: Option<RecordId>,
    /// Native types of primitives: `int` → its `native type int` declaration, and so on.
    pub primitives: Vec<(Ty, NativeId)>,
}
