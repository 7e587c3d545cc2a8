//! The arithmetic of `decimal` as .NET has it, on the numbers of `rust_decimal`, which
//! differ from .NET's in places behind the point of zeros and quotients; and decimals from
//! text and from binary floating point, and back. It throws nothing.
//!
//! The compiler computes constants with this file as well.

use rust_decimal::Decimal as Inner;

/// Why text is not a decimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Shape,
    Range,
}

/// Most digits behind the point.
pub(crate) const MOST_PLACES: u32 = 28;
/// Digits of a `double` that take part, as in .NET.
pub(crate) const DOUBLE: usize = 15;
/// Digits of a `float` that take part.
pub(crate) const SINGLE: usize = 7;

/// `a + b`, if it fits.
pub(crate) fn add(a: Inner, b: Inner) -> Option<Inner> {
    if a.is_zero() || b.is_zero() {
        let sum = if a.is_zero() { b } else { a };
        return Some(with_places(sum, a.scale().max(b.scale())));
    }
    a.checked_add(b)
}

/// `a - b`, if it fits.
pub(crate) fn sub(a: Inner, b: Inner) -> Option<Inner> {
    add(a, -b)
}

/// `a * b`, if it fits.
pub(crate) fn mul(a: Inner, b: Inner) -> Option<Inner> {
    if a.is_zero() || b.is_zero() {
        return Some(zero_of(a.scale() + b.scale()));
    }
    a.checked_mul(b)
}

/// `a / b`, if it fits and `b` is not zero.
pub(crate) fn div(a: Inner, b: Inner) -> Option<Inner> {
    let quotient = a.checked_div(b)?;
    let places = a.scale().saturating_sub(b.scale());
    if a.is_zero() {
        return Some(zero_of(places));
    }
    // What needed further places has no more of them than it needs.
    Some(if quotient.scale() > places { quotient.normalize() } else { quotient })
}

/// `a % b`, if it fits and `b` is not zero.
pub(crate) fn rem(a: Inner, b: Inner) -> Option<Inner> {
    let rest = a.checked_rem(b)?;
    Some(if a.abs() < b.abs() { a } else { rest })
}

/// Zero with as many places behind the point as there may be.
fn zero_of(places: u32) -> Inner {
    Inner::from_parts(0, 0, 0, false, places.min(MOST_PLACES))
}

/// The same value with at least so many places behind the point, as far as they fit.
fn with_places(mut value: Inner, places: u32) -> Inner {
    if value.scale() < places {
        value.rescale(places);
    }
    value
}

/// Reads a decimal: white space around it and one sign are allowed, thousands may be grouped
/// before the point. What is too precise is rounded.
pub(crate) fn read(text: &str) -> Result<Inner, Fault> {
    let text = text.trim();
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits = |it: &str| it.bytes().all(|byte| byte.is_ascii_digit());
    let grouped = whole.replace(',', "");
    let starts = whole.starts_with(|it: char| it.is_ascii_digit()) || whole.is_empty();
    if !starts || !digits(&grouped) || !digits(fraction) {
        return Err(Fault::Shape);
    }
    if grouped.is_empty() && fraction.is_empty() {
        return Err(Fault::Shape);
    }
    exact(&grouped, fraction, negative)
}

/// A number of a JSON text or a literal, with an exponent or without, which is known to be
/// well-formed.
pub(crate) fn scientific(text: &str) -> Result<Inner, Fault> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let zero = digits.bytes().all(|digit| digit == b'0');
    // An exponent beyond these is as good as none: the result is zero, or out of range.
    let exponent = exponent.parse::<i64>().unwrap_or(match exponent.starts_with('-') {
        true => -1_000_000,
        false => 1_000_000,
    });
    let point = whole.len() as i64 + exponent.clamp(-1_000_000, 1_000_000);
    if !zero && point > 40 + digits.len() as i64 {
        return Err(Fault::Range);
    }
    let (whole, fraction) = match usize::try_from(point) {
        Ok(point) if point <= digits.len() => {
            let (whole, fraction) = digits.split_at(point);
            (whole.to_owned(), fraction.to_owned())
        }
        Ok(_) if zero => ("0".to_owned(), String::new()),
        Ok(point) => (format!("{digits:0<point$}"), String::new()),
        // What lies that far behind the point does not show.
        Err(_) if point < -60 => ("0".to_owned(), "0".repeat(MOST_PLACES as usize)),
        Err(_) => {
            let zeros = "0".repeat(usize::try_from(-point).unwrap_or(0));
            (String::new(), zeros + &digits)
        }
    };
    exact(&whole, &fraction, negative)
}

/// The decimal with these digits before and behind the point, rounded half to even.
fn exact(whole: &str, fraction: &str, negative: bool) -> Result<Inner, Fault> {
    let whole = whole.trim_start_matches('0');
    if whole.len() > 29 {
        return Err(Fault::Range);
    }
    let mut digits: i128 = 0;
    for digit in whole.bytes() {
        digits = digits * 10 + i128::from(digit - b'0');
    }
    if digits > Inner::MAX.mantissa() {
        return Err(Fault::Range);
    }
    let mut scale = 0;
    let mut rest = fraction.bytes();
    for digit in rest.by_ref() {
        let next = digits * 10 + i128::from(digit - b'0');
        if scale == MOST_PLACES || next > Inner::MAX.mantissa() {
            let beyond = rest.any(|it| it != b'0');
            digits = match digit.cmp(&b'5') {
                std::cmp::Ordering::Less => digits,
                std::cmp::Ordering::Equal if !beyond && digits % 2 == 0 => digits,
                _ => digits + 1,
            };
            if digits > Inner::MAX.mantissa() {
                if scale == 0 {
                    return Err(Fault::Range);
                }
                // One place less has room for what was rounded up.
                digits = (digits + 5) / 10;
                scale -= 1;
            }
            break;
        }
        digits = next;
        scale += 1;
    }
    let mut value = Inner::from_i128_with_scale(digits, scale);
    value.set_sign_negative(negative);
    Ok(value)
}

/// A floating-point number rounded to `precision` digits; none for what is no number or does
/// not fit.
pub(crate) fn of_double(value: f64, precision: usize) -> Option<Inner> {
    if !value.is_finite() {
        return None;
    }
    let text = format!("{:.*e}", precision - 1, value);
    let (mantissa, exponent) = text.split_once('e')?;
    let mantissa = mantissa.trim_end_matches('0');
    let read = scientific(&format!("{mantissa}e{exponent}")).ok()?;
    // `12e1` is 120 without a place behind the point, `1.50` was 1.5.
    Some(if read.scale() > 0 { read.normalize() } else { read })
}

/// The nearest `double`.
#[expect(clippy::cast_precision_loss, reason = "it is exact below the bound")]
pub(crate) fn to_double(value: Inner) -> f64 {
    const EXACT: i128 = 1 << 53;
    const POWERS: usize = 23;
    let (digits, scale) = (value.mantissa(), value.scale());
    // Both operands are exact, so that the division rounds once.
    if digits.abs() < EXACT && (scale as usize) < POWERS {
        return digits as f64 / 10_f64.powi(scale as i32);
    }
    value.to_string().parse().unwrap_or(f64::NAN)
}
