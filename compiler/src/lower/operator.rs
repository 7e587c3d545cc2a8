//! Unary and binary operators. How an operator computes was decided by `types`; what the
//! type parameters of generic code stand for is known only here.

use crate::hir::ExprId;
use crate::hir::body::{BinaryOp as HirOp, ExprKind as HirKind, UnaryOp as HirUnary};
use crate::hir::ty::Ty;
use crate::ir::{BinaryOp, Expr, ExprKind, Literal, UnaryOp};
use crate::types::tables::{Operator, OperatorKind};

use super::body::Fx;
use super::build::{At, Flags};
use super::convert::numeric;
use super::order::Held;
use super::{literal, ty};

/// The operands of a longer chain are computed in steps: the target does not take deep
/// nesting.
const MAX_CHAIN: usize = 32;

impl Fx<'_, '_> {
    /// `a op b`, with the whole chain on the left taken in a loop.
    pub(super) fn binary(&mut self, id: ExprId) -> Expr {
        let mut chain = Vec::new();
        let mut first = id;
        while let HirKind::Binary { op, left, right } = self.frame.body.exprs[first].kind
        {
            let table = self.frame.types;
            let own_value =
                table.conversions.contains(first) || table.constants.contains(first);
            let kind = table.operators.get(first).map(|it| it.kind);
            match kind {
                Some(OperatorKind::Concat) if chain.is_empty() => return self.concat(id),
                Some(OperatorKind::NullTest) if chain.is_empty() => {
                    return self.null_test(op, left, right);
                }
                Some(OperatorKind::Concat | OperatorKind::NullTest) => break,
                _ if own_value && !chain.is_empty() => break,
                _ => {}
            }
            chain.push((first, op, right));
            first = left;
        }
        let mut value = self.value(first);
        let mut left_ty = self.converted_ty(first);
        for (n, (node, op, right)) in chain.into_iter().rev().enumerate() {
            if n % MAX_CHAIN == MAX_CHAIN - 1 {
                value = self.bind(value);
            }
            if matches!(op, HirOp::And | HirOp::Or) {
                value = self.short_circuit(node, op, value, right);
                left_ty = Ty::Bool;
                continue;
            }
            let left = self.hold(value);
            (value, left_ty) = self.step(node, op, (left, &left_ty), right);
        }
        value
    }

    /// One operator of a chain: its left operand is lowered.
    fn step(
        &mut self,
        node: ExprId,
        op: HirOp,
        (left, left_ty): (Held, &Ty),
        right: ExprId,
    ) -> (Expr, Ty) {
        let operator = self.operator(node);
        let right_ty = self.converted_ty(right);
        let right_expr = self.value(right);
        self.go(self.frame.body.exprs[node].span);
        let right = self.hold(right_expr);
        let mut operands = self.settled(vec![left, right]);
        let right = operands.pop().expect("two operands");
        let left = operands.pop().expect("two operands");
        let value = self.apply(&operator, op, (left, left_ty), (right, &right_ty));
        (value, operator.result)
    }

    /// The operator of an expression with type parameters replaced.
    pub(super) fn operator(&self, id: ExprId) -> Operator {
        let it = self.frame.types.operators.get(id).unwrap_or_else(|| {
            unreachable!("every operator of a checked program is known")
        });
        let operand = self.substitute(&it.operand);
        let kind = match (&it.operand, it.kind, &operand) {
            (Ty::Param(_), OperatorKind::Int | OperatorKind::Float, Ty::Int(_)) => {
                OperatorKind::Int
            }
            (
                Ty::Param(_),
                OperatorKind::Int | OperatorKind::Float,
                Ty::Float | Ty::Double,
            ) => OperatorKind::Float,
            (Ty::Param(_), OperatorKind::Int | OperatorKind::Float, Ty::Decimal) => {
                OperatorKind::Decimal
            }
            (Ty::Param(_), OperatorKind::Order, Ty::Int(_) | Ty::Char | Ty::Decimal) => {
                OperatorKind::NumericOrder
            }
            (_, kind, _) => kind,
        };
        Operator {
            kind,
            operand,
            result: self.substitute(&it.result),
            checked: it.checked,
        }
    }

