//! Which agents derive from which, and which of several methods of one name an agent runs. It
//! knows no code.

use std::collections::BTreeMap;

use super::unit::chain;
use crate::hir::item::Overridable;
use crate::hir::*;
use crate::support::Name;
use crate::support::index::IdVec;

/// Places of agents, such that an agent and all that derive from it stand in one row.
#[derive(Debug, Default)]
pub(super) struct Hierarchy {
    /// Agents by place.
    order: Vec<AgentId>,
    /// The row of an agent: its own place, and the one behind the last that derives from it.
    rows: IdVec<AgentId, Row>,
    /// Virtual methods and overrides by name, and by the place of their agent.
    methods: BTreeMap<Name, BTreeMap<usize, MethodId>>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Row {
    start: usize,
    end: usize,
    /// How many bases the agent has.
    depth: usize,
}

impl Hierarchy {
    pub(super) fn of(program: &Program) -> Self {
        let mut found = Self::default();
        let mut derived: IdVec<AgentId, Vec<AgentId>> = IdVec::new();
        for _ in program.agents.ids() {
            found.rows.push(Row::default());
            derived.push(Vec::new());
        }
        let mut open: Vec<(AgentId, usize, bool)> = Vec::new();
        for (id, agent) in program.agents.enumerate().rev() {
            match agent.base {
                Some(base) => derived[base].push(id),
                None => open.push((id, 0, false)),
            }
        }
        while let Some((id, depth, is_done)) = open.pop() {
            let place = found.order.len();
            if is_done {
                found.rows[id].end = place;
                continue;
            }
            found.rows[id] = Row { start: place, end: place, depth };
            found.order.push(id);
            open.push((id, depth, true));
            open.extend(derived[id].iter().map(|&it| (it, depth + 1, false)));
            for &method in &program.agents[id].methods {
                let data = &program.methods[method];
                if data.overridable != Overridable::No {
                    let name = data.decl.name.name.clone();
                    found.methods.entry(name).or_default().insert(place, method);
                }
            }
        }
        found
    }

    pub(super) fn place(&self, agent: AgentId) -> usize {
        self.rows[agent].start
    }

    pub(super) fn at(&self, place: usize) -> AgentId {
        self.order[place]
    }

    /// The places of the agents that derive from one.
    pub(super) fn derived(&self, agent: AgentId) -> std::ops::Range<usize> {
        let row = self.rows[agent];
        row.start + 1..row.end
    }

    /// What stands in `by_place` for the nearest of an agent and its bases, innermost first.
    pub(super) fn nearest<'a, T>(
        &self,
        program: &Program,
        by_place: &'a BTreeMap<usize, T>,
        agent: AgentId,
    ) -> Option<&'a T> {
        std::iter::successors(Some(agent), |&it| program.agents[it].base)
            .find_map(|it| by_place.get(&self.place(it)))
    }

    /// What stands in `by_place` for the bases of an agent.
    pub(super) fn of_bases<'a, T>(
        &self,
        program: &Program,
        by_place: &'a BTreeMap<usize, T>,
        agent: AgentId,
    ) -> Vec<&'a T> {
        // Whichever is shorter, so that neither a long chain of bases nor a crowd of other
        // agents is gone through for nothing.
        if self.rows[agent].depth < by_place.len() {
            let bases = chain(agent, |it| program.agents[it].base);
            let places = bases[1..].iter().map(|&it| self.place(it));
            return places.filter_map(|it| by_place.get(&it)).collect();
        }
        let here = self.place(agent);
        let is_base = |place: usize| self.derived(self.order[place]).contains(&here);
        by_place.iter().filter(|(place, _)| is_base(**place)).map(|(_, it)| it).collect()
    }

    /// The method that `agent` runs where `method` is called by its name.
    pub(super) fn most_derived(
        &self,
        program: &Program,
        agent: AgentId,
        method: MethodId,
    ) -> MethodId {
        let data = &program.methods[method];
        // One of a domain or value may have the name of a virtual method.
        if data.overridable == Overridable::No {
            return method;
        }
        let named = self.methods.get(&data.decl.name.name);
        named.and_then(|it| self.nearest(program, it, agent)).copied().unwrap_or(method)
    }

    /// The overrides of `method` in agents that derive from `agent`.
    pub(super) fn overrides(
        &self,
        program: &Program,
        agent: AgentId,
        method: MethodId,
    ) -> impl Iterator<Item = MethodId> {
        let named = self.methods.get(&program.methods[method].decl.name.name);
        named
            .into_iter()
            .flat_map(move |it| it.range(self.derived(agent)))
            .map(|(_, &it)| it)
    }
}
