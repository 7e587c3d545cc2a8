//! Chains with `?.`: `a?.b.c?.d` tests as it goes, and gives null where it meets null.

use crate::hir::ExprId;
use crate::hir::body::ExprKind as HirKind;
use crate::hir::ty::Ty;
use crate::ir::{Expr, ExprKind, Pattern};

use super::body::Fx;
use super::build::value_block;

impl Fx<'_, '_> {
    /// The value of a whole chain; `inner` is its type where no null was met.
    pub(super) fn null_chain(&mut self, id: ExprId, inner: &Ty) -> Expr {
        let mut tested = Vec::new();
        let mut at = Some(id);
        while let Some(expr) = at {
            at = match &self.frame.body.exprs[expr].kind {
                HirKind::Member { base, null_safe, .. }
                | HirKind::Index { base, null_safe, .. } => {
                    if *null_safe {
                        tested.push(*base);
                    }
                    // A chain in parentheses inside is one of its own.
                    let own = self.frame.types.null_chains.contains(*base);
                    (!own).then_some(*base)
                }
                HirKind::Call { callee, .. } => Some(*callee),
                HirKind::NonNull(base) | HirKind::Port { base, .. } => Some(*base),
                _ => None,
            };
        }
        let key = self.expr_key(id);
        self.open_chains.insert(key);
        let value = self.tests(id, inner, &mut tested);
        self.open_chains.remove(&key);
        value
    }

    /// `match base { Some(it) => … Some(value), None => None }`, from the innermost base.
    fn tests(&mut self, id: ExprId, inner: &Ty, tested: &mut Vec<ExprId>) -> Expr {
        let Some(base) = tested.pop() else {
            let at = self.at;
            let value = self.raw(id);
            return match inner {
                Ty::Nullable(_) => value,
                Ty::Void => at.block(vec![at.stmt(value)], at.some(at.unit())),
                _ => at.some(value),
            };
        };
        let at = self.at;
        let place = self.storage(base);
        let ty = match &place.ty {
            Ty::Nullable(inner) => (**inner).clone(),
            other => other.clone(),
        };
        let value = self.read(place);
        let var = self.temp();
        let key = self.expr_key(base);
        self.known.insert(key, (var, ty));
        let held = self.held;
        let found = self.value_block(|cx| cx.tests(id, inner, tested));
        self.held &= held;
        self.known.remove(&key);
        let arms = vec![
            at.arm(Pattern::Some(Box::new(Pattern::Var(var))), None, found),
            at.arm(Pattern::None, None, value_block(at.expr(ExprKind::None))),
        ];
        at.matching(value, arms)
    }
}
