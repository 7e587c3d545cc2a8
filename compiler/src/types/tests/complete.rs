//! The promise to `lower`: in a program without errors every expression that has a type
//! has every other entry that its kind needs.

use crate::hir::body::{Body, ExprKind};
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::types::tables::{BodyTypes, Conversion, Member};

/// Names what an expression lacks.
pub(super) fn missing(
    body: &Body,
    table: &BodyTypes,
    id: ExprId,
) -> Option<&'static str> {
    let lacks = |has: bool, what: &'static str| (!has).then_some(what);
    let called = |callee: &ExprId| {
        let is_call = |kind: &ExprKind| matches!(kind, ExprKind::Call { callee: it, .. } if it == callee);
        body.exprs.iter().any(|it| is_call(&it.kind))
    };
    match &body.exprs[id].kind {
        ExprKind::Binary { .. } | ExprKind::Unary { .. } | ExprKind::Increment { .. } => {
            lacks(table.operators.contains(id), "operator")
        }
        ExprKind::Assign { op: Some(crate::hir::body::AssignOp::Op(_)), .. } => {
            lacks(table.operators.contains(id), "operator")
        }
        ExprKind::Call { .. } | ExprKind::New { .. } | ExprKind::With { .. } => {
            lacks(table.calls.contains(id), "call")
        }
        ExprKind::Index { .. } => lacks(table.calls.contains(id), "indexer"),
        ExprKind::Member { .. } => lacks(table.members.contains(id), "member"),
        ExprKind::Port { .. } | ExprKind::OwnPort(_) => {
            let role = table.sources.contains(id)
                || table.sends.contains(id)
                || table.conversions.contains(id)
                || table.members.get(id) == Some(&Member::Completion);
            lacks(role && table.members.contains(id), "role of port")
        }
        ExprKind::Method(_) if !called(&id) => {
            let func = matches!(
                table.conversions.get(id),
                Some(Conversion::MethodToFunc { .. } | Conversion::Then(..))
            );
            lacks(func || table.operands.contains(id), "function value")
        }
        ExprKind::Cast { .. } => lacks(table.casts.contains(id), "cast"),
        ExprKind::Lambda(lambda) => lacks(table.lambdas.contains(*lambda), "lambda"),
        ExprKind::Receive { source, .. } => {
            lacks(table.sources.contains(*source), "source")
        }
        ExprKind::Send { target, .. } => lacks(table.sends.contains(*target), "target"),
        ExprKind::Network { left, right, .. } => {
            let both = table.operands.contains(*left) && table.operands.contains(*right);
            lacks(both && table.networks.contains(id), "network")
        }
        ExprKind::Local(local) => {
            let known = table.locals.get(*local).is_some_and(|it| *it != Ty::Void);
            lacks(known, "type of local")
        }
        _ => None,
    }
}
