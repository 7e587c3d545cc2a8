//! Fields without a default that methods of an agent or domain read, by their own code or
//! by methods that they call: a constructor may not call these before it has assigned the
//! fields. Which are assigned where, `flow` knows.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use crate::hir::body::{Body, ExprKind};
use crate::hir::*;
use crate::support::span::Span;

/// What each method reads, and where.
pub(super) type EarlyReads = BTreeMap<MethodId, BTreeMap<FieldId, Span>>;

/// Adds the reads of `fields` by the methods.
pub(super) fn add_reads(
    program: &Program,
    fields: &[FieldId],
    methods: &[MethodId],
    out: &mut EarlyReads,
) {
    let fields: BTreeSet<FieldId> = fields.iter().copied().collect();
    let mut callers: BTreeMap<MethodId, BTreeSet<MethodId>> = BTreeMap::new();
    let mut open = Vec::new();
    for &id in methods {
        let method = &program.methods[id];
        let Some(body) = method.body.map(|it| &program.bodies[it]) else { continue };
        for (field, span) in reads(body, &fields) {
            if out.entry(id).or_default().insert(field, span).is_none() {
                open.push((id, field, span));
            }
        }
        for expr in body.exprs.iter() {
            let ExprKind::Call { callee, .. } = expr.kind else { continue };
            if let ExprKind::Method(called) | ExprKind::BaseMethod(called) =
                body.exprs[callee].kind
            {
                callers.entry(called).or_default().insert(id);
            }
        }
    }
    while let Some((called, field, span)) = open.pop() {
        for &caller in callers.get(&called).into_iter().flatten() {
            if let Entry::Vacant(free) = out.entry(caller).or_default().entry(field) {
                free.insert(span);
                open.push((caller, field, span));
            }
        }
    }
}

/// Reads of the fields; what is only assigned is not read.
fn reads(body: &Body, fields: &BTreeSet<FieldId>) -> Vec<(FieldId, Span)> {
    let mut targets = BTreeSet::new();
    for expr in body.exprs.iter() {
        if let ExprKind::Assign { target, op: None, .. } = expr.kind {
            targets.insert(target);
        }
    }
    let read = |(id, expr): (ExprId, &body::Expr)| match expr.kind {
        ExprKind::Field(field) if fields.contains(&field) && !targets.contains(&id) => {
            Some((field, expr.span))
        }
        _ => None,
    };
    body.exprs.enumerate().filter_map(read).collect()
}
