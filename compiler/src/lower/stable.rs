//! Questions about finished expressions: what is a place, what stays the same when it is
//! evaluated later. It lowers nothing.

use crate::ir::visit::{self, Visitor};
use crate::ir::{Expr, ExprKind, Stmt, Var};

/// Whether it is a place: to bind it would move what it holds.
pub(super) fn is_place(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Var(_)
            | ExprKind::This
            | ExprKind::Deref(_)
            | ExprKind::Field(..)
            | ExprKind::TupleField(..)
    )
}

/// Whether evaluating `expr` behind `stmts` instead of before them is the same.
pub(super) fn is_stable(expr: &Expr, stmts: &[Stmt]) -> bool {
    match &expr.kind {
        ExprKind::Literal(_)
        | ExprKind::None
        | ExprKind::NoneOf(_)
        | ExprKind::RtConst(_) => true,
        ExprKind::Var(var) => !changes(stmts, *var),
        ExprKind::Field(base, _) | ExprKind::TupleField(base, _) => {
            is_stable(base, stmts)
        }
        ExprKind::Clone(base) | ExprKind::Ref(base) | ExprKind::Deref(base) => {
            is_stable(base, stmts)
        }
        ExprKind::Method { receiver, name, args, .. } => {
            args.is_empty()
                && matches!(name.as_str(), "port" | "domain" | "parent")
                && is_stable(receiver, stmts)
        }
        _ => false,
    }
}

/// Whether a statement may change the variable in place.
fn changes(stmts: &[Stmt], var: Var) -> bool {
    struct Changes {
        var: Var,
        found: bool,
    }
    impl Visitor for Changes {
        fn expr(&mut self, expr: &Expr) {
            let place = match &expr.kind {
                ExprKind::RefMut(place)
                | ExprKind::Assign { place, .. }
                | ExprKind::CompoundAssign { place, .. } => place,
                _ => return,
            };
            self.found |= root(place) == Some(self.var);
        }
    }
    let mut changes = Changes { var, found: false };
    for stmt in stmts {
        visit::stmt(stmt, &mut changes);
    }
    changes.found
}

/// The variable that a place lies in or is reached through.
pub(super) fn root(place: &Expr) -> Option<Var> {
    match &place.kind {
        ExprKind::Var(var) => Some(*var),
        ExprKind::Field(base, _)
        | ExprKind::TupleField(base, _)
        | ExprKind::Deref(base)
        | ExprKind::Ref(base)
        | ExprKind::RefMut(base) => root(base),
        ExprKind::Method { receiver, .. } => root(receiver),
        _ => None,
    }
}
