//! How an effect comes about: the shortest chain of calls from some code to the place where
//! it has the effect, and the words for it. It decides nothing.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::call_graph::{Graph, NodeId};
use super::effects::{self, NodeEffects};
use super::errors::STORED_VALUE;
use super::tables::Effect;
use super::unit::*;
use super::value::{FnValue, ValueUse};
use crate::hir::item::{MethodKind, Owner};
use crate::hir::*;
use crate::support::span::Span;

/// Everything that was found out, for the rules to judge.
pub(super) struct Facts<'a> {
    pub(super) program: &'a Program,
    pub(super) units: &'a Units,
    pub(super) graph: &'a Graph,
    pub(super) effects: &'a NodeEffects,
    pub(super) values: &'a [ValueUse],
    /// Lambdas that are nodes of networks.
    pub(super) nodes: &'a BTreeSet<UnitId>,
}

/// One part of an effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Suspends,
    Io,
    Sends,
    WritesOwn,
    WritesDomain,
    ReadsOwn,
    ReadsDomain,
    /// Reads what of a domain never changes, which is where the domain is, too.
    ReadsFixed,
}

impl Part {
    /// Parts that break the promise of `function`, in the order in which they are named.
    pub(super) const PROMISE: [Self; 5] =
        [Self::Suspends, Self::Io, Self::Sends, Self::WritesOwn, Self::WritesDomain];
    /// Parts that a pure context may not have.
    pub(super) const PURE: [Self; 6] = [
        Self::Suspends,
        Self::Io,
        Self::Sends,
        Self::WritesOwn,
        Self::WritesDomain,
        Self::ReadsDomain,
    ];

    pub(super) fn is_in(self, effect: &Effect) -> bool {
        match self {
            Self::Suspends => effect.suspends,
            Self::Io => effect.io,
            Self::Sends => effect.sends,
            Self::WritesOwn => effect.writes_own,
            Self::WritesDomain => effect.writes_domain.any(),
            Self::ReadsOwn => effect.reads_own,
            Self::ReadsDomain => effect.reads_domain.any(),
            Self::ReadsFixed => effect.reads_fixed.any(),
        }
    }

    /// The first of `parts` that `effect` has.
    pub(super) fn first(parts: &[Self], effect: &Effect) -> Option<Self> {
        parts.iter().copied().find(|it| it.is_in(effect))
    }
}

/// From the start to the place of an effect.
#[derive(Debug, Default)]
pub(super) struct Trail {
    /// Name of what is called, and the call.
    pub(super) calls: Vec<(String, Span)>,
    /// What happens in the end, as `reads \`x\``, and where.
    pub(super) end: Option<(String, Span)>,
}

