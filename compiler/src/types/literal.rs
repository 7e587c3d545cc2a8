//! Literals, and the arithmetic of constants. It folds what C# calls constant expressions;
//! texts are put together only where a constant is asked for.

use super::cx::{Cx, Why};
use super::decimal;
use super::errors::values;
use super::tables::{Constant, Member};
use super::ty::{int_range, wrap};
use crate::hir::body::{BinaryOp, ExprKind, Literal, UnaryOp};
use crate::hir::ty::{IntTy, Ty};
use crate::hir::*;
use crate::syntax::ast::IntSuffix;

impl Cx<'_> {
    /// The type of a literal, and its value into the table of constants.
    pub(super) fn literal(&mut self, id: ExprId, literal: &Literal) -> Ty {
        let (constant, ty) = match literal {
            Literal::Null => (Constant::Null, Ty::Null),
            Literal::Bool(value) => return self.bool_literal(id, *value),
            Literal::Int { value, suffix } => {
                (Constant::Int(i128::from(*value)), int_type(*value, *suffix))
            }
            Literal::Float { value, single: true } => {
                (Constant::Float(*value), Ty::Float)
            }
            Literal::Float { value, single: false } => {
                (Constant::Float(*value), Ty::Double)
            }
            Literal::Decimal(text) => match decimal::literal(text) {
                Some(value) => (Constant::Decimal(value), Ty::Decimal),
                None => {
                    let span = self.span(id);
                    self.report(values::constant_fails(span, decimal::NO_ROOM));
                    return Ty::Decimal;
                }
            },
            Literal::Char(value) => (Constant::Char(*value), Ty::Char),
            Literal::String(value) => (Constant::String(value.clone()), Ty::String),
            Literal::Duration(_) => return Ty::Duration,
            Literal::Error => return Ty::Error,
        };
        self.out.constants.insert(id, constant);
        ty
    }

    fn bool_literal(&mut self, id: ExprId, value: bool) -> Ty {
        self.out.constants.insert(id, Constant::Bool(value));
        self.split_constant(value);
        Ty::Bool
    }

    /// Behind a condition that is known, only one branch can be reached.
    pub(super) fn split_constant(&mut self, value: bool) {
        let here = self.flow.state.clone();
        let never = super::flow::State::unreachable();
        if value {
            self.split(here, never);
        } else {
            self.split(never, here);
        }
    }

    /// `-5` of a literal: the smallest value has no positive counterpart.
    pub(super) fn negative_literal(&mut self, id: ExprId, operand: ExprId) -> Option<Ty> {
        let ExprKind::Literal(Literal::Int { value, suffix }) = self.kind(operand) else {
            return None;
        };
        let ty = match (suffix, value) {
            (IntSuffix::None, 0x8000_0000) => Ty::INT,
            (IntSuffix::None | IntSuffix::Long, 0x8000_0000_0000_0000) => {
                Ty::Int(IntTy::Long)
            }
            _ => return None,
        };
        let value = i128::from(*value);
        self.out.exprs.insert(operand, ty.clone());
        self.out.constants.insert(operand, Constant::Int(value));
        self.out.constants.insert(id, Constant::Int(-value));
        Some(ty)
    }

    /// The constant that an expression is, which was checked. Texts are concatenated here.
    pub(super) fn constant_value(&self, id: ExprId) -> Option<Constant> {
        if let Some(constant) = self.constant(id) {
            return Some(constant.clone());
        }
        let mut parts = Vec::new();
        let mut at = id;
        while let ExprKind::Binary { op: BinaryOp::Add, left, right } = self.kind(at) {
            parts.push(*right);
            at = *left;
            if self.constant(at).is_some() {
                break;
            }
        }
        if parts.is_empty() || self.out.exprs.get(id) != Some(&Ty::String) {
            return None;
        }
        parts.push(at);
        let mut text = String::new();
        for part in parts.into_iter().rev() {
            match self.constant_value(part)? {
                Constant::String(it) => text.push_str(&it),
                Constant::Char(it) => text.push(it),
                Constant::Int(it) => text.push_str(&it.to_string()),
                Constant::Bool(it) => text.push_str(if it { "True" } else { "False" }),
                Constant::Null => {}
                Constant::Decimal(it) => text.push_str(&it.to_string()),
                Constant::Float(_) => return None,
            }
        }
        Some(Constant::String(text.into()))
    }

    /// Checks an expression that must be constant, and keeps its value.
    pub(super) fn constant_expr(&mut self, id: ExprId, want: &Ty, why: Why) {
        let before = self.problems.len();
        self.check(id, want, why);
        match self.constant_value(id) {
            Some(constant) => {
                self.out.constants.insert(id, constant);
            }
            None if self.problems.len() > before => {}
            None if self.done(id).is_none_or(|ty| ty.is_error()) => {}
            // Durations and cases of enums are constants without an entry in the table.
            None if matches!(
                self.done(id),
                Some(Ty::Duration | Ty::Enum(..) | Ty::Signal)
            ) => {}
            None => {
                let span = self.span(id);
                self.report(values::not_constant(span));
            }
        }
    }

    /// Folds `left op right`, both constants, computed in type `operand`.
    pub(super) fn fold(
        &mut self,
        id: ExprId,
        op: BinaryOp,
        (left, right): (ExprId, ExprId),
        operand: &Ty,
    ) {
        let (Some(a), Some(b)) = (self.constant(left), self.constant(right)) else {
            return;
        };
        let folded = match folded(op, a, b, operand, self.checked == Some(false)) {
            Ok(folded) => folded,
            Err(what) => {
                let span = self.span(id);
                self.report(values::constant_fails(span, what));
                None
            }
        };
        if let Some(folded) = folded {
            if let Constant::Bool(value) = folded {
                self.split_constant(value);
            }
            self.out.constants.insert(id, folded);
        }
    }

    /// Folds a unary operator on a constant of type `ty`.
    pub(super) fn fold_unary(
        &mut self,
        id: ExprId,
        op: UnaryOp,
        operand: ExprId,
        ty: &Ty,
    ) {
        let Some(constant) = self.constant(operand) else { return };
        let folded = match (op, constant, ty) {
            (UnaryOp::Not, Constant::Bool(it), _) => Constant::Bool(!it),
            (UnaryOp::Plus, it, Ty::Int(_) | Ty::Float | Ty::Double | Ty::Decimal) => {
                match number(it) {
                    Some(Number::Int(it)) => Constant::Int(it),
                    Some(Number::Float(it)) => Constant::Float(it),
                    Some(Number::Decimal(it)) => Constant::Decimal(it),
                    None => return,
                }
            }
            (UnaryOp::Neg, Constant::Float(it), _) => Constant::Float(-it),
            (UnaryOp::Neg, Constant::Decimal(it), _) => Constant::Decimal(-it),
            (UnaryOp::Neg | UnaryOp::BitNot, it, Ty::Int(int)) => {
                let Some(Number::Int(it)) = number(it) else { return };
                let value = if op == UnaryOp::Neg { -it } else { !it };
                let (low, high) = int_range(*int);
                if op == UnaryOp::Neg
                    && self.checked != Some(false)
                    && !(low..=high).contains(&value)
                {
                    let span = self.span(id);
                    self.report(values::constant_fails(span, OVERFLOW));
                    return;
                }
                Constant::Int(wrap(value, *int))
            }
            _ => return,
        };
        self.out.constants.insert(id, folded);
    }

    /// The constant behind a cast to `to`.
    pub(super) fn fold_cast(&mut self, id: ExprId, operand: ExprId, to: &Ty) {
        let case = match self.out.members.get(operand) {
            Some(Member::EnumCase(id, case)) => {
                let numbers = self.shared.constants.numbers.get(id);
                numbers.and_then(|it| it.get(*case)).map(|it| Number::Int((*it).into()))
            }
            _ => None,
        };
        let value = case.or_else(|| self.constant(operand).and_then(number));
        let Some(value) = value else { return };
        let folded = match (to, value) {
            (Ty::Int(int), Number::Int(it)) => {
                let (low, high) = int_range(*int);
                if self.throws_on_overflow() && !(low..=high).contains(&it) {
                    let span = self.span(id);
                    self.report(values::constant_fails(span, OVERFLOW));
                    return;
                }
                Constant::Int(wrap(it, *int))
            }
            (Ty::Int(int), Number::Float(it)) if !self.throws_on_overflow() => {
                Constant::Int(saturated(it, *int))
            }
            (Ty::Double, it) => Constant::Float(it.float()),
            (Ty::Decimal, it) => match it.decimal() {
                Some(it) => Constant::Decimal(it),
                None => return self.no_constant(id),
            },
            (Ty::Int(int), Number::Decimal(it)) => {
                let (low, high) = int_range(*int);
                let whole = it.trunc().mantissa();
                if !(low..=high).contains(&whole) {
                    return self.no_constant(id);
                }
                Constant::Int(whole)
            }
            _ => return,
        };
        self.out.constants.insert(id, folded);
    }

    /// A decimal that does not fit, which is never cut off.
    fn no_constant(&mut self, id: ExprId) {
        let span = self.span(id);
        self.report(values::constant_fails(span, OVERFLOW));
    }
}

