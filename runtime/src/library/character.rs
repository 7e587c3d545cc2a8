//! `Char`: kinds of characters, and reading one from text.
//! Characters themselves are Rust's `char`.

use super::numbers::{Fault, thrown};
use crate::value::{Result, Str, capital, small};

fn read(text: &str) -> Option<char> {
    let mut scalars = text.chars();
    scalars.next().filter(|_| scalars.as_str().is_empty())
}

/// The only character of the text.
#[track_caller]
pub fn parse(text: Option<Str>) -> Result<char> {
    match text.as_ref().and_then(|text| read(text.as_str())) {
        Some(value) => Ok(value),
        None => Err(thrown(text, Fault::Shape, "char")),
    }
}

/// The only character of the text, or null.
pub fn try_parse(text: Option<Str>) -> Option<char> {
    read(text?.as_str())
}

/// Whether it is a decimal digit.
pub fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// Whether it is a letter.
pub fn is_letter(c: char) -> bool {
    c.is_alphabetic()
}

/// Whether it is a letter or a decimal digit.
pub fn is_letter_or_digit(c: char) -> bool {
    is_letter(c) || is_digit(c)
}

/// Whether it is white space.
pub fn is_white_space(c: char) -> bool {
    c.is_whitespace()
}

/// Whether it is a capital letter.
pub fn is_upper(c: char) -> bool {
    c.is_uppercase()
}

/// Whether it is a small letter.
pub fn is_lower(c: char) -> bool {
    c.is_lowercase()
}

/// Whether it is punctuation of ASCII.
pub fn is_punctuation(c: char) -> bool {
    // What .NET counts as symbols is no punctuation.
    c.is_ascii_punctuation() && !"$+<=>^`|~".contains(c)
}

/// Whether it is a symbol of ASCII that is no punctuation.
pub fn is_symbol(c: char) -> bool {
    "$+<=>^`|~".contains(c)
}

/// Whether it is a character of ASCII.
pub fn is_ascii(c: char) -> bool {
    c.is_ascii()
}

/// Whether it is one of `a` to `z` and `A` to `Z`.
pub fn is_ascii_letter(c: char) -> bool {
    c.is_ascii_alphabetic()
}

/// Whether it is a letter or digit of ASCII.
pub fn is_ascii_letter_or_digit(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

/// Whether it is a hexadecimal digit.
pub fn is_ascii_hex_digit(c: char) -> bool {
    c.is_ascii_hexdigit()
}

/// Whether it lies between two others, or is one of them.
pub fn is_between(c: char, min: char, max: char) -> bool {
    (min..=max).contains(&c)
}

/// As text.
pub fn to_text(c: char) -> Str {
    Str::from(c.encode_utf8(&mut [0; 4]).to_owned())
}

/// The least scalar value.
pub fn min_value() -> char {
    '\0'
}

/// The greatest scalar value.
pub fn max_value() -> char {
    char::MAX
}

/// Whether it controls instead of being seen.
pub fn is_control(c: char) -> bool {
    c.is_control()
}

/// The capital letter, where that is one character.
pub fn to_upper(c: char) -> char {
    capital(c)
}

/// The small letter, where that is one character.
pub fn to_lower(c: char) -> char {
    small(c)
}

/// The value of a digit, or -1.
pub fn get_numeric_value(c: char) -> f64 {
    c.to_digit(10).map_or(-1.0, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads() {
        let text = |text| Some(Str::from(text));
        assert_eq!(parse(text("ü")), Ok('ü'));
        assert_eq!((try_parse(text("")), try_parse(text("ab"))), (None, None));
        assert_eq!(parse(text("ab")).unwrap_err().kind(), "FormatException");
        assert!(parse(None).is_err());
    }

    #[test]
    fn tells_kinds_apart() {
        assert!(is_digit('7') && !is_digit('x') && is_letter('ü') && !is_letter('7'));
        assert!(is_letter_or_digit('7') && !is_letter_or_digit('-'));
        assert!(
            is_white_space('\t') && is_upper('Ü') && is_lower('ü') && is_control('\0')
        );
        assert!(is_punctuation('!') && !is_punctuation('+'));
        assert_eq!((to_upper('ü'), to_lower('Ü'), to_upper('ß')), ('Ü', 'ü', 'ß'));
        assert_eq!((get_numeric_value('7'), get_numeric_value('x')), (7.0, -1.0));
    }
}
