//! `Convert`: conversions by name.
//! The work is done by the namespaces of the number types.

use super::boolean;
use super::numbers::{double, int32, int64};
use crate::value::{Result, Show, Str, checked_cast, to_str};

/// Reads a whole number.
#[track_caller]
pub fn text_to_int32(text: Option<Str>) -> Result<i32> {
    int32::parse(text)
}

/// The nearest whole number; between two, the even one.
#[track_caller]
pub fn to_int32(value: f64) -> Result<i32> {
    checked_cast(value.round_ties_even())
}

/// Reads a whole number.
#[track_caller]
pub fn text_to_int64(text: Option<Str>) -> Result<i64> {
    int64::parse(text)
}

/// The nearest whole number; between two, the even one.
#[track_caller]
pub fn to_int64(value: f64) -> Result<i64> {
    checked_cast(value.round_ties_even())
}

/// Reads a number.
#[track_caller]
pub fn text_to_double(text: Option<Str>) -> Result<f64> {
    double::parse(text)
}

/// As a `double`.
pub fn to_double(value: i64) -> f64 {
    value as f64
}

/// Reads `true` or `false`.
#[track_caller]
pub fn to_boolean(text: Option<Str>) -> Result<bool> {
    boolean::parse(text)
}

/// The character with this scalar value.
#[track_caller]
pub fn to_char(value: i32) -> Result<char> {
    crate::value::to_char(value)
}

/// As text.
pub fn to_text(value: &dyn Show) -> Str {
    to_str(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn converts() {
        let text = |text| Some(Str::from(text));
        assert_eq!((text_to_int32(text("5")), text_to_int64(text("6"))), (Ok(5), Ok(6)));
        assert_eq!((to_int32(2.5), to_int64(-3.5)), (Ok(2), Ok(-4)));
        assert_eq!(to_int32(3e9).unwrap_err().kind(), "OverflowException");
        assert_eq!((text_to_double(text("0.5")), to_double(3)), (Ok(0.5), 3.0));
        assert_eq!((to_boolean(text("true")), to_char(65)), (Ok(true), Ok('A')));
        assert!(to_char(-1).is_err());
        assert_eq!(to_text(&1.5).as_str(), "1.5");
    }
}
