//! The call graph: units as run by agents, the calls between them, and its strongly connected
//! components. Effects are joined over it by `effects`; it knows no effects itself.

use std::collections::BTreeMap;

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

/// A unit; `agent` is given where it belongs to a base of the agent that runs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Node {
    pub(super) unit: UnitId,
    pub(super) agent: Option<AgentId>,
}

#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) nodes: IdVec<NodeId, Node>,
    /// Index of the site within its unit, and what it runs.
    pub(super) edges: IdVec<NodeId, Vec<(usize, NodeId)>>,
    /// Components, callees before callers.
    pub(super) components: Vec<Vec<NodeId>>,
    index: BTreeMap<Node, NodeId>,
    /// Agents derived from each agent, itself first.
    derived: BTreeMap<AgentId, Vec<AgentId>>,
    /// Virtual methods and overrides of each agent by name.
    overrides: BTreeMap<(AgentId, Name), MethodId>,
}

impl Graph {
    pub(super) fn build(program: &Program, units: &Units) -> Self {
        let mut graph = Self::default();
        for unit in units.all.ids() {
            graph.add(Node { unit, agent: None });
        }
        for agent in program.agents.ids() {
            let bases = bases_of_agent(program, agent);
            for &base in &bases {
                graph.derived.entry(base).or_default().push(agent);
            }
            for &method in &program.agents[agent].methods {
                let data = &program.methods[method];
                if data.overridable != Overridable::No {
                    let key = (agent, data.decl.name.name.clone());
                    graph.overrides.insert(key, method);
                }
            }
            for &base in &bases[1..] {
                let data = &program.agents[base];
                for &method in data.methods.iter().chain(&data.constructor) {
                    for unit in roots_of(program, units, method) {
                        graph.add(Node { unit, agent: Some(agent) });
                    }
                }
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

    fn add(&mut self, node: Node) {
        let id = self.nodes.push(node);
        self.index.insert(node, id);
    }

    /// The node of a unit as its own declaration stands.
    pub(super) fn of_unit(&self, unit: UnitId) -> NodeId {
        self.index[&Node { unit, agent: None }]
    }

    /// The nodes of a unit: as its own agent runs it, and as derived ones do.
    pub(super) fn nodes_of(&self, unit: UnitId) -> impl Iterator<Item = NodeId> {
        let first = Node { unit, agent: None };
        let last = Node { unit, agent: Some(AgentId(u32::MAX)) };
        self.index.range(first..=last).map(|(_, &id)| id)
    }

    /// A method as run by `agent`, if it has a body.
    pub(super) fn of_method(
        &self,
        program: &Program,
        units: &Units,
        agent: Option<AgentId>,
        method: MethodId,
    ) -> Option<NodeId> {
        let unit = units.of_method(program, method)?;
        let own = Node { unit, agent };
        self.index
            .get(&own)
            .or_else(|| self.index.get(&Node { unit, agent: None }))
            .copied()
    }

    /// Agents that run a unit: for the root of an agent's member the one that the node
    /// says, for a lambda or local function all that can.
    fn runners(&self, units: &Units, node: Node) -> Vec<AgentId> {
        if let Some(agent) = node.agent {
            return vec![agent];
        }
        let unit = &units.all[node.unit];
        let Context::Agent(agent) = unit.context else { return Vec::new() };
        match unit.kind {
            UnitKind::Root(_) => vec![agent],
            _ => self.derived.get(&agent).cloned().unwrap_or_default(),
        }
    }

    /// The method that `agent` runs where `method` is called.
    fn most_derived(
        &self,
        program: &Program,
        agent: AgentId,
        method: MethodId,
    ) -> MethodId {
        let data = &program.methods[method];
        if data.overridable == Overridable::No {
            return method;
        }
        let name = &data.decl.name.name;
        std::iter::successors(Some(agent), |&it| program.agents[it].base)
            .find_map(|it| self.overrides.get(&(it, name.clone())).copied())
            .unwrap_or(method)
    }

    fn targets(
        &self,
        program: &Program,
        units: &Units,
        node: Node,
        target: Target,
    ) -> Vec<NodeId> {
        let (method, dispatch) = match target {
            Target::Unit(unit) => {
                let own = self.index.get(&Node { unit, agent: node.agent }).copied();
                return vec![own.unwrap_or_else(|| self.of_unit(unit))];
            }
            Target::Method { method, dispatch } => (method, dispatch),
        };
        let Owner::Agent(_) = program.methods[method].decl.owner else {
            return self.of_method(program, units, None, method).into_iter().collect();
        };
        let mut found: Vec<NodeId> = Vec::new();
        let runners = self.runners(units, node);
        let agents =
            runners.iter().map(|&it| Some(it)).chain(runners.is_empty().then_some(None));
        for agent in agents {
            let method = match (agent, dispatch) {
                (Some(agent), Dispatch::Virtual) => {
                    self.most_derived(program, agent, method)
                }
                _ => method,
            };
            if let Some(node) = self.of_method(program, units, agent, method)
                && !found.contains(&node)
            {
                found.push(node);
            }
        }
        found
    }
}

/// The roots that run as part of a method: its body and the arguments for its base.
fn roots_of(program: &Program, units: &Units, method: MethodId) -> Vec<UnitId> {
    let data = &program.methods[method];
    let bodies = data.body.iter().chain(data.base_args.iter().flatten());
    bodies.filter_map(|&it| units.roots.get(it).copied()).collect()
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