    /// `a && b`, `a || b`: statements of the right side run only if it does.
    fn short_circuit(
        &mut self,
        node: ExprId,
        op: HirOp,
        left: Expr,
        right: ExprId,
    ) -> Expr {
        let held = self.held;
        let (stmts, right) = self.seq(|cx| cx.value(right));
        self.held &= held;
        let at = self.go(self.frame.body.exprs[node].span);
        let right = at.block(stmts, right);
        let op = if op == HirOp::And { BinaryOp::And } else { BinaryOp::Or };
        at.binary(op, left, right)
    }

    /// Computes with operands that are lowered.
    pub(super) fn apply(
        &self,
        operator: &Operator,
        op: HirOp,
        left: (Expr, &Ty),
        right: (Expr, &Ty),
    ) -> Expr {
        apply(self.at, operator, op, left, right)
    }

    /// `x == null`
    fn null_test(&mut self, op: HirOp, left: ExprId, right: ExprId) -> Expr {
        let is_null = |cx: &Self, it| {
            matches!(
                cx.frame.body.exprs[it].kind,
                HirKind::Literal(crate::hir::body::Literal::Null)
            )
        };
        let tested = match (is_null(self, left), is_null(self, right)) {
            // There is nothing to look at, and nothing that would tell Rust a type.
            (true, true) => return self.at.bool(op == HirOp::Eq),
            (true, false) => right,
            (false, _) => left,
        };
        let place = self.storage(tested);
        let name = if op == HirOp::Eq { "is_none" } else { "is_some" };
        self.access(place, false, vec![], |at, it, _| at.method(it.expr, name, vec![]))
    }

    pub(super) fn unary(&mut self, id: ExprId, op: HirUnary, operand: ExprId) -> Expr {
        let value = self.value(operand);
        let from = self.converted_ty(operand);
        let at = self.go(self.frame.body.exprs[id].span);
        if op == HirUnary::Not {
            return at.not(value);
        }
        let operator = self.operator(id);
        if op == HirUnary::Plus && operator.kind == OperatorKind::Duration {
            return value;
        }
        let value = match operator.kind {
            OperatorKind::Duration => value,
            _ => self.numeric(value, &from, &operator.operand, false),
        };
        match (op, operator.kind) {
            (HirUnary::Plus, _) => value,
            (HirUnary::BitNot, _) => at.not(value),
            (_, OperatorKind::Decimal) => at.rt("decimal::neg", vec![value]),
            (_, OperatorKind::Int) if operator.checked => {
                at.rt("checked_neg", vec![value]).fallible()
            }
            (_, OperatorKind::Int) => match value.kind {
                ExprKind::Literal(Literal::Int(value, _)) => {
                    literal::number(at, -value, &operator.operand)
                }
                _ => at.method(value, "wrapping_neg", vec![]),
            },
            _ => at.expr(ExprKind::Unary(UnaryOp::Neg, Box::new(value))),
        }
    }
}

