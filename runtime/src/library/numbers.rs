//! The namespaces of the number types: their bounds, and reading them from text.
//! Writing them as text is in `value/digits.rs`.

use crate::value::{Exception, Result, Str};

/// Why text is not a number.
pub(super) enum Fault {
    Shape,
    Range,
}

#[track_caller]
#[cold]
pub(super) fn thrown(text: Option<Str>, fault: Fault, what: &str) -> Exception {
    match (text, fault) {
        (None, _) => Exception::new("FormatException", format!("null is no {what}")),
        (Some(text), Fault::Shape) => {
            Exception::new("FormatException", format!("`{text}` is no {what}"))
        }
        (Some(text), Fault::Range) => Exception::new(
            "OverflowException",
            format!("`{text}` does not fit into {what}"),
        ),
    }
}

/// Reads a whole number: white space around it and one sign are allowed.
fn whole<T: TryFrom<i128>>(text: &str) -> std::result::Result<T, Fault> {
    let text = text.trim();
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Fault::Shape);
    }
    // What is too long for 128 bits fits nowhere.
    let value: i128 = text.parse().map_err(|_| Fault::Range)?;
    T::try_from(value).map_err(|_| Fault::Range)
}

/// Reads a floating-point number; thousands may be grouped before the point.
fn float<T: std::str::FromStr>(text: &str) -> std::result::Result<T, Fault> {
    let text = text.trim();
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let named =
        ["Infinity", "∞", "NaN"].iter().any(|name| unsigned.eq_ignore_ascii_case(name));
    if named {
        return text.replace('∞', "inf").parse().map_err(|_| Fault::Shape);
    }
    // Rust reads `inf` and `nan` too, which .NET does not.
    let plain = |byte: u8| byte.is_ascii_digit() || b".,eE+-".contains(&byte);
    if !unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.')
        || !unsigned.bytes().all(plain)
    {
        return Err(Fault::Shape);
    }
    let (whole, rest) =
        unsigned.split_at(unsigned.find(['.', 'e', 'E']).unwrap_or(unsigned.len()));
    if rest.contains(',') {
        return Err(Fault::Shape);
    }
    let sign = if text.starts_with('-') { "-" } else { "" };
    format!("{sign}{}{rest}", whole.replace(',', "")).parse().map_err(|_| Fault::Shape)
}

macro_rules! namespaces {
    ($($doc:literal $name:ident: $ty:ident, $read:ident, $what:literal { $($more:item)* })*) => { $(
        #[doc = $doc]
        pub mod $name {
            use super::{Fault, Result, Str, thrown};

            /// The least value.
            pub fn min_value() -> $ty {
                $ty::MIN
            }

            /// The greatest value.
            pub fn max_value() -> $ty {
                $ty::MAX
            }

            /// Reads a number.
            #[track_caller]
            pub fn parse(text: Option<Str>) -> Result<$ty> {
                let read = match &text {
                    Some(text) => super::$read(text.as_str()),
                    None => Err(Fault::Shape),
                };
                match read {
                    Ok(value) => Ok(value),
                    Err(fault) => Err(thrown(text, fault, $what)),
                }
            }

            /// Reads a number, or gives null.
            pub fn try_parse(text: Option<Str>) -> Option<$ty> {
                super::$read(text?.as_str()).ok()
            }

            $($more)*
        }
    )* };
}

macro_rules! integers {
    ($($doc:literal $name:ident: $ty:ident, $what:literal;)*) => {
        namespaces! { $($doc $name: $ty, whole, $what {})* }
    };
}

integers! {
    "`SByte`" sbyte: i8, "sbyte";
    "`Int16`" int16: i16, "short";
    "`Int32`" int32: i32, "int";
    "`Int64`" int64: i64, "long";
    "`Byte`" byte: u8, "byte";
    "`UInt16`" uint16: u16, "ushort";
    "`UInt32`" uint32: u32, "uint";
    "`UInt64`" uint64: u64, "ulong";
}

