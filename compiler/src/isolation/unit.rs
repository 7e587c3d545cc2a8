//! Units: the pieces of code that have an effect of their own, with what each does itself
//! and what it calls. It holds the facts; `walk` finds them and `effects` joins them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::tables::Effect;
use crate::hir::body::Context;
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::support::index::{IdMap, IdVec};
use crate::support::span::Span;

crate::define_ids! {
    /// A piece of code with an effect of its own.
    #[expect(unreachable_pub, reason = "the macro declares public types")]
    UnitId;
}

/// A piece of code with an effect of its own.
#[derive(Debug)]
pub(super) struct Unit {
    pub(super) kind: UnitKind,
    pub(super) role: Role,
    pub(super) context: Context,
    /// The unit in which a lambda or local function stands.
    pub(super) parent: Option<UnitId>,
    /// The lambdas and local functions that stand directly in it.
    pub(super) inner: Vec<UnitId>,
    pub(super) span: Span,
    /// Effects that need no place in a message.
    pub(super) direct: Effect,
    pub(super) facts: Vec<Fact>,
    pub(super) sites: Vec<Site>,
    /// Those of `facts` and of `sites` that are the end of a `using`.
    pub(super) disposals: (BTreeSet<usize>, BTreeSet<usize>),
    /// Assignments to locals, for the rules about captures.
    pub(super) assigns: Vec<(LocalId, Span)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum UnitKind {
    /// The outermost code of a body.
    Root(BodyId),
    Lambda(BodyId, LambdaId),
    LocalFn(BodyId, LocalFnId),
    /// Every function value of one shape that is stored somewhere: what a call of a value of
    /// unknown origin may run.
    Pool,
}

/// What a body is for. Lambdas and local functions have the role of the body around them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Method(MethodId),
    /// An argument of `: base(…)` of this constructor.
    BaseArg(MethodId),
    FieldInit(FieldId),
    Rule(RecordId),
    Guard(ChannelId),
    Default(MethodId),
    /// Of nothing that has a rule of its own: constants, tests, pools of function values.
    None,
}

/// Something that a unit does itself, at a place.
#[derive(Clone, Debug)]
pub(super) struct Fact {
    pub(super) span: Span,
    pub(super) kind: FactKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FactKind {
    Read(FieldId),
    /// Assigns the field, or changes its value in place.
    Write(FieldId),
    /// Changes `this` of a record as a whole.
    WriteThis,
    Send,
    /// A message to a port whose policy is to hold senders back.
    SendOrWait(PortId),
    Create(AgentId),
    Link,
    /// Closes a channel end.
    Close,
    Receive,
    /// `foreach` over a source.
    Drain,
    Yield,
    /// A message to `ExitCode` or `Done`: ends the program.
    Exit,
    /// A library member that does something; its signature says what.
    Native(MethodId),
}

/// A place where a unit runs or hands on other code.
#[derive(Clone, Debug)]
pub(super) struct Site {
    pub(super) span: Span,
    pub(super) target: Target,
    pub(super) mode: Mode,
    /// Where the receiver's value lives and stands, for a method of a record.
    pub(super) receiver: Option<(Place, Span)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    Method { method: MethodId, dispatch: Dispatch },
    Unit(UnitId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Dispatch {
    /// As the running agent overrides it.
    Virtual,
    /// Exactly this one.
    Exact,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Runs here.
    Call,
    /// Runs later on this agent, as a node of a network.
    Node,
    /// Runs here on state that is just being made: the constructor of a domain at this depth.
    Construct(usize),
    /// Becomes a value; who calls it answers for what it does.
    Value,
}

/// Where a value that may be changed in place lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A field of the own agent or record, or of a domain around.
    Field(FieldId),
    /// The record itself.
    This,
    Local(LocalId),
    /// A value without a home: changing it changes nothing else.
    Temporary,
}

/// All units of the program.
#[derive(Debug, Default)]
pub(super) struct Units {
    pub(super) all: IdVec<UnitId, Unit>,
    pub(super) roots: IdMap<BodyId, UnitId>,
    pub(super) lambdas: BTreeMap<(BodyId, LambdaId), UnitId>,
    pub(super) local_fns: BTreeMap<(BodyId, LocalFnId), UnitId>,
    pub(super) pools: BTreeMap<Shape, UnitId>,
    /// The shape of each function type met.
    shapes: HashMap<Ty, Shape>,
}

/// Function types that a value of unknown origin can have: values of one shape share a pool.
/// A type is a shape of its own; where a type parameter stands in it, all that can be said
/// is the number of parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Shape {
    pub(super) n_params: usize,
    /// `None` where type parameters stand in the type.
    number: Option<usize>,
}

impl Shape {
    pub(super) fn is_generic(self) -> bool {
        self.number.is_none()
    }
}

impl Units {
    /// Makes the units of every body, still without facts.
    pub(super) fn declare(program: &Program) -> Self {
        let mut units = Self::default();
        let roles = roles(program);
        for (id, body) in program.bodies.enumerate() {
            let role = roles.get(id).copied().unwrap_or(Role::None);
            let unit = |kind, span| Unit {
                kind,
                role,
                context: body.context,
                parent: None,
                inner: Vec::new(),
                span,
                direct: Effect::default(),
                facts: Vec::new(),
                sites: Vec::new(),
                disposals: Default::default(),
                assigns: Vec::new(),
            };
            let root = units.all.push(unit(UnitKind::Root(id), body.span));
            units.roots.insert(id, root);
            for (lambda, data) in body.lambdas.enumerate() {
                let made = units.all.push(unit(UnitKind::Lambda(id, lambda), data.span));
                units.lambdas.insert((id, lambda), made);
            }
            for (local_fn, data) in body.local_fns.enumerate() {
                let kind = UnitKind::LocalFn(id, local_fn);
                let made = units.all.push(unit(kind, data.name.span));
                units.local_fns.insert((id, local_fn), made);
            }
        }
        units
    }