/// `a op b`, computed in type `operand`: nothing if the operator is not folded, an error if
/// it has no value.
pub(super) fn folded(
    op: BinaryOp,
    a: &Constant,
    b: &Constant,
    operand: &Ty,
    unchecked: bool,
) -> Result<Option<Constant>, &'static str> {
    match (a, b) {
        (Constant::Bool(a), Constant::Bool(b)) => {
            Ok(fold_bool(op, *a, *b).map(Constant::Bool))
        }
        (Constant::String(a), Constant::String(b)) => Ok(match op {
            BinaryOp::Eq => Some(Constant::Bool(a == b)),
            BinaryOp::Ne => Some(Constant::Bool(a != b)),
            _ => None,
        }),
        _ => match (operand, number(a), number(b)) {
            (Ty::Int(int), Some(Number::Int(a)), Some(Number::Int(b))) => {
                fold_int(op, a, b, *int, unchecked)
            }
            (Ty::Char, Some(Number::Int(a)), Some(Number::Int(b))) => {
                Ok(compare(op, &a, &b).map(Constant::Bool))
            }
            (Ty::Double, Some(a), Some(b)) => Ok(fold_float(op, a.float(), b.float())),
            (Ty::Decimal, Some(a), Some(b)) => fold_decimal(op, a, b),
            _ => Ok(None),
        },
    }
}

