//! Numbers: what all of them have in common, division, checked arithmetic and checked casts.
//! Plain `+ - *` are inherent Rust methods and do not come through here, except in generic code.

use std::cmp::Ordering;

use super::{Exception, Result, Show, Str};

/// A number without its type: wide enough for every integer of the language.
#[derive(Clone, Copy, Debug)]
pub enum Wide {
    /// Any integer.
    Int(i128),
    /// Any floating-point number.
    Float(f64),
}

/// What the constraint `number` promises.
pub trait Number:
    Copy
    + PartialOrd
    + Default
    + Show
    + Send
    + Sync
    + Divide<Self, Output = Self>
    + std::str::FromStr
    + 'static
{
    /// Its .NET name, for messages.
    const NAME: &'static str;
    /// The literal 0.
    const ZERO: Self;
    /// The literal 1.
    const ONE: Self;
    /// `+`, wrapping.
    fn plus(self, other: Self) -> Self;
    /// `-`, wrapping.
    fn minus(self, other: Self) -> Self;
    /// `*`, wrapping.
    fn times(self, other: Self) -> Self;
    /// Unary `-`, wrapping.
    fn negated(self) -> Self;
    /// `%`.
    fn remainder(self, other: Self) -> Result<Self>;
    /// `+` that fails instead of wrapping.
    fn plus_checked(self, other: Self) -> Option<Self>;
    /// `-` that fails instead of wrapping.
    fn minus_checked(self, other: Self) -> Option<Self>;
    /// `*` that fails instead of wrapping.
    fn times_checked(self, other: Self) -> Option<Self>;
    /// Unary `-` that fails instead of wrapping.
    fn negated_checked(self) -> Option<Self>;
    /// The same number without its type.
    fn widen(self) -> Wide;
    /// The number with this type, if it fits. Fractions are cut off for integers.
    fn narrow(wide: Wide) -> Option<Self>;
    /// The nearest `double`.
    fn to_double(self) -> f64;
}

/// Division of unlike types: `Duration / int`, and every number by its own type.
pub trait Divide<Rhs> {
    /// The quotient.
    type Output;
    /// `/`, which throws where the quotient does not exist.
    fn divide(self, by: Rhs) -> Result<Self::Output>;
}

#[track_caller]
#[cold]
pub(super) fn by_zero() -> Exception {
    Exception::new("DivideByZeroException", "attempted to divide by zero")
}

#[track_caller]
#[cold]
pub(super) fn overflow(what: impl Into<Str>) -> Exception {
    Exception::new("OverflowException", what)
}

macro_rules! integers {
    ($($name:ident $net:literal),*) => { $(
        impl Divide<$name> for $name {
            type Output = $name;

            #[inline]
            #[track_caller]
            fn divide(self, by: $name) -> Result<$name> {
                match self.checked_div(by) {
                    Some(quotient) => Ok(quotient),
                    None if by == 0 => Err(by_zero()),
                    None => Err(overflow("the smallest number divided by -1")),
                }
            }
        }

        impl Number for $name {
            const NAME: &'static str = $net;
            const ZERO: $name = 0;
            const ONE: $name = 1;

            #[inline]
            fn plus(self, other: $name) -> $name {
                self.wrapping_add(other)
            }
            #[inline]
            fn minus(self, other: $name) -> $name {
                self.wrapping_sub(other)
            }
            #[inline]
            fn times(self, other: $name) -> $name {
                self.wrapping_mul(other)
            }
            #[inline]
            fn negated(self) -> $name {
                self.wrapping_neg()
            }
            #[inline]
            #[track_caller]
            fn remainder(self, by: $name) -> Result<$name> {
                match self.checked_rem(by) {
                    Some(rest) => Ok(rest),
                    None if by == 0 => Err(by_zero()),
                    None => Err(overflow("the smallest number modulo -1")),
                }
            }
            #[inline]
            fn plus_checked(self, other: $name) -> Option<$name> {
                self.checked_add(other)
            }
            #[inline]
            fn minus_checked(self, other: $name) -> Option<$name> {
                self.checked_sub(other)
            }
            #[inline]
            fn times_checked(self, other: $name) -> Option<$name> {
                self.checked_mul(other)
            }
            #[inline]
            fn negated_checked(self) -> Option<$name> {
                self.checked_neg()
            }
            #[inline]
            fn widen(self) -> Wide {
                Wide::Int(self as i128)
            }
            #[inline]
            fn narrow(wide: Wide) -> Option<$name> {
                match wide {
                    Wide::Int(int) => $name::try_from(int).ok(),
                    // `as` cuts off the fraction, and saturates beyond what any type here holds.
                    Wide::Float(float) => {
                        let int = float as i128;
                        if float.is_nan() { None } else { $name::try_from(int).ok() }
                    }
                }
            }
            #[inline]
            fn to_double(self) -> f64 {
                self as f64
            }
        }
    )* };
}

