//! `Math`: what numbers have beyond their operators.
//! Functions on several types of numbers are generic; the declarations say for which.

use std::cmp::Ordering;

use crate::value::{Exception, Number, Result, to_str, total_cmp};

/// The ratio of a circle's circumference to its diameter.
pub fn pi() -> f64 {
    std::f64::consts::PI
}

/// The ratio of a circle's circumference to its radius.
pub fn tau() -> f64 {
    std::f64::consts::TAU
}

/// The base of natural logarithms.
pub fn e() -> f64 {
    std::f64::consts::E
}

/// NaN if either is, as everywhere in arithmetic.
fn not_ordered<T: Number>(a: T, b: T) -> Option<T> {
    let odd = |value: &T| value.partial_cmp(value).is_none();
    [a, b].into_iter().find(odd)
}

/// The greater one.
pub fn max<T: Number>(a: T, b: T) -> T {
    not_ordered(a, b).unwrap_or(if a < b { b } else { a })
}

/// The smaller one.
pub fn min<T: Number>(a: T, b: T) -> T {
    not_ordered(a, b).unwrap_or(if b < a { b } else { a })
}

/// Without its sign.
#[track_caller]
pub fn abs<T: Number>(value: T) -> Result<T> {
    // `-0.0` is not less than zero, but it is what 0 minus it corrects.
    if value > T::ZERO {
        return Ok(value);
    }
    match T::ZERO.minus_checked(value) {
        Some(positive) => Ok(positive),
        None => {
            let value = to_str(&value);
            Err(Exception::new(
                "OverflowException",
                format!("{} has no number for {value} without its sign", T::NAME),
            ))
        }
    }
}

/// -1, 0 or 1 with the sign of `value`.
pub fn sign<T: Number>(value: T) -> i32 {
    match value.partial_cmp(&T::ZERO) {
        Some(Ordering::Less) => -1,
        Some(Ordering::Greater) => 1,
        _ => 0,
    }
}

/// `value`, or the bound that it lies beyond.
#[track_caller]
pub fn clamp<T: Number>(value: T, low: T, high: T) -> Result<T> {
    if total_cmp(&low, &high) == Ordering::Greater {
        let (low, high) = (to_str(&low), to_str(&high));
        return Err(Exception::new(
            "ArgumentOutOfRangeException",
            format!("the lower bound {low} is above the upper bound {high}"),
        ));
    }
    Ok(if value < low {
        low
    } else if value > high {
        high
    } else {
        value
    })
}

/// The quotient and the rest.
#[track_caller]
pub fn div_rem<T: Number>(a: T, b: T) -> Result<(T, T)> {
    Ok((a.divide(b)?, a.remainder(b)?))
}