/// A constant as one of the numeric type `to`, which it fits into.
pub(super) fn widened(constant: &Constant, to: &Ty) -> Option<Constant> {
    match (to, number(constant)?) {
        (Ty::Int(int), Number::Int(it)) => {
            let (low, high) = int_range(*int);
            (low..=high).contains(&it).then_some(Constant::Int(it))
        }
        (Ty::Double, it) => Some(Constant::Float(it.float())),
        (Ty::Decimal, it @ (Number::Int(_) | Number::Decimal(_))) => {
            it.decimal().map(Constant::Decimal)
        }
        (Ty::Char, _) => matches!(constant, Constant::Char(_)).then(|| constant.clone()),
        _ => None,
    }
}

/// A floating-point number as an integer: towards zero, and to the nearest bound.
#[expect(clippy::cast_possible_truncation, reason = "the language saturates")]
fn saturated(value: f64, int: IntTy) -> i128 {
    let (low, high) = int_range(int);
    (value as i128).clamp(low, high)
}

const OVERFLOW: &str = "this constant computation overflows its type";

/// The first of the candidates of the suffix that holds the value, as in C#.
fn int_type(value: u64, suffix: IntSuffix) -> Ty {
    let candidates: &[IntTy] = match suffix {
        IntSuffix::None => &[IntTy::Int, IntTy::UInt, IntTy::Long, IntTy::ULong],
        IntSuffix::Unsigned => &[IntTy::UInt, IntTy::ULong],
        IntSuffix::Long => &[IntTy::Long, IntTy::ULong],
        IntSuffix::UnsignedLong => &[IntTy::ULong],
    };
    let fits = |it: &&IntTy| i128::from(value) <= int_range(**it).1;
    Ty::Int(candidates.iter().find(fits).copied().unwrap_or(IntTy::ULong))
}

#[derive(Clone, Copy)]
enum Number {
    Int(i128),
    Float(f64),
    Decimal(rust_decimal::Decimal),
}