    /// The shape of a function type.
    pub(super) fn shape(&mut self, ty: &Ty) -> Shape {
        let ty = function_type(ty).unwrap_or(ty);
        let n_params = match ty {
            Ty::Func { params, .. } => params.len(),
            _ => 0,
        };
        if has_params(ty) {
            return Shape { n_params, number: None };
        }
        let shape = Shape { n_params, number: Some(self.shapes.len()) };
        *self.shapes.entry(ty.clone()).or_insert(shape)
    }

    /// The pool of function values of a type, if any was stored or called.
    pub(super) fn pool_of(&self, ty: &Ty) -> Option<UnitId> {
        let ty = function_type(ty)?;
        let shape = match ty {
            Ty::Func { params, .. } if has_params(ty) => {
                Shape { n_params: params.len(), number: None }
            }
            _ => *self.shapes.get(ty)?,
        };
        self.pools.get(&shape).copied()
    }

    /// The pool of function values of a shape.
    pub(super) fn pool(&mut self, shape: Shape) -> UnitId {
        if let Some(&pool) = self.pools.get(&shape) {
            return pool;
        }
        let pool = self.all.push(Unit {
            kind: UnitKind::Pool,
            role: Role::None,
            context: Context::Free,
            parent: None,
            inner: Vec::new(),
            span: Span::default(),
            direct: Effect::default(),
            facts: Vec::new(),
            sites: Vec::new(),
            disposals: Default::default(),
            assigns: Vec::new(),
        });
        self.pools.insert(shape, pool);
        pool
    }

    /// The unit and those of the lambdas and local functions inside it, outermost first.
    pub(super) fn within(&self, unit: UnitId) -> Vec<UnitId> {
        let mut found = vec![unit];
        let mut n_seen = 0;
        while let Some(&at) = found.get(n_seen) {
            n_seen += 1;
            found.extend(&self.all[at].inner);
        }
        found
    }

    /// Lambdas that are nodes of networks.
    pub(super) fn nodes(&self) -> BTreeSet<UnitId> {
        let sites = self.all.iter().flat_map(|it| &it.sites);
        let node = |it: &Site| match (it.mode, it.target) {
            (Mode::Node, Target::Unit(unit)) => Some(unit),
            _ => None,
        };
        let lambda = |it: &UnitId| matches!(self.all[*it].kind, UnitKind::Lambda(..));
        sites.filter_map(node).filter(lambda).collect()
    }

