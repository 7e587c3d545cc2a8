//! Iterators run while somebody goes through them, who may be anywhere: they keep the promise
//! of `function`, and assign no local that they capture (AX0805). Effects are found and
//! blamed by `function`.

use super::blame::Facts;
use super::capture::outer_assignments;
use super::errors::Promise;
use crate::diag::Diagnostic;
use crate::hir::body::Ident;
use crate::hir::*;

/// Whether the method's body yields.
pub(super) fn is_method(program: &Program, method: MethodId) -> bool {
    program.methods[method].body.is_some_and(|it| program.bodies[it].iterator)
}

/// What every iterator promises.
pub(super) fn promise(name: &Ident) -> Promise {
    Promise {
        who: format!("iterator `{}`", name.name),
        span: name.span,
        label: "runs while somebody goes through it, so it has no effect".to_owned(),
    }
}

/// Checks what local functions that yield do to the locals around them.
pub(super) fn check(facts: &Facts<'_>, found: &mut Vec<Diagnostic>) {
    let assigned = outer_assignments(facts);
    for (&(body, id), unit) in &facts.units.local_fns {
        let body = &facts.program.bodies[body];
        if !body.local_fns[id].iterator {
            continue;
        }
        if let Some(&(local, span)) = assigned.get(unit) {
            let data = &body.locals[local];
            found.push(facts.assigned_in_iterator(span, &data.name, data.span));
        }
    }
}
