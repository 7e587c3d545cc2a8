//! Generic code whose type parameters stand for what is moved: it must not copy it. Such code is
//! followed once for each list of type arguments with an end or request in it; what else it does
//! wrong is reported of the code itself.

use std::rc::Rc;

use super::build::{self, Role};
use super::kind::Kinds;
use super::report::Reports;
use super::summary::Summaries;
use super::{Shared, broadcast, solve};
use crate::diag::{Code, Diagnostic};
use crate::protocol::errors::moves;
use crate::types::tables::Instance;

pub(super) fn check(cx: &Shared<'_>, reports: &mut Reports) {
    for instance in &cx.types.instances {
        let mut args = instance.args.iter();
        if let Some(moved) = args.find(|it| cx.kinds.of(it).is_some()) {
            let copies = copies(cx, instance);
            let is_new = |it: &&Diagnostic| it.code == Code::Copied && !reports.has(it);
            if let Some(copy) = copies.found.iter().find(is_new) {
                reports.add(moves::in_instance(cx.program, moved, copy, instance.origin));
            }
        }
    }
}

/// What is found in the bodies of an instance.
fn copies(cx: &Shared<'_>, instance: &Instance) -> Reports {
    let cx = Shared {
        program: cx.program,
        types: cx.types,
        effects: cx.effects,
        kinds: Kinds::within(cx.program, instance),
        guarded: cx.guarded.clone(),
        touching: Rc::clone(&cx.touching),
    };
    let mut summaries = Summaries::of_none(&cx);
    for &body in &instance.bodies {
        let Some(table) = cx.types.bodies.get(body) else { continue };
        broadcast::body(&cx, body, &mut summaries.reports);
        let role = Role { own: None, returns: None };
        let graph = build::graph(&cx, &cx.program.bodies[body], table, &role);
        let Some(graph) = graph.map(Rc::new) else { continue };
        for routine in graph.inner.iter().chain([&graph.main]) {
            solve::solve(&mut summaries, &graph, routine, None, None);
        }
    }
    summaries.reports
}
