//! The resolved program: items in arenas, bodies with bound names. It has no syntax, and
//! no types of expressions: those are in the tables of `types`.
//!
//! Reading order: `ids`, `ty` (types as declared), `item` (declarations), `body`.

pub mod body;
mod generics;
pub mod ids;
pub mod item;
pub mod print;
pub mod ty;

pub use ids::*;

use crate::support::index::IdVec;

/// Every declaration of the program and of the library that it sees.
#[derive(Debug, Default)]
pub struct Program {
    pub agents: IdVec<AgentId, item::Agent>,
    pub channels: IdVec<ChannelId, item::Channel>,
    pub ports: IdVec<PortId, item::Port>,
    pub domains: IdVec<DomainId, item::Domain>,
    /// Structs and schemas.
    pub records: IdVec<RecordId, item::Record>,
    pub enums: IdVec<EnumId, item::Enum>,
    pub fields: IdVec<FieldId, item::Field>,
    /// Methods, functions, constructors, and signatures of native members.
    pub methods: IdVec<MethodId, item::Method>,
    /// Library types implemented by the runtime: `List<T>`, `ISource<T>` …, and the opaque
    /// types of modules.
    pub natives: IdVec<NativeId, item::Native>,
    /// Library namespaces of native functions: `Console`, `Math` …
    pub spaces: IdVec<SpaceId, item::Space>,
    /// Rust files beside the program that `native` blocks declare.
    pub modules: IdVec<ModuleId, item::Module>,
    pub consts: IdVec<ConstId, item::Const>,
    pub type_params: IdVec<TypeParamId, item::TypeParam>,
    pub bodies: IdVec<BodyId, body::Body>,
    pub tests: Vec<item::Test>,
    /// The items that the language itself refers to.
    pub lang: item::LangItems,
    /// The entry agent, if exactly one was found.
    pub entry: Option<AgentId>,
    /// Names declared in parts that did not parse: what is unknown by such a name was
    /// reported.
    pub lost: std::collections::BTreeSet<crate::support::Name>,
    /// Number of user files; files from this number on belong to the library.
    pub n_user_files: u32,
}
