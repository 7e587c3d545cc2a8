//! The least effect of every unit: what it does itself joined with what it calls, by a
//! fixpoint on each component of the call graph, callees first. It reports nothing.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::call_graph::{Graph, NodeId, components};
use super::tables::{Depths, Effect, Effects};
use super::unit::*;
use super::value::{FnValue, Use, ValueUse};
use crate::hir::body::Context;
use crate::hir::item::{Access, Owner};
use crate::hir::*;
use crate::support::index::IdVec;

/// Effects of the nodes of the call graph.
pub(super) type NodeEffects = IdVec<NodeId, Effect>;

/// Joins effects over the graph.
pub(super) fn infer(program: &Program, units: &Units, graph: &Graph) -> NodeEffects {
    let mut effects = NodeEffects::new();
    for node in graph.nodes.iter() {
        effects.push(own(program, &units.all[node.unit]));
    }
    for component in &graph.components {
        settle_component(program, units, graph, &mut effects, component);
    }
    effects
}

/// Joins the effects of calls into a component whose callees outside are known. A member is
/// looked at again when one that it calls has changed, which happens at most once for each of
/// the ten facts: the time is linear in the number of calls.
fn settle_component(
    program: &Program,
    units: &Units,
    graph: &Graph,
    effects: &mut NodeEffects,
    component: &[NodeId],
) {
    let mut callers: BTreeMap<NodeId, Vec<NodeId>> = BTreeMap::new();
    // What calls only itself does nothing more by that.
    if component.len() > 1 {
        let members: BTreeSet<NodeId> = component.iter().copied().collect();
        for &caller in component {
            for (_, callee) in &graph.edges[caller] {
                if members.contains(callee) {
                    callers.entry(*callee).or_default().push(caller);
                }
            }
        }
    }
    let mut queue: VecDeque<NodeId> = component.iter().copied().collect();
    let mut queued: BTreeSet<NodeId> = component.iter().copied().collect();
    while let Some(id) = queue.pop_front() {
        queued.remove(&id);
        let mut sum = effects[id].clone();
        let unit = &units.all[graph.nodes[id].unit];
        for &(site, target) in &graph.edges[id] {
            sum.include(&passed_on(program, &unit.sites[site], &effects[target]));
        }
        if sum == effects[id] {
            continue;
        }
        effects[id] = sum;
        for &caller in callers.get(&id).into_iter().flatten() {
            if queued.insert(caller) {
                queue.push_back(caller);
            }
        }
    }
}

/// What a unit does itself.
fn own(program: &Program, unit: &Unit) -> Effect {
    let mut sum = unit.direct.clone();
    for fact in &unit.facts {
        sum.include(&of_fact(program, &fact.kind));
    }
    if matches!(unit.context, Context::Record(_)) {
        sum.uses_agent = false;
    }
    sum
}

/// The effect of something done at a place.
pub(super) fn of_fact(program: &Program, fact: &FactKind) -> Effect {
    let none = Effect::default();
    match *fact {
        FactKind::Read(field) => of_read(program, field),
        FactKind::Write(field) => of_write(program, field),
        FactKind::WriteThis => Effect { writes_own: true, ..none },
        FactKind::Send | FactKind::Create(_) | FactKind::Close => {
            Effect { sends: true, ..none }
        }
        FactKind::Link => Effect { sends: true, uses_agent: true, ..none },
        FactKind::Receive | FactKind::Drain | FactKind::Yield => {
            Effect { suspends: true, ends_turn: true, ..none }
        }
        FactKind::SendOrWait(_) => Effect { sends: true, suspends: true, ..none },
        FactKind::Exit => Effect { sends: true, suspends: true, ends_turn: true, ..none },
        FactKind::Native(method) => match &program.methods[method].native {
            Some(signature) => Effect {
                suspends: signature.suspends,
                ends_turn: signature.suspends,
                sends: signature.sends || signature.receives,
                io: signature.io,
                throws: signature.throws,
                ..none
            },
            None => none,
        },
    }
}

