//! Constants of type `decimal`, computed by the very code that programs compute with. It
//! reports nothing.

use rust_decimal::Decimal;

use crate::hir::body::BinaryOp;

#[expect(dead_code, reason = "programs do more with decimals than constants do")]
#[path = "../../../runtime/data/src/decimal/exact.rs"]
mod exact;

/// What a literal that is too large says.
pub(super) const NO_ROOM: &str = "this number does not fit into `decimal`";

/// The value of a literal without its suffix, if it fits.
#[must_use]
pub fn literal(text: &str) -> Option<Decimal> {
    exact::scientific(text).ok()
}

/// `a op b`: none if there is no such operator, `Some(None)` if it has no value.
pub(super) fn compute(op: BinaryOp, a: Decimal, b: Decimal) -> Option<Option<Decimal>> {
    Some(match op {
        BinaryOp::Add => exact::add(a, b),
        BinaryOp::Sub => exact::sub(a, b),
        BinaryOp::Mul => exact::mul(a, b),
        BinaryOp::Div => exact::div(a, b),
        BinaryOp::Rem => exact::rem(a, b),
        _ => return None,
    })
}

/// The nearest `double`.
pub(super) fn to_double(value: Decimal) -> f64 {
    exact::to_double(value)
}

/// A `double` as a cast makes it, if it fits.
pub(super) fn of_double(value: f64) -> Option<Decimal> {
    exact::of_double(value, exact::DOUBLE)
}
