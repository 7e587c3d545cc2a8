//! Assignment, compound assignment and increment, as statements and as values.

use crate::hir::ExprId;
use crate::hir::body::{AssignOp, BinaryOp as HirOp, ExprKind as HirKind};
use crate::hir::ty::Ty;
use crate::ir::{Expr, ExprKind, Pattern};
use crate::types::tables::{Operator, OperatorKind};

use super::body::Fx;
use super::build::stmt_block;
use super::literal;
use super::order::Held;
use super::place::Place;

impl Fx<'_, '_> {
    /// `target = value;`, `target += value;`
    pub(super) fn assign(
        &mut self,
        id: ExprId,
        target: ExprId,
        op: Option<AssignOp>,
        value: ExprId,
    ) {
        let at = self.at;
        match op {
            None if matches!(
                self.frame.body.exprs[target].kind,
                HirKind::Placeholder
            ) =>
            {
                let value = self.value(value);
                self.discard(value);
            }
            None if self.is_tuple(target) => self.assign_tuple(target, value),
            None => {
                let place = self.storage(target);
                let value = self.value(value);
                let value = self.hold(value);
                self.at = at;
                let store = self.store(place, value);
                self.push_expr(store);
            }
            Some(AssignOp::Coalesce) => {
                let mut place = self.storage(target);
                self.freeze(&mut place);
                self.assign_if_null(place, value);
            }
            Some(AssignOp::Op(op)) => {
                let operator = self.operator(id);
                if operator.kind == OperatorKind::Concat {
                    let append = self.append(target, value);
                    self.push_expr(append);
                    return;
                }
                let place = self.storage(target);
                self.compound(place, &operator, op, value);
            }
        }
    }

    /// The value of an assignment.
    pub(super) fn assigned(
        &mut self,
        id: ExprId,
        target: ExprId,
        op: Option<AssignOp>,
        value: ExprId,
    ) -> Expr {
        let at = self.at;
        if op.is_some() || self.is_tuple(target) {
            self.assign(id, target, op, value);
            self.at = at;
            let place = self.place(target);
            return self.read(place);
        }
        let place = self.storage(target);
        let copy = self.lower.is_copy(&place.ty);
        let value = self.value(value);
        self.at = at;
        let value = match value.kind {
            ExprKind::Literal(_) => value,
            _ => self.bind(value),
        };
        let stored = if copy { value.clone() } else { at.clone(value.clone()) };
        let held = self.hold(stored);
        let store = self.store(place, held);
        self.push_expr(store);
        value
    }

    fn is_tuple(&self, target: ExprId) -> bool {
        matches!(self.frame.body.exprs[target].kind, HirKind::Tuple(_))
    }

    /// `(a, b) = value;`: everything on the right is evaluated before anything is stored.
    fn assign_tuple(&mut self, target: ExprId, value: ExprId) {
        let at = self.at;
        let HirKind::Tuple(parts) = &self.frame.body.exprs[target].kind else {
            unreachable!("asked for tuples only")
        };
        let value = self.value(value);
        let vars: Vec<_> = parts.iter().map(|_| self.temp()).collect();
        let pattern = Pattern::Tuple(vars.iter().map(|it| Pattern::Var(*it)).collect());
        self.push(at.bind(pattern, None, Some(value)));
        for ((_, part), var) in parts.iter().zip(vars) {
            if matches!(self.frame.body.exprs[*part].kind, HirKind::Placeholder) {
                continue;
            }
            let place = self.storage(*part);
            let value = self.hold(at.var(var));
            let store = self.store(place, value);
            self.push_expr(store);
        }
    }

    /// `target ??= value;`
    fn assign_if_null(&mut self, place: Place, value: ExprId) {
        let at = self.at;
        let test = self.access(place.clone(), false, vec![], |at, it, _| {
            at.method(it.expr, "is_none", vec![])
        });
        let held = self.held;
        let (stmts, ()) = self.seq(|cx| {
            let stored = cx.value(value);
            let stored = match cx.may_be_null(value) {
                true => stored,
                false => at.some(stored),
            };
            let stored = cx.hold(stored);
            let store = cx.store(place, stored);
            cx.push_expr(store);
        });
        self.held &= held;
        self.push_expr(at.if_then(test, stmt_block(stmts)));
    }

