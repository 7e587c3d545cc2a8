//! Unary, binary, increment and compound operators: which types have them, and what their
//! operands convert to first. The target of a compound assignment has no conversion of its
//! own: it is read, converted to `Operator::operand`, and the result is cast back.

use super::convert::{Fit, fits_constant, numeric, widens};
use super::cx::{Cx, Why};
use super::errors::values;
use super::flow::State;
use super::tables::{Constant, Operator, OperatorKind};
use super::ty::{Property, is_generic_number, is_number, is_numeric};
use crate::hir::body::{BinaryOp, UnaryOp};
use crate::hir::ty::{IntTy, Ty};
use crate::hir::*;

/// How an operator computes, and what each side becomes before.
#[derive(Clone, Debug)]
struct Plan {
    kind: OperatorKind,
    operand: Ty,
    result: Ty,
    /// `None` where the side stays what it is.
    left: Option<Ty>,
    right: Option<Ty>,
}

impl Plan {
    fn both(kind: OperatorKind, operand: Ty, result: Ty) -> Self {
        let side = Some(operand.clone());
        Self { kind, operand, result, left: side.clone(), right: side }
    }
}

impl Cx<'_> {
    pub(super) fn binary(
        &mut self,
        id: ExprId,
        op: BinaryOp,
        left: ExprId,
        right: ExprId,
    ) -> Ty {
        if matches!(op, BinaryOp::And | BinaryOp::Or) {
            return self.short_circuit(id, op, left, right);
        }
        let (left_ty, right_ty) = self.operands(op, left, right);
        if left_ty.is_error() || right_ty.is_error() {
            return if is_test(op) { Ty::Bool } else { Ty::Error };
        }
        let constants = (self.constant(left).cloned(), self.constant(right).cloned());
        let Some(plan) =
            self.plan(op, (&left_ty, &constants.0), (&right_ty, &constants.1))
        else {
            let span = self.span(id);
            let sides = ((left, &left_ty), (right, &right_ty));
            let problem = values::no_binary(self, op.text(), span, sides.0, sides.1);
            self.report(problem);
            return if is_test(op) { Ty::Bool } else { Ty::Error };
        };
        if let Some(ty) = &plan.left {
            self.operand_to(left, &left_ty, ty);
        }
        if let Some(ty) = &plan.right {
            self.operand_to(right, &right_ty, ty);
        }
        let operator = Operator {
            kind: plan.kind,
            operand: plan.operand.clone(),
            result: plan.result.clone(),
            checked: self.throws_on_overflow(),
        };
        self.out.operators.insert(id, operator);
        self.flow.split = None;
        self.fold(id, op, (left, right), &plan.operand);
        if self.constant(id).is_none() {
            self.narrow_by_test(op, (left, &left_ty), (right, &right_ty));
        }
        plan.result
    }

    /// Types of both operands. What is compared with a value may take its type from it.
    fn operands(&mut self, op: BinaryOp, left: ExprId, right: ExprId) -> (Ty, Ty) {
        let equality = matches!(op, BinaryOp::Eq | BinaryOp::Ne);
        if equality && self.needs_expectation(left) && !self.needs_expectation(right) {
            let mut right_ty = self.value(right);
            let left_ty = self.infer(left, Some(&right_ty));
            let left_ty = self.not_void(left, left_ty);
            if left_ty == Ty::Null {
                right_ty = self.as_declared(right, right_ty);
            }
            return (left_ty, right_ty);
        }
        let mut left_ty = self.value(left);
        let hint = (equality && self.needs_expectation(right)).then_some(&left_ty);
        let right_ty = self.infer(right, hint);
        let mut right_ty = self.not_void(right, right_ty);
        if right_ty == Ty::Null {
            left_ty = self.as_declared(left, left_ty);
        }
        if left_ty == Ty::Null {
            right_ty = self.as_declared(right, right_ty);
        }
        (left_ty, right_ty)
    }

    /// Notes that an operand converts to the type the operator computes in.
    fn operand_to(&mut self, id: ExprId, from: &Ty, to: &Ty) {
        if from == to {
            return;
        }
        match self.shared.implicit(from, to, self.constant(id)) {
            Fit::By(conversion) => self.convert(id, conversion),
            Fit::Same => {}
            // Promotion of mixed signs is no implicit conversion elsewhere.
            Fit::No => self.convert(id, numeric(from, to, false)),
        }
    }

    fn short_circuit(
        &mut self,
        id: ExprId,
        op: BinaryOp,
        left: ExprId,
        right: ExprId,
    ) -> Ty {
        let (mut left_true, mut left_false) = self.bool_operand(op, id, left);
        if self.constant(left).is_some() {
            // Only a condition that is constant as a whole makes code unreachable.
            let here = left_true.join(&left_false);
            (left_true, left_false) = (here.clone(), here);
        }
        self.flow.state =
            if op == BinaryOp::And { left_true.clone() } else { left_false.clone() };
        let (right_true, right_false) = self.bool_operand(op, id, right);
        let operator = Operator {
            kind: OperatorKind::Bool,
            operand: Ty::Bool,
            result: Ty::Bool,
            checked: false,
        };
        self.out.operators.insert(id, operator);
        if let (Some(Constant::Bool(_)), Some(Constant::Bool(_))) =
            (self.constant(left), self.constant(right))
        {
            self.fold(id, op, (left, right), &Ty::Bool);
            return Ty::Bool;
        }
        if op == BinaryOp::And {
            self.split(right_true, left_false.join(&right_false));
        } else {
            self.split(left_true.join(&right_true), right_false);
        }
        Ty::Bool
    }

    fn bool_operand(
        &mut self,
        op: BinaryOp,
        whole: ExprId,
        id: ExprId,
    ) -> (State, State) {
        let ty = self.value(id);
        if ty != Ty::Bool && !ty.is_error() && ty != Ty::Never {
            let problem = values::no_unary(self, op.text(), whole, id, &ty);
            self.report(problem);
        }
        self.branches()
    }

    /// How `left op right` computes; `None` if the types have no such operator.
    fn plan(
        &self,
        op: BinaryOp,
        (left, left_value): (&Ty, &Option<Constant>),
        (right, right_value): (&Ty, &Option<Constant>),
    ) -> Option<Plan> {
        use BinaryOp::{Add, BitAnd, BitOr, BitXor, Eq, Ge, Gt, Le, Lt, Ne, Shl, Shr};
        if op == Add && (*left == Ty::String || *right == Ty::String) {
            return self.concat(left, right);
        }
        if let Some(ty) = self.generic_operand((left, left_value), (right, right_value)) {
            return self.generic_plan(op, ty);
        }
        match op {
            Eq | Ne => self.equality((left, left_value), (right, right_value)),
            Lt | Le | Gt | Ge => {
                if is_numeric(left) && is_numeric(right) {
                    let operand = if *left == Ty::Char && *right == Ty::Char {
                        Ty::Char
                    } else {
                        promote(left, left_value.as_ref(), right, right_value.as_ref())?
                    };
                    return Some(Plan::both(
                        OperatorKind::NumericOrder,
                        operand,
                        Ty::Bool,
                    ));
                }
                let ordered =
                    left == right && self.shared.has(left, Property::Comparable);
                ordered.then(|| Plan::both(OperatorKind::Order, left.clone(), Ty::Bool))
            }
            BitAnd | BitOr | BitXor if *left == Ty::Bool && *right == Ty::Bool => {
                Some(Plan::both(OperatorKind::Bool, Ty::Bool, Ty::Bool))
            }
            Shl | Shr => {
                let (Ty::Int(_) | Ty::Char, Ty::Int(_) | Ty::Char) = (left, right) else {
                    return None;
                };
                let operand = promote_one(left)?;
                // Only the low bits of the count matter, so any integer will do.
                let count = if fits_constant(&Ty::INT, right_value.as_ref())
                    || widens(right, &Ty::INT)
                    || *right == Ty::INT
                {
                    Ty::INT
                } else {
                    return None;
                };
                Some(Plan {
                    kind: OperatorKind::Int,
                    operand: operand.clone(),
                    result: operand.clone(),
                    left: Some(operand),
                    right: Some(count),
                })
            }
            _ if *left == Ty::Duration || *right == Ty::Duration => {
                duration(op, left, right)
            }
            _ if is_numeric(left) && is_numeric(right) => {
                let operand =
                    promote(left, left_value.as_ref(), right, right_value.as_ref())?;
                let kind = match operand {
                    Ty::Int(_) => OperatorKind::Int,
                    _ if matches!(op, BitAnd | BitOr | BitXor) => return None,
                    Ty::Decimal => OperatorKind::Decimal,
                    _ => OperatorKind::Float,
                };
                Some(Plan::both(kind, operand.clone(), operand))
            }
            _ => None,
        }
    }

    /// The type parameter in which an operator computes: of both operands, or of one where
    /// the other is a constant that it has.
    fn generic_operand(
        &self,
        (left, left_value): (&Ty, &Option<Constant>),
        (right, right_value): (&Ty, &Option<Constant>),
    ) -> Option<Ty> {
        match (left, right) {
            (Ty::Param(_), _) if left == right => Some(left.clone()),
            (Ty::Param(_), Ty::Int(_)) => {
                let fits = self.shared.implicit(right, left, right_value.as_ref()).fits();
                fits.then(|| left.clone())
            }
            (Ty::Int(_), Ty::Param(_)) => {
                let fits = self.shared.implicit(left, right, left_value.as_ref()).fits();
                fits.then(|| right.clone())
            }
            _ => None,
        }
    }

    /// An operator on values of a type parameter: what its constraints give.
    fn generic_plan(&self, op: BinaryOp, ty: Ty) -> Option<Plan> {
        use BinaryOp::{Add, Div, Eq, Ge, Gt, Le, Lt, Mul, Ne, Rem, Sub};
        let has = |property| self.shared.has(&ty, property);
        match op {
            Eq | Ne if has(Property::Equatable) => {
                Some(Plan::both(OperatorKind::Equality, ty, Ty::Bool))
            }
            Lt | Le | Gt | Ge if has(Property::Comparable) => {
                Some(Plan::both(OperatorKind::Order, ty, Ty::Bool))
            }
            Add | Sub | Mul | Div | Rem if self.is_generic_number(&ty) => {
                Some(Plan::both(OperatorKind::Int, ty.clone(), ty))
            }
            _ => None,
        }
    }

    fn is_generic_number(&self, ty: &Ty) -> bool {
        is_generic_number(self.program, &self.shared.properties, ty)
    }

    fn concat(&self, left: &Ty, right: &Ty) -> Option<Plan> {
        let printable =
            |ty: &Ty| *ty != Ty::Null && self.shared.has(ty, Property::Printable);
        (printable(left) && printable(right)).then_some(Plan {
            kind: OperatorKind::Concat,
            operand: Ty::String,
            result: Ty::String,
            left: None,
            right: None,
        })
    }

    fn equality(
        &self,
        (left, left_value): (&Ty, &Option<Constant>),
        (right, right_value): (&Ty, &Option<Constant>),
    ) -> Option<Plan> {
        let null_test = |ty: &Ty| Plan {
            kind: OperatorKind::NullTest,
            operand: ty.clone(),
            result: Ty::Bool,
            left: None,
            right: None,
        };
        match (left, right) {
            (Ty::Null, Ty::Null) => return Some(null_test(left)),
            (Ty::Nullable(_), Ty::Null) => return Some(null_test(left)),
            (Ty::Null, Ty::Nullable(_)) => return Some(null_test(right)),
            _ => {}
        }
        let operand = if is_numeric(left) && is_numeric(right) {
            if *left == Ty::Char && *right == Ty::Char {
                Ty::Char
            } else {
                promote(left, left_value.as_ref(), right, right_value.as_ref())?
            }
        } else if self.shared.implicit(right, left, right_value.as_ref()).fits() {
            left.clone()
        } else if self.shared.implicit(left, right, left_value.as_ref()).fits() {
            right.clone()
        } else {
            return None;
        };
        let equatable = self.shared.has(&operand, Property::Equatable);
        equatable.then(|| Plan::both(OperatorKind::Equality, operand, Ty::Bool))
    }

    pub(super) fn unary(&mut self, id: ExprId, op: UnaryOp, operand: ExprId) -> Ty {
        if op == UnaryOp::Neg
            && let Some(ty) = self.negative_literal(id, operand)
        {
            self.out.operators.insert(id, self.operator(OperatorKind::Int, &ty));
            return ty;
        }
        let ty = self.value(operand);
        if ty.is_error() {
            return if op == UnaryOp::Not { Ty::Bool } else { Ty::Error };
        }
        let text = match op {
            UnaryOp::Neg => "-",
            UnaryOp::Plus => "+",
            UnaryOp::Not => "!",
            UnaryOp::BitNot => "~",
        };
        let computed = match (op, &ty) {
            (UnaryOp::Not, Ty::Bool) => {
                let (when_true, when_false) = self.branches();
                self.split(when_false, when_true);
                Some((OperatorKind::Bool, Ty::Bool))
            }
            (UnaryOp::Neg | UnaryOp::Plus, Ty::Param(_))
                if self.is_generic_number(&ty) =>
            {
                Some((OperatorKind::Int, ty.clone()))
            }
            (UnaryOp::Neg | UnaryOp::Plus, Ty::Duration) => {
                Some((OperatorKind::Duration, Ty::Duration))
            }
            (UnaryOp::Neg | UnaryOp::Plus, Ty::Float | Ty::Double) => {
                Some((OperatorKind::Float, ty.clone()))
            }
            (UnaryOp::Neg | UnaryOp::Plus, Ty::Decimal) => {
                Some((OperatorKind::Decimal, Ty::Decimal))
            }
            // Only a signed type holds the negative of a `uint`, and none that of a `ulong`.
            (UnaryOp::Neg, Ty::Int(IntTy::UInt)) => {
                Some((OperatorKind::Int, Ty::Int(IntTy::Long)))
            }
            (UnaryOp::Neg, Ty::Int(IntTy::ULong)) => None,
            (UnaryOp::Neg | UnaryOp::Plus | UnaryOp::BitNot, Ty::Int(_) | Ty::Char) => {
                promote_one(&ty).map(|it| (OperatorKind::Int, it))
            }
            _ => None,
        };
        let Some((kind, result)) = computed else {
            let problem = values::no_unary(self, text, id, operand, &ty);
            self.report(problem);
            return if op == UnaryOp::Not { Ty::Bool } else { Ty::Error };
        };
        self.operand_to(operand, &ty, &result);
        self.out.operators.insert(id, self.operator(kind, &result));
        self.fold_unary(id, op, operand, &result);
        result
    }

    fn operator(&self, kind: OperatorKind, ty: &Ty) -> Operator {
        Operator {
            kind,
            operand: ty.clone(),
            result: ty.clone(),
            checked: self.throws_on_overflow(),
        }
    }

    /// `x++`: computed in the type of the place itself; a `char` by way of `int`.
    pub(super) fn increment(
        &mut self,
        id: ExprId,
        operand: ExprId,
        decrement: bool,
    ) -> Ty {
        let ty = self.assign_target(operand, true);
        if ty.is_error() {
            return ty;
        }
        let kind = match &ty {
            Ty::Int(_) | Ty::Char => OperatorKind::Int,
            Ty::Param(_) if self.is_generic_number(&ty) => OperatorKind::Int,
            Ty::Float | Ty::Double => OperatorKind::Float,
            Ty::Decimal => OperatorKind::Decimal,
            _ => {
                let op = if decrement { "--" } else { "++" };
                let problem = values::no_unary(self, op, id, operand, &ty);
                self.report(problem);
                return Ty::Error;
            }
        };
        let computed = if ty == Ty::Char { Ty::INT } else { ty.clone() };
        self.out.operators.insert(id, self.operator(kind, &computed));
        self.assigned(operand, &ty);
        ty
    }

    /// `target op= value`: as `target op value`, cast back to the type of the target.
    pub(super) fn compound(
        &mut self,
        id: ExprId,
        op: BinaryOp,
        target: ExprId,
        value: ExprId,
    ) -> Ty {
        let target_ty = self.assign_target(target, true);
        let value_ty = self.value(value);
        if target_ty.is_error() || value_ty.is_error() {
            return target_ty;
        }
        let constant = self.constant(value).cloned();
        let plan = if matches!(op, BinaryOp::And | BinaryOp::Or) {
            None
        } else {
            self.plan(op, (&target_ty, &None), (&value_ty, &constant))
        };
        let Some(plan) = plan else {
            let text = format!("{}=", op.text());
            let span = self.span(id);
            let sides = ((target, &target_ty), (value, &value_ty));
            let problem = values::no_binary(self, &text, span, sides.0, sides.1);
            self.report(problem);
            return target_ty;
        };
        let shift = matches!(op, BinaryOp::Shl | BinaryOp::Shr);
        let back = plan.result == target_ty
            || shift
            || (is_numeric(&target_ty)
                && self.shared.implicit(&value_ty, &target_ty, constant.as_ref()).fits());
        if back {
            if let Some(ty) = &plan.right {
                self.operand_to(value, &value_ty, ty);
            }
        } else {
            let problem = super::errors::mismatch(
                self,
                value,
                &plan.result,
                &target_ty,
                Why::Nothing,
            );
            self.report(problem);
        }
        let operator = Operator {
            kind: plan.kind,
            operand: plan.operand,
            result: plan.result,
            checked: self.throws_on_overflow(),
        };
        self.out.operators.insert(id, operator);
        self.assigned(target, &target_ty);
        target_ty
    }
}

