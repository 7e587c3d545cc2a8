//! Readers, writers and strangers: what the code of an agent does to the state of its
//! domains. It reports AX0404 and AX0405, each at the innermost place of the agent's code.

use std::collections::BTreeSet;

use super::blame::{Facts, Part, changed_field};
use super::effects;
use super::errors::Touch;
use super::unit::*;
use crate::diag::{Code, Diagnostic};
use crate::hir::body::Context;
use crate::hir::item::Access;
use crate::hir::*;
use crate::support::span::Span;

/// Checks the code of every agent against its access.
pub(super) fn check(facts: &Facts<'_>, found: &mut Vec<Diagnostic>) {
    for (id, agent) in facts.program.agents.enumerate() {
        if let Some(base) = agent.base
            && rank(agent.access) < rank(facts.program.agents[base].access)
        {
            found.push(facts.weaker_than_base(id, base));
        }
    }
    let (seen, writers) = (BTreeSet::new(), BTreeSet::new());
    let mut cx = Cx { facts, found, seen, strangers: Vec::new(), writers };
    for (id, unit) in facts.units.all.enumerate() {
        if let Context::Agent(agent) = unit.context
            && facts.program.agents[agent].access != Access::Writer
        {
            // Calls first: a method that changes its receiver is a write, not a read, of it.
            cx.sites(agent, id);
            cx.facts(agent, unit);
        }
    }
    let Cx { found, strangers, writers, .. } = cx;
    for (at, agent) in strangers {
        let needed = if writers.contains(&agent) { "writer" } else { "reader" };
        let problem = found[at].clone();
        found[at] = problem.help(format!("declare the agent `{needed}`"));
    }
}

fn rank(access: Access) -> u8 {
    match access {
        Access::Neither => 0,
        Access::Reader => 1,
        Access::Writer => 2,
    }
}

struct Cx<'a, 'f> {
    facts: &'a Facts<'a>,
    found: &'f mut Vec<Diagnostic>,
    seen: BTreeSet<(Span, Code)>,
    /// Reports of agents that are neither, which have no remedy yet.
    strangers: Vec<(usize, AgentId)>,
    /// Agents that write what they may not.
    writers: BTreeSet<AgentId>,
}

impl Cx<'_, '_> {
    fn report(&mut self, agent: AgentId, span: Span, writes: bool, what: &Touch<'_>) {
        let diagnostic = self.facts.domain_touched(agent, span, writes, what);
        let neither = self.facts.program.agents[agent].access == Access::Neither;
        if writes {
            self.writers.insert(agent);
        }
        if self.seen.insert((diagnostic.span(), diagnostic.code)) {
            if neither {
                self.strangers.push((self.found.len(), agent));
            }
            self.found.push(diagnostic);
        }
    }

    fn facts(&mut self, agent: AgentId, unit: &Unit) {
        for fact in &unit.facts {
            let (FactKind::Read(field) | FactKind::Write(field)) = fact.kind else {
                continue;
            };
            let effect = effects::of_fact(self.facts.program, &fact.kind);
            if let Some(part) = self.forbidden(agent, &effect) {
                let writes = part == Part::WritesDomain;
                let what = Touch::Field(field);
                self.report(agent, fact.span, writes, &what);
            }
        }
    }

    /// Calls of what is not the agent's own code: that reports for itself.
    fn sites(&mut self, agent: AgentId, unit: UnitId) {
        let facts = self.facts;
        for node in facts.graph.nodes_of(unit) {
            for &(index, target) in &facts.graph.edges[node] {
                let callee = facts.unit(target);
                let site = &facts.units.all[unit].sites[index];
                let changed = changed_field(&facts.units.all[unit], index, facts, target);
                if let Some((field, span)) = changed {
                    let effect = effects::of_fact(facts.program, &FactKind::Write(field));
                    if self.forbidden(agent, &effect).is_some() {
                        let what = Touch::Field(field);
                        self.report(agent, span, true, &what);
                        continue;
                    }
                }
                let foreign = matches!(callee.context, Context::Domain(_));
                if !foreign {
                    continue;
                }
                // What a new instance does to itself is none of the agent's business.
                let around = match site.mode {
                    Mode::Construct(depth) => depth,
                    _ => usize::MAX,
                };
                let effect = facts.effects[target].around(around);
                let Some(part) = self.forbidden(agent, &effect) else { continue };
                let name = facts.name(callee);
                let trail = facts.trail_around(target, part, around);
                let writes = part == Part::WritesDomain;
                let what = Touch::Call(&name, &trail);
                self.report(agent, site.span, writes, &what);
            }
        }
    }

    /// The part of an effect that the agent's access does not allow.
    fn forbidden(&self, agent: AgentId, effect: &super::tables::Effect) -> Option<Part> {
        let parts: &[Part] = match self.facts.program.agents[agent].access {
            Access::Neither => &[Part::WritesDomain, Part::ReadsDomain],
            Access::Reader => &[Part::WritesDomain],
            Access::Writer => &[],
        };
        Part::first(parts, effect)
    }
}
