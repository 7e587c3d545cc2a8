//! The operators of `decimal`, its casts and the namespace `Decimal`. Rounding is in
//! `math`.

use axum_rt::abi::v1::{Divide as _, Exception, Number, Result, Str, Wide, to_str};
use rust_decimal::Decimal as Inner;

pub use super::math::{abs, ceiling, floor, max, min, round, round_to, truncate};

use super::exact::{self, Fault};
use super::{Decimal, overflow};

/// `a + b`.
#[inline]
#[track_caller]
pub fn add(a: Decimal, b: Decimal) -> Result<Decimal> {
    match a.plus_checked(b) {
        Some(sum) => Ok(sum),
        None => Err(overflow(a, "+", b)),
    }
}

/// `a - b`.
#[inline]
#[track_caller]
pub fn sub(a: Decimal, b: Decimal) -> Result<Decimal> {
    match a.minus_checked(b) {
        Some(difference) => Ok(difference),
        None => Err(overflow(a, "-", b)),
    }
}

/// `a * b`.
#[inline]
#[track_caller]
pub fn mul(a: Decimal, b: Decimal) -> Result<Decimal> {
    match a.times_checked(b) {
        Some(product) => Ok(product),
        None => Err(overflow(a, "*", b)),
    }
}

/// `a / b`.
#[inline]
#[track_caller]
pub fn div(a: Decimal, b: Decimal) -> Result<Decimal> {
    a.divide(b)
}

/// `a % b`.
#[inline]
#[track_caller]
pub fn rem(a: Decimal, b: Decimal) -> Result<Decimal> {
    a.remainder(b)
}

/// `-a`.
#[inline]
#[must_use]
pub fn neg(a: Decimal) -> Decimal {
    a.negated()
}

/// `(int)a` and to every other whole number: what stands behind the point is cut off.
#[track_caller]
pub fn to_integer<To: Number>(a: Decimal) -> Result<To> {
    match To::narrow(Wide::Int(a.0.trunc().mantissa())) {
        Some(whole) => Ok(whole),
        None => {
            let a = to_str(&a);
            let message = format!("{a} does not fit into {}", To::NAME);
            Err(Exception::new("OverflowException", message))
        }
    }
}

/// `(decimal)a` of a `double`: 15 digits of it.
#[track_caller]
pub fn from_double(a: f64) -> Result<Decimal> {
    of_binary(a, exact::DOUBLE)
}

/// `(decimal)a` of a `float`: 7 digits of it.
#[track_caller]
pub fn from_single(a: f32) -> Result<Decimal> {
    of_binary(f64::from(a), exact::SINGLE)
}

#[track_caller]
fn of_binary(a: f64, precision: usize) -> Result<Decimal> {
    match exact::of_double(a, precision) {
        Some(value) => Ok(Decimal(value)),
        None => {
            let message = format!("{} does not fit into Decimal", to_str(&a));
            Err(Exception::new("OverflowException", message))
        }
    }
}

/// The least value.
#[must_use]
pub fn min_value() -> Decimal {
    Decimal(Inner::MIN)
}

/// The greatest value.
#[must_use]
pub fn max_value() -> Decimal {
    Decimal(Inner::MAX)
}

/// 0.
#[must_use]
pub fn zero() -> Decimal {
    Decimal::ZERO
}

/// 1.
#[must_use]
pub fn one() -> Decimal {
    Decimal::ONE
}

/// -1.
#[must_use]
pub fn minus_one() -> Decimal {
    neg(Decimal::ONE)
}

/// Reads a number.
#[track_caller]
pub fn parse(text: Option<Str>) -> Result<Decimal> {
    let Some(text) = text else {
        return Err(Exception::new("FormatException", "null is no decimal"));
    };
    match exact::read(text.as_str()) {
        Ok(value) => Ok(Decimal(value)),
        Err(Fault::Shape) => {
            Err(Exception::new("FormatException", format!("`{text}` is no decimal")))
        }
        Err(Fault::Range) => Err(Exception::new(
            "OverflowException",
            format!("`{text}` does not fit into decimal"),
        )),
    }
}

/// Reads a number, or gives null.
#[must_use]
pub fn try_parse(text: Option<Str>) -> Option<Decimal> {
    exact::read(text?.as_str()).ok().map(Decimal)
}
