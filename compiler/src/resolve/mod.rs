//! Binds names: syntax trees in, the resolved program out. It finds no types of
//! expressions; members of values, overloads and patterns by type are left to `types`.
//!
//! Reads the trees of all files, the library's behind the program's own. Writes every
//! table of [`hir::Program`]. May report AX01xx, AX0301, AX0311, AX0401, AX0402, AX0403, AX0411
//! and AX0608.
//!
//! The order is that of the modules: items are declared first (`collect`, `import`), then
//! what their signatures say is resolved (`types`, `items`), then bodies (`body`), and at
//! the end what only the whole shows is checked (`check`).

mod body;
mod builtin;
mod check;
mod collect;
mod errors;
mod import;
mod items;
mod modifiers;
mod packages;
mod scope;
mod states;
mod types;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::Diagnostic;
use crate::hir::{self, Program, body::Context, item::Owner};
use crate::support::index::IdVec;
use crate::support::{Name, span::FileId, span::Span};
use crate::syntax::ast;
pub use packages::Package;
use packages::Packages;
use scope::{ScopeId, Scopes};

/// Resolves a program: `files` are its own, the first `n_user_files`, then the library's.
#[must_use]
pub fn resolve(
    files: &[(FileId, ast::File)],
    n_user_files: u32,
) -> (Program, Vec<Diagnostic>) {
    resolve_packages(files, &[], n_user_files)
}

/// Like [`resolve`], for a program of several packages. The first is the one that is built;
/// with none given, all is one package.
#[must_use]
pub fn resolve_packages(
    files: &[(FileId, ast::File)],
    packages: &[Package],
    n_user_files: u32,
) -> (Program, Vec<Diagnostic>) {
    let mut cx = Cx::new(packages, n_user_files);
    import::seed(&mut cx);
    for (id, file) in files {
        let own = id.0 < n_user_files;
        let package = own.then(|| cx.packages.of_file(*id));
        collect::file(&mut cx, file, package);
    }
    import::bind(&mut cx);
    builtin::fill(&mut cx);
    items::resolve(&mut cx);
    body::resolve_all(&mut cx);
    check::check(&mut cx);
    (cx.program, cx.problems)
}

/// An item's tree with the scope of its inside.
#[derive(Debug)]
struct Source<'a, T> {
    item: &'a ast::Item,
    node: &'a T,
    scope: ScopeId,
}

/// Where each item came from, in the order of the program's arenas.
#[derive(Debug, Default)]
struct Sources<'a> {
    agents: IdVec<hir::AgentId, Source<'a, ast::Agent>>,
    channels: IdVec<hir::ChannelId, Source<'a, ast::Channel>>,
    domains: IdVec<hir::DomainId, Source<'a, ast::Domain>>,
    records: IdVec<hir::RecordId, RecordSource<'a>>,
    enums: IdVec<hir::EnumId, Source<'a, ast::Enum>>,
    natives: IdVec<hir::NativeId, NativeSource<'a>>,
    spaces: IdVec<hir::SpaceId, NativeSource<'a>>,
    functions: Vec<(hir::MethodId, Source<'a, ast::Method>)>,
    /// Functions of `native` blocks.
    foreign: Vec<ForeignSource<'a>>,
    consts: IdVec<hir::ConstId, ConstSource<'a>>,
    /// Fields of namespaces, to be rejected.
    statics: Vec<(ScopeId, &'a ast::FieldDecl)>,
}

#[derive(Debug)]
struct RecordSource<'a> {
    item: &'a ast::Item,
    node: RecordNode<'a>,
    scope: ScopeId,
}

#[derive(Clone, Copy, Debug)]
enum RecordNode<'a> {
    Struct(&'a ast::Struct),
    Schema(&'a ast::Schema),
}

#[derive(Debug)]
struct NativeSource<'a> {
    members: &'a [ast::NativeMember],
    bases: &'a [ast::Type],
    scope: ScopeId,
}

#[derive(Clone, Copy, Debug)]
struct ForeignSource<'a> {
    id: hir::MethodId,
    module: hir::ModuleId,
    member: &'a ast::NativeMember,
    node: &'a ast::Method,
    scope: ScopeId,
}

