//! Decoding of literals: numbers, durations, escape sequences. It works on slices of text
//! and leaves range checks that need a type to the types phase.

use super::ast::{IntSuffix, Literal};

/// The value of a number as written, or what is wrong with it.
pub(crate) fn number(text: &str) -> Result<Literal, String> {
    let lower = text.to_ascii_lowercase();
    if let Some(digits) = lower.strip_prefix("0x") {
        return radix(digits, 16, "hexadecimal");
    }
    if let Some(digits) = lower.strip_prefix("0b") {
        return radix(digits, 2, "binary");
    }
    let split = mantissa_length(&lower);
    let (digits, suffix) = lower.split_at(split);
    let plain: String = digits.chars().filter(|&it| it != '_').collect();
    if digits.ends_with('_') {
        return Err("a number does not end with `_`".into());
    }
    let whole = plain.bytes().all(|it| it.is_ascii_digit());
    match suffix {
        "" if whole => integer(&plain, 10, IntSuffix::None),
        "u" | "l" | "ul" | "lu" if whole => integer(&plain, 10, int_suffix(suffix)),
        "" | "d" => float(&plain, false),
        "f" => float(&plain, true),
        "m" => Ok(Literal::Decimal(plain)),
        _ => match unit(&text[split..]) {
            Some(nanoseconds) => duration(&plain, nanoseconds),
            None => Err(no_suffix(&text[split..])),
        },
    }
}

/// What is wrong with a suffix; of one that means a length of time, how it is written.
fn no_suffix(suffix: &str) -> String {
    let unit = match suffix.to_lowercase().as_str() {
        "nsec" | "nanos" | "nanoseconds" => "ns",
        "usec" | "micros" | "microseconds" | "µs" | "μs" => "us",
        "msec" | "msecs" | "millis" | "milliseconds" => "ms",
        "sec" | "secs" | "second" | "seconds" => "s",
        "mins" | "minute" | "minutes" => "min",
        "hr" | "hrs" | "hour" | "hours" => "h",
        _ => return format!("`{suffix}` is no suffix of a number"),
    };
    format!("`{suffix}` is no suffix of a number, the unit is `{unit}`")
}

/// Length of digits, point and exponent.
fn mantissa_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |mut at: usize| {
        while bytes.get(at).is_some_and(|it| it.is_ascii_digit() || *it == b'_') {
            at += 1;
        }
        at
    };
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1);
    }
    if bytes.get(end) == Some(&b'e') {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(end + 1 + sign);
        if exponent > end + 1 + sign {
            end = exponent;
        }
    }
    end
}

fn radix(text: &str, radix: u32, name: &str) -> Result<Literal, String> {
    let digits: String = text.chars().filter(|&it| it != '_').collect();
    let end = digits.find(|it: char| !it.is_digit(radix)).unwrap_or(digits.len());
    let (digits, suffix) = digits.split_at(end);
    if digits.is_empty() {
        return Err(format!("a {name} number needs digits"));
    }
    match suffix {
        "" | "u" | "l" | "ul" | "lu" => integer(digits, radix, int_suffix(suffix)),
        _ => Err(format!("`{suffix}` does not belong in a {name} number")),
    }
}

fn int_suffix(text: &str) -> IntSuffix {
    match text {
        "u" => IntSuffix::Unsigned,
        "l" => IntSuffix::Long,
        "ul" | "lu" => IntSuffix::UnsignedLong,
        _ => IntSuffix::None,
    }
}

fn integer(digits: &str, radix: u32, suffix: IntSuffix) -> Result<Literal, String> {
    u64::from_str_radix(digits, radix)
        .map(|value| Literal::Int { value, suffix })
        .map_err(|_| {
            format!("the number is larger than {}, the largest `ulong`", u64::MAX)
        })
}

fn float(digits: &str, single: bool) -> Result<Literal, String> {
    let parsed =
        if single { digits.parse::<f32>().map(f64::from) } else { digits.parse::<f64>() };
    match parsed {
        Ok(value) if value.is_finite() => Ok(Literal::Float { value, single }),
        Ok(_) if single => Err("the number is too large for `float`".into()),
        Ok(_) => Err("the number is too large for `double`".into()),
        Err(_) => Err("the number is malformed".into()),
    }
}

