//! What is marked `asynchronous` may wait: who reads the word counts on it. What waits need not
//! be marked.

use super::tables::Effects;
use crate::diag::{Code, Diagnostic};
use crate::hir::Program;
use crate::hir::body::Ident;
use crate::hir::item::{MethodKind, Overridable};
use crate::support::span::Span;

/// Warns of the word where nothing waits (AX0707).
pub(super) fn check(program: &Program, effects: &Effects, found: &mut Vec<Diagnostic>) {
    for (id, method) in program.methods.enumerate() {
        let Some(word) = method.asynchronous else { continue };
        // Another one that overrides it, or that it overrides, may wait.
        let alone = method.overridable == Overridable::No;
        let derived = effects.derived.get(&id).into_iter().flat_map(|it| it.values());
        let mut all = effects.methods.get(id).into_iter().chain(derived);
        if alone && !all.any(|it| it.suspends) {
            let what = match method.kind {
                MethodKind::Constructor => "constructor",
                _ => "method",
            };
            found.push(never_waits(what, &method.decl.name, word));
        }
    }
    for (id, body) in program.bodies.enumerate() {
        for (local_fn, data) in body.local_fns.enumerate() {
            let waits =
                effects.local_fns.get(&(id, local_fn)).is_some_and(|it| it.suspends);
            if let Some(word) = data.asynchronous.filter(|_| !waits) {
                found.push(never_waits("local function", &data.name, word));
            }
        }
    }
}

fn never_waits(what: &str, name: &Ident, word: Span) -> Diagnostic {
    Diagnostic::warning(
        Code::NeverWaits,
        format!("{what} `{}` never waits", name.name),
        word,
        "says that it may wait",
    )
    .fix("remove `asynchronous`", vec![(word, String::new())])
}
