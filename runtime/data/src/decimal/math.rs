//! What `Math` and `Decimal` do with decimals beyond the operators.

use axum_rt::abi::v1::{Exception, Result};
use rust_decimal::RoundingStrategy;

use super::Decimal;

/// As many digits behind the point can be asked for.
const MOST_DIGITS: u32 = 28;

/// The greater one.
#[must_use]
pub fn max(a: Decimal, b: Decimal) -> Decimal {
    if a < b { b } else { a }
}

/// The smaller one.
#[must_use]
pub fn min(a: Decimal, b: Decimal) -> Decimal {
    if b < a { b } else { a }
}

/// Without its sign.
#[must_use]
pub fn abs(value: Decimal) -> Decimal {
    Decimal(value.0.abs())
}

/// The greatest whole number that is not greater.
#[must_use]
pub fn floor(value: Decimal) -> Decimal {
    Decimal(value.0.floor())
}

/// The least whole number that is not less.
#[must_use]
pub fn ceiling(value: Decimal) -> Decimal {
    Decimal(value.0.ceil())
}

/// Without the digits behind the point.
#[must_use]
pub fn truncate(value: Decimal) -> Decimal {
    Decimal(value.0.trunc())
}

/// The nearest whole number; between two, the even one.
#[must_use]
pub fn round(value: Decimal) -> Decimal {
    rounded(value, 0)
}

/// Rounded to `digits` behind the point; between two, the even one.
#[track_caller]
pub fn round_to(value: Decimal, digits: i32) -> Result<Decimal> {
    match u32::try_from(digits) {
        Ok(digits) if digits <= MOST_DIGITS => Ok(rounded(value, digits)),
        _ => Err(Exception::new(
            "ArgumentOutOfRangeException",
            format!("{digits} digits are not between 0 and {MOST_DIGITS}"),
        )),
    }
}

fn rounded(value: Decimal, digits: u32) -> Decimal {
    let strategy = RoundingStrategy::MidpointNearestEven;
    Decimal(value.0.round_dp_with_strategy(digits, strategy))
}
