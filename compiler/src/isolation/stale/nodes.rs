//! Which nodes of networks run which code of an agent: while one waits, others may run. It
//! knows no values.

use std::collections::{BTreeMap, VecDeque};

use crate::hir::body::Context;
use crate::hir::item::MethodKind;
use crate::hir::*;
use crate::isolation::blame::{Facts, changed_field};
use crate::isolation::call_graph::NodeId;
use crate::isolation::unit::*;
use crate::support::index::IdVec;
use crate::support::span::Span;

/// Where code of an agent begins to run: `None` is its constructor, else a node of a network.
type Entry = Option<Span>;

/// The first two places from which something runs: more make no difference.
#[derive(Clone, Debug, Default)]
struct Two(Vec<Entry>);

impl Two {
    fn add(&mut self, entry: Entry) -> bool {
        if self.0.len() == 2 || self.0.contains(&entry) {
            return false;
        }
        self.0.push(entry);
        true
    }
}

/// From where units run, and fields are written.
#[derive(Debug, Default)]
pub(super) struct Entries {
    units: BTreeMap<UnitId, Two>,
    fields: BTreeMap<FieldId, Two>,
}

impl Entries {
    pub(super) fn of(facts: &Facts<'_>) -> Self {
        let mut nodes: IdVec<NodeId, Two> = IdVec::new();
        let mut queue: VecDeque<(NodeId, Entry)> = VecDeque::new();
        for (id, node) in facts.graph.nodes.enumerate() {
            nodes.push(Two::default());
            let unit = &facts.units.all[node.unit];
            if begins(facts.program, unit) {
                queue.push_back((id, None));
            }
            for &(site, target) in &facts.graph.edges[id] {
                let site = &unit.sites[site];
                if site.mode == Mode::Node {
                    queue.push_back((target, Some(site.span)));
                }
            }
        }
        while let Some((id, entry)) = queue.pop_front() {
            if !nodes[id].add(entry) {
                continue;
            }
            let unit = facts.unit(id);
            for &(site, target) in &facts.graph.edges[id] {
                if unit.sites[site].mode == Mode::Call {
                    queue.push_back((target, entry));
                }
            }
        }
        let mut entries = Self::default();
        for (id, two) in nodes.enumerate() {
            let unit = facts.unit(id);
            let mut written: Vec<FieldId> = unit
                .facts
                .iter()
                .filter_map(|it| match it.kind {
                    FactKind::Write(field) => Some(field),
                    _ => None,
                })
                .collect();
            for &(site, target) in &facts.graph.edges[id] {
                written.extend(changed_field(unit, site, facts, target).map(|it| it.0));
            }
            let of = facts.graph.nodes[id].unit;
            for &entry in &two.0 {
                entries.units.entry(of).or_default().add(entry);
                for &field in &written {
                    entries.fields.entry(field).or_default().add(entry);
                }
            }
        }
        entries
    }

    /// Whether a field of the agent is written from elsewhere than where the unit runs.
    pub(super) fn may_change(&self, unit: UnitId, field: FieldId) -> bool {
        let (Some(here), Some(there)) = (self.units.get(&unit), self.fields.get(&field))
        else {
            return false;
        };
        here.0.iter().any(|one| there.0.iter().any(|two| one != two))
    }
}

/// Whether a unit is an agent's constructor. Initial values are found before any node runs.
fn begins(program: &Program, unit: &Unit) -> bool {
    let UnitKind::Root(_) = unit.kind else { return false };
    let Context::Agent(_) = unit.context else { return false };
    match unit.role {
        Role::Method(it) => program.methods[it].kind == MethodKind::Constructor,
        _ => false,
    }
}
