//! Fields without a default that code of an agent or domain reads, itself or by what it calls,
//! links or makes: nothing of that may run before they are assigned. Which are assigned
//! where, `flow` knows.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::cx::Shared;
use super::errors::flow as errors;
use super::flow::InnermostFn;
use super::ty::{Properties, Property};
use crate::diag::Diagnostic;
use crate::hir::body::{Body, ExprKind, Root, Stmt, StmtKind};
use crate::hir::item::{MethodKind, Overridable, Owner};
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::support::Name;
use crate::support::index::IdVec;
use crate::support::span::Span;

/// Code that other code may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Code {
    /// A method or constructor, whatever overrides it included.
    Method(MethodId),
    LocalFn(BodyId, LocalFnId),
    /// The initialisers of an agent's own fields.
    Begins(AgentId),
    /// All that makes an instance of a domain.
    Makes(DomainId),
}

/// What code reads, and where.
pub(super) type EarlyReads = BTreeMap<Code, BTreeMap<FieldId, Span>>;

/// Fields that nothing but the code of their agent or domain can give a value.
#[derive(Debug, Default)]
pub(super) struct WithoutDefault {
    agents: IdVec<AgentId, Vec<FieldId>>,
    domains: IdVec<DomainId, Vec<FieldId>>,
}

impl WithoutDefault {
    pub(super) fn of(program: &Program, properties: &Properties) -> Self {
        let needs = |it: &&FieldId| {
            !properties.has(program, &program.fields[**it].ty, Property::Defaultable)
        };
        let of = |fields: &[FieldId]| fields.iter().filter(needs).copied().collect();
        let mut found = Self::default();
        for agent in program.agents.iter() {
            found.agents.push(of(&agent.fields));
        }
        for domain in program.domains.iter() {
            found.domains.push(of(&domain.fields));
        }
        found
    }
}

/// Fields of an agent or domain that nothing but its own code can give a value.
pub(super) fn without_default<'a>(shared: &'a Shared<'_>, owner: Owner) -> &'a [FieldId] {
    match owner {
        Owner::Agent(id) => &shared.without_default.agents[id],
        Owner::Domain(id) => &shared.without_default.domains[id],
        _ => &[],
    }
}

/// What all code reads of such fields.
pub(super) fn reads(shared: &Shared<'_>) -> EarlyReads {
    let program = shared.program;
    let agents = program.agents.ids().map(Owner::Agent);
    let owners = agents.chain(program.domains.ids().map(Owner::Domain));
    let fields: BTreeSet<FieldId> =
        owners.flat_map(|it| without_default(shared, it)).copied().collect();
    if fields.is_empty() {
        return EarlyReads::new();
    }
    let mut graph =
        Graph { program, fields, reads: BTreeMap::new(), runners: BTreeMap::new() };
    graph.methods();
    for (id, agent) in program.agents.enumerate() {
        for init in agent.fields.iter().filter_map(|it| program.fields[*it].init) {
            graph.body(Code::Begins(id), init);
        }
    }
    for (id, domain) in program.domains.enumerate() {
        for init in domain.fields.iter().filter_map(|it| program.fields[*it].init) {
            graph.body(Code::Makes(id), init);
        }
        if let Some(constructor) = domain.constructor {
            graph.runs(Code::Makes(id), Code::Method(constructor));
        }
    }
    graph.settle()
}

struct Graph<'a> {
    program: &'a Program,
    fields: BTreeSet<FieldId>,
    reads: EarlyReads,
    /// Who runs each piece of code.
    runners: BTreeMap<Code, BTreeSet<Code>>,
}