integers! {
    i8 "SByte", i16 "Int16", i32 "Int32", i64 "Int64",
    u8 "Byte", u16 "UInt16", u32 "UInt32", u64 "UInt64"
}

macro_rules! floats {
    ($($name:ident $net:literal),*) => { $(
        impl Divide<$name> for $name {
            type Output = $name;

            #[inline]
            fn divide(self, by: $name) -> Result<$name> {
                Ok(self / by)
            }
        }

        impl Number for $name {
            const NAME: &'static str = $net;
            const ZERO: $name = 0.0;
            const ONE: $name = 1.0;

            #[inline]
            fn plus(self, other: $name) -> $name {
                self + other
            }
            #[inline]
            fn minus(self, other: $name) -> $name {
                self - other
            }
            #[inline]
            fn times(self, other: $name) -> $name {
                self * other
            }
            #[inline]
            fn negated(self) -> $name {
                -self
            }
            #[inline]
            fn remainder(self, by: $name) -> Result<$name> {
                Ok(self % by)
            }
            #[inline]
            fn plus_checked(self, other: $name) -> Option<$name> {
                Some(self + other)
            }
            #[inline]
            fn minus_checked(self, other: $name) -> Option<$name> {
                Some(self - other)
            }
            #[inline]
            fn times_checked(self, other: $name) -> Option<$name> {
                Some(self * other)
            }
            #[inline]
            fn negated_checked(self) -> Option<$name> {
                Some(-self)
            }
            #[inline]
            fn widen(self) -> Wide {
                Wide::Float(f64::from(self))
            }
            #[inline]
            fn narrow(wide: Wide) -> Option<$name> {
                Some(match wide {
                    Wide::Int(int) => int as $name,
                    Wide::Float(float) => float as $name,
                })
            }
            #[inline]
            fn to_double(self) -> f64 {
                f64::from(self)
            }
        }
    )* };
}

floats! { f32 "Single", f64 "Double" }

/// `a / b`.
#[inline]
#[track_caller]
pub fn div<A: Divide<B>, B>(a: A, b: B) -> Result<A::Output> {
    a.divide(b)
}

/// `a % b`.
#[inline]
#[track_caller]
pub fn rem<T: Number>(a: T, b: T) -> Result<T> {
    a.remainder(b)
}

/// `a + b` of a type known only as a `number`; wraps.
#[inline]
pub fn add<T: Number>(a: T, b: T) -> T {
    a.plus(b)
}

/// `a - b` of a type known only as a `number`; wraps.
#[inline]
pub fn sub<T: Number>(a: T, b: T) -> T {
    a.minus(b)
}

/// `a * b` of a type known only as a `number`; wraps.
#[inline]
pub fn mul<T: Number>(a: T, b: T) -> T {
    a.times(b)
}

/// `-a` of a type known only as a `number`; wraps.
#[inline]
pub fn neg<T: Number>(a: T) -> T {
    a.negated()
}

#[track_caller]
#[cold]
fn no_room<T: Number>(left: T, operator: &str, right: T) -> Exception {
    let (left, right) = (super::to_str(&left), super::to_str(&right));
    overflow(format!("{left} {operator} {right} does not fit into {}", T::NAME))
}

/// `checked(a + b)`.
#[inline]
#[track_caller]
pub fn checked_add<T: Number>(a: T, b: T) -> Result<T> {
    match a.plus_checked(b) {
        Some(sum) => Ok(sum),
        None => Err(no_room(a, "+", b)),
    }
}

/// `checked(a - b)`.
#[inline]
#[track_caller]
pub fn checked_sub<T: Number>(a: T, b: T) -> Result<T> {
    match a.minus_checked(b) {
        Some(difference) => Ok(difference),
        None => Err(no_room(a, "-", b)),
    }
}

/// `checked(a * b)`.
#[inline]
#[track_caller]
pub fn checked_mul<T: Number>(a: T, b: T) -> Result<T> {
    match a.times_checked(b) {
        Some(product) => Ok(product),
        None => Err(no_room(a, "*", b)),
    }
}

