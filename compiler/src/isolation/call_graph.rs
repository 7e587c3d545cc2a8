//! The call graph: units as run by agents, the calls between them, and its strongly connected
//! components. Effects are joined over it by `effects`; it knows no effects itself.
//!
//! An agent that derives from another runs the code of its base, and where that calls by name
//! what the agent overrides, it runs differently. Only such code has a node of its own for
//! the derived agent; all other is the node of the base. So the size of the graph follows from
//! what is overridden, and not from how many agents inherit it.

use std::collections::{BTreeMap, BTreeSet};

use super::hierarchy::Hierarchy;
use super::unit::*;
use crate::hir::body::Context;
use crate::hir::item::{Overridable, Owner};
use crate::hir::*;
use crate::support::Name;
use crate::support::index::{Id, IdVec};

crate::define_ids! {
    /// A unit as run by an agent.
    #[expect(unreachable_pub, reason = "the macro declares public types")]
    NodeId;
}

/// A unit; `agent` is given where it belongs to a base of the agent that runs it, which calls
/// other code than the base does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Node {
    pub(super) unit: UnitId,
    pub(super) agent: Option<AgentId>,
}

#[derive(Debug, Default)]
pub(super) struct Graph {
    /// Those of the units as their own declarations stand come first, in the same order.
    pub(super) nodes: IdVec<NodeId, Node>,
    /// Index of the site within its unit, and what it runs.
    pub(super) edges: IdVec<NodeId, Vec<(usize, NodeId)>>,
    /// Components, callees before callers.
    pub(super) components: Vec<Vec<NodeId>>,
    hierarchy: Hierarchy,
    /// Nodes for derived agents, by the place of the agent.
    versions: BTreeMap<UnitId, BTreeMap<usize, NodeId>>,
}

impl Graph {
    pub(super) fn build(program: &Program, units: &Units) -> Self {
        let hierarchy = Hierarchy::of(program);
        let mut graph = Self { hierarchy, ..Self::default() };
        for unit in units.all.ids() {
            graph.nodes.push(Node { unit, agent: None });
        }
        let callers = Callers::of(program, units, &graph.hierarchy);
        for agent in program.agents.ids() {
            for unit in callers.changed(program, units, &graph.hierarchy, agent) {
                let node = graph.nodes.push(Node { unit, agent: Some(agent) });
                let place = graph.hierarchy.place(agent);
                graph.versions.entry(unit).or_default().insert(place, node);
            }
        }
        for id in graph.nodes.ids() {
            let node = graph.nodes[id];
            let mut edges = Vec::new();
            for (index, site) in units.all[node.unit].sites.iter().enumerate() {
                for target in graph.targets(program, units, node, site.target) {
                    edges.push((index, target));
                }
            }
            graph.edges.push(edges);
        }
        graph.components = components(&graph.edges);
        graph
    }

    /// The node of a unit as its own declaration stands.
    pub(super) fn of_unit(&self, unit: UnitId) -> NodeId {
        NodeId::from_index(unit.index())
    }

    /// The nodes of a unit: as its own agent runs it, and as derived ones do.
    pub(super) fn nodes_of(&self, unit: UnitId) -> impl Iterator<Item = NodeId> {
        let versions = self.versions.get(&unit).into_iter().flat_map(BTreeMap::values);
        std::iter::once(self.of_unit(unit)).chain(versions.copied())
    }

    /// The node of a unit as run by `agent`, which derives from the one of the unit.
    pub(super) fn of_agent(
        &self,
        program: &Program,
        agent: AgentId,
        unit: UnitId,
    ) -> NodeId {
        let versions = self.versions.get(&unit);
        versions
            .and_then(|it| self.hierarchy.nearest(program, it, agent))
            .copied()
            .unwrap_or_else(|| self.of_unit(unit))
    }

