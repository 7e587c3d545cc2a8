//! `String`: functions about text that are no members of it.
//! The members are in `value/text_members.rs`.

use crate::iteration::seq::{Element, Seq};
use crate::value::{Array, List, Result, Show, Str, composite};

/// The text of length 0.
pub fn empty() -> Str {
    Str::lit("")
}

/// A composite format with its values.
#[track_caller]
pub fn format(format: Str, args: &[&dyn Show]) -> Result<Str> {
    composite(format.as_str(), args)
}

fn join_all<T: Show>(separator: &str, items: &[T]) -> Str {
    let mut text = Str::empty();
    for (n, item) in items.iter().enumerate() {
        if n > 0 {
            text.push_str(separator);
        }
        item.add_to(&mut text);
    }
    text
}

/// The elements of an array as text, `separator` between them.
pub fn join<T: Show>(separator: Str, items: Array<T>) -> Str {
    join_all(separator.as_str(), items.as_slice())
}

/// The elements of a list as text, `separator` between them.
pub fn join_list<T: Show>(separator: Str, items: List<T>) -> Str {
    join_all(separator.as_str(), items.as_slice())
}

/// The elements of a sequence as text, `separator` between them.
pub fn join_sequence<T: Element + Show>(separator: Str, items: Seq<T>) -> Result<Str> {
    Ok(join_list(separator, List::from_sequence(items)?))
}

/// The elements of an array as text, `separator` between them.
pub fn join_char<T: Show>(separator: char, items: Array<T>) -> Str {
    join_all(separator.encode_utf8(&mut [0; 4]), items.as_slice())
}

/// The elements of a list as text, `separator` between them.
pub fn join_char_list<T: Show>(separator: char, items: List<T>) -> Str {
    join_all(separator.encode_utf8(&mut [0; 4]), items.as_slice())
}

/// All of them, one after the other.
pub fn concat_all(texts: Array<Str>) -> Str {
    join_all("", texts.as_slice())
}

/// Both, one after the other.
pub fn concat2(a: Str, b: Str) -> Str {
    let mut text = a;
    text.push_text(&b);
    text
}

/// All three, one after the other.
pub fn concat3(a: Str, b: Str, c: Str) -> Str {
    concat2(concat2(a, b), c)
}

/// Whether it is null or has no characters.
pub fn is_null_or_empty(text: Option<Str>) -> bool {
    text.is_none_or(|text| text.as_str().is_empty())
}

/// Whether it is null or only white space.
pub fn is_null_or_white_space(text: Option<Str>) -> bool {
    text.is_none_or(|text| text.as_str().trim().is_empty())
}

/// -1, 0 or 1, by scalar values.
pub fn compare(a: Str, b: Str) -> i32 {
    a.cmp(&b) as i32
}

/// -1, 0 or 1, by scalar values; with `ignore_case` capital and small letters are the same.
pub fn compare_case(a: Str, b: Str, ignore_case: bool) -> i32 {
    a.compare_as(&b, i32::from(ignore_case))
}

/// -1, 0 or 1, compared so.
pub fn compare_as(a: Str, b: Str, comparison: i32) -> i32 {
    a.compare_as(&b, comparison)
}

/// Whether both are the same text, compared so.
pub fn equals_as(a: Option<Str>, b: Option<Str>, comparison: i32) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a.equals_as(b, comparison),
        (a, b) => a == b,
    }
}

/// Whether both are the same text.
pub fn equals(a: Option<Str>, b: Option<Str>) -> bool {
    a == b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_and_formats() {
        let text = format(Str::lit("{0}-{1,3}"), &[&1, &"x"]).unwrap();
        assert_eq!(text.as_str(), "1-  x");
        assert!(format(Str::lit("{0}"), &[]).is_err());
        let numbers = Array::from_vec(vec![1, 2]);
        assert_eq!(join(Str::lit(", "), numbers.clone()).as_str(), "1, 2");
        assert_eq!(join_list(Str::lit(""), numbers.to_list()).as_str(), "12");
        let text = concat3(empty(), Str::lit("a"), concat2(Str::lit("b"), Str::lit("c")));
        assert_eq!(text.as_str(), "abc");
    }

    #[test]
    fn compares() {
        assert!(is_null_or_empty(None) && !is_null_or_empty(Some(Str::lit(" "))));
        assert!(is_null_or_white_space(Some(Str::lit(" \t"))));
        assert_eq!(compare(Str::lit("a"), Str::lit("b")), -1);
        assert_eq!(compare(Str::lit("b"), Str::lit("a")), 1);
        assert!(equals(None, None) && !equals(None, Some(empty())));
    }
}
