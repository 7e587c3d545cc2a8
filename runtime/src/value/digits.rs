//! Numbers as decimal digits: rounding half away from zero, and the .NET formats of the invariant culture.
//! It does not parse numbers, and does not know composite format strings.

use super::show::bad_format;
use super::{Exception, Result};

/// A number to be formatted.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source<'a> {
    /// An integer and the width of its type, which hexadecimal of negative numbers shows.
    Int {
        value: i128,
        bits: u32,
    },
    Float(f64),
    /// All digits of a number, such as `12.30`, without its sign.
    Text {
        digits: &'a str,
        negative: bool,
    },
}

/// Decimal digits without leading zeros; the value is 0.DIGITS × 10^point.
#[derive(Clone, Debug)]
pub(super) struct Digits {
    digits: Vec<u8>,
    point: i32,
}

impl Digits {
    /// From text such as `1234` or `12.34`.
    fn plain(text: &str) -> Self {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
        let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
        digits.drain(..zeros);
        Self { point: whole.len() as i32 - zeros as i32, digits }
    }

    /// From Rust's shortest scientific form, such as `1.25e-7`.
    pub(super) fn shortest(text: &str) -> Self {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let mut digits = Self::plain(mantissa);
        digits.point += exponent.parse::<i32>().unwrap_or(0);
        digits
    }

    /// Every digit that the number has; a double always has finitely many.
    fn exact(value: f64) -> Self {
        Self::plain(&format!("{:.*}", fraction_bits(value), value.abs()))
    }

    /// Rounded to `places` behind the point.
    fn fixed(source: Source<'_>, places: usize) -> Self {
        match source {
            Source::Int { value, .. } => Self::plain(&value.unsigned_abs().to_string()),
            // A tie needs exactly one bit more than there are places. Only there does Rust's rounding,
            // half to even, differ.
            Source::Float(value) if fraction_bits(value) == places + 1 => {
                let mut digits = Self::exact(value);
                digits.round(digits.point + places as i32);
                digits
            }
            Source::Float(value) => Self::plain(&format!("{:.*}", places, value.abs())),
            Source::Text { digits, .. } => {
                let mut digits = Self::plain(digits);
                digits.round(digits.point + places as i32);
                digits
            }
        }
    }

    fn all(source: Source<'_>) -> Self {
        match source {
            Source::Int { value, .. } => Self::plain(&value.unsigned_abs().to_string()),
            Source::Float(value) => Self::exact(value),
            Source::Text { digits, .. } => Self::plain(digits),
        }
    }

    /// Keeps the first `keep` digits, rounding half away from zero.
    fn round(&mut self, keep: i32) {
        let up = usize::try_from(keep)
            .ok()
            .and_then(|keep| self.digits.get(keep))
            .is_some_and(|digit| *digit >= b'5');
        self.digits.truncate(usize::try_from(keep).unwrap_or(0));
        if !up {
            return;
        }
        for digit in self.digits.iter_mut().rev() {
            if *digit < b'9' {
                *digit += 1;
                return;
            }
            *digit = b'0';
        }
        self.digits.insert(0, b'1');
        self.point += 1;
    }

    fn is_zero(&self) -> bool {
        self.digits.iter().all(|digit| *digit == b'0')
    }

    /// The digit at `place`: 0 is the first before the point, -1 the first behind it.
    fn at(&self, place: i32) -> char {
        let index = usize::try_from(self.point - 1 - place).ok();
        let digit = index.and_then(|index| self.digits.get(index));
        char::from(digit.copied().unwrap_or(b'0'))
    }

    /// The digits before the point, at least `least` of them.
    fn whole(&self, least: i32, grouped: bool, out: &mut String) {
        for place in (0..self.point.max(least)).rev() {
            out.push(self.at(place));
            if grouped && place > 0 && place % 3 == 0 {
                out.push(',');
            }
        }
    }

    /// The point and `places` digits behind it; nothing for no places.
    fn fraction(&self, places: usize, out: &mut String) {
        if places > 0 {
            out.push('.');
            out.extend((1..=places as i32).map(|place| self.at(-place)));
        }
    }

