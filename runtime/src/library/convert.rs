//! `Convert`: conversions by name.
//! The work is done by the namespaces of the number types.

use super::boolean;
use super::numbers::{double, int32, int64};
use crate::value::{Exception, Result, Show, Str, checked_cast, to_str};

/// Reads a whole number.
#[track_caller]
pub fn text_to_int32(text: Option<Str>) -> Result<i32> {
    int32::parse(text)
}

/// The digits of a whole number of this base, read as 64 bits.
#[track_caller]
fn based(text: Option<Str>, base: i32) -> Result<u64> {
    let radix = radix(base)?;
    let digits = text.as_ref().map_or("", |it| it.as_str()).trim();
    let digits = match digits.strip_prefix("0x").or(digits.strip_prefix("0X")) {
        Some(rest) if radix == 16 => rest,
        _ => digits,
    };
    let error = |kind| {
        Exception::new(kind, format!("`{digits}` is no whole number of base {base}"))
    };
    if digits.is_empty() || !digits.chars().all(|it| it.is_digit(radix)) {
        return Err(error("FormatException"));
    }
    u64::from_str_radix(digits, radix).map_err(|_| error("OverflowException"))
}

#[track_caller]
fn radix(base: i32) -> Result<u32> {
    match base {
        2 | 8 | 10 | 16 => Ok(base.unsigned_abs()),
        _ => Err(Exception::new(
            "ArgumentOutOfRangeException",
            format!("{base} is none of the bases 2, 8, 10 and 16"),
        )),
    }
}

/// Reads a whole number of base 2, 8, 10 or 16. Only base 10 has a sign; elsewhere the
/// digits are the bits.
#[track_caller]
pub fn text_to_int32_base(text: Option<Str>, base: i32) -> Result<i32> {
    if base == 10 {
        return int32::parse(text);
    }
    let bits = based(text, base)?;
    checked_cast::<u32, _>(bits).map(u32::cast_signed)
}

/// Reads a whole number of base 2, 8, 10 or 16, as `text_to_int32_base`.
#[track_caller]
pub fn text_to_int64_base(text: Option<Str>, base: i32) -> Result<i64> {
    if base == 10 {
        return int64::parse(text);
    }
    based(text, base).map(u64::cast_signed)
}

/// As text of base 2, 8, 10 or 16.
#[track_caller]
pub fn to_text_base(value: i64, base: i32) -> Result<Str> {
    radix(base)?;
    Ok(Str::from(match base {
        2 => format!("{value:b}"),
        8 => format!("{value:o}"),
        16 => format!("{value:x}"),
        _ => value.to_string(),
    }))
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
        assert_eq!(text_to_int32_base(text("FFFFFFFF"), 16), Ok(-1));
        assert_eq!(text_to_int32_base(text("-7"), 10), Ok(-7));
        assert_eq!(text_to_int64_base(text("0x10"), 16), Ok(16));
        let thrown =
            |text, base| text_to_int32_base(text, base).unwrap_err().kind().to_owned();
        assert_eq!(thrown(text("100000000"), 16), "OverflowException");
        assert_eq!(thrown(text("12"), 2), "FormatException");
        assert_eq!(thrown(text("12"), 3), "ArgumentOutOfRangeException");
        assert_eq!(to_text_base(-1, 16).unwrap().length(), 16);
    }
}