impl Facts<'_> {
    pub(super) fn unit(&self, node: NodeId) -> &Unit {
        &self.units.all[self.graph.nodes[node].unit]
    }

    /// What a value that names a method may run.
    pub(super) fn of_method_value(
        &self,
        it: &ValueUse,
        method: MethodId,
        dispatch: Dispatch,
    ) -> Vec<NodeId> {
        let context = self.units.all[it.unit].context;
        self.graph.of_method_value(self.program, self.units, context, method, dispatch)
    }

    /// What calling a value that names a library member does, if `parts` has it.
    pub(super) fn of_library_value(
        &self,
        it: &ValueUse,
        parts: &[Part],
    ) -> Option<(FactKind, Trail)> {
        let FnValue::Method { method, .. } = it.value else { return None };
        let fact = FactKind::Native(method);
        Part::first(parts, &effects::of_fact(self.program, &fact))?;
        Some((fact, Trail { calls: Vec::new(), end: Some((self.does(fact), it.span)) }))
    }

    /// What a call site of `node` adds to it, for the given target.
    pub(super) fn passed_on(&self, node: NodeId, site: usize, target: NodeId) -> Effect {
        let site = &self.unit(node).sites[site];
        effects::passed_on(self.program, site, &self.effects[target])
    }

    /// The shortest way from the code of `start` to a place that has `part`.
    pub(super) fn trail(&self, start: NodeId, part: Part) -> Trail {
        self.trail_around(start, part, usize::MAX)
    }

    /// The same, where of domains only those around one at `depth` count.
    pub(super) fn trail_around(&self, start: NodeId, part: Part, depth: usize) -> Trail {
        let has = |effect: &Effect| match part {
            Part::WritesDomain | Part::ReadsDomain => part.is_in(&effect.around(depth)),
            _ => part.is_in(effect),
        };
        let mut came: BTreeMap<NodeId, Option<(NodeId, usize)>> = BTreeMap::new();
        came.insert(start, None);
        let mut queue = VecDeque::from([start]);
        while let Some(node) = queue.pop_front() {
            let unit = self.unit(node);
            let fact = unit
                .facts
                .iter()
                .find(|it| has(&effects::of_fact(self.program, &it.kind)));
            if let Some(fact) = fact {
                return self.trail_to(&came, node, self.does(fact.kind), fact.span);
            }
            for &(index, target) in &self.graph.edges[node] {
                if !has(&self.passed_on(node, index, target)) {
                    continue;
                }
                if let Some((field, span)) = changed_field(unit, index, self, target)
                    && has(&effects::of_fact(self.program, &FactKind::Write(field)))
                {
                    let what = self.does(FactKind::Write(field));
                    return self.trail_to(&came, node, what, span);
                }
                came.entry(target).or_insert_with(|| {
                    queue.push_back(target);
                    Some((node, index))
                });
            }
        }
        Trail::default()
    }

    fn trail_to(
        &self,
        came: &BTreeMap<NodeId, Option<(NodeId, usize)>>,
        node: NodeId,
        what: String,
        span: Span,
    ) -> Trail {
        let mut calls = Vec::new();
        let mut at = node;
        while let Some(Some((caller, site))) = came.get(&at) {
            calls.push((self.name(self.unit(at)), self.unit(*caller).sites[*site].span));
            at = *caller;
        }
        calls.reverse();
        Trail { calls, end: Some((what, span)) }
    }

    /// What a fact is, as the end of a sentence: "reads `total`".
    pub(super) fn does(&self, fact: FactKind) -> String {
        match fact {
            FactKind::Read(field) => format!("reads `{}`", self.field(field)),
            FactKind::Write(field) => format!("writes `{}`", self.field(field)),
            FactKind::WriteThis => "changes the value itself".to_owned(),
            FactKind::Send => "sends a message".to_owned(),
            FactKind::SendOrWait(port) => {
                format!("sends on `{}`, which holds senders back", self.port(port))
            }
            FactKind::Create(agent) => {
                format!("creates agent `{}`", self.program.agents[agent].decl.name.name)
            }
            FactKind::Link => "links a network".to_owned(),
            FactKind::Close => "closes a channel end".to_owned(),
            FactKind::Receive => "receives".to_owned(),
            FactKind::Drain => "receives messages in a loop".to_owned(),
            FactKind::Yield => "ends its turn".to_owned(),
            FactKind::Exit => "ends the program".to_owned(),
            FactKind::Native(method) => self.does_native(method).to_owned(),
        }
    }

    fn does_native(&self, method: MethodId) -> &'static str {
        match &self.program.methods[method].native {
            Some(it) if it.suspends => "suspends",
            Some(it) if it.receives => "takes or counts messages",
            Some(it) if it.io => "does I/O",
            _ => "changes what a handle names",
        }
    }

    /// What stands at the place of a fact, as a label there.
    pub(super) fn label(&self, fact: FactKind) -> String {
        match fact {
            FactKind::Read(field) => format!("`{}` is read here", self.field(field)),
            FactKind::Write(field) => format!("`{}` is written here", self.field(field)),
            FactKind::WriteThis => "the value itself is changed here".to_owned(),
            FactKind::Send => "a message is sent here".to_owned(),
            FactKind::SendOrWait(port) => {
                format!("waits here while `{}` is full", self.port(port))
            }
            FactKind::Create(_) => "an agent is created here".to_owned(),
            FactKind::Link => "a network is linked here".to_owned(),
            FactKind::Close => "a channel end is closed here".to_owned(),
            FactKind::Receive => "waits for a message here".to_owned(),
            FactKind::Drain => "a source: the loop waits for its messages".to_owned(),
            FactKind::Yield => "the turn ends here".to_owned(),
            FactKind::Exit => "this message ends the program".to_owned(),
            FactKind::Native(method) => {
                format!("`{}` {}", self.method(method), self.does_native(method))
            }
        }
    }

    fn port(&self, port: PortId) -> &str {
        &self.program.ports[port].name.name
    }

    pub(super) fn field(&self, field: FieldId) -> &str {
        &self.program.fields[field].name.name
    }

    /// The name of a method as a user calls it: `Console.WriteLine`, `Add`.
    pub(super) fn method(&self, method: MethodId) -> String {
        let decl = &self.program.methods[method].decl;
        let constructs = self.program.methods[method].kind == MethodKind::Constructor;
        match decl.owner {
            Owner::Native(native) if constructs => {
                format!("new {}", self.program.natives[native].decl.name.name)
            }
            Owner::Space(space) => {
                format!(
                    "{}.{}",
                    self.program.spaces[space].decl.name.name, decl.name.name
                )
            }
            _ => decl.name.name.to_string(),
        }
    }

    /// The name of a unit in a chain of calls.
    pub(super) fn name(&self, unit: &Unit) -> String {
        match (unit.kind, unit.role) {
            (UnitKind::Lambda(..), _) => "the lambda".to_owned(),
            (UnitKind::LocalFn(body, id), _) => {
                format!("`{}`", self.program.bodies[body].local_fns[id].name.name)
            }
            (UnitKind::Pool, _) => STORED_VALUE.to_owned(),
            (UnitKind::Root(_), Role::Method(method) | Role::BaseArg(method)) => {
                format!("`{}`", self.method(method))
            }
            (UnitKind::Root(_), Role::FieldInit(field)) => {
                format!("the initial value of `{}`", self.field(field))
            }
            (UnitKind::Root(_), Role::Default(_)) => "a default argument".to_owned(),
            (UnitKind::Root(_), _) => "the code".to_owned(),
        }
    }
}

/// The field whose value the method at a site changes in place, and where it stands.
pub(super) fn changed_field(
    unit: &Unit,
    site: usize,
    facts: &Facts<'_>,
    target: NodeId,
) -> Option<(FieldId, Span)> {
    match unit.sites[site].receiver {
        Some((Place::Field(field), span)) if facts.effects[target].writes_own => {
            Some((field, span))
        }
        _ => None,
    }
}
