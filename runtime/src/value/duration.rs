//! `Duration`: a length of time in whole nanoseconds.
//! It does not read clocks and does not wait.

use std::ops::{Add, Mul, Neg, Sub};

use super::number::{by_zero, overflow};
use super::{Divide, Result, Show};

/// A length of time; may be negative. Reaches about 292 years and stops there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Duration(i64);

const UNITS: [(i64, &str); 6] = [
    (3_600_000_000_000, "h"),
    (60_000_000_000, "min"),
    (1_000_000_000, "s"),
    (1_000_000, "ms"),
    (1_000, "us"),
    (1, "ns"),
];

impl Duration {
    /// From nanoseconds; what a literal such as `250ms` becomes.
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// From a number of `unit`s (in nanoseconds), saturating.
    pub(crate) fn from_units(n: f64, unit: f64) -> Self {
        Self((n * unit).round() as i64)
    }

    /// The whole of it in nanoseconds.
    pub const fn as_nanos(&self) -> i64 {
        self.0
    }

    /// For waiting: negative lengths are no wait at all.
    pub fn to_std(self) -> std::time::Duration {
        std::time::Duration::from_nanos(u64::try_from(self.0).unwrap_or(0))
    }

    fn total(self, unit: f64) -> f64 {
        self.0 as f64 / unit
    }

    /// All of it in nanoseconds.
    pub fn total_nanoseconds(&self) -> f64 {
        self.total(1.0)
    }

    /// All of it in microseconds.
    pub fn total_microseconds(&self) -> f64 {
        self.total(1e3)
    }

    /// All of it in milliseconds.
    pub fn total_milliseconds(&self) -> f64 {
        self.total(1e6)
    }

    /// All of it in seconds.
    pub fn total_seconds(&self) -> f64 {
        self.total(1e9)
    }

    /// All of it in minutes.
    pub fn total_minutes(&self) -> f64 {
        self.total(6e10)
    }

    /// All of it in hours.
    pub fn total_hours(&self) -> f64 {
        self.total(3.6e12)
    }

    /// Without its sign.
    pub fn abs(&self) -> Self {
        Self(self.0.saturating_abs())
    }
}

impl Add for Duration {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Duration {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Duration {
    type Output = Self;

    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

macro_rules! integer_factors {
    ($($name:ident),*) => { $(
        impl Mul<$name> for Duration {
            type Output = Duration;

            fn mul(self, factor: $name) -> Duration {
                Duration(self.0.saturating_mul(i64::from(factor)))
            }
        }

        impl Mul<Duration> for $name {
            type Output = Duration;

            fn mul(self, duration: Duration) -> Duration {
                duration * self
            }
        }

        impl Divide<$name> for Duration {
            type Output = Duration;

            #[track_caller]
            fn divide(self, by: $name) -> Result<Duration> {
                if by == 0 {
                    return Err(by_zero());
                }
                Ok(Duration(self.0.saturating_div(i64::from(by))))
            }
        }
    )* };
}

integer_factors! { i8, i16, i32, i64, u8, u16, u32 }

impl Mul<f64> for Duration {
    type Output = Self;

    fn mul(self, factor: f64) -> Self {
        Self::from_units(factor, self.0 as f64)
    }
}

impl Mul<Duration> for f64 {
    type Output = Duration;

    fn mul(self, duration: Duration) -> Duration {
        duration * self
    }
}

impl Divide<f64> for Duration {
    type Output = Self;

    #[track_caller]
    fn divide(self, by: f64) -> Result<Self> {
        let quotient = self.0 as f64 / by;
        if by == 0.0 {
            Err(by_zero())
        } else if quotient.is_nan() {
            Err(overflow("a duration divided by NaN"))
        } else {
            Ok(Self(quotient.round() as i64))
        }
    }
}

/// How often one goes into the other.
impl Divide<Duration> for Duration {
    type Output = f64;

    #[track_caller]
    fn divide(self, by: Duration) -> Result<f64> {
        if by.0 == 0 { Err(by_zero()) } else { Ok(self.0 as f64 / by.0 as f64) }
    }
}

/// As the literal that makes it: the largest unit that divides it.
impl Show for Duration {
    fn show(&self, out: &mut String) {
        let (size, name) = match self.0 {
            0 => (1, "s"),
            n => UNITS.into_iter().find(|(size, _)| n % size == 0).unwrap_or((1, "ns")),
        };
        (self.0 / size).show(out);
        out.push_str(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{div, to_str};

    const SECOND: Duration = Duration::from_nanos(1_000_000_000);

    #[test]
    fn calculates() {
        assert_eq!(SECOND + SECOND, 2 * SECOND);
        assert_eq!(SECOND * 1.5 - SECOND, 0.5 * SECOND);
        assert_eq!(div(SECOND, 4), Ok(0.25 * SECOND));
        assert_eq!(div(SECOND, 0.5), Ok(SECOND * 2_i64));
        assert_eq!(div(SECOND, SECOND * 4), Ok(0.25));
        assert_eq!(div(SECOND, 0).unwrap_err().kind(), "DivideByZeroException");
        assert_eq!((-SECOND).abs(), SECOND);
        assert!(SECOND < SECOND * 2);
        assert_eq!((SECOND * 90_i32).total_minutes(), 1.5);
        assert_eq!(SECOND.total_milliseconds(), 1000.0);
        assert_eq!((-SECOND).to_std(), std::time::Duration::ZERO);
    }

    #[test]
    fn prints_as_its_literal() {
        for (nanos, text) in [
            (0, "0s"),
            (250_000_000, "250ms"),
            (90_000_000_000, "90s"),
            (7_200_000_000_000, "2h"),
            (-1_500, "-1500ns"),
        ] {
            assert_eq!(to_str(&Duration::from_nanos(nanos)).as_str(), text);
        }
    }
}
