//! AX0410: state that is read before a wait and written back after it. While its reader
//! waited others may have changed it, and their change is lost.
//!
//! Values are followed through each body that waits, by locals, branches and loops, and
//! through methods that only give or set a field. It is a warning: what cannot be followed
//! is not reported.

mod expr;
mod flow;
mod nodes;
mod taint;

use std::collections::BTreeMap;

use super::blame::Facts;
use super::effects;
use super::tables::Effect;
use super::unit::*;
use crate::diag::{Code, Diagnostic};
use crate::hir::body::Context;
use crate::hir::item::{MethodKind, Owner};
use crate::hir::*;
use crate::support::span::Span;
use crate::types::Types;
use flow::{Flow, Setting};
use taint::{Origin, Taint};

/// State that is written back although it may have changed.
#[derive(Clone, Debug)]
struct Found {
    read: Span,
    wait: Span,
    write: Span,
    field: FieldId,
    /// What a tool can change, and how it is said.
    fix: Option<(String, Span, String)>,
}

/// Where a unit waits, and whether that ends a turn of a domain.
#[derive(Debug, Default)]
struct Waits {
    at: BTreeMap<Span, bool>,
    /// At the end of a `using`, by its resource.
    at_end: BTreeMap<Span, bool>,
}

/// What a call of a method means for the values that go through it.
#[derive(Clone, Debug, Default)]
struct Summary {
    /// Fields that the method reads and does nothing else.
    gives: Vec<Origin>,
    /// Fields that it writes from a parameter, and whether it waits before.
    sets: Vec<Setting>,
}

/// What all bodies need to know.
struct Cx<'a> {
    facts: &'a Facts<'a>,
    types: &'a Types,
    nodes: nodes::Entries,
    methods: BTreeMap<MethodId, Summary>,
}

/// Warns of stale state in all code of agents and domains.
pub(super) fn check(facts: &Facts<'_>, types: &Types, found: &mut Vec<Diagnostic>) {
    let nodes = nodes::Entries::of(facts);
    let mut cx = Cx { facts, types, nodes, methods: BTreeMap::new() };
    cx.methods = cx.summaries();
    let mut all: BTreeMap<Span, Found> = BTreeMap::new();
    for (id, unit) in facts.units.all.enumerate() {
        if !matches!(unit.context, Context::Agent(_) | Context::Domain(_)) {
            continue;
        }
        let waits = cx.waits(id);
        if waits.at.is_empty() && waits.at_end.is_empty() {
            continue;
        }
        let flow = Flow::new(&cx, id, &waits);
        for it in flow.into_iter().flat_map(|it| it.run().0) {
            all.entry(it.read).or_insert(it);
        }
    }
    found.extend(all.into_values().map(|it| it.diagnose(facts)));
}

impl Cx<'_> {
    /// Where the unit itself, or what it calls, waits, and whether that ends a turn.
    fn waits(&self, id: UnitId) -> Waits {
        let facts = self.facts;
        let unit = &facts.units.all[id];
        let mut waits = Waits::default();
        let mut note = |span: Span, at_end: bool, effect: &Effect| {
            let all = if at_end { &mut waits.at_end } else { &mut waits.at };
            if effect.suspends {
                *all.entry(span).or_default() |= effect.ends_turn;
            }
        };
        for (index, fact) in unit.facts.iter().enumerate() {
            let at_end = unit.disposals.0.contains(&index);
            note(fact.span, at_end, &effects::of_fact(facts.program, &fact.kind));
        }
        for node in facts.graph.nodes_of(id) {
            for &(site, target) in &facts.graph.edges[node] {
                let effect = facts.passed_on(node, site, target);
                let at_end = unit.disposals.1.contains(&site);
                note(unit.sites[site].span, at_end, &effect);
            }
        }
        waits
    }

    /// Methods that give or set fields.
    fn summaries(&self) -> BTreeMap<MethodId, Summary> {
        let facts = self.facts;
        let mut found = BTreeMap::new();
        for (id, unit) in facts.units.all.enumerate() {
            let (UnitKind::Root(_), Role::Method(method)) = (unit.kind, unit.role) else {
                continue;
            };
            let data = &facts.program.methods[method];
            let state = matches!(data.decl.owner, Owner::Agent(_) | Owner::Domain(_));
            if !state || data.kind != MethodKind::Method {
                continue;
            }
            let mut summary = Summary::default();
            if facts.effects[facts.graph.of_unit(id)].keeps_promise() {
                let reads = unit.facts.iter().filter_map(|it| match it.kind {
                    FactKind::Read(field) => Some(Origin::Field(field, None)),
                    _ => None,
                });
                summary.gives = reads.collect();
                summary.gives.truncate(4);
            } else if !data.params.is_empty() {
                let waits = self.waits(id);
                let flow = Flow::new(self, id, &waits);
                summary.sets = flow.map_or_else(Vec::new, |it| it.run().1);
            }
            if !summary.gives.is_empty() || !summary.sets.is_empty() {
                found.insert(method, summary);
            }
        }
        found
    }

    /// Whether others may change the field while the unit waits.
    fn may_change(&self, unit: UnitId, field: FieldId) -> bool {
        let data = &self.facts.program.fields[field];
        let code = &self.facts.units.all[unit];
        match data.owner {
            _ if data.readonly => false,
            // Nobody else runs in a domain before its constructor has returned.
            Owner::Domain(domain) => {
                let begins = match code.role {
                    Role::FieldInit(_) => true,
                    Role::Method(it) => {
                        self.facts.program.methods[it].kind == MethodKind::Constructor
                    }
                    _ => false,
                };
                !(begins && code.context == Context::Domain(domain))
            }
            Owner::Agent(_) => self.nodes.may_change(unit, field),
            _ => false,
        }
    }
}

impl Found {
    fn diagnose(self, facts: &Facts<'_>) -> Diagnostic {
        let name = facts.field(self.field);
        let others = match facts.program.fields[self.field].owner {
            Owner::Domain(_) => "other agents may write it",
            _ => "other nodes of the agent may write it",
        };
        let found = Diagnostic::warning(
            Code::Stale,
            format!("`{name}` is written from what it was before a wait"),
            self.read,
            format!("`{name}` is read here"),
        )
        .label(self.wait, format!("the turn ends here: {others}"))
        .label(self.write, "written here from what was read before");
        match self.fix {
            Some((what, span, text)) => found.fix(what, vec![(span, text)]),
            None => found.help(format!("read `{name}` again after the wait")),
        }
    }
}

/// How the field was written where it was read, if that was its plain name.
fn name_at(facts: &Facts<'_>, field: FieldId, taint: &Taint) -> Option<String> {
    let name = facts.field(field);
    let length = (taint.read.hi - taint.read.lo) as usize;
    let prefix = length.checked_sub(name.len())?;
    let outward = "parent.".len();
    match prefix {
        0 => Some(name.to_owned()),
        n if n == "this.".len() => Some(format!("this.{name}")),
        n if n % outward == 0 => Some("parent.".repeat(n / outward) + name),
        _ => None,
    }
}