macro_rules! floats {
    ($($doc:literal $name:ident: $ty:ident, $what:literal;)*) => {
        namespaces! { $($doc $name: $ty, float, $what {
            /// The least value above 0.
            pub fn epsilon() -> $ty {
                $ty::from_bits(1)
            }

            /// What is no number.
            pub fn nan() -> $ty {
                $ty::NAN
            }

            /// More than every other value.
            pub fn positive_infinity() -> $ty {
                $ty::INFINITY
            }

            /// Less than every other value.
            pub fn negative_infinity() -> $ty {
                $ty::NEG_INFINITY
            }

            /// Whether it is no number.
            pub fn is_nan(value: $ty) -> bool {
                value.is_nan()
            }

            /// Whether it is infinite, with either sign.
            pub fn is_infinity(value: $ty) -> bool {
                value.is_infinite()
            }

            /// Whether it is a number and not infinite.
            pub fn is_finite(value: $ty) -> bool {
                value.is_finite()
            }

            /// Whether it is more than every other value.
            pub fn is_positive_infinity(value: $ty) -> bool {
                value.is_infinite() && value > 0.0
            }

            /// Whether it is less than every other value.
            pub fn is_negative_infinity(value: $ty) -> bool {
                value.is_infinite() && value < 0.0
            }

            /// Whether its sign is minus, also of -0.
            pub fn is_negative(value: $ty) -> bool {
                value.is_sign_negative()
            }

            /// Whether it is a whole number.
            pub fn is_integer(value: $ty) -> bool {
                value.is_finite() && value.fract().abs() <= 0.0
            }
        })* }
    };
}

floats! {
    "`Single`" single: f32, "float";
    "`Double`" double: f64, "double";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Option<Str> {
        Some(Str::from(text))
    }

    #[test]
    fn reads_whole_numbers() {
        assert_eq!(int32::parse(text(" -42 ")), Ok(-42));
        assert_eq!(int32::parse(text("+7")), Ok(7));
        assert_eq!(int32::parse(text("007")), Ok(7));
        for bad in ["", " ", "x", "1.5", "4 2", "--1", "+-1", "1_0", "0x1", "١"] {
            let thrown = int32::parse(text(bad)).unwrap_err();
            assert_eq!(thrown.kind(), "FormatException", "{bad}");
            assert_eq!(int32::try_parse(text(bad)), None);
        }
        let line = line!() + 1;
        let thrown = int32::parse(None).unwrap_err();
        assert_eq!((thrown.kind(), thrown.location().line()), ("FormatException", line));
        let thrown = int32::parse(text("2147483648")).unwrap_err();
        assert_eq!(thrown.kind(), "OverflowException");
        assert!(int64::parse(text(&"9".repeat(50))).is_err());
        assert_eq!(int64::parse(text("-9223372036854775808")), Ok(i64::MIN));
        assert_eq!(
            (sbyte::parse(text("-1")), byte::try_parse(text("-1"))),
            (Ok(-1), None)
        );
        assert_eq!((int16::parse(text("1")), uint16::parse(text("1"))), (Ok(1), Ok(1)));
        assert_eq!((uint32::max_value(), uint64::min_value()), (u32::MAX, 0));
        assert_eq!(uint64::parse(text("18446744073709551615")), Ok(u64::MAX));
    }

    #[test]
    fn reads_floating_point_numbers() {
        for (given, value) in [
            ("1.5", 1.5),
            (" -2 ", -2.0),
            ("+.5", 0.5),
            ("5.", 5.0),
            ("1e3", 1000.0),
            ("1.5E-3", 0.0015),
            ("1,234.5", 1234.5),
            ("-Infinity", f64::NEG_INFINITY),
        ] {
            assert_eq!(double::parse(text(given)), Ok(value), "{given}");
        }
        assert!(double::parse(text("NaN")).is_ok_and(double::is_nan));
        for bad in ["", "x", "inf", "1e", "1.2.3", "1.2,3", "1-2", "--1", ",1", "."] {
            let thrown = double::parse(text(bad)).unwrap_err();
            assert_eq!(thrown.kind(), "FormatException", "{bad}");
            assert_eq!(double::try_parse(text(bad)), None);
        }
        assert!(double::parse(None).is_err());
        assert_eq!(single::parse(text("0.1")), Ok(0.1));
        assert!(double::is_infinity(double::positive_infinity()));
        assert!(double::negative_infinity() < double::min_value());
        assert!(double::is_nan(double::nan()) && double::is_finite(double::max_value()));
        assert!(double::epsilon() > 0.0 && double::epsilon() / 2.0 == 0.0);
    }
}
