//! `decimal`: exact decimal numbers of 28 to 29 digits, computed like .NET's. How they
//! compute is in `exact`, what the library declares in `namespace` and `math`.

pub(crate) mod exact;
pub(crate) mod math;
pub mod namespace;

use std::fmt::Write as _;

use axum_rt::abi::v1::{Divide, Exception, Number, Result, Show, Wide};
use rust_decimal::Decimal as Inner;

/// An exact decimal number. Its digits behind the point are part of how it prints, not of
/// what it equals: `1.50 == 1.5`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(Inner);

impl Decimal {
    /// `lo`, `mid` and `hi` are the 96 bits of the digits, `scale` is how many of the digits
    /// stand behind the point.
    #[must_use]
    pub const fn of(lo: u32, mid: u32, hi: u32, negative: bool, scale: u32) -> Self {
        Self(Inner::from_parts(lo, mid, hi, negative, scale))
    }

    pub(crate) fn from_inner(value: Inner) -> Self {
        Self(value)
    }

    /// The nearest `double`.
    #[must_use]
    pub fn to_double(self) -> f64 {
        exact::to_double(self.0)
    }

    /// The nearest `float`.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "it rounds, as in C#")]
    pub fn to_single(self) -> f32 {
        exact::to_double(self.0) as f32
    }
}

macro_rules! from_integers {
    ($($name:ident),*) => { $(
        impl From<$name> for Decimal {
            fn from(value: $name) -> Self {
                Self(Inner::from(value))
            }
        }
    )* };
}

from_integers! { i8, i16, i32, i64, u8, u16, u32, u64 }

impl Show for Decimal {
    fn show(&self, out: &mut String) {
        // Writing into a `String` cannot fail.
        let _ = write!(out, "{}", unsigned_zero(self.0));
    }

    #[track_caller]
    fn show_format(&self, spec: &str, out: &mut String) -> Result<()> {
        if matches!(spec, "" | "G" | "g") {
            self.show(out);
            return Ok(());
        }
        let value = unsigned_zero(self.0);
        let digits = value.abs().to_string();
        axum_rt::kit::format_digits(&digits, value.is_sign_negative(), spec, out)
    }
}

/// Zero has no sign, whatever it was computed from.
fn unsigned_zero(value: Inner) -> Inner {
    if value.is_zero() { value.abs() } else { value }
}

#[track_caller]
#[cold]
fn by_zero() -> Exception {
    Exception::new("DivideByZeroException", "attempted to divide by zero")
}

#[track_caller]
#[cold]
fn overflow(left: Decimal, operator: &str, right: Decimal) -> Exception {
    let mut message = String::new();
    left.show(&mut message);
    let _ = write!(message, " {operator} ");
    right.show(&mut message);
    message.push_str(" does not fit into decimal");
    Exception::new("OverflowException", message)
}

impl Divide<Decimal> for Decimal {
    type Output = Decimal;

    #[track_caller]
    fn divide(self, by: Decimal) -> Result<Decimal> {
        match exact::div(self.0, by.0) {
            Some(quotient) => Ok(Self(quotient)),
            None if by.0.is_zero() => Err(by_zero()),
            None => Err(overflow(self, "/", by)),
        }
    }
}

impl std::str::FromStr for Decimal {
    type Err = ();

    fn from_str(text: &str) -> std::result::Result<Self, ()> {
        exact::read(text).map(Self).map_err(|_| ())
    }
}

/// For generic members of the library. There is nothing to wrap around to: what does not fit
/// stays at the bound, and members that can throw ask the checked forms.
impl Number for Decimal {
    const NAME: &'static str = "Decimal";
    const ZERO: Self = Self(Inner::ZERO);
    const ONE: Self = Self(Inner::ONE);

    fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
    fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
    fn times(self, other: Self) -> Self {
        Self(self.0.saturating_mul(other.0))
    }
    fn negated(self) -> Self {
        Self(-self.0)
    }
    #[track_caller]
    fn remainder(self, by: Self) -> Result<Self> {
        match exact::rem(self.0, by.0) {
            Some(rest) => Ok(Self(rest)),
            None if by.0.is_zero() => Err(by_zero()),
            None => Err(overflow(self, "%", by)),
        }
    }
    fn plus_checked(self, other: Self) -> Option<Self> {
        exact::add(self.0, other.0).map(Self)
    }
    fn minus_checked(self, other: Self) -> Option<Self> {
        exact::sub(self.0, other.0).map(Self)
    }
    fn times_checked(self, other: Self) -> Option<Self> {
        exact::mul(self.0, other.0).map(Self)
    }
    fn negated_checked(self) -> Option<Self> {
        Some(Self(-self.0))
    }
    fn widen(self) -> Wide {
        Wide::Float(self.to_double())
    }
    fn narrow(wide: Wide) -> Option<Self> {
        match wide {
            Wide::Int(int) => Inner::try_from_i128_with_scale(int, 0).ok().map(Self),
            Wide::Float(float) => exact::of_double(float, exact::DOUBLE).map(Self),
        }
    }
    fn to_double(self) -> f64 {
        exact::to_double(self.0)
    }
}

#[cfg(test)]
mod tests;