/// Computes with operands that are lowered.
pub(super) fn apply(
    at: At,
    operator: &Operator,
    op: HirOp,
    (left, left_ty): (Expr, &Ty),
    (right, right_ty): (Expr, &Ty),
) -> Expr {
    match operator.kind {
        OperatorKind::Int if matches!(op, HirOp::Shl | HirOp::Shr) => {
            let left = numeric(at, left, left_ty, &operator.operand, false);
            let count = Ty::Int(crate::hir::ty::IntTy::UInt);
            let by = numeric(at, right, right_ty, &count, false);
            let name = if op == HirOp::Shl { "wrapping_shl" } else { "wrapping_shr" };
            at.method(left, name, vec![by])
        }
        OperatorKind::Int | OperatorKind::Float => {
            let left = numeric(at, left, left_ty, &operator.operand, false);
            let right = numeric(at, right, right_ty, &operator.operand, false);
            arithmetic(at, operator, op, left, right)
        }
        OperatorKind::Decimal => {
            let left = numeric(at, left, left_ty, &operator.operand, false);
            let right = numeric(at, right, right_ty, &operator.operand, false);
            let name = match op {
                HirOp::Add => "decimal::add",
                HirOp::Sub => "decimal::sub",
                HirOp::Mul => "decimal::mul",
                HirOp::Div => "decimal::div",
                _ => "decimal::rem",
            };
            at.rt(name, vec![left, right]).fallible()
        }
        OperatorKind::NumericOrder => {
            let left = numeric(at, left, left_ty, &operator.operand, false);
            let right = numeric(at, right, right_ty, &operator.operand, false);
            at.binary(native(op), left, right)
        }
        OperatorKind::Bool => at.binary(native(op), left, right),
        OperatorKind::Equality => {
            let plain =
                ty::prim(&operator.operand).is_some() || operator.operand == Ty::Decimal;
            if plain {
                let left = numeric(at, left, left_ty, &operator.operand, false);
                let right = numeric(at, right, right_ty, &operator.operand, false);
                return at.binary(native(op), left, right);
            }
            at.binary(native(op), unborrowed(left), unborrowed(right))
        }
        OperatorKind::Order => {
            let compared = [left, right].map(|it| at.borrow(unborrowed(it))).into();
            let compared = at.rt("total_cmp", compared);
            let name = match op {
                HirOp::Lt => "is_lt",
                HirOp::Le => "is_le",
                HirOp::Gt => "is_gt",
                _ => "is_ge",
            };
            at.method(compared, name, vec![])
        }
        OperatorKind::Duration => match op {
            HirOp::Div => at.rt("div", vec![left, right]).fallible(),
            _ => at.binary(native(op), left, right),
        },
        OperatorKind::Concat | OperatorKind::NullTest => {
            unreachable!("lowered by functions of their own")
        }
    }
}

/// A clone that is only looked at can as well be the place itself.
fn unborrowed(value: Expr) -> Expr {
    match value.kind {
        ExprKind::Clone(place) => *place,
        _ => value,
    }
}

/// `+ - * / %` and the operators on bits.
fn arithmetic(at: At, operator: &Operator, op: HirOp, left: Expr, right: Expr) -> Expr {
    let int = operator.kind == OperatorKind::Int;
    let name = match op {
        HirOp::Add => "add",
        HirOp::Sub => "sub",
        HirOp::Mul => "mul",
        HirOp::Div if int && !divides_safely(&right) => {
            return at.rt("div", vec![left, right]).fallible();
        }
        HirOp::Rem if int && !divides_safely(&right) => {
            return at.rt("rem", vec![left, right]).fallible();
        }
        _ => return at.binary(native(op), left, right),
    };
    if !int {
        return at.binary(native(op), left, right);
    }
    if operator.checked {
        return at.rt(&format!("checked_{name}"), vec![left, right]).fallible();
    }
    at.method(left, &format!("wrapping_{name}"), vec![right])
}

/// A constant other than 0 and -1: neither `/` nor `%` by it can fail.
fn divides_safely(right: &Expr) -> bool {
    matches!(right.kind, ExprKind::Literal(Literal::Int(value, _)) if value != 0 && value != -1)
}

fn native(op: HirOp) -> BinaryOp {
    match op {
        HirOp::Add => BinaryOp::Add,
        HirOp::Sub => BinaryOp::Sub,
        HirOp::Mul => BinaryOp::Mul,
        HirOp::Div => BinaryOp::Div,
        HirOp::Rem => BinaryOp::Rem,
        HirOp::BitAnd => BinaryOp::BitAnd,
        HirOp::BitOr => BinaryOp::BitOr,
        HirOp::BitXor => BinaryOp::BitXor,
        HirOp::And => BinaryOp::And,
        HirOp::Or => BinaryOp::Or,
        HirOp::Eq => BinaryOp::Eq,
        HirOp::Ne => BinaryOp::Ne,
        HirOp::Lt => BinaryOp::Lt,
        HirOp::Le => BinaryOp::Le,
        HirOp::Gt => BinaryOp::Gt,
        HirOp::Ge => BinaryOp::Ge,
        HirOp::Shl | HirOp::Shr => unreachable!("shifts are methods"),
    }
}
