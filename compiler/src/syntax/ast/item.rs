//! Declarations: agents, channels, domains, schemas, structs, enums, methods, native
//! blocks and tests, with their members.

use super::{Arg, Block, Expr, Ident, Literal, Path, Type};
use crate::support::{Name, span::Span};

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
    /// `native "file.rs" uses { … } { … }`; the path is a name with the place of its text.
    Module {
        path: Ident,
        uses: Vec<Use>,
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

/// `name = "1"` or `name = { version = "1", features = ["a"] }` behind `uses`.
#[derive(Clone, Debug)]
pub struct Use {
    /// A word or a text.
    pub name: Ident,
    pub wants: Wants,
}

/// What a crate is wanted with.
#[derive(Clone, Debug)]
pub enum Wants {
    Version(Ident),
    Table { span: Span, settings: Vec<(Ident, Setting)> },
}

/// What stands behind a key.
#[derive(Clone, Debug)]
pub enum Setting {
    Text(Ident),
    List(Span, Vec<Ident>),
    Bool(Span, bool),
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