    /// `1.25E+05`: `places` behind the point, an exponent of at least `width` digits.
    fn scientific(&self, places: usize, letter: char, width: usize, out: &mut String) {
        let exponent = if self.digits.is_empty() { 0 } else { self.point - 1 };
        let mantissa = Self { digits: self.digits.clone(), point: 1 };
        mantissa.whole(1, false, out);
        mantissa.fraction(places, out);
        out.push(letter);
        out.push(if exponent < 0 { '-' } else { '+' });
        out.push_str(&format!("{:0width$}", exponent.unsigned_abs()));
    }

    /// The form `G`: plain while the exponent is small, else scientific.
    fn general(mut self, n_max: i32, letter: char, out: &mut String) {
        while self.digits.last() == Some(&b'0') {
            self.digits.pop();
        }
        if self.digits.is_empty() {
            out.push('0');
        } else if self.point > n_max || self.point < -4 + 1 {
            self.scientific(self.digits.len() - 1, letter, 2, out);
        } else {
            self.whole(1, false, out);
            let behind = self.digits.len() as i32 - self.point;
            self.fraction(usize::try_from(behind).unwrap_or(0), out);
        }
    }
}

/// How many binary digits a number has behind the point; as many decimal ones are exact.
fn fraction_bits(value: f64) -> usize {
    let bits = value.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    let (mantissa, exponent) = match (bits >> 52) & 0x7FF {
        0 => (fraction, -1074),
        biased => (fraction | 1 << 52, biased as i32 - 1075),
    };
    if mantissa == 0 {
        return 0;
    }
    usize::try_from(-(exponent + mantissa.trailing_zeros() as i32)).unwrap_or(0)
}

/// Prints a floating-point number in its shortest form, scientific from 10^`plain` on.
pub(super) fn show_float(
    value: f64,
    shortest: impl FnOnce() -> Digits,
    plain: i32,
    out: &mut String,
) {
    if let Some(name) = not_finite(value) {
        out.push_str(name);
        return;
    }
    if value.is_sign_negative() {
        out.push('-');
    }
    let digits = shortest();
    let n_digits = digits.digits.len() as i32;
    digits.general(n_digits.max(plain), 'E', out);
}

fn not_finite(value: f64) -> Option<&'static str> {
    if value.is_nan() {
        Some("NaN")
    } else if value.is_infinite() {
        Some(if value > 0.0 { "Infinity" } else { "-Infinity" })
    } else {
        None
    }
}

/// More places than this are refused, so that a format cannot ask for a gigabyte.
const MOST_PLACES: usize = 9_999;

/// Prints `source` by a standard format (`F2`, `D5`, `X`, `N0`, `P1`, `E3`, `G4`) or a custom one
/// (`0.00`, `#,##0`).
#[track_caller]
pub(super) fn format(source: Source<'_>, spec: &str, out: &mut String) -> Result<()> {
    if let Source::Float(value) = source
        && let Some(name) = not_finite(value)
    {
        out.push_str(name);
        return Ok(());
    }
    let mut rest = spec.chars();
    let letter = rest.next().unwrap_or('G');
    let places = rest.as_str();
    if !letter.is_ascii_alphabetic() || !places.bytes().all(|byte| byte.is_ascii_digit())
    {
        if has_exponent(&marks(spec)) {
            return Err(unknown(spec));
        }
        custom(source, spec, out);
        return Ok(());
    }
    let places = match places {
        "" => None,
        _ => match places.parse::<usize>() {
            Ok(places) if places <= MOST_PLACES => Some(places),
            _ => return Err(unknown(spec)),
        },
    };
    if standard(source, letter, places, out) { Ok(()) } else { Err(unknown(spec)) }
}

/// Prints a number of which all digits are known, such as `12.30`, by a format.
#[track_caller]
pub fn format_digits(
    digits: &str,
    negative: bool,
    spec: &str,
    out: &mut String,
) -> Result<()> {
    format(Source::Text { digits, negative }, spec, out)
}

