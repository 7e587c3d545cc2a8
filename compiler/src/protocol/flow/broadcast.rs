//! Broadcasts of messages that have one owner. Whether requests of a port may be broadcast
//! at all, `types` knows.

use super::super::errors::moves;
use super::Shared;
use super::report::Reports;
use crate::hir::body::{ExprKind, NetworkOp};
use crate::types::tables::Operand;

/// Reports every `-<<` that would copy what is moved, never copied.
pub(super) fn check(cx: &Shared<'_>, reports: &mut Reports) {
    for (id, body) in cx.program.bodies.enumerate() {
        let Some(table) = cx.types.bodies.get(id) else { continue };
        for expr in body.exprs.iter() {
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
                reports.add(moves::broadcast(kind, body.exprs[*left].span, *op_span));
            }
        }
    }
}
