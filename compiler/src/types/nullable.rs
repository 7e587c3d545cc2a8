//! Null: tests that rule it out, `??`, and what values are behind a test.

use super::cx::{Cx, Why};
use super::errors::values;
use super::flow::State;
use super::tables::Conversion;
use crate::hir::body::{BinaryOp, ExprKind, Literal};
use crate::hir::ty::Ty;
use crate::hir::*;

impl Cx<'_> {
    /// The nullable type of a value that is known not to be null, where a test or `??`
    /// asks for it all the same.
    pub(super) fn as_declared(&mut self, id: ExprId, ty: Ty) -> Ty {
        if self.out.conversions.get(id) != Some(&Conversion::Narrowed) {
            return ty;
        }
        self.out.conversions.remove(id);
        self.out.exprs.get(id).cloned().unwrap_or(ty)
    }

    /// `x != null` and comparison with a value tell that `x` is not null.
    pub(super) fn narrow_by_test(
        &mut self,
        op: BinaryOp,
        (left, left_ty): (ExprId, &Ty),
        (right, right_ty): (ExprId, &Ty),
    ) {
        if !matches!(op, BinaryOp::Eq | BinaryOp::Ne) {
            return;
        }
        let is_null = |cx: &Self, id: ExprId| {
            matches!(cx.kind(id), ExprKind::Literal(Literal::Null))
        };
        let (subject, against_null) = if is_null(self, right) {
            (left, true)
        } else if is_null(self, left) {
            (right, true)
        } else if matches!(left_ty, Ty::Nullable(_))
            && !matches!(right_ty, Ty::Nullable(_))
        {
            (left, false)
        } else if matches!(right_ty, Ty::Nullable(_))
            && !matches!(left_ty, Ty::Nullable(_))
        {
            (right, false)
        } else {
            return;
        };
        let here = self.flow.state.clone();
        let mut known = here.clone();
        self.learn_non_null(&mut known, subject);
        let (equal, unequal) = if against_null { (here, known) } else { (known, here) };
        if op == BinaryOp::Eq {
            self.split(equal, unequal);
        } else {
            self.split(unequal, equal);
        }
    }

    /// Notes in `state` that the value of an expression, and so what it looked through
    /// with `?.`, is not null.
    pub(super) fn learn_non_null(&mut self, state: &mut State, id: ExprId) {
        if let Some(place) = self.place(id) {
            self.flow.learn_in(state, &place);
        }
        let mut at = id;
        loop {
            at = match self.kind(at) {
                ExprKind::Member { base, null_safe, .. }
                | ExprKind::Index { base, null_safe, .. } => {
                    if *null_safe && let Some(place) = self.place(*base) {
                        self.flow.learn_in(state, &place);
                    }
                    *base
                }
                ExprKind::Call { callee, .. } => *callee,
                _ => return,
            };
        }
    }

    /// `a ?? b`
    pub(super) fn coalesce(
        &mut self,
        left: ExprId,
        right: ExprId,
        hint: Option<&Ty>,
    ) -> Ty {
        let left_ty = self.value(left);
        let left_ty = self.as_declared(left, left_ty);
        let before = self.flow.state.clone();
        let inner = match &left_ty {
            Ty::Nullable(inner) => (**inner).clone(),
            Ty::Error => {
                self.absorb(right);
                return Ty::Error;
            }
            Ty::Null => hint.map_or(Ty::Null, |it| match it {
                Ty::Nullable(inner) => (**inner).clone(),
                other => other.clone(),
            }),
            _ => {
                let right_ty = self.value(right);
                let span = self.span(left).to(self.span(right));
                let sides = ((left, &left_ty), (right, &right_ty));
                if !right_ty.is_error() {
                    let problem = values::no_coalesce(self, span, sides.0);
                    self.report(problem);
                }
                return left_ty;
            }
        };
        let right_ty = self.infer(right, Some(&inner));
        let right_ty = self.not_void(right, right_ty);
        self.flow.split = None;
        if right_ty != Ty::Never {
            let after = std::mem::take(&mut self.flow.state);
            self.flow.state = after.join(&before);
        } else {
            self.flow.state = before;
        }
        let result = match &right_ty {
            Ty::Never | Ty::Error => inner.clone(),
            other @ (Ty::Nullable(_) | Ty::Null) => {
                let fits = self.shared.implicit(other, &inner, None).fits();
                if fits { inner.clone() } else { Ty::nullable(inner.clone()) }
            }
            // The wider type of the right side wins, as in C#.
            other
                if !self.shared.implicit(other, &inner, self.constant(right)).fits()
                    && self.shared.implicit(&inner, other, None).fits() =>
            {
                other.clone()
            }
            _ => inner.clone(),
        };
        let wanted_left = match result == inner {
            true => left_ty.clone(),
            false => Ty::nullable(result.clone()),
        };
        self.adapt(left, &left_ty, &wanted_left, Why::Nothing);
        self.adapt(right, &right_ty, &result, Why::Nothing);
        result
    }

    /// `x ??= y`
    pub(super) fn coalesce_assign(&mut self, target: ExprId, value: ExprId) -> Ty {
        let target_ty = self.assign_target(target, true);
        let Ty::Nullable(inner) = &target_ty else {
            self.absorb(value);
            if !target_ty.is_error() {
                let span = self.span(target);
                let problem = values::no_coalesce(self, span, (target, &target_ty));
                self.report(problem);
            }
            return target_ty;
        };
        let before = self.flow.state.clone();
        let value_ty = self.infer(value, Some(&target_ty));
        let after = std::mem::take(&mut self.flow.state);
        self.flow.state = after.join(&before);
        let non_null = !matches!(value_ty, Ty::Nullable(_) | Ty::Null | Ty::Error);
        self.adapt(value, &value_ty, &target_ty, Why::Nothing);
        if non_null {
            let known = (**inner).clone();
            self.assigned(target, &known);
            return target_ty.clone();
        }
        target_ty
    }
}
