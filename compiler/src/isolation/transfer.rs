//! What may cross a port or a domain, as far as effects decide it: function values must be
//! pure (AX0406), alone or inside of other values. Whether their types may cross is for
//! `types`.

use std::collections::{BTreeMap, BTreeSet};

use super::blame::{Facts, Part};
use super::errors::{STORED_VALUE, Way};
use super::unit::bases_of_record;
use super::value::{FnValue, Use};
use crate::diag::Diagnostic;
use crate::hir::body::Context;
use crate::hir::item::Owner;
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::support::span::Span;

/// What keeps code from running anywhere, in the order in which it is named.
const IMPURE: [Part; 8] = [
    Part::Suspends,
    Part::Io,
    Part::Sends,
    Part::WritesOwn,
    Part::WritesDomain,
    Part::ReadsDomain,
    Part::ReadsOwn,
    Part::ReadsFixed,
];

/// Checks the function values that leave their agent.
pub(super) fn check(facts: &Facts<'_>, found: &mut Vec<Diagnostic>) {
    sent(facts, found);
    kept_in_domains(facts, found);
}

fn sent(facts: &Facts<'_>, found: &mut Vec<Diagnostic>) {
    let params = sent_params(facts);
    let mut seen = BTreeSet::new();
    for it in facts.values {
        let way = match it.how {
            Use::Sent => Way::Here,
            Use::Thrown => Way::Thrown,
            Use::Passed { method, param } => match params.get(&(method, param)) {
                Some(&span) => Way::By(method, span),
                None => continue,
            },
            _ => continue,
        };
        let (nodes, name) = match it.value {
            FnValue::Lambda(unit) => {
                (vec![facts.graph.of_unit(unit)], "the lambda".to_owned())
            }
            FnValue::Method { method, dispatch } => {
                let nodes = facts.of_method_value(it, method, dispatch);
                (nodes, format!("`{}`", facts.method(method)))
            }
            FnValue::Unknown(shape) | FnValue::Local(_, shape) => {
                match facts.units.pools.get(&shape) {
                    Some(&pool) => {
                        (vec![facts.graph.of_unit(pool)], STORED_VALUE.to_owned())
                    }
                    None => continue,
                }
            }
            FnValue::Param(..) => continue,
        };
        let impure = nodes.into_iter().find_map(|it| {
            Some(facts.trail(it, Part::first(&IMPURE, &facts.effects[it])?))
        });
        let by_library = || Some(facts.of_library_value(it, &IMPURE)?.1);
        let Some(trail) = impure.or_else(by_library) else { continue };
        if seen.insert(it.span) {
            found.push(facts.value_not_sendable(it.span, &name, way, &trail));
        }
    }
}

/// Parameters whose value is sent, by the method itself or one that it hands the value to, with
/// the place of that. Who calls the method answers for what is sent.
fn sent_params(facts: &Facts<'_>) -> BTreeMap<(MethodId, usize), Span> {
    let mut handed: BTreeMap<(MethodId, usize), Vec<(MethodId, usize)>> = BTreeMap::new();
    let mut open = Vec::new();
    for it in facts.values {
        match (it.value, it.how) {
            (FnValue::Param(method, param), Use::Sent | Use::Thrown) => {
                open.push(((method, param), it.span));
            }
            (FnValue::Param(by, of), Use::Passed { method, param }) => {
                handed.entry((method, param)).or_default().push((by, of));
            }
            _ => {}
        }
    }
    let mut found = BTreeMap::new();
    while let Some((param, span)) = open.pop() {
        if found.insert(param, span).is_none() {
            let by = handed.get(&param).into_iter().flatten();
            open.extend(by.map(|&it| (it, span)));
        }
    }
    found
}

/// The state of a domain is for all its agents, so what a domain keeps may be called by any
/// of them: such function values must not touch state. Which values get there is told by
/// their type alone.
fn kept_in_domains(facts: &Facts<'_>, found: &mut Vec<Diagnostic>) {
    let mut seen = BTreeSet::new();
    for (id, field) in facts.program.fields.enumerate() {
        if !matches!(field.owner, Owner::Domain(_)) {
            continue;
        }
        for part in function_parts(facts.program, &field.ty) {
            let Some(pool) = facts.units.pool_of(&part) else { continue };
            if !seen.insert(pool) {
                continue;
            }
            let mut sites = BTreeSet::new();
            for &(site, target) in &facts.graph.edges[facts.graph.of_unit(pool)] {
                let unit = facts.unit(target);
                let site = &facts.units.all[pool].sites[site];
                if matches!(unit.context, Context::Record(_)) {
                    continue;
                }
                let parts = [
                    Part::WritesOwn,
                    Part::WritesDomain,
                    Part::ReadsDomain,
                    Part::ReadsOwn,
                    Part::ReadsFixed,
                ];
                let Some(part) = Part::first(&parts, &facts.effects[target]) else {
                    continue;
                };
                // A virtual method is as many targets as it has overrides.
                if !sites.insert(site.span) {
                    continue;
                }
                let trail = facts.trail(target, part);
                found.push(facts.value_kept_in_domain(
                    site.span,
                    id,
                    &facts.name(unit),
                    &trail,
                ));
            }
        }
    }
}

/// The types of the function values that a value of the type may hold, once each.
pub(super) fn function_parts(program: &Program, ty: &Ty) -> Vec<Ty> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let mut open = vec![ty.clone()];
    while let Some(ty) = open.pop() {
        match &ty {
            Ty::Func { .. } if !found.contains(&ty) => found.push(ty),
            Ty::Func { .. } => {}
            Ty::Array(inner) | Ty::Nullable(inner) => open.push((**inner).clone()),
            Ty::Tuple(parts) => open.extend(parts.iter().map(|it| it.ty.clone())),
            Ty::Native(_, args) => open.extend(args.iter().cloned()),
            Ty::Record(id, args) => {
                open.extend(args.iter().cloned());
                if seen.insert((Some(*id), None)) {
                    for record in bases_of_record(program, *id) {
                        let fields = &program.records[record].fields;
                        open.extend(
                            fields.iter().map(|&it| program.fields[it].ty.clone()),
                        );
                    }
                }
            }
            Ty::Enum(id, args) => {
                open.extend(args.iter().cloned());
                if seen.insert((None, Some(*id))) {
                    let cases = program.enums[*id].cases.iter();
                    open.extend(
                        cases.flat_map(|it| &it.payload).map(|(_, ty)| ty.clone()),
                    );
                }
            }
            _ => {}
        }
    }
    found
}