    /// What a value that names a method may run, where it stands in code of `context`.
    pub(super) fn of_method_value(
        &self,
        program: &Program,
        units: &Units,
        context: Context,
        method: MethodId,
        dispatch: Dispatch,
    ) -> Vec<NodeId> {
        let agent = match (program.methods[method].decl.owner, context) {
            (Owner::Agent(_), Context::Agent(agent)) => agent,
            (Owner::Agent(owner), _) => owner,
            _ => {
                let unit = units.of_method(program, method);
                return unit.map(|it| self.of_unit(it)).into_iter().collect();
            }
        };
        self.spread(program, units, agent, method, dispatch)
    }

    fn targets(
        &self,
        program: &Program,
        units: &Units,
        node: Node,
        target: Target,
    ) -> Vec<NodeId> {
        let unit = &units.all[node.unit];
        let (method, dispatch) = match target {
            Target::Unit(callee) => {
                return vec![match node.agent {
                    Some(agent) => self.of_agent(program, agent, callee),
                    None => self.of_unit(callee),
                }];
            }
            Target::Method { method, dispatch } => (method, dispatch),
        };
        // The root of an agent's member is run by the agent that the node says; a lambda or local
        // function has one node for all agents that can run it.
        let runner = match (node.agent, unit.kind, unit.context) {
            (Some(agent), ..) => agent,
            (None, UnitKind::Root(_), Context::Agent(agent)) => agent,
            _ => {
                let context = unit.context;
                return self.of_method_value(program, units, context, method, dispatch);
            }
        };
        let method = match dispatch {
            Dispatch::Virtual => self.hierarchy.most_derived(program, runner, method),
            Dispatch::Exact => method,
        };
        let callee = units.of_method(program, method);
        let node = callee.map(|it| match program.methods[method].decl.owner {
            Owner::Agent(_) => self.of_agent(program, runner, it),
            _ => self.of_unit(it),
        });
        node.into_iter().collect()
    }

    /// What a method of an agent may be where `agent` or one that derives from it calls it.
    fn spread(
        &self,
        program: &Program,
        units: &Units,
        agent: AgentId,
        method: MethodId,
        dispatch: Dispatch,
    ) -> Vec<NodeId> {
        let hierarchy = &self.hierarchy;
        let (first, overrides) = match dispatch {
            Dispatch::Exact => (method, Vec::new()),
            Dispatch::Virtual => (
                hierarchy.most_derived(program, agent, method),
                hierarchy.overrides(program, agent, method).collect(),
            ),
        };
        let mut found = Vec::new();
        for it in std::iter::once(first).chain(overrides) {
            let Some(unit) = units.of_method(program, it) else { continue };
            found.push(self.of_agent(program, agent, unit));
            let versions = self.versions.get(&unit);
            for (&place, &node) in
                versions.into_iter().flat_map(|it| it.range(hierarchy.derived(agent)))
            {
                let by = hierarchy.at(place);
                let is_run = match dispatch {
                    Dispatch::Exact => true,
                    Dispatch::Virtual => {
                        hierarchy.most_derived(program, by, method) == it
                    }
                };
                if is_run {
                    found.push(node);
                }
            }
        }
        found
    }
}

/// Members of agents, by the place of the agent that they belong to.
type ByPlace = BTreeMap<usize, Vec<UnitId>>;

/// Who calls what within agents.
#[derive(Debug, Default)]
struct Callers {
    /// Of a unit, whichever agent runs it.
    exact: BTreeMap<UnitId, ByPlace>,
    /// Of the most derived method of a name.
    by_name: BTreeMap<Name, ByPlace>,
}

