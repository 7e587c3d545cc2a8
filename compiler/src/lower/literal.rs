//! Literals and constants.

use rust_decimal::Decimal;

use crate::hir::body::Literal as HirLiteral;
use crate::hir::ty::Ty;
use crate::ir::{Expr, ExprKind, Literal};
use crate::types::tables::Constant;

use super::body::Fx;
use super::build::At;

/// A constant as a value of the type.
pub(super) fn constant(at: At, value: &Constant, ty: &Ty) -> Expr {
    match value {
        Constant::Bool(value) => at.bool(*value),
        Constant::Char(value) => match ty {
            Ty::Int(_) | Ty::Float | Ty::Double | Ty::Decimal => {
                number(at, u32::from(*value).into(), ty)
            }
            _ => at.literal(Literal::Char(*value)),
        },
        Constant::Int(value) => number(at, *value, ty),
        Constant::Float(value) => {
            let suffix = if *ty == Ty::Float { "f32" } else { "f64" };
            at.literal(Literal::Float(*value, suffix))
        }
        Constant::Decimal(value) => decimal(at, *value),
        Constant::String(text) => at.literal(Literal::Str(text.clone())),
        Constant::Null => at.expr(ExprKind::None),
    }
}

/// A whole number as a value of a number type.
#[expect(
    clippy::cast_precision_loss,
    reason = "the language rounds a large integer that becomes a floating-point number"
)]
pub(super) fn number(at: At, value: i128, of: &Ty) -> Expr {
    match of {
        Ty::Float => at.literal(Literal::Float(value as f64, "f32")),
        Ty::Double => at.literal(Literal::Float(value as f64, "f64")),
        Ty::Decimal => {
            let value = Decimal::try_from_i128_with_scale(value, 0);
            decimal(at, value.expect("whole numbers have fewer digits than decimals"))
        }
        Ty::Nullable(inner) => at.some(number(at, value, inner)),
        Ty::Char => {
            let char = u32::try_from(value).ok().and_then(char::from_u32);
            at.literal(Literal::Char(char.unwrap_or('\0')))
        }
        Ty::Int(int) => at.literal(Literal::Int(value, int.in_rust())),
        _ => at.literal(Literal::Int(value, "i32")),
    }
}

/// A decimal as the parts that it is kept in.
fn decimal(at: At, value: Decimal) -> Expr {
    let parts = value.unpack();
    let word = |it: u32| at.literal(Literal::Int(it.into(), "u32"));
    let words = [parts.lo, parts.mid, parts.hi].map(word);
    let mut args: Vec<Expr> = words.into();
    args.push(at.bool(parts.negative));
    args.push(word(parts.scale));
    at.rt("Decimal::of", args)
}

impl Fx<'_, '_> {
    pub(super) fn literal(&mut self, literal: &HirLiteral, ty: &Ty) -> Expr {
        let at = self.at;
        match literal {
            HirLiteral::Null => at.expr(ExprKind::None),
            HirLiteral::Bool(value) => at.bool(*value),
            HirLiteral::Int { value, .. } => number(at, i128::from(*value), ty),
            HirLiteral::Float { value, single } => {
                let single = *single || *ty == Ty::Float;
                let suffix = if single { "f32" } else { "f64" };
                at.literal(Literal::Float(*value, suffix))
            }
            HirLiteral::Char(value) => at.literal(Literal::Char(*value)),
            HirLiteral::String(text) => at.literal(Literal::Str(text.clone())),
            HirLiteral::Duration(nanos) => {
                let nanos = at.literal(Literal::Int(i128::from(*nanos), "i64"));
                at.rt("Duration::from_nanos", vec![nanos])
            }
            HirLiteral::Decimal(text) => {
                let value = crate::types::decimal::literal(text);
                decimal(at, value.expect("a literal that does not fit was rejected"))
            }
            HirLiteral::Error => unreachable!("was rejected"),
        }
    }
}

impl Fx<'_, '_> {
    /// What a field or element of the type starts with.
    pub(super) fn default_value(&mut self, at: At, of: &Ty) -> Expr {
        match of {
            Ty::Bool => at.bool(false),
            Ty::Char => at.literal(Literal::Char('\0')),
            Ty::Int(_) | Ty::Float | Ty::Double | Ty::Decimal => number(at, 0, of),
            Ty::String => at.str(""),
            Ty::Duration => {
                at.rt("Duration::from_nanos", vec![at.literal(Literal::Int(0, "i64"))])
            }
            Ty::Signal => at.expr(ExprKind::RtConst("Signal".into())),
            Ty::Nullable(_) | Ty::Null => at.expr(ExprKind::None),
            Ty::Void => at.unit(),
            Ty::Tuple(parts) => {
                let parts =
                    parts.iter().map(|it| self.default_value(at, &it.ty)).collect();
                at.expr(ExprKind::Tuple(parts))
            }
            Ty::Native(id, _) => {
                let name = format!("{}::new", self.lower.program.natives[*id].rust);
                at.rt(&name, vec![])
            }
            Ty::Array(_) => at.rt("Array::default", vec![]),
            Ty::Record(id, args) => self.default_record(at, *id, args),
            // Nothing else has a default.
            _ => at.callee(crate::ir::Callee::Prim("Default", "default"), vec![]),
        }
    }
}
