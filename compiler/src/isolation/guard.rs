//! Guards of the cases of `receive { }`: each may be looked at any number of times, with one
//! message or another, so it has no effect and waits for nothing. It reports AX07xx and
//! AX0805.

use std::collections::{BTreeMap, BTreeSet};

use super::blame::{Facts, Part};
use super::capture::changed_locals;
use super::effects;
use super::errors::Promise;
use super::function::promised;
use super::unit::*;
use crate::diag::{Code, Diagnostic};
use crate::hir::item::MethodKind;
use crate::hir::*;
use crate::support::span::Span;

/// A guard, and the word of the `receive` that it stands in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Guard {
    pub(super) unit: UnitId,
    pub(super) span: Span,
    pub(super) receive: Span,
}

/// Guards of one unit, by where they begin. They do not overlap.
type Guards = BTreeMap<u32, Guard>;

/// Checks every guard.
pub(super) fn check(
    facts: &Facts<'_>,
    guards: &[Guard],
    outer: &BTreeMap<UnitId, (LocalId, Span)>,
    found: &mut Vec<Diagnostic>,
) {
    let mut by_unit: BTreeMap<UnitId, Guards> = BTreeMap::new();
    for guard in guards {
        by_unit.entry(guard.unit).or_default().insert(guard.span.lo, *guard);
    }
    for (unit, guards) in &by_unit {
        direct(facts, *unit, guards, found);
        assigned(facts, *unit, guards, outer, found);
        calls(facts, *unit, guards, found);
    }
}

fn around(guards: &Guards, span: Span) -> Option<&Guard> {
    let (_, guard) = guards.range(..=span.lo).next_back()?;
    (span.hi <= guard.span.hi).then_some(guard)
}

fn promise(guard: &Guard) -> Promise {
    Promise {
        who: "a guard".to_owned(),
        span: guard.receive,
        label: "may look at its guards any number of times, so they have no effect"
            .to_owned(),
    }
}

fn direct(facts: &Facts<'_>, unit: UnitId, guards: &Guards, found: &mut Vec<Diagnostic>) {
    for fact in &facts.units.all[unit].facts {
        let Some(guard) = around(guards, fact.span) else { continue };
        let keeps = effects::of_fact(facts.program, &fact.kind).keeps_promise();
        if !keeps && !only_counts(facts.program, fact.kind) {
            found.push(facts.promise_broken(&promise(guard), fact.span, fact.kind));
        }
    }
}

/// Whether a library member only tells how much waits at a point.
fn only_counts(program: &Program, fact: FactKind) -> bool {
    let FactKind::Native(method) = fact else { return false };
    let method = &program.methods[method];
    method.kind == MethodKind::Property
        && method.native.as_ref().is_some_and(|it| !it.suspends && !it.io)
}

/// Guards see copies of the locals, as lambdas do.
fn assigned(
    facts: &Facts<'_>,
    unit: UnitId,
    guards: &Guards,
    outer: &BTreeMap<UnitId, (LocalId, Span)>,
    found: &mut Vec<Diagnostic>,
) {
    let data = &facts.units.all[unit];
    let body = match data.kind {
        UnitKind::Root(body) | UnitKind::Lambda(body, _) | UnitKind::LocalFn(body, _) => {
            body
        }
        UnitKind::Pool => return,
    };
    let locals = &facts.program.bodies[body].locals;
    for (local, span) in changed_locals(facts, unit) {
        let Some(guard) = around(guards, span) else { continue };
        let decl = locals[local].span;
        // What is in sight and declared behind the begin of the guard is its own.
        if decl.lo < guard.span.lo {
            let name = &locals[local].name;
            found.push(facts.assigned_in_guard(span, name, decl, guard.receive));
        }
    }
    for site in data.sites.iter().filter(|it| it.mode == Mode::Call) {
        let Target::Unit(callee) = site.target else { continue };
        let Some(&(local, span)) = outer.get(&callee) else { continue };
        if around(guards, site.span).is_some() {
            let callee = facts.name(&facts.units.all[callee]);
            let name = &locals[local].name;
            found.push(facts.assigned_by_call_in_guard(site.span, &callee, name, span));
        }
    }
}

fn calls(facts: &Facts<'_>, unit: UnitId, guards: &Guards, found: &mut Vec<Diagnostic>) {
    let mut seen = BTreeSet::new();
    for node in facts.graph.nodes_of(unit) {
        for &(index, target) in &facts.graph.edges[node] {
            let site = &facts.units.all[unit].sites[index];
            let Some(guard) = around(guards, site.span) else { continue };
            let effect = facts.passed_on(node, index, target);
            let Some(part) = Part::first(&Part::PROMISE, &effect) else { continue };
            let callee = &facts.units.all[facts.graph.nodes[target].unit];
            // What breaks a promise of its own is blamed there, and only there.
            if let Role::Method(method) = callee.role
                && promised(facts.program, method).is_some()
            {
                continue;
            }
            if seen.insert(site.span) {
                let name = facts.name(callee);
                let trail = facts.trail(target, part);
                found.push(facts.promise_broken_by_call(
                    Code::FunctionCalls,
                    &promise(guard),
                    site.span,
                    &name,
                    &trail,
                ));
            }
        }
    }
}