/// Reading a field. Fields of a domain that never change are no state of it.
pub(super) fn of_read(program: &Program, field: FieldId) -> Effect {
    let data = &program.fields[field];
    let (state, fixed) = match data.readonly {
        false => (depths(program, data.owner), Depths::default()),
        true => (Depths::default(), depths(program, data.owner)),
    };
    Effect {
        reads_own: !matches!(data.owner, Owner::Domain(_)),
        reads_domain: state,
        reads_fixed: fixed,
        uses_agent: !matches!(data.owner, Owner::Record(_)),
        ..Effect::default()
    }
}

/// Writing a field. One that is `readonly` is written while its domain is being made, which is
/// nobody else's business, or else was reported as that.
fn of_write(program: &Program, field: FieldId) -> Effect {
    let data = &program.fields[field];
    Effect {
        writes_own: !matches!(data.owner, Owner::Domain(_)),
        writes_domain: match data.readonly {
            false => depths(program, data.owner),
            true => Depths::default(),
        },
        uses_agent: !matches!(data.owner, Owner::Record(_)),
        ..Effect::default()
    }
}

/// The domain that a field belongs to, if it is one.
fn depths(program: &Program, owner: Owner) -> Depths {
    match owner {
        Owner::Domain(domain) => Depths::at(depth(program, domain)),
        _ => Depths::default(),
    }
}

/// How many domains lie around one.
pub(super) fn depth(program: &Program, domain: DomainId) -> usize {
    chain(domain, |it| program.domains[it].parent).len() - 1
}

/// What the effect of the code at a site means for the unit in which the site stands.
pub(super) fn passed_on(program: &Program, site: &Site, callee: &Effect) -> Effect {
    let agent = Effect { uses_agent: callee.uses_agent, ..Effect::default() };
    match site.mode {
        Mode::Value | Mode::Node => agent,
        Mode::Construct(depth) => {
            let sum = callee.around(depth);
            // Outer state is reached by way of the agent that makes the instance.
            Effect { uses_agent: sum.needs_turn(), ..sum }
        }
        Mode::Call => {
            let Some((place, _)) = site.receiver else { return callee.clone() };
            // What the method does to its own fields, it does to the place of the receiver.
            let mut sum =
                Effect { reads_own: false, writes_own: false, ..callee.clone() };
            if callee.writes_own {
                match place {
                    Place::Field(field) => sum.include(&of_write(program, field)),
                    Place::This => sum.writes_own = true,
                    Place::Local(_) | Place::Temporary => {}
                }
            }
            sum
        }
    }
}

/// The tables that later phases read.
pub(super) fn tables(
    program: &Program,
    units: &Units,
    graph: &Graph,
    effects: &NodeEffects,
    values: &[ValueUse],
) -> Effects {
    let mut tables = Effects::default();
    for (id, node) in graph.nodes.enumerate() {
        let unit = &units.all[node.unit];
        let effect = &effects[id];
        match (unit.kind, unit.role, node.agent) {
            (UnitKind::Root(_), Role::Method(method), None) => {
                tables.methods.insert(method, effect.clone());
            }
            (UnitKind::Root(_), Role::Method(method), Some(agent)) => {
                let as_base = program.agents[agent]
                    .base
                    .map(|it| graph.of_agent(program, it, node.unit));
                if as_base.is_none_or(|it| *effect != effects[it]) {
                    let by_agent = tables.derived.entry(method).or_default();
                    by_agent.insert(agent, effect.clone());
                }
            }
            (UnitKind::Root(body), _, None) => {
                tables.bodies.insert(body, effect.clone());
            }
            (UnitKind::Lambda(body, lambda), _, _) => {
                tables.lambdas.insert((body, lambda), effect.clone());
            }
            (UnitKind::LocalFn(body, local_fn), _, _) => {
                tables.local_fns.insert((body, local_fn), effect.clone());
            }
            (UnitKind::Root(_), _, Some(_)) | (UnitKind::Pool, _, _) => {}
        }
    }
    for (id, agent) in program.agents.enumerate() {
        if let Some(base) = agent.base {
            tables.bases.insert(id, base);
        }
    }
    tables.fixed_readers = fixed_readers(program, units, graph, effects);
    for (id, method) in program.methods.enumerate() {
        if let Some(signature) = &method.native {
            let mut effect = of_fact(program, &FactKind::Native(id));
            effect.writes_own = signature.mutates;
            tables.methods.insert(id, effect);
        }
    }
    recursion(units, graph, &mut tables);
    for (id, domain) in program.domains.enumerate() {
        let mut sum = Effect::default();
        for unit in units.of_domain(program, domain) {
            sum.include(&effects[graph.of_unit(unit)]);
        }
        tables.domains.insert(id, sum.around(depth(program, id)));
    }
    for it in values.iter().filter(|it| it.how == Use::Node) {
        let effect = of_value(program, units, graph, effects, it);
        tables.value_nodes.insert((it.body, it.expr), effect);
    }
    tables
}