#[track_caller]
#[cold]
fn unknown(spec: &str) -> Exception {
    bad_format(format!("`{spec}` is not a format of this number"))
}

fn is_negative(source: Source<'_>) -> bool {
    match source {
        Source::Int { value, .. } => value < 0,
        Source::Float(value) => value.is_sign_negative(),
        Source::Text { negative, .. } => negative,
    }
}

/// Whether there is such a format; prints if so.
fn standard(
    source: Source<'_>,
    letter: char,
    places: Option<usize>,
    out: &mut String,
) -> bool {
    let kind = letter.to_ascii_uppercase();
    if let ('D' | 'X' | 'B', Source::Int { value, bits }) = (kind, source) {
        whole_number(value, bits, letter, places.unwrap_or(1), out);
        return true;
    }
    let sign = if is_negative(source) { "-" } else { "" };
    match kind {
        'F' | 'N' | 'C' => {
            let places = places.unwrap_or(2);
            out.push_str(sign);
            if kind == 'C' {
                out.push('¤');
            }
            let digits = Digits::fixed(source, places);
            digits.whole(1, kind != 'F', out);
            digits.fraction(places, out);
        }
        'P' => {
            let places = places.unwrap_or(2);
            let mut digits = Digits::fixed(source, places + 2);
            digits.point += 2;
            out.push_str(sign);
            digits.whole(1, true, out);
            digits.fraction(places, out);
            out.push_str(" %");
        }
        'E' => {
            let places = places.unwrap_or(6);
            let mut digits = Digits::all(source);
            digits.round(places as i32 + 1);
            out.push_str(sign);
            digits.scientific(places, letter, 3, out);
        }
        'G' => {
            let mut digits = Digits::all(source);
            let n_most = match places {
                None | Some(0) => digits.point.max(1),
                Some(places) => places as i32,
            };
            digits.round(n_most);
            out.push_str(sign);
            let exponent = if letter == 'g' { 'e' } else { 'E' };
            digits.general(n_most, exponent, out);
        }
        _ => return false,
    }
    true
}

fn whole_number(value: i128, bits: u32, letter: char, width: usize, out: &mut String) {
    // Other bases show the two's complement in the width of the type.
    let pattern = (value as u128) & (u128::MAX >> (128 - bits));
    out.push_str(&match letter {
        'X' => format!("{pattern:0width$X}"),
        'x' => format!("{pattern:0width$x}"),
        'B' | 'b' => format!("{pattern:0width$b}"),
        _ if value < 0 => format!("-{:0width$}", value.unsigned_abs()),
        _ => format!("{value:0width$}"),
    });
}

/// What a custom format asks for, apart from its literal text.
#[derive(Debug, Default)]
struct Layout {
    n_whole: i32,
    n_least_whole: i32,
    n_places: usize,
    n_least_places: usize,
    grouped: bool,
    /// Powers of ten to shift by: `%` raises, a comma before the point lowers.
    shift: i32,
}

/// The characters of a custom format; `true` marks those that stand for themselves.
fn marks(section: &str) -> Vec<(char, bool)> {
    let mut marks = Vec::new();
    let mut rest = section.chars();
    while let Some(mark) = rest.next() {
        match mark {
            '\\' => marks.extend(rest.next().map(|escaped| (escaped, true))),
            '\'' | '"' => {
                let quoted = rest.by_ref().take_while(|inner| *inner != mark);
                marks.extend(quoted.map(|inner| (inner, true)));
            }
            '0' | '#' | '.' | ',' => marks.push((mark, false)),
            '%' => marks.push((mark, false)),
            _ => marks.push((mark, true)),
        }
    }
    marks
}

/// Whether a custom format asks for an exponent (`0.0E+00`), which there is only as `E1`.
fn has_exponent(marks: &[(char, bool)]) -> bool {
    let digit = |at: usize| marks.get(at) == Some(&('0', false));
    marks.iter().enumerate().any(|(at, (mark, _))| {
        let sign = marks.get(at + 1).is_some_and(|(sign, _)| "+-".contains(*sign));
        "Ee".contains(*mark) && (digit(at + 1) || sign && digit(at + 2))
    })
}

