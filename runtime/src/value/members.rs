//! Members of every value and of the primitives, as traits: Rust's own types take no other members.
//! Generated code imports them through the prelude.

use std::cmp::Ordering;

use super::{Result, Show, Str, to_str, total_cmp, unwrap};

/// `ToString()` of everything that can be printed.
pub trait ToText: Show {
    /// `ToString()`
    fn to_text(&self) -> Str {
        to_str(self)
    }

    /// `ToString(format)`
    #[track_caller]
    fn to_text_format(&self, format: Str) -> Result<Str> {
        let mut out = String::new();
        self.show_format(format.as_str(), &mut out)?;
        Ok(Str::from(out))
    }
}

impl<T: Show + ?Sized> ToText for T {}

/// `CompareTo` of what has an order.
pub trait CompareTo: PartialOrd + Sized {
    /// -1, 0 or 1.
    fn compare_to(&self, other: Self) -> i32 {
        match total_cmp(self, &other) {
            Ordering::Less => -1,
            Ordering::Equal => 0,
            Ordering::Greater => 1,
        }
    }
}

impl<T: PartialOrd> CompareTo for T {}

/// `Equals` of what can be compared.
pub trait Equals: PartialEq + Sized {
    /// Whether both are the same value.
    fn equals(&self, other: Self) -> bool {
        *self == other
    }
}

impl<T: PartialEq> Equals for T {}

/// Members of `T?`.
pub trait Nullable<T> {
    /// The value; throws `NullReferenceException` if there is none.
    fn value(&self) -> Result<T>;
    /// The value, or `fallback`.
    fn value_or(&self, fallback: T) -> T;
}

impl<T: Clone> Nullable<T> for Option<T> {
    #[track_caller]
    fn value(&self) -> Result<T> {
        unwrap(self.clone())
    }

    fn value_or(&self, fallback: T) -> T {
        self.clone().unwrap_or(fallback)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_them() {
        assert_eq!(5.to_text().as_str(), "5");
        assert_eq!(2.5.to_text_format(Str::lit("F2")).unwrap().as_str(), "2.50");
        let line = line!() + 1;
        let thrown = 2.5.to_text_format(Str::lit("D2")).unwrap_err();
        assert_eq!((thrown.kind(), thrown.location().line()), ("FormatException", line));
        assert!(thrown.location().file().ends_with("members.rs"));
        assert_eq!(1.compare_to(2), -1);
        assert_eq!(Str::lit("b").compare_to(Str::lit("a")), 1);
        assert_eq!(f64::NAN.compare_to(f64::NAN), 0);
        assert!('a'.equals('a') && !Str::lit("b").equals(Str::lit("a")));
    }

    #[test]
    fn nullable_values_have_theirs() {
        assert_eq!(Some(1).value(), Ok(1));
        let line = line!() + 1;
        let thrown = None::<i32>.value().unwrap_err();
        assert_eq!(thrown.location().line(), line);
        assert_eq!((None.value_or(2), Some(1).value_or(2)), (2, 1));
    }
}
