//! What may cross a port or a domain, as far as effects decide it: function values must be
//! pure (AX0406). Whether their types may cross is for `types`.

use std::collections::BTreeSet;

use super::blame::{Facts, Part};
use super::tables::Effect;
use super::value::{FnValue, Use};
use crate::diag::Diagnostic;
use crate::types::Types;

/// Checks the function values that leave their agent.
pub(super) fn check(facts: &Facts<'_>, _types: &Types, found: &mut Vec<Diagnostic>) {
    let mut seen = BTreeSet::new();
    for it in facts.values.iter().filter(|it| it.how == Use::Sent) {
        let (node, name) = match it.value {
            FnValue::Lambda(unit) => (facts.graph.of_unit(unit), "the lambda".to_owned()),
            FnValue::Method { method, .. } => {
                match facts.graph.of_method(facts.program, facts.units, None, method) {
                    Some(node) => (node, format!("`{}`", facts.method(method))),
                    None => continue,
                }
            }
            FnValue::Unknown(arity) | FnValue::Local(_, arity) => {
                match facts.units.pools.get(&arity) {
                    Some(&pool) => {
                        (facts.graph.of_unit(pool), "a function value".to_owned())
                    }
                    None => continue,
                }
            }
            FnValue::Param(..) => continue,
        };
        let Some(part) = impurity(&facts.effects[node]) else { continue };
        if seen.insert(it.span) {
            found.push(facts.value_not_sendable(
                it.span,
                &name,
                &facts.trail(node, part),
            ));
        }
    }
}

/// The first thing that keeps code from running anywhere.
fn impurity(effect: &Effect) -> Option<Part> {
    let parts = [
        Part::Suspends,
        Part::Io,
        Part::Sends,
        Part::WritesOwn,
        Part::WritesDomain,
        Part::ReadsDomain,
        Part::ReadsOwn,
    ];
    Part::first(&parts, effect)
}
