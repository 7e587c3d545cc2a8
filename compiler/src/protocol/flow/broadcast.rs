//! Broadcasts of messages that have one owner. Whether requests of a port may be broadcast
//! at all, `types` knows.

use super::super::errors::moves;
use super::Shared;
use super::report::Reports;
use crate::hir::BodyId;
use crate::hir::body::{ExprKind, NetworkOp};
use crate::types::tables::Operand;

/// Reports every `-<<` that would copy what is moved, never copied.
pub(super) fn check(cx: &Shared<'_>, reports: &mut Reports) {
    for id in cx.program.bodies.ids() {
        body(cx, id, reports);
    }
}

/// Those of one body.
pub(super) fn body(cx: &Shared<'_>, id: BodyId, reports: &mut Reports) {
    let Some(table) = cx.types.bodies.get(id) else { return };
    let exprs = &cx.program.bodies[id].exprs;
    for expr in exprs.iter() {
        let ExprKind::Network { op: NetworkOp::Broadcast, op_span, left, .. } =
            &expr.kind
        else {
            continue;
        };
        let (Some(Operand::Source(message)) | Some(Operand::Network(message))) =
            table.operands.get(*left)
        else {
            continue;
        };
        if let Some(kind) = cx.kinds.of(message) {
            reports.add(moves::broadcast(kind, exprs[*left].span, *op_span));
        }
    }
}
