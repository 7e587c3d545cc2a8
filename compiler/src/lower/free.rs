//! Which variables a piece of code takes from outside, and giving them other names.

use std::collections::BTreeSet;

use crate::ir::visit::{self, Visitor};
use crate::ir::{Block, Expr, ExprKind, Pattern, Var};

use super::rewrite;

/// Variables that occur in `body` and are bound neither there nor by `params`.
pub(super) fn free_vars<'p>(
    params: impl Iterator<Item = &'p Pattern>,
    body: &Block,
) -> Vec<Var> {
    struct Free {
        used: BTreeSet<Var>,
        bound: BTreeSet<Var>,
    }
    impl Visitor for Free {
        fn expr(&mut self, expr: &Expr) {
            if let ExprKind::Var(var) = expr.kind {
                self.used.insert(var);
            }
        }
        fn binding(&mut self, pattern: &Pattern, _initialised: bool) {
            visit::bound(pattern, &mut |var| {
                self.bound.insert(var);
            });
        }
    }
    let mut free = Free { used: BTreeSet::new(), bound: BTreeSet::new() };
    for param in params {
        free.binding(param, true);
    }
    visit::block(body, &mut free);
    free.used.difference(&free.bound).copied().collect()
}

/// Mentions `to` instead of `from`.
pub(super) fn rename(body: &mut Block, from: Var, to: Var) {
    rewrite::block(body, &mut |expr| {
        if let ExprKind::Var(var) = &mut expr.kind
            && *var == from
        {
            *var = to;
        }
    });
}