impl Graph<'_> {
    fn runs(&mut self, code: Code, other: Code) {
        self.runners.entry(other).or_default().insert(code);
    }

    fn methods(&mut self) {
        let program = self.program;
        let mut overridden: BTreeMap<(AgentId, Name), MethodId> = BTreeMap::new();
        for (id, method) in program.methods.enumerate() {
            if let (Owner::Agent(agent), true) =
                (method.decl.owner, method.overridable != Overridable::No)
            {
                overridden.insert((agent, method.decl.name.name.clone()), id);
            }
        }
        for (id, method) in program.methods.enumerate() {
            let (Owner::Agent(_) | Owner::Domain(_)) = method.decl.owner else {
                continue;
            };
            let code = Code::Method(id);
            for &body in method.body.iter().chain(method.base_args.iter().flatten()) {
                self.body(code, body);
            }
            let Owner::Agent(agent) = method.decl.owner else { continue };
            let mut bases = std::iter::successors(program.agents[agent].base, |it| {
                program.agents[*it].base
            });
            if method.kind == MethodKind::Constructor {
                if let Some(base) = bases.find_map(|it| program.agents[it].constructor) {
                    self.runs(code, Code::Method(base));
                }
            } else if let Overridable::Override(_) = method.overridable {
                let name = &method.decl.name.name;
                let base =
                    bases.find_map(|it| overridden.get(&(it, name.clone())).copied());
                if let Some(base) = base {
                    self.runs(Code::Method(base), code);
                }
            }
        }
    }

    /// What a body reads and runs. Its local functions run where they are called.
    fn body(&mut self, code: Code, id: BodyId) {
        let program = self.program;
        let body = &program.bodies[id];
        let inside = InnermostFn::new(body);
        let targets = targets(body);
        for (at, expr) in body.exprs.enumerate() {
            let code = match inside.at(expr.span.lo) {
                Some(local_fn) => Code::LocalFn(id, local_fn),
                None => code,
            };
            let runs = match &expr.kind {
                ExprKind::Field(field) => {
                    if self.fields.contains(field) && !targets.contains(&at) {
                        let reads = self.reads.entry(code).or_default();
                        reads.entry(*field).or_insert(expr.span);
                    }
                    continue;
                }
                ExprKind::Method(method) | ExprKind::BaseMethod(method) => {
                    Code::Method(*method)
                }
                ExprKind::LocalFn(local_fn) => Code::LocalFn(id, *local_fn),
                ExprKind::New { ty: Some(Ty::Domain(domain, _)), .. } => {
                    Code::Makes(*domain)
                }
                ExprKind::AgentName(agent) => match program.agents[*agent].domain {
                    // It may be made in a new instance of its domain.
                    Some(domain) => Code::Makes(domain),
                    None => continue,
                },
                _ => continue,
            };
            self.runs(code, runs);
        }
    }

    fn settle(mut self) -> EarlyReads {
        let mut open: Vec<(Code, FieldId, Span)> = Vec::new();
        for (&code, reads) in &self.reads {
            open.extend(reads.iter().map(|(&field, &span)| (code, field, span)));
        }
        while let Some((code, field, span)) = open.pop() {
            for &runner in self.runners.get(&code).into_iter().flatten() {
                if let Entry::Vacant(free) =
                    self.reads.entry(runner).or_default().entry(field)
                {
                    free.insert(span);
                    open.push((runner, field, span));
                }
            }
        }
        self.reads
    }
}

/// What is only assigned is not read.
fn targets(body: &Body) -> BTreeSet<ExprId> {
    let target = |expr: &body::Expr| match expr.kind {
        ExprKind::Assign { target, op: None, .. } => Some(target),
        _ => None,
    };
    body.exprs.iter().filter_map(target).collect()
}

/// Fields that have no value yet where an initialiser runs: of the fields with initialisers
/// those that come first have one, and no constructor has run.
pub(super) fn before(shared: &Shared<'_>, field: FieldId) -> Vec<FieldId> {
    let program = shared.program;
    let owner = program.fields[field].owner;
    let late = |it: &&FieldId| program.fields[**it].init.is_none() || it.0 >= field.0;
    let mut fields: Vec<FieldId> =
        without_default(shared, owner).iter().filter(late).copied().collect();
    fields.extend(of_bases(shared, owner));
    fields
}