impl Number {
    #[expect(clippy::cast_precision_loss, reason = "conversion to double rounds")]
    fn float(self) -> f64 {
        match self {
            Number::Int(it) => it as f64,
            Number::Float(it) => it,
            Number::Decimal(it) => decimal::to_double(it),
        }
    }

    /// As a decimal, if it fits.
    fn decimal(self) -> Option<rust_decimal::Decimal> {
        match self {
            Number::Int(it) => {
                rust_decimal::Decimal::try_from_i128_with_scale(it, 0).ok()
            }
            Number::Float(it) => decimal::of_double(it),
            Number::Decimal(it) => Some(it),
        }
    }
}

fn number(constant: &Constant) -> Option<Number> {
    match constant {
        Constant::Int(it) => Some(Number::Int(*it)),
        Constant::Char(it) => Some(Number::Int(i128::from(u32::from(*it)))),
        Constant::Float(it) => Some(Number::Float(*it)),
        Constant::Decimal(it) => Some(Number::Decimal(*it)),
        _ => None,
    }
}

fn fold_bool(op: BinaryOp, a: bool, b: bool) -> Option<bool> {
    Some(match op {
        BinaryOp::And | BinaryOp::BitAnd => a && b,
        BinaryOp::Or | BinaryOp::BitOr => a || b,
        BinaryOp::BitXor | BinaryOp::Ne => a != b,
        BinaryOp::Eq => a == b,
        _ => return None,
    })
}

fn compare<T: PartialOrd>(op: BinaryOp, a: &T, b: &T) -> Option<bool> {
    Some(match op {
        BinaryOp::Lt => a < b,
        BinaryOp::Le => a <= b,
        BinaryOp::Gt => a > b,
        BinaryOp::Ge => a >= b,
        BinaryOp::Eq => a == b,
        BinaryOp::Ne => a != b,
        _ => return None,
    })
}

fn fold_int(
    op: BinaryOp,
    a: i128,
    b: i128,
    int: IntTy,
    unchecked: bool,
) -> Result<Option<Constant>, &'static str> {
    if let Some(answer) = compare(op, &a, &b) {
        return Ok(Some(Constant::Bool(answer)));
    }
    // Shift counts are masked to the width of the type.
    let count = |b: i128| {
        let mask = i128::from(super::ty::int_bits(int).max(32) - 1);
        u32::try_from(b & mask).unwrap_or(0)
    };
    let value = match op {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a.wrapping_mul(b),
        BinaryOp::Div | BinaryOp::Rem if b == 0 => {
            return Err("this constant divides by zero");
        }
        BinaryOp::Div => a / b,
        BinaryOp::Rem => a % b,
        BinaryOp::Shl => return Ok(Some(Constant::Int(wrap(a << count(b), int)))),
        BinaryOp::Shr => a >> count(b),
        BinaryOp::BitAnd => a & b,
        BinaryOp::BitOr => a | b,
        BinaryOp::BitXor => a ^ b,
        _ => return Ok(None),
    };
    let (low, high) = int_range(int);
    if !unchecked && !(low..=high).contains(&value) {
        return Err(OVERFLOW);
    }
    Ok(Some(Constant::Int(wrap(value, int))))
}

fn fold_decimal(
    op: BinaryOp,
    a: Number,
    b: Number,
) -> Result<Option<Constant>, &'static str> {
    let (Some(a), Some(b)) = (a.decimal(), b.decimal()) else { return Ok(None) };
    if let Some(answer) = compare(op, &a, &b) {
        return Ok(Some(Constant::Bool(answer)));
    }
    match decimal::compute(op, a, b) {
        Some(Some(value)) => Ok(Some(Constant::Decimal(value))),
        Some(None) if b.is_zero() && op != BinaryOp::Mul => {
            Err("this constant divides by zero")
        }
        Some(None) => Err(OVERFLOW),
        None => Ok(None),
    }
}

fn fold_float(op: BinaryOp, a: f64, b: f64) -> Option<Constant> {
    if let Some(answer) = compare(op, &a, &b) {
        return Some(Constant::Bool(answer));
    }
    Some(Constant::Float(match op {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a * b,
        BinaryOp::Div => a / b,
        BinaryOp::Rem => a % b,
        _ => return None,
    }))
}