    fn compound(&mut self, place: Place, operator: &Operator, op: HirOp, value: ExprId) {
        let (at, suspensions) = (self.at, self.n_suspensions);
        let ty = place.ty.clone();
        let old = Self::is_simple(&place).then(|| {
            let old = self.read(place.clone());
            self.hold(old)
        });
        let from = self.converted_ty(value);
        let value = self.value(value);
        self.at = at;
        let mut value = self.hold(value);
        // What the right side waits for may change the place: it is read afterwards.
        let waited = self.n_suspensions > suspensions;
        match old {
            Some(old) if !waited => {
                let mut both = self.settled(vec![old, value]);
                let value = both.pop().expect("two operands");
                let old = both.pop().expect("two operands");
                let new = self.apply(operator, op, (old, &ty), (value, &from));
                let new = self.numeric(new, &operator.result, &ty, operator.checked);
                let new = self.hold(new);
                let store = self.store(place, new);
                self.push_expr(store);
            }
            _ => {
                if waited {
                    value = {
                        let expr = self.settled(vec![value]).remove(0);
                        let expr = self.bind(expr);
                        self.hold(expr)
                    };
                }
                self.update(place, operator, op, (value, &from));
            }
        }
    }

    /// Changes a place by an operator, reaching it once.
    fn update(
        &mut self,
        place: Place,
        operator: &Operator,
        op: HirOp,
        (value, from): (Held, &Ty),
    ) {
        let at = place.at;
        let ty = place.ty.clone();
        let elements = Self::has_elements(&place);
        let var = self.temp();
        let numeric =
            NumericUpdate { operator: operator.clone(), op, ty, from: from.clone() };
        let (apply, at_) = (self.updater(numeric), at);
        let update = self.access(place, true, vec![value], |at, it, mut args| {
            let value = args.pop().expect("the value was passed above");
            if !elements {
                let place = it.place(at);
                let new = apply(place.clone(), value);
                return at.assign(place, new);
            }
            let target = at.deref(at.var(var));
            let new = apply(target.clone(), value);
            let found = at.bind(Pattern::Var(var), None, Some(it.borrow_mut(at)));
            let store = at.assign(target, new);
            at.expr(ExprKind::Block(stmt_block(vec![found, at.stmt(store)])))
        });
        self.at = at_;
        self.push_expr(update);
    }

    /// Computes the new value from the old one and the operand.
    fn updater(&self, it: NumericUpdate) -> impl FnOnce(Expr, Expr) -> Expr + use<> {
        let at = self.at;
        move |old, value| {
            let NumericUpdate { operator, op, ty, from } = it;
            let new =
                super::operator::apply(at, &operator, op, (old, &ty), (value, &from));
            super::convert::numeric(at, new, &operator.result, &ty, operator.checked)
        }
    }

    /// `x++;`
    pub(super) fn increment(&mut self, id: ExprId, decrement: bool, operand: ExprId) {
        let place = self.storage(operand);
        self.step_place(id, decrement, place);
    }

    fn step_place(&mut self, id: ExprId, decrement: bool, place: Place) {
        let at = self.at;
        let operator = self.operator(id);
        let op = if decrement { HirOp::Sub } else { HirOp::Add };
        let one = literal::number(at, 1, &operator.operand);
        let (one, from) = (self.hold(one), operator.operand.clone());
        if Self::is_simple(&place) {
            let ty = place.ty.clone();
            let old = self.read(place.clone());
            let new = self.apply(&operator, op, (old, &ty), (one.expr, &from));
            let new = self.numeric(new, &operator.result, &ty, operator.checked);
            let new = self.hold(new);
            let store = self.store(place, new);
            self.push_expr(store);
        } else {
            self.update(place, &operator, op, (one, &from));
        }
    }

    /// `x++` and `++x` as values.
    pub(super) fn incremented(
        &mut self,
        id: ExprId,
        prefix: bool,
        decrement: bool,
        operand: ExprId,
    ) -> Expr {
        let at = self.at;
        let mut place = self.storage(operand);
        self.freeze(&mut place);
        self.at = at;
        if prefix {
            self.step_place(id, decrement, place.clone());
            return self.read(place);
        }
        let old = self.read(place.clone());
        let old = self.bind(old);
        self.step_place(id, decrement, place);
        old
    }
}

/// What a compound assignment computes.
struct NumericUpdate {
    operator: Operator,
    op: HirOp,
    ty: Ty,
    from: Ty,
}