/// Fields of an agent or domain that its constructor must assign.
pub(super) fn unassigned(shared: &Shared<'_>, owner: Owner) -> Vec<FieldId> {
    let fields = without_default(shared, owner).iter().copied();
    fields.filter(|it| shared.program.fields[*it].init.is_none()).collect()
}

/// Fields that have no value where the arguments for the constructor of a base are computed.
pub(super) fn before_base(shared: &Shared<'_>, owner: Owner) -> Vec<FieldId> {
    let mut fields = unassigned(shared, owner);
    fields.extend(of_bases(shared, owner));
    fields
}

fn of_bases(shared: &Shared<'_>, owner: Owner) -> Vec<FieldId> {
    let program = shared.program;
    let Owner::Agent(agent) = owner else { return Vec::new() };
    let bases =
        std::iter::successors(program.agents[agent].base, |it| program.agents[*it].base);
    bases.flat_map(|it| unassigned(shared, Owner::Agent(it))).collect()
}

/// Whether a constructor evidently neither calls nor makes anything, nor waits: it sets
/// fields and links.
fn only_links(program: &Program, constructor: MethodId) -> bool {
    fn is_plain(stmt: &Stmt) -> bool {
        match &stmt.kind {
            StmtKind::Empty
            | StmtKind::Expr(_)
            | StmtKind::Local { .. }
            | StmtKind::Return(_) => true,
            StmtKind::Block(block) => block.stmts.iter().all(is_plain),
            StmtKind::If { then, otherwise, .. } => {
                is_plain(then) && otherwise.iter().all(|it| is_plain(it))
            }
            _ => false,
        }
    }
    let method = &program.methods[constructor];
    let bodies = method.body.iter().chain(method.base_args.iter().flatten());
    bodies.map(|it| &program.bodies[*it]).all(|body| {
        let plain = match &body.root {
            Root::Block(block) => block.stmts.iter().all(is_plain),
            _ => true,
        };
        plain
            && body.exprs.iter().all(|it| {
                !matches!(
                    it.kind,
                    ExprKind::Call { .. }
                        | ExprKind::Receive { .. }
                        | ExprKind::Send { .. }
                        | ExprKind::New { ty: Some(Ty::Domain(..)) | None, .. }
                        | ExprKind::NewAgent { .. }
                )
            })
    })
}

/// The code of a base runs before a derived agent has given its own fields their values, and
/// may run what the derived one overrides.
pub(super) fn in_bases(shared: &Shared<'_>, problems: &mut Vec<Diagnostic>) {
    let program = shared.program;
    for (id, agent) in program.agents.enumerate() {
        let Some(base) = agent.base else { continue };
        let fields = without_default(shared, Owner::Agent(id));
        if fields.is_empty() {
            continue;
        }
        let bases: Vec<AgentId> =
            std::iter::successors(Some(base), |it| program.agents[*it].base).collect();
        let constructor = bases.iter().find_map(|it| program.agents[*it].constructor);
        let mut all = std::iter::once(&id).chain(&bases);
        // What a base only links runs when a constructor waits or the last one has ended.
        let quiet = all.all(|it| {
            program.agents[*it].constructor.is_none_or(|it| only_links(program, it))
        });
        let ways = constructor.filter(|_| !quiet).map(Code::Method).into_iter();
        let ways = ways.chain(bases.iter().map(|it| Code::Begins(*it)));
        let mut seen = BTreeSet::new();
        for way in ways {
            let Some(reads) = shared.early.get(&way) else { continue };
            let begins = matches!(way, Code::Begins(_));
            for &field in fields {
                let late = begins || program.fields[field].init.is_none();
                let Some(&read) = reads.get(&field).filter(|_| late) else { continue };
                if seen.insert(field) {
                    problems.push(errors::read_by_base(program, (id, base), field, read));
                }
            }
        }
    }
}