impl Callers {
    fn of(program: &Program, units: &Units, hierarchy: &Hierarchy) -> Self {
        let mut found = Self::default();
        for (id, unit) in units.all.enumerate() {
            let (UnitKind::Root(_), Context::Agent(agent)) = (unit.kind, unit.context)
            else {
                continue;
            };
            // Initial values are seen as their own agent runs them.
            if !matches!(unit.role, Role::Method(_) | Role::BaseArg(_)) {
                continue;
            }
            let place = hierarchy.place(agent);
            for site in &unit.sites {
                let by_place = match site.target {
                    Target::Unit(callee) => found.exact.entry(callee).or_default(),
                    Target::Method { method, dispatch } => {
                        let data = &program.methods[method];
                        let Owner::Agent(_) = data.decl.owner else { continue };
                        let by_name = dispatch == Dispatch::Virtual
                            && data.overridable != Overridable::No;
                        match (by_name, units.of_method(program, method)) {
                            (true, _) => {
                                let name = data.decl.name.name.clone();
                                found.by_name.entry(name).or_default()
                            }
                            (false, Some(callee)) => {
                                found.exact.entry(callee).or_default()
                            }
                            (false, None) => continue,
                        }
                    }
                };
                by_place.entry(place).or_default().push(id);
            }
        }
        found
    }

    /// Code of the bases of `agent` that calls, itself or by what it calls, what the agent
    /// overrides.
    fn changed(
        &self,
        program: &Program,
        units: &Units,
        hierarchy: &Hierarchy,
        agent: AgentId,
    ) -> BTreeSet<UnitId> {
        let mut found = BTreeSet::new();
        let mut queue: Vec<UnitId> = Vec::new();
        let of_bases = |callers: Option<&ByPlace>, queue: &mut Vec<UnitId>| {
            if let Some(callers) = callers {
                let callers = hierarchy.of_bases(program, callers, agent);
                queue.extend(callers.into_iter().flatten());
            }
        };
        for &method in &program.agents[agent].methods {
            let data = &program.methods[method];
            if data.overridable != Overridable::No {
                of_bases(self.by_name.get(&data.decl.name.name), &mut queue);
            }
        }
        while let Some(unit) = queue.pop() {
            if !found.insert(unit) {
                continue;
            }
            of_bases(self.exact.get(&unit), &mut queue);
            if let Role::Method(method) = units.all[unit].role
                && program.methods[method].overridable != Overridable::No
                && hierarchy.most_derived(program, agent, method) == method
            {
                let name = &program.methods[method].decl.name.name;
                of_bases(self.by_name.get(name), &mut queue);
            }
        }
        found
    }
}

/// Strongly connected components by Tarjan's method, callees before callers. It keeps its
/// own stack: chains of calls may be long.
pub(super) fn components(
    edges: &IdVec<NodeId, Vec<(usize, NodeId)>>,
) -> Vec<Vec<NodeId>> {
    const NEW: usize = usize::MAX;
    let mut order = vec![NEW; edges.len()];
    let mut low = vec![NEW; edges.len()];
    let mut waiting = vec![false; edges.len()];
    let mut stack: Vec<NodeId> = Vec::new();
    let mut found = Vec::new();
    let mut next = 0;
    for start in edges.ids() {
        if order[start.index()] != NEW {
            continue;
        }
        let mut path: Vec<(NodeId, usize)> = vec![(start, 0)];
        while let Some((node, edge)) = path.pop() {
            let at = node.index();
            if edge == 0 {
                order[at] = next;
                low[at] = next;
                next += 1;
                stack.push(node);
                waiting[at] = true;
            } else {
                let (_, child) = edges[node][edge - 1];
                if waiting[child.index()] {
                    low[at] = low[at].min(low[child.index()]);
                }
            }
            if let Some(&(_, child)) = edges[node].get(edge) {
                path.push((node, edge + 1));
                if order[child.index()] == NEW {
                    path.push((child, 0));
                }
                continue;
            }
            if low[at] == order[at] {
                let from = stack.iter().rposition(|&it| it == node).unwrap_or(0);
                let component = stack.split_off(from);
                for member in &component {
                    waiting[member.index()] = false;
                }
                found.push(component);
            }
        }
    }
    found
}