macro_rules! of_one {
    ($($(#[$doc:meta])* $name:ident = $method:ident;)*) => { $(
        $(#[$doc])*
        pub fn $name(value: f64) -> f64 {
            value.$method()
        }
    )* };
}

of_one! {
    /// The square root.
    sqrt = sqrt;
    /// The cube root.
    cbrt = cbrt;
    /// The greatest whole number that is not greater.
    floor = floor;
    /// The least whole number that is not less.
    ceiling = ceil;
    /// Without the digits behind the point.
    truncate = trunc;
    /// The nearest whole number; between two, the even one.
    round = round_ties_even;
    /// e to the power of `value`.
    exp = exp;
    /// The natural logarithm.
    log = ln;
    /// The logarithm to base 2.
    log2 = log2;
    /// The logarithm to base 10.
    log10 = log10;
    /// The sine.
    sin = sin;
    /// The cosine.
    cos = cos;
    /// The tangent.
    tan = tan;
    /// The angle with this sine.
    asin = asin;
    /// The angle with this cosine.
    acos = acos;
    /// The angle with this tangent.
    atan = atan;
    /// The hyperbolic sine.
    sinh = sinh;
    /// The hyperbolic cosine.
    cosh = cosh;
    /// The hyperbolic tangent.
    tanh = tanh;
    /// The inverse hyperbolic sine.
    asinh = asinh;
    /// The inverse hyperbolic cosine.
    acosh = acosh;
    /// The inverse hyperbolic tangent.
    atanh = atanh;
}

/// As many digits behind the point can be asked for.
const MOST_DIGITS: i32 = 15;

/// Numbers this large have no digits behind the point.
const WHOLE: f64 = 1e16;

/// Rounded to `digits` behind the point; between two, the even one.
#[track_caller]
pub fn round_to(value: f64, digits: i32) -> Result<f64> {
    if !(0..=MOST_DIGITS).contains(&digits) {
        return Err(Exception::new(
            "ArgumentOutOfRangeException",
            format!("{digits} digits are not between 0 and {MOST_DIGITS}"),
        ));
    }
    Ok(scaled(value, digits, f64::round_ties_even))
}

/// Rounds as if the digits stood before the point.
fn scaled(value: f64, digits: i32, round: impl FnOnce(f64) -> f64) -> f64 {
    if value.abs() >= WHOLE {
        return value;
    }
    let power = 10_f64.powi(digits);
    round(value * power) / power
}

/// Rounded to a whole number in the manner that `MidpointRounding` counts.
pub fn round_mode(value: f64, mode: i32) -> f64 {
    match mode {
        1 => value.round(),
        2 => value.trunc(),
        3 => value.floor(),
        4 => value.ceil(),
        _ => value.round_ties_even(),
    }
}

/// Rounded to `digits` behind the point in such a manner.
#[track_caller]
pub fn round_to_mode(value: f64, digits: i32, mode: i32) -> Result<f64> {
    round_to(value, digits)?;
    Ok(scaled(value, digits, |it| round_mode(it, mode)))
}

/// `x` with the sign of `y`.
pub fn copy_sign(x: f64, y: f64) -> f64 {
    x.copysign(y)
}

/// `x * y + z`, rounded once.
pub fn fused_multiply_add(x: f64, y: f64, z: f64) -> f64 {
    x.mul_add(y, z)
}

/// What is left of `x` behind the nearest multiple of `y`.
pub fn ieee_remainder(x: f64, y: f64) -> f64 {
    let rest = x % y;
    // The quotient before it was even or odd: between two multiples the even one is meant.
    let twice = rest.abs() * 2.0;
    let odd = ((x / y).trunc() % 2.0).abs() >= 1.0;
    if twice > y.abs() || (twice - y.abs() == 0.0 && odd) {
        rest - y.abs().copysign(rest)
    } else {
        rest
    }
}

/// The product of two numbers, which always fits.
pub fn big_mul(a: i32, b: i32) -> i64 {
    i64::from(a) * i64::from(b)
}

/// `x` to the power of `y`.
pub fn pow(x: f64, y: f64) -> f64 {
    x.powf(y)
}

/// The logarithm to a base.
pub fn log_to(value: f64, base: f64) -> f64 {
    value.ln() / base.ln()
}

/// The angle of the point (`x`, `y`).
pub fn atan2(y: f64, x: f64) -> f64 {
    y.atan2(x)
}

/// The length of the hypotenuse.
pub fn hypot(x: f64, y: f64) -> f64 {
    x.hypot(y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares() {
        assert_eq!((max(1, 2), min(1, 2)), (2, 1));
        assert_eq!((max(1.5, 2.0), min(-1_i64, 2)), (2.0, -1));
        assert!(max(1.0, f64::NAN).is_nan() && min(f64::NAN, 1.0).is_nan());
        assert_eq!(clamp(5, 0, 3), Ok(3));
        assert_eq!(clamp(-1.0, 0.0, 3.0), Ok(0.0));
        assert!(clamp(1, 3, 0).is_err());
        assert_eq!((sign(-3), sign(0.0), sign(7_i64)), (-1, 0, 1));
    }

    #[test]
    fn drops_signs() {
        assert_eq!((abs(-3), abs(3), abs(0)), (Ok(3), Ok(3), Ok(0)));
        assert_eq!(abs(-2.5), Ok(2.5));
        assert!(abs(-0.0_f64).is_ok_and(f64::is_sign_positive));
        assert_eq!(abs(i32::MIN).unwrap_err().kind(), "OverflowException");
    }

    #[test]
    fn rounds() {
        assert_eq!((round(2.5), round(3.5), round(-0.4)), (2.0, 4.0, -0.0));
        assert_eq!(round_to(2.125, 2), Ok(2.12));
        assert_eq!(round_to(-2.5, 0), Ok(-2.0));
        assert_eq!(round_to(1e300, 15), Ok(1e300));
        assert_eq!((round_mode(-2.5, 1), round_mode(-2.5, 0)), (-3.0, -2.0));
        assert_eq!((round_mode(-2.1, 3), round_mode(-2.9, 4)), (-3.0, -2.0));
        assert_eq!(round_to_mode(0.125, 2, 1), Ok(0.13));
        assert!(round_to_mode(0.125, 16, 1).is_err());
        assert_eq!((ieee_remainder(7.0, 4.0), ieee_remainder(6.0, 4.0)), (-1.0, -2.0));
        assert_eq!((ieee_remainder(2.0, 4.0), ieee_remainder(-5.0, 4.0)), (2.0, -1.0));
        assert!(round_to(1.0, 16).is_err() && round_to(1.0, -1).is_err());
        assert_eq!((floor(-0.5), ceiling(0.2), truncate(-1.9)), (-1.0, 1.0, -1.0));
        assert_eq!(div_rem(7, -2), Ok((-3, 1)));
        assert!(div_rem(7, 0).is_err());
    }

    #[test]
    fn knows_the_functions() {
        let near = |a: f64, b: f64| (a - b).abs() < 1e-12;
        assert!(
            near(sqrt(9.0), 3.0) && near(cbrt(27.0), 3.0) && near(pow(2.0, 10.0), 1024.0)
        );
        assert!(near(exp(log(2.0)), 2.0) && near(log_to(8.0, 2.0), 3.0));
        assert!(near(log2(8.0), 3.0) && near(log10(1000.0), 3.0) && near(log(e()), 1.0));
        assert!(near(sin(pi()), 0.0) && near(cos(0.0), 1.0) && near(tan(0.0), 0.0));
        assert!(
            near(asin(1.0), pi() / 2.0)
                && near(acos(1.0), 0.0)
                && near(atan(1.0), pi() / 4.0)
        );
        assert!(near(sinh(0.0), 0.0) && near(cosh(0.0), 1.0) && near(tanh(0.0), 0.0));
        assert!(near(atan2(1.0, 1.0), pi() / 4.0) && near(hypot(3.0, 4.0), 5.0));
    }
}
