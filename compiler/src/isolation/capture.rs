//! What lambdas may capture and do: captured locals are read-only copies (AX0805), and what
//! function values and code that runs in one go may not do yet (AX0107).

use std::collections::{BTreeMap, BTreeSet};

use super::blame::{Facts, Part};
use super::unit::*;
use super::value::{FnValue, Use};
use crate::diag::Diagnostic;
use crate::hir::body::Context;
use crate::hir::*;
use crate::support::span::Span;

/// Checks captures and function values; `blamed`: units that were reported already.
pub(super) fn check(
    facts: &Facts<'_>,
    blamed: &BTreeSet<UnitId>,
    found: &mut Vec<Diagnostic>,
) {
    let outer = outer_assignments(facts);
    for (id, unit) in facts.units.all.enumerate() {
        let Some(body) = body_of(unit.kind) else { continue };
        let body = &facts.program.bodies[body];
        let lambda = innermost_lambda(facts.units, id);
        for &(local, span) in &unit.assigns {
            let data = &body.locals[local];
            if data.lambda != lambda {
                found.push(facts.captured_assigned(span, &data.name, data.span));
            }
        }
        if lambda.is_some() {
            own_fields(facts, unit, found);
            calls(facts, unit, lambda, body, &outer, found);
        }
    }
    values(facts, blamed, found);
    runs_in_one_go(facts, found);
}

fn body_of(kind: UnitKind) -> Option<BodyId> {
    match kind {
        UnitKind::Root(body) | UnitKind::Lambda(body, _) | UnitKind::LocalFn(body, _) => {
            Some(body)
        }
        UnitKind::Pool(_) => None,
    }
}

fn innermost_lambda(units: &Units, unit: UnitId) -> Option<LambdaId> {
    chain(unit, |it| units.all[it].parent).into_iter().find_map(|it| {
        match units.all[it].kind {
            UnitKind::Lambda(_, lambda) => Some(lambda),
            _ => None,
        }
    })
}

/// A lambda in a struct captures the struct as a copy, too.
fn own_fields(facts: &Facts<'_>, unit: &Unit, found: &mut Vec<Diagnostic>) {
    let Context::Record(record) = unit.context else { return };
    let decl = facts.program.records[record].decl.name.span;
    for fact in &unit.facts {
        match fact.kind {
            FactKind::Write(field) => {
                let span = facts.program.fields[field].name.span;
                found.push(facts.captured_assigned(fact.span, facts.field(field), span));
            }
            FactKind::WriteThis => {
                found.push(facts.captured_assigned(fact.span, "this", decl))
            }
            _ => {}
        }
    }
}

/// The first assignment, for each local function, to a local declared outside it, by itself
/// or by a local function that it calls.
fn outer_assignments(facts: &Facts<'_>) -> BTreeMap<UnitId, (LocalId, Span)> {
    let units = facts.units;
    let mut found: BTreeMap<UnitId, (LocalId, Span)> = BTreeMap::new();
    for (&(body, id), &unit) in &units.local_fns {
        let locals = &facts.program.bodies[body].locals;
        let outer = units.all[unit].assigns.iter().find(|(it, _)| {
            locals[*it].local_fn != Some(id)
                && locals[*it].lambda == innermost_lambda(units, unit)
        });
        if let Some(&assign) = outer {
            found.insert(unit, assign);
        }
    }
    loop {
        let mut more = Vec::new();
        for &unit in units.local_fns.values().filter(|it| !found.contains_key(it)) {
            let calls = units.all[unit].sites.iter().filter(|it| it.mode == Mode::Call);
            let assign = calls
                .filter_map(|it| match it.target {
                    Target::Unit(callee) => found.get(&callee),
                    Target::Method { .. } => None,
                })
                .next();
            more.extend(assign.map(|&it| (unit, it)));
        }
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}

/// Local functions that a lambda calls must not assign locals that the lambda captures.
fn calls(
    facts: &Facts<'_>,
    unit: &Unit,
    lambda: Option<LambdaId>,
    body: &body::Body,
    outer: &BTreeMap<UnitId, (LocalId, Span)>,
    found: &mut Vec<Diagnostic>,
) {
    for site in unit.sites.iter().filter(|it| it.mode == Mode::Call) {
        let Target::Unit(callee) = site.target else { continue };
        let Some(&(local, span)) = outer.get(&callee) else { continue };
        let data = &body.locals[local];
        if data.lambda != lambda {
            let name = facts.name(&facts.units.all[callee]);
            found.push(facts.captured_assigned_by(
                site.span,
                name.trim_matches('`'),
                &data.name,
                span,
            ));
        }
    }
}

/// Function values run wherever they are called, so they cannot wait, send, or write state.
fn values(facts: &Facts<'_>, blamed: &BTreeSet<UnitId>, found: &mut Vec<Diagnostic>) {
    let parts = [Part::Suspends, Part::Sends, Part::WritesOwn, Part::WritesDomain];
    let mut seen = BTreeSet::new();
    for it in facts.values {
        let (node, name) = match it.value {
            FnValue::Lambda(unit) if blamed.contains(&unit) => continue,
            FnValue::Lambda(unit) => (facts.graph.of_unit(unit), "the lambda".to_owned()),
            FnValue::Method { method, .. } => {
                match facts.graph.of_method(facts.program, facts.units, None, method) {
                    Some(node) => (node, format!("`{}`", facts.method(method))),
                    None => continue,
                }
            }
            FnValue::Local(..) | FnValue::Param(..) | FnValue::Unknown(_) => continue,
        };
        let Some(part) = Part::first(&parts, &facts.effects[node]) else { continue };
        if it.how != Use::Node && seen.insert(it.span) {
            found.push(facts.value_not_supported(
                it.span,
                &name,
                &facts.trail(node, part),
            ));
        }
    }
}

/// Constructors of domains and initial values run in one go where something is created.
fn runs_in_one_go(facts: &Facts<'_>, found: &mut Vec<Diagnostic>) {
    for (id, unit) in facts.units.all.enumerate() {
        let UnitKind::Root(_) = unit.kind else { continue };
        let node = facts.graph.of_unit(id);
        if !facts.effects[node].suspends {
            continue;
        }
        let (place, span) = match unit.role {
            Role::Method(method) => {
                let data = &facts.program.methods[method];
                let constructor = data.kind == item::MethodKind::Constructor;
                if !constructor || !matches!(data.decl.owner, item::Owner::Domain(_)) {
                    continue;
                }
                ("a domain's constructor", data.decl.name.span)
            }
            Role::FieldInit(field) => {
                ("an initial value", facts.program.fields[field].name.span)
            }
            Role::Default(_) => ("a default argument", unit.span),
            _ => continue,
        };
        let trail = facts.trail(node, Part::Suspends);
        found.push(facts.suspension_not_supported(place, span, &trail));
    }
}