/// Nanoseconds in a unit of time.
fn unit(suffix: &str) -> Option<i128> {
    Some(match suffix {
        "ns" => 1,
        "us" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "min" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    })
}

fn duration(digits: &str, unit: i128) -> Result<Literal, String> {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let too_long = || "the duration is longer than 292 years".to_string();
    let parse = |text: &str| text.parse::<i128>();
    if digits.contains('e') {
        return Err("a duration has no exponent".into());
    }
    let whole =
        if whole.is_empty() { 0 } else { parse(whole).map_err(|_| too_long())? };
    let mut total = whole.checked_mul(unit).ok_or_else(too_long)?;
    let fraction = fraction.trim_end_matches('0');
    if !fraction.is_empty() {
        let finer = "the duration is finer than a nanosecond".to_string();
        let scale = u32::try_from(fraction.len()).ok().filter(|&it| it <= 18);
        let scale = 10_i128.pow(scale.ok_or_else(|| finer.clone())?);
        let part = parse(fraction).map_err(|_| finer.clone())? * unit;
        if part % scale != 0 {
            return Err(finer);
        }
        total += part / scale;
    }
    i64::try_from(total).map(Literal::Duration).map_err(|_| too_long())
}

/// Reads `text`, which begins with a backslash: bytes taken, and the character.
pub(crate) fn escape(text: &str) -> (usize, Result<char, String>) {
    let Some(c) = text[1..].chars().next() else {
        return (1, Err("nothing follows the backslash".into()));
    };
    let simple = match c {
        '\'' | '"' | '\\' => c,
        '0' => '\0',
        'a' => '\u{07}',
        'b' => '\u{08}',
        'e' => '\u{1B}',
        'f' => '\u{0C}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{0B}',
        'x' => return code(text, 1, 4),
        'u' if text[2..].starts_with('{') => return braced(text),
        'u' => return code(text, 4, 4),
        'U' => return code(text, 8, 8),
        '\n' | '\r' => return (1, Err("nothing follows the backslash".into())),
        _ => {
            let why =
                format!("`\\{c}` is no escape sequence; a backslash is written `\\\\`");
            return (1 + c.len_utf8(), Err(why));
        }
    };
    (2, Ok(simple))
}

/// `\x41`, `\u0041`, `\U0001F600`
fn code(text: &str, least: usize, most: usize) -> (usize, Result<char, String>) {
    let digits = &text[2..];
    let length = digits.bytes().take(most).take_while(u8::is_ascii_hexdigit).count();
    let taken = 2 + length;
    if length < least {
        let why = format!("`{}` needs {least} hexadecimal digits", &text[..2]);
        return (taken, Err(why));
    }
    (taken, character(&digits[..length]))
}

/// `\u{1F600}`
fn braced(text: &str) -> (usize, Result<char, String>) {
    let digits = &text[3..];
    let length = digits.bytes().take_while(u8::is_ascii_hexdigit).count();
    let closed = digits[length..].starts_with('}');
    if length == 0 || !closed {
        let why = "`\\u{` needs hexadecimal digits and a `}`".into();
        return (3 + length + usize::from(closed), Err(why));
    }
    (3 + length + 1, character(&digits[..length]))
}

/// The character of a number in hexadecimal digits.
fn character(digits: &str) -> Result<char, String> {
    let value = u32::from_str_radix(digits, 16).unwrap_or(u32::MAX);
    match char::from_u32(value) {
        Some(c) => Ok(c),
        None if (0xD800..0xE000).contains(&value) => {
            Err("half of a surrogate pair is no character".into())
        }
        None => Err("there is no character of that number".into()),
    }
}

/// `, -8` at the start of `text`, if a format or the end of the hole follows: the number and
/// the bytes taken.
pub(crate) fn alignment(text: &str) -> (Option<i32>, usize) {
    let Some(rest) = text.strip_prefix(',') else { return (None, 0) };
    let part_of_number = |it: char| it == '-' || it == ' ' || it.is_ascii_digit();
    let end = rest.find(|it| !part_of_number(it)).unwrap_or(rest.len());
    match rest[..end].trim().parse() {
        Ok(width) if rest[end..].starts_with([':', '}']) => (Some(width), 1 + end),
        _ => (None, 0),
    }
}
