//! What is known of values: null, equal, computed. It asks nothing of the program.

use super::{Outcome, Stop, UNKNOWN, Value};
use crate::hir::body::BinaryOp;
use crate::hir::ty::{IntTy, Ty};
use crate::types::literal::folded;
use crate::types::tables::Constant;

/// The value on the left of a `.` or `?.`.
pub(super) fn object(value: Value, null_safe: bool) -> Outcome {
    match value {
        Value::Constant(Constant::Null) if null_safe => Err(Stop::Null),
        value => not_null(value),
    }
}

pub(super) fn not_null(value: Value) -> Outcome {
    match value {
        Value::Constant(Constant::Null) => Err(Stop::Throws),
        value => Ok(value),
    }
}

pub(super) fn is_null(value: &Value) -> Option<bool> {
    match value {
        Value::Unknown => None,
        Value::Constant(constant) => Some(*constant == Constant::Null),
        Value::Case(..) | Value::Record(_) => Some(false),
    }
}

pub(super) fn known_bool(value: &Value) -> Option<bool> {
    match value {
        Value::Constant(Constant::Bool(it)) => Some(*it),
        _ => None,
    }
}

/// Whether two values that are not null are equal, compared as type `ty`.
pub(super) fn same(a: &Value, b: &Value, ty: &Ty) -> Option<bool> {
    match (a, b) {
        (Value::Case(_, a), Value::Case(_, b)) => Some(a == b),
        (Value::Constant(a), Value::Constant(b)) => {
            let ty = match ty {
                Ty::Nullable(inner) => inner,
                other => other,
            };
            let generic = matches!(ty, Ty::Param(_));
            let ty = if generic { &computed_in(a, b) } else { ty };
            match (a, b) {
                (Constant::Char(a), Constant::Char(b)) => Some(a == b),
                _ => match folded(BinaryOp::Eq, a, b, ty, true) {
                    Ok(Some(Constant::Bool(answer))) => Some(answer),
                    _ => None,
                },
            }
        }
        _ => None,
    }
}

pub(super) fn same_pattern(value: &Value, constant: &Value) -> Option<bool> {
    match (value, constant) {
        (Value::Constant(Constant::Null), Value::Constant(b)) => {
            Some(*b == Constant::Null)
        }
        (Value::Constant(Constant::Null), Value::Case(..)) => Some(false),
        (Value::Constant(a), Value::Constant(b)) => {
            same(value, constant, &computed_in(a, b))
        }
        _ => same(value, constant, &Ty::Error),
    }
}

/// The type that holds two constants of one type, and numbers of two.
pub(super) fn computed_in(a: &Constant, b: &Constant) -> Ty {
    let either = |test: fn(&Constant) -> bool| test(a) || test(b);
    if either(|it| matches!(it, Constant::Decimal(_))) {
        Ty::Decimal
    } else if either(|it| matches!(it, Constant::Float(_))) {
        Ty::Double
    } else if either(|it| matches!(it, Constant::Char(_))) {
        Ty::Char
    } else {
        Ty::Int(IntTy::Long)
    }
}

/// `a op b` as it is computed when the program runs.
pub(super) fn compute(
    op: BinaryOp,
    a: &Constant,
    b: &Constant,
    ty: &Ty,
    checked: bool,
) -> Outcome {
    match folded(op, a, b, ty, !checked) {
        Ok(Some(constant)) => Ok(Value::Constant(constant)),
        Ok(None) => UNKNOWN,
        Err(_) => Err(Stop::Throws),
    }
}

/// The same of values that are compared by an order of their own. Floating-point numbers
/// have another there.
pub(super) fn order(op: BinaryOp, a: &Constant, b: &Constant) -> Outcome {
    match (a, b) {
        (Constant::String(a), Constant::String(b)) => {
            let (a, b) = (a.cmp(b) as i32, 0);
            let (a, b) = (Constant::Int(a.into()), Constant::Int(b));
            compute(op, &a, &b, &Ty::INT, false)
        }
        (Constant::Float(_), _) | (_, Constant::Float(_)) => UNKNOWN,
        _ => compute(op, a, b, &computed_in(a, b), false),
    }
}