#[derive(Debug)]
struct ConstSource<'a> {
    ty: &'a ast::Type,
    init: Option<&'a ast::Expr>,
    scope: ScopeId,
}

/// A member that the code of its owner names without qualification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Member {
    Field(hir::FieldId),
    Method(hir::MethodId),
}

/// Own members by name.
type MemberTable = BTreeMap<Name, Member>;

/// Own members of everything whose code can name them bare.
#[derive(Debug, Default)]
struct Members {
    agents: IdVec<hir::AgentId, MemberTable>,
    domains: IdVec<hir::DomainId, MemberTable>,
    records: IdVec<hir::RecordId, MemberTable>,
    ports: IdVec<hir::ChannelId, BTreeMap<Name, hir::PortId>>,
    spaces: IdVec<hir::SpaceId, BTreeSet<Name>>,
}

/// Items that derive from something that was reported as unknown or wrong.
#[derive(Debug, Default)]
struct Open {
    agents: BTreeSet<hir::AgentId>,
    channels: BTreeSet<hir::ChannelId>,
    records: BTreeSet<hir::RecordId>,
}

/// A body that waits until all signatures are known.
#[derive(Debug)]
struct Work<'a> {
    context: Context,
    scope: ScopeId,
    params: Vec<(ast::Ident, hir::ty::Ty)>,
    code: Code<'a>,
    span: Span,
}