fn layout(marks: &[(char, bool)]) -> Layout {
    let mut layout = Layout::default();
    let mut behind_point = false;
    let mut first_zero = None;
    let mut n_commas = 0;
    for (mark, literal) in marks.iter().copied() {
        match mark {
            _ if literal => {}
            '0' | '#' if behind_point => {
                layout.n_places += 1;
                if mark == '0' {
                    layout.n_least_places = layout.n_places;
                }
            }
            '0' | '#' => {
                layout.grouped |= n_commas > 0;
                n_commas = 0;
                layout.n_whole += 1;
                if mark == '0' && first_zero.is_none() {
                    first_zero = Some(layout.n_whole - 1);
                }
            }
            '.' => behind_point = true,
            ',' if !behind_point && layout.n_whole > 0 => n_commas += 1,
            '%' => layout.shift += 2,
            _ => {}
        }
    }
    layout.shift -= 3 * n_commas;
    layout.n_least_whole = first_zero.map_or(0, |first| layout.n_whole - first);
    layout
}

/// The parts of a custom format for positive, negative and zero, split at `;` outside quotes.
fn sections(spec: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut quote, mut escaped) = (0, None, false);
    for (at, mark) in spec.char_indices() {
        match mark {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\'' | '"' if quote.is_none() => quote = Some(mark),
            _ if quote == Some(mark) => quote = None,
            ';' if quote.is_none() => {
                parts.push(&spec[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&spec[start..]);
    parts
}

/// As many digits of a floating-point number take part in a custom format.
const CUSTOM_PRECISION: i32 = 15;

fn custom(source: Source<'_>, spec: &str, out: &mut String) {
    let prepare = |layout: &Layout| {
        let mut digits = Digits::all(source);
        if let Source::Float(_) = source {
            digits.round(CUSTOM_PRECISION);
        }
        digits.point += layout.shift;
        digits.round(digits.point + layout.n_places as i32);
        digits
    };
    let sections = sections(spec);
    let mut section = sections[0];
    let mut negative = is_negative(source);
    if negative && let Some(own) = sections.get(1).filter(|own| !own.is_empty()) {
        section = own;
        negative = false;
    }
    let mut digits = prepare(&layout(&marks(section)));
    if digits.is_zero() {
        negative = false;
        if let Some(own) = sections.get(2).filter(|own| !own.is_empty()) {
            section = own;
            digits = prepare(&layout(&marks(section)));
        }
    }
    if negative {
        out.push('-');
    }
    write_custom(&digits, &marks(section), out);
}

fn write_custom(digits: &Digits, marks: &[(char, bool)], out: &mut String) {
    let layout = layout(marks);
    let n_digits = digits.point.max(layout.n_least_whole);
    let mut n_places = layout.n_places;
    while n_places > layout.n_least_places && digits.at(-(n_places as i32)) == '0' {
        n_places -= 1;
    }
    let (mut place, mut behind_point) = (layout.n_whole, false);
    for (mark, literal) in marks.iter().copied() {
        match mark {
            _ if literal => out.push(mark),
            '0' | '#' if behind_point => {
                place -= 1;
                if place >= -(n_places as i32) {
                    out.push(digits.at(place));
                }
            }
            '0' | '#' => {
                place -= 1;
                // Digits that have no mark of their own come with the first one.
                let first = place == layout.n_whole - 1;
                let from = if first { n_digits.max(place + 1) - 1 } else { place };
                for place in (place..=from).rev().filter(|place| *place < n_digits) {
                    out.push(digits.at(place));
                    if layout.grouped && place > 0 && place % 3 == 0 {
                        out.push(',');
                    }
                }
            }
            '.' if !behind_point => {
                if layout.n_whole == 0 {
                    digits.whole(0, false, out);
                }
                behind_point = true;
                place = 0;
                if n_places > 0 {
                    out.push('.');
                }
            }
            '%' => out.push('%'),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::value::Show;

    fn formatted<T: Show>(value: T, spec: &str) -> String {
        let mut out = String::new();
        match value.show_format(spec, &mut out) {
            Ok(()) => out,
            Err(thrown) => thrown.kind().into(),
        }
    }

    #[test]
    fn fixes_places() {
        assert_eq!(formatted(2.5, "F2"), "2.50");
        assert_eq!(formatted(1.0 / 3.0, "F3"), "0.333");
        assert_eq!(formatted(0.125, "F2"), "0.13");
        assert_eq!(formatted(2.5, "F0"), "3");
        assert_eq!(formatted(9.5, "F0"), "10");
        assert_eq!(formatted(-0.5, "F0"), "-1");
        assert_eq!(formatted(0.5, "F0"), "1");
        assert_eq!(formatted(2.675, "F2"), "2.67");
        assert_eq!(formatted(0.0, "F1"), "0.0");
        assert_eq!(formatted(1234.5, "F"), "1234.50");
        assert_eq!(formatted(7, "F1"), "7.0");
        assert_eq!(formatted(1e22, "F0"), "10000000000000000000000");
        assert_eq!(formatted(f64::NAN, "F2"), "NaN");
    }

    #[test]
    fn groups_and_scales() {
        assert_eq!(formatted(1234567.891, "N2"), "1,234,567.89");
        assert_eq!(formatted(-1234, "N0"), "-1,234");
        assert_eq!(formatted(123, "N"), "123.00");
        assert_eq!(formatted(0.1234, "P1"), "12.3 %");
        assert_eq!(formatted(1, "P0"), "100 %");
        assert_eq!(formatted(12345.678, "E3"), "1.235E+004");
        assert_eq!(formatted(0.00012, "e2"), "1.20e-004");
        assert_eq!(formatted(0.0, "E"), "0.000000E+000");
        assert_eq!(formatted(99.99, "G3"), "100");
        assert_eq!(formatted(123456, "G3"), "1.23E+05");
        assert_eq!(formatted(1234.5, "C"), "¤1,234.50");
    }

    #[test]
    fn writes_whole_numbers() {
        assert_eq!(formatted(42, "D5"), "00042");
        assert_eq!(formatted(-42, "D5"), "-00042");
        assert_eq!(formatted(255, "X"), "FF");
        assert_eq!(formatted(255, "x4"), "00ff");
        assert_eq!(formatted(-1, "X"), "FFFFFFFF");
        assert_eq!(formatted(-1_i8, "x"), "ff");
        assert_eq!(formatted(5, "B8"), "00000101");
        assert_eq!(formatted(i64::MIN, "D"), "-9223372036854775808");
        assert_eq!(formatted(100, "G"), "100");
    }

    #[test]
    fn refuses_what_is_no_format() {
        assert_eq!(formatted(1.5, "D3"), "FormatException");
        assert_eq!(formatted(1.5, "X"), "FormatException");
        assert_eq!(formatted(1, "Q"), "FormatException");
        assert_eq!(formatted(1, "F99999999999"), "FormatException");
        assert_eq!(formatted(1.5, "0.0E+00"), "FormatException");
        assert_eq!(formatted(true, "F2"), "True");
    }

    #[test]
    fn follows_custom_formats() {
        for (value, spec, text) in [
            (1234.567, "0.00", "1234.57"),
            (0.5, "#.##", ".5"),
            (0.5, "0.###", "0.5"),
            (1234567.0, "#,##0", "1,234,567"),
            (1234567.0, "#,##0.0", "1,234,567.0"),
            (7.0, "000", "007"),
            (0.256, "0.0%", "25.6%"),
            (-3.0, "0.0;(0.0)", "(3.0)"),
            (0.0, "0;-0;'none'", "none"),
            (12345678.0, "0,,", "12"),
            (5.0, "'n='0", "n=5"),
            (-0.001, "0.00", "0.00"),
            (42.0, "####", "42"),
            (1234567890.0, "(###) ###-####", "(123) 456-7890"),
        ] {
            assert_eq!(formatted(value, spec), text, "{spec}");
        }
    }
}