fn is_test(op: BinaryOp) -> bool {
    use BinaryOp::{Eq, Ge, Gt, Le, Lt, Ne};
    matches!(op, Eq | Ne | Lt | Le | Gt | Ge)
}

/// The type a single numeric operand is computed in.
fn promote_one(ty: &Ty) -> Option<Ty> {
    Some(match ty {
        Ty::Int(IntTy::SByte | IntTy::Byte | IntTy::Short | IntTy::UShort) | Ty::Char => {
            Ty::INT
        }
        Ty::Int(_) | Ty::Float | Ty::Double | Ty::Decimal => ty.clone(),
        _ => return None,
    })
}

/// The type in which two numeric operands meet: C#'s binary numeric promotion, by which a
/// constant takes the unsigned type of the other side if it fits.
fn promote(
    left: &Ty,
    left_value: Option<&Constant>,
    right: &Ty,
    right_value: Option<&Constant>,
) -> Option<Ty> {
    let (a, b) = (promote_one(left)?, promote_one(right)?);
    let binary = |ty: &Ty| matches!(ty, Ty::Float | Ty::Double);
    if a == Ty::Decimal || b == Ty::Decimal {
        // Binary fractions are no exact decimals: one side has to be cast.
        return (!binary(&a) && !binary(&b)).then_some(Ty::Decimal);
    }
    if a == Ty::Double || b == Ty::Double {
        return Some(Ty::Double);
    }
    if a == Ty::Float || b == Ty::Float {
        return Some(Ty::Float);
    }
    let (Ty::Int(x), Ty::Int(y)) = (&a, &b) else { return None };
    use IntTy::{Int, Long, UInt, ULong};
    Some(match (x, y) {
        _ if x == y => a,
        (ULong, _) if widens(right, &a) || fits_constant(&a, right_value) => a,
        (_, ULong) if widens(left, &b) || fits_constant(&b, left_value) => b,
        (ULong, _) | (_, ULong) => return None,
        (UInt, Int) if widens(right, &a) || fits_constant(&a, right_value) => a,
        (Int, UInt) if widens(left, &b) || fits_constant(&b, left_value) => b,
        _ => Ty::Int(Long),
    })
}

/// `Duration` with `Duration` or a number (decision 33).
fn duration(op: BinaryOp, left: &Ty, right: &Ty) -> Option<Plan> {
    use BinaryOp::{Add, Div, Mul, Sub};
    let factor = |ty: &Ty| match ty {
        Ty::Int(IntTy::ULong) => None,
        Ty::Int(_) => Some(Ty::Int(IntTy::Long)),
        ty if is_number(ty) && *ty != Ty::Decimal => Some(Ty::Double),
        _ => None,
    };
    let length = || Some(Ty::Duration);
    let (result, left, right) = match (left, op, right) {
        (Ty::Duration, Add | Sub, Ty::Duration) => (Ty::Duration, length(), length()),
        (Ty::Duration, Div, Ty::Duration) => (Ty::Double, length(), length()),
        (Ty::Duration, Mul | Div, other) => {
            (Ty::Duration, length(), Some(factor(other)?))
        }
        (other, Mul, Ty::Duration) => (Ty::Duration, Some(factor(other)?), length()),
        _ => return None,
    };
    Some(Plan {
        kind: OperatorKind::Duration,
        operand: Ty::Duration,
        result,
        left,
        right,
    })
}