/// `checked(-a)`.
#[inline]
#[track_caller]
pub fn checked_neg<T: Number>(a: T) -> Result<T> {
    match a.negated_checked() {
        Some(negated) => Ok(negated),
        None => Err(no_room(T::ZERO, "-", a)),
    }
}

/// `checked((To)a)`.
#[inline]
#[track_caller]
pub fn checked_cast<To: Number, From: Number>(a: From) -> Result<To> {
    match To::narrow(a.widen()) {
        Some(same) => Ok(same),
        None => {
            let a = super::to_str(&a);
            Err(overflow(format!("{a} does not fit into {}", To::NAME)))
        }
    }
}

/// `(char)a`: throws if there is no such Unicode scalar.
#[inline]
#[track_caller]
pub fn to_char<T: Number>(a: T) -> Result<char> {
    match u32::narrow(a.widen()).and_then(char::from_u32) {
        Some(scalar) => Ok(scalar),
        None => {
            let a = super::to_str(&a);
            Err(Exception::new(
                "InvalidCastException",
                format!("{a} is not a Unicode scalar value"),
            ))
        }
    }
}

/// `value!`: the value behind a `T?`.
#[inline]
#[track_caller]
pub fn unwrap<T>(value: Option<T>) -> Result<T> {
    match value {
        Some(value) => Ok(value),
        None => Err(Exception::new("NullReferenceException", "the value is null")),
    }
}

/// The order behind `comparable`: that of `<`, with what has none (NaN) after everything else.
#[inline]
pub fn total_cmp<T: PartialOrd + ?Sized>(a: &T, b: &T) -> Ordering {
    match a.partial_cmp(b) {
        Some(order) => order,
        None => {
            let has_order = |value: &T| value.partial_cmp(value).is_some();
            has_order(b).cmp(&has_order(a))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind<T: std::fmt::Debug>(result: Result<T>) -> &'static str {
        result.unwrap_err().kind()
    }

    #[test]
    fn divides() {
        assert_eq!(div(7, 2), Ok(3));
        assert_eq!(div(-7, 2), Ok(-3));
        assert_eq!(rem(-7, 2), Ok(-1));
        assert_eq!(kind(div(1, 0)), "DivideByZeroException");
        assert_eq!(kind(rem(1_u8, 0)), "DivideByZeroException");
        assert_eq!(kind(div(i32::MIN, -1)), "OverflowException");
        assert_eq!(kind(rem(i64::MIN, -1)), "OverflowException");
        assert_eq!(div(1.0, 0.0), Ok(f64::INFINITY));
    }

    #[test]
    fn checks() {
        assert_eq!(checked_add(1, 2), Ok(3));
        assert_eq!(kind(checked_add(i32::MAX, 1)), "OverflowException");
        assert_eq!(kind(checked_sub(0_u32, 1)), "OverflowException");
        assert_eq!(kind(checked_mul(i64::MAX, 2)), "OverflowException");
        assert_eq!(kind(checked_neg(i8::MIN)), "OverflowException");
        assert_eq!(checked_cast::<u8, i32>(255), Ok(255));
        assert_eq!(
            checked_cast::<u8, i32>(256).unwrap_err().message().as_str(),
            "256 does not fit into Byte"
        );
        assert_eq!(checked_cast::<i32, f64>(-2.9), Ok(-2));
        assert_eq!(kind(checked_cast::<i32, f64>(3e9)), "OverflowException");
        assert_eq!(kind(checked_cast::<i64, f64>(f64::NAN)), "OverflowException");
        assert_eq!(to_char(65), Ok('A'));
        assert_eq!(kind(to_char(0xD800)), "InvalidCastException");
    }

    #[test]
    fn generic_code_wraps() {
        assert_eq!(add(i32::MAX, 1), i32::MIN);
        assert_eq!(sub(0_u8, 1), 255);
        assert_eq!(mul(2.5, 2.0), 5.0);
        assert_eq!(neg(5), -5);
    }

    #[test]
    fn nan_comes_last() {
        assert_eq!(total_cmp(&f64::NAN, &1.0), Ordering::Greater);
        assert_eq!(total_cmp(&1.0, &f64::NAN), Ordering::Less);
        assert_eq!(total_cmp(&f64::NAN, &f64::NAN), Ordering::Equal);
        assert_eq!(total_cmp(&1, &2), Ordering::Less);
    }

    #[test]
    fn null_has_no_value() {
        assert_eq!(unwrap(Some(1)), Ok(1));
        assert_eq!(kind(unwrap::<i32>(None)), "NullReferenceException");
    }
}
