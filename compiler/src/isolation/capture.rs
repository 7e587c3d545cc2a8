//! What lambdas may capture and do: captured locals are read-only copies (AX0805), a function
//! value never waits (AX0704), and what code that runs in one go may not do (AX0107).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::blame::{Facts, Part};
use super::function::Blamed;
use super::unit::*;
use super::value::FnValue;
use crate::diag::Diagnostic;
use crate::hir::body::Context;
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::support::span::Span;
use crate::types::Types;

/// Checks captures and function values; `blamed` was reported already.
pub(super) fn check(
    facts: &Facts<'_>,
    types: &Types,
    blamed: &Blamed,
    found: &mut Vec<Diagnostic>,
) {
    let outer = outer_assignments(facts);
    for (id, unit) in facts.units.all.enumerate() {
        let Some(body) = body_of(unit.kind) else { continue };
        let body = &facts.program.bodies[body];
        let lambda = innermost_lambda(facts.units, id);
        for (local, span) in changed_locals(facts, id) {
            let data = &body.locals[local];
            if data.lambda != lambda {
                found.push(facts.captured_assigned(span, &data.name, data.span));
            }
        }
        if lambda.is_some() {
            own_fields(facts, id, found);
            calls(facts, unit, lambda, body, &outer, found);
        }
    }
    values(facts, types, blamed, found);
    runs_in_one_go(facts, found);
}

fn body_of(kind: UnitKind) -> Option<BodyId> {
    match kind {
        UnitKind::Root(body) | UnitKind::Lambda(body, _) | UnitKind::LocalFn(body, _) => {
            Some(body)
        }
        UnitKind::Pool => None,
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

/// Locals that a unit changes, by assignments and by methods that change their receiver, and
/// where.
pub(super) fn changed_locals(facts: &Facts<'_>, unit: UnitId) -> Vec<(LocalId, Span)> {
    let data = &facts.units.all[unit];
    let mut found = data.assigns.clone();
    for &(index, target) in &facts.graph.edges[facts.graph.of_unit(unit)] {
        let site = &data.sites[index];
        if let (Mode::Call, Some((Place::Local(local), span))) =
            (site.mode, site.receiver)
            && facts.effects[target].writes_own
        {
            found.push((local, span));
        }
    }
    found
}

/// A lambda in a struct captures the struct as a copy, too.
fn own_fields(facts: &Facts<'_>, id: UnitId, found: &mut Vec<Diagnostic>) {
    let unit = &facts.units.all[id];
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
    let node = facts.graph.of_unit(id);
    for &(index, target) in &facts.graph.edges[node] {
        let callee = facts.graph.nodes[target].unit;
        // What stands in a lambda reports for itself, and stored values are no code of the
        // struct.
        let runs_outside = innermost_lambda(facts.units, callee).is_none()
            && facts.unit(target).kind != UnitKind::Pool;
        if runs_outside && facts.passed_on(node, index, target).writes_own {
            let name = facts.name(facts.unit(target));
            found.push(facts.captured_assigned_by(
                unit.sites[index].span,
                name.trim_matches('`'),
                "this",
                decl,
            ));
        }
    }
}

/// The first assignment, for each local function, to a local declared outside it, by itself
/// or by a local function that it calls.
pub(super) fn outer_assignments(facts: &Facts<'_>) -> BTreeMap<UnitId, (LocalId, Span)> {
    let units = facts.units;
    let mut found: BTreeMap<UnitId, (LocalId, Span)> = BTreeMap::new();
    for (&(body, id), &unit) in &units.local_fns {
        let locals = &facts.program.bodies[body].locals;
        let outer = changed_locals(facts, unit).into_iter().find(|(it, _)| {
            locals[*it].local_fn != Some(id)
                && locals[*it].lambda == innermost_lambda(units, unit)
        });
        if let Some(assign) = outer {
            found.insert(unit, assign);
        }
    }
    let mut callers: BTreeMap<UnitId, Vec<UnitId>> = BTreeMap::new();
    for &unit in units.local_fns.values() {
        for site in units.all[unit].sites.iter().filter(|it| it.mode == Mode::Call) {
            if let Target::Unit(callee) = site.target {
                callers.entry(callee).or_default().push(unit);
            }
        }
    }
    let mut queue: VecDeque<UnitId> = found.keys().copied().collect();
    while let Some(callee) = queue.pop_front() {
        let assign = found[&callee];
        for &caller in callers.get(&callee).into_iter().flatten() {
            found.entry(caller).or_insert_with(|| {
                queue.push_back(caller);
                assign
            });
        }
    }
    found
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

/// A call of a function value gives its result at once, so none may wait. What else it does
/// is charged where it is called.
fn values(
    facts: &Facts<'_>,
    types: &Types,
    blamed: &Blamed,
    found: &mut Vec<Diagnostic>,
) {
    let mut seen = BTreeSet::new();
    // Where a value goes once a local holds it does not matter any more.
    for it in facts.values.iter().filter(|it| it.direct) {
        let (nodes, name) = match it.value {
            FnValue::Lambda(unit) if blamed.units.contains(&unit) => continue,
            FnValue::Lambda(unit) => {
                (vec![facts.graph.of_unit(unit)], "the lambda".to_owned())
            }
            FnValue::Method { method, dispatch } => {
                let nodes = facts.of_method_value(it, method, dispatch);
                (nodes, format!("`{}`", facts.method(method)))
            }
            FnValue::Local(..) | FnValue::Param(..) | FnValue::Unknown(_) => continue,
        };
        let node = nodes.into_iter().find(|&it| facts.effects[it].suspends);
        let trail = node.map(|it| facts.trail(it, Part::Suspends));
        let by_library = || Some(facts.of_library_value(it, &[Part::Suspends])?.1);
        let Some(trail) = trail.or_else(by_library) else { continue };
        let ty = types.bodies.get(it.body).and_then(|table| table.exprs.get(it.expr));
        if !ty.is_some_and(is_sound) {
            continue;
        }
        if !blamed.values.contains(&it.span) && seen.insert(it.span) {
            found.push(facts.value_suspends(it.span, &name, &trail));
        }
    }
}

/// Whether a function value was understood; else it may have been meant as something else.
fn is_sound(ty: &Ty) -> bool {
    match ty {
        Ty::Func { params, returns } => {
            !returns.is_error() && !params.iter().any(Ty::is_error)
        }
        _ => false,
    }
}

/// Values that come to be where no code stands that could wait: what fields of values and
/// parameters begin with.
fn runs_in_one_go(facts: &Facts<'_>, found: &mut Vec<Diagnostic>) {
    for (id, unit) in facts.units.all.enumerate() {
        let UnitKind::Root(_) = unit.kind else { continue };
        let node = facts.graph.of_unit(id);
        if !facts.effects[node].suspends {
            continue;
        }
        let (place, span) = match unit.role {
            Role::FieldInit(field) => {
                let data = &facts.program.fields[field];
                // Those of agents and domains run as the beginning of a constructor.
                if !matches!(data.owner, item::Owner::Record(_)) {
                    continue;
                }
                (format!("the initial value of `{}`", data.name.name), data.name.span)
            }
            Role::Default(method) => {
                let name = &facts.program.methods[method].decl.name;
                (format!("a default argument of `{}`", name.name), unit.span)
            }
            _ => continue,
        };
        let trail = facts.trail(node, Part::Suspends);
        found.push(facts.value_waits(&place, span, &trail));
    }
}