    /// What runs when an instance of a domain is made: its initialisers and constructor.
    pub(super) fn of_domain(
        &self,
        program: &Program,
        domain: &item::Domain,
    ) -> Vec<UnitId> {
        let inits = domain.fields.iter().filter_map(|&field| program.fields[field].init);
        let constructor = domain.constructor.and_then(|it| program.methods[it].body);
        let bodies = inits.chain(constructor);
        bodies.filter_map(|it| self.roots.get(it).copied()).collect()
    }

    /// The root of a method's body.
    pub(super) fn of_method(
        &self,
        program: &Program,
        method: MethodId,
    ) -> Option<UnitId> {
        program.methods[method].body.and_then(|body| self.roots.get(body).copied())
    }
}

/// What each body is for.
fn roles(program: &Program) -> IdMap<BodyId, Role> {
    let mut roles = IdMap::new();
    for (id, method) in program.methods.enumerate() {
        if let Some(body) = method.body {
            roles.insert(body, Role::Method(id));
        }
        for &body in method.base_args.iter().flatten() {
            roles.insert(body, Role::BaseArg(id));
        }
        for body in method.params.iter().filter_map(|it| it.default) {
            roles.insert(body, Role::Default(id));
        }
    }
    for (id, field) in program.fields.enumerate() {
        if let Some(body) = field.init {
            roles.insert(body, Role::FieldInit(id));
        }
    }
    for (id, record) in program.records.enumerate() {
        for &body in &record.rules {
            roles.insert(body, Role::Rule(id));
        }
    }
    for (id, channel) in program.channels.enumerate() {
        for state in &channel.states {
            for body in state.moves.iter().filter_map(|it| it.guard) {
                roles.insert(body, Role::Guard(id));
            }
        }
    }
    roles
}

/// `start` and what `next` leads to from there. Cycles of bases have been cut.
pub(super) fn chain<T: Copy>(start: T, next: impl Fn(T) -> Option<T>) -> Vec<T> {
    std::iter::successors(Some(start), |&it| next(it)).collect()
}

/// A record and its bases, innermost first.
pub(super) fn bases_of_record(program: &Program, record: RecordId) -> Vec<RecordId> {
    chain(record, |it| program.records[it].base.as_ref().map(|(base, _)| *base))
}

/// An agent and its bases, innermost first.
pub(super) fn bases_of_agent(program: &Program, agent: AgentId) -> Vec<AgentId> {
    chain(agent, |it| program.agents[it].base)
}

/// A channel and its bases, innermost first.
pub(super) fn bases_of_channel(program: &Program, channel: ChannelId) -> Vec<ChannelId> {
    chain(channel, |it| program.channels[it].base.as_ref().map(|(base, _)| *base))
}

/// The type of the function value that a value of the type is, or may be instead of `null`.
pub(super) fn function_type(ty: &Ty) -> Option<&Ty> {
    match ty {
        Ty::Func { .. } => Some(ty),
        Ty::Nullable(inner) => function_type(inner),
        _ => None,
    }
}

/// Whether a type parameter stands in the type.
fn has_params(ty: &Ty) -> bool {
    match ty {
        Ty::Param(_) | Ty::Error | Ty::Infer(_) => true,
        Ty::Array(it) | Ty::Nullable(it) => has_params(it),
        Ty::Tuple(parts) => parts.iter().any(|it| has_params(&it.ty)),
        Ty::Func { params, returns } => {
            params.iter().any(has_params) || has_params(returns)
        }
        Ty::Record(_, args)
        | Ty::Enum(_, args)
        | Ty::Native(_, args)
        | Ty::Using(_, args, _)
        | Ty::Impl(_, args, _)
        | Ty::Domain(_, args) => args.iter().any(has_params),
        Ty::Request(value, reply) => has_params(value) || has_params(reply),
        _ => false,
    }
}