/// Agents without access of which some code, own or inherited, reads `readonly` fields.
fn fixed_readers(
    program: &Program,
    units: &Units,
    graph: &Graph,
    effects: &NodeEffects,
) -> BTreeSet<AgentId> {
    let mut reading = BTreeSet::new();
    for (id, node) in graph.nodes.enumerate() {
        if let Context::Agent(agent) = units.all[node.unit].context
            && effects[id].reads_fixed.any()
        {
            reading.insert(agent);
        }
    }
    let reads = |agent: AgentId| {
        program.agents[agent].access == Access::Neither
            && bases_of_agent(program, agent).iter().any(|it| reading.contains(it))
    };
    program.agents.ids().filter(|&it| !reading.is_empty() && reads(it)).collect()
}

/// Notes what can call itself while it runs; a node or a value that is made runs later.
fn recursion(units: &Units, graph: &Graph, tables: &mut Effects) {
    let runs = |id: NodeId, site: usize| {
        let mode = units.all[graph.nodes[id].unit].sites[site].mode;
        matches!(mode, Mode::Call | Mode::Construct(_))
    };
    let mut calls = IdVec::new();
    for (id, edges) in graph.edges.enumerate() {
        calls.push(edges.iter().copied().filter(|&(site, _)| runs(id, site)).collect());
    }
    for component in components(&calls) {
        let first = component[0];
        if component.len() == 1
            && !calls[first].iter().any(|&(_, target)| target == first)
        {
            continue;
        }
        for id in component {
            let unit = &units.all[graph.nodes[id].unit];
            match (unit.kind, unit.role) {
                (UnitKind::Root(_), Role::Method(method)) => {
                    tables.recursive.insert(method);
                }
                (UnitKind::LocalFn(body, local_fn), _) => {
                    tables.recursive_local_fns.insert((body, local_fn));
                }
                _ => {}
            }
        }
    }
}

/// What calling a function value can do.
pub(super) fn of_value(
    program: &Program,
    units: &Units,
    graph: &Graph,
    effects: &NodeEffects,
    it: &ValueUse,
) -> Effect {
    let nodes: Vec<NodeId> = match it.value {
        FnValue::Lambda(unit) => vec![graph.of_unit(unit)],
        FnValue::Method { method, dispatch } => {
            let context = units.all[it.unit].context;
            graph.of_method_value(program, units, context, method, dispatch)
        }
        FnValue::Unknown(shape) | FnValue::Local(_, shape) => {
            units.pools.get(&shape).map(|&it| graph.of_unit(it)).into_iter().collect()
        }
        FnValue::Param(method, param) => {
            let ty = program.methods[method].params.get(param).map(|it| &it.ty);
            let pool = ty.and_then(|it| units.pool_of(it));
            pool.map(|it| graph.of_unit(it)).into_iter().collect()
        }
    };
    let mut effect = match it.value {
        FnValue::Method { method, .. } if nodes.is_empty() => {
            of_fact(program, &FactKind::Native(method))
        }
        _ => Effect::default(),
    };
    for node in nodes {
        effect.include(&effects[node]);
    }
    effect.throws = true;
    effect
}