#[derive(Clone, Copy, Debug)]
enum Code<'a> {
    Block(&'a ast::Block),
    Expr(&'a ast::Expr),
    /// The body of a method: `=> e;`
    Arrow(&'a ast::Expr),
    /// A value that is missing; it was reported.
    Missing,
}

/// Everything that resolving one program needs.
#[derive(Debug)]
struct Cx<'a> {
    program: Program,
    problems: Vec<Diagnostic>,
    packages: Packages<'a>,
    scopes: Scopes,
    sources: Sources<'a>,
    members: Members,
    /// `using` lines with the scope they stand in.
    usings: Vec<(ScopeId, &'a ast::Path)>,
    /// Bodies to resolve; their place is their id.
    work: Vec<Work<'a>>,
    /// Names of all enum cases, with one enum that has the case.
    cases: BTreeMap<Name, hir::EnumId>,
    /// Agents of domains by their own name, for `room.Create<User>()`.
    domain_agents: BTreeMap<Name, Vec<hir::AgentId>>,
    /// Members that some body names, for AX0311.
    used_fields: BTreeSet<hir::FieldId>,
    used_methods: BTreeSet<hir::MethodId>,
    used_consts: BTreeSet<hir::ConstId>,
    /// How many more misspelt names are compared with all that are in scope: nobody reads
    /// the thousandth remedy, and looking for each costs as much as the scope is large.
    n_suggestions: u32,
    /// Items whose base is unknown: what they do not have themselves may come from there.
    open: Open,
    /// Some part did not parse, so that absence of a use proves nothing.
    incomplete: bool,
}

impl<'a> Cx<'a> {
    fn new(packages: &'a [Package], n_user_files: u32) -> Self {
        Self {
            program: Program { n_user_files, ..Program::default() },
            problems: Vec::new(),
            packages: Packages::new(packages),
            scopes: Scopes::new(),
            sources: Sources::default(),
            members: Members::default(),
            usings: Vec::new(),
            work: Vec::new(),
            cases: BTreeMap::new(),
            domain_agents: BTreeMap::new(),
            used_fields: BTreeSet::new(),
            used_methods: BTreeSet::new(),
            used_consts: BTreeSet::new(),
            n_suggestions: 200,
            open: Open::default(),
            incomplete: false,
        }
    }

    /// Whether another misspelt name is worth a suggestion.
    fn may_suggest(&mut self) -> bool {
        let left = self.n_suggestions > 0;
        self.n_suggestions = self.n_suggestions.saturating_sub(1);
        left
    }

    fn report(&mut self, problem: Diagnostic) {
        self.problems.push(problem);
    }

    /// Queues a body and names it.
    fn queue(&mut self, work: Work<'a>) -> hir::BodyId {
        self.work.push(work);
        crate::support::index::Id::from_index(self.work.len() - 1)
    }

    /// Whether an unknown name is one of those lost with what did not parse.
    fn is_lost(&self, name: &str) -> bool {
        self.program.lost.contains(name)
    }

    /// Whether a channel has ports that nobody knows.
    fn is_open_channel(&self, channel: hir::ChannelId) -> bool {
        let channels = &self.program.channels;
        let base = |it: &hir::ChannelId| channels[*it].base.as_ref().map(|it| it.0);
        std::iter::successors(Some(channel), base)
            .any(|it| self.open.channels.contains(&it))
    }

    /// Whether an agent has members or ports that nobody knows.
    fn is_open_agent(&self, agent: hir::AgentId) -> bool {
        let agents = &self.program.agents;
        let channel = agents[agent].channel.as_ref().map(|it| it.0);
        channel.is_some_and(|it| self.is_open_channel(it))
            || std::iter::successors(Some(agent), |&it| agents[it].base)
                .any(|it| self.open.agents.contains(&it))
    }

    /// Whether what code of `context` belongs to has members that nobody knows.
    fn is_open(&self, context: Context) -> bool {
        match context {
            Context::Agent(id) => self.is_open_agent(id),
            Context::Record(id) => {
                let records = &self.program.records;
                let base = |it: &hir::RecordId| records[*it].base.as_ref().map(|it| it.0);
                std::iter::successors(Some(id), base)
                    .any(|it| self.open.records.contains(&it))
            }
            Context::Domain(_) | Context::Free | Context::Test => false,
        }
    }

    /// The domain whose state code of `context` may call its own, and those around it.
    fn domains_of(&self, context: Context) -> impl Iterator<Item = hir::DomainId> {
        let first = match context {
            Context::Agent(id) => self.program.agents[id].domain,
            Context::Domain(id) => Some(id),
            Context::Free | Context::Record(_) | Context::Test => None,
        };
        std::iter::successors(first, |&id| self.program.domains[id].parent)
    }

    /// A member of an agent or of those it derives from.
    fn agent_member(&self, agent: hir::AgentId, name: &str) -> Option<Member> {
        let mut at = Some(agent);
        while let Some(id) = at {
            if let Some(member) = self.members.agents[id].get(name) {
                return Some(*member);
            }
            at = self.program.agents[id].base;
        }
        None
    }

    /// A member of a struct or schema or of those it derives from.
    fn record_member(&self, record: hir::RecordId, name: &str) -> Option<Member> {
        let mut at = Some(record);
        while let Some(id) = at {
            if let Some(member) = self.members.records[id].get(name) {
                return Some(*member);
            }
            at = self.program.records[id].base.as_ref().map(|(base, _)| *base);
        }
        None
    }

    /// Names of the members of a record and of those it derives from.
    fn record_names(&self, record: hir::RecordId) -> Vec<Name> {
        let records = &self.program.records;
        let base = |it: &hir::RecordId| records[*it].base.as_ref().map(|it| it.0);
        std::iter::successors(Some(record), base)
            .flat_map(|it| self.members.records[it].keys().cloned())
            .collect()
    }

    /// Where the name of a member stands.
    fn member_span(&self, member: Member) -> Span {
        match member {
            Member::Field(id) => self.program.fields[id].name.span,
            Member::Method(id) => self.program.methods[id].decl.name.span,
        }
    }

    /// A port of a channel or of those it derives from.
    fn port(&self, channel: hir::ChannelId, name: &str) -> Option<hir::PortId> {
        let mut at = Some(channel);
        while let Some(id) = at {
            if let Some(port) = self.members.ports[id].get(name) {
                return Some(*port);
            }
            at = self.program.channels[id].base.as_ref().map(|(base, _)| *base);
        }
        None
    }
}

/// What the inside of `owner` may call its own.
fn context_of(owner: Owner) -> Context {
    match owner {
        Owner::Agent(id) => Context::Agent(id),
        Owner::Domain(id) => Context::Domain(id),
        Owner::Record(id) => Context::Record(id),
        Owner::Namespace
        | Owner::Channel(_)
        | Owner::Enum(_)
        | Owner::Native(_)
        | Owner::Space(_) => Context::Free,
    }
}
