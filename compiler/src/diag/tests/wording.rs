//! Suggestions and the small words of messages.

use crate::diag::Code;
use crate::diag::suggest::closest;
use crate::diag::words::{article, code_list, count, list, ordinal, with_article};

#[test]
fn a_swapped_letter_is_recognised() {
    assert_eq!(closest("recieve", ["send", "receive", "reply"]), Some("receive"));
    assert_eq!(closest("lenght", ["Length", "Height"]), Some("Length"));
}

#[test]
fn case_alone_is_the_closest_of_all() {
    assert_eq!(closest("writeline", ["WriteLin", "WriteLine"]), Some("WriteLine"));
}

#[test]
fn unrelated_names_are_not_suggested() {
    assert_eq!(closest("total", ["agent", "channel", "x"]), None);
    assert_eq!(closest("x", ["y", "z"]), None);
    assert_eq!(closest("", ["a"]), None);
}

#[test]
fn the_order_of_candidates_does_not_matter() {
    assert_eq!(
        closest("cat", ["bat", "rat", "hat"]),
        closest("cat", ["hat", "rat", "bat"])
    );
}

#[test]
fn lists_read_as_english() {
    assert_eq!(list::<&str>(&[], "or"), "");
    assert_eq!(list(&["a"], "or"), "a");
    assert_eq!(list(&["a", "b"], "and"), "a and b");
    assert_eq!(code_list(&["a", "b", "c"], "or"), "`a`, `b` or `c`");
}

#[test]
fn plurals_and_articles_agree() {
    assert_eq!(count(1, "argument"), "1 argument");
    assert_eq!(count(0, "match"), "0 matches");
    assert_eq!(count(2, "query"), "2 queries");
    assert_eq!(count(2, "array"), "2 arrays");
    assert_eq!(with_article("`int`"), "an `int`");
    assert_eq!(with_article("`uint`"), "a `uint`");
    assert_eq!(article("unknown name"), "an");
    assert_eq!(article("`string`"), "a");
    assert_eq!(ordinal(2), "second");
    assert_eq!(ordinal(12), "12th");
    assert_eq!(ordinal(21), "21st");
}

#[test]
fn codes_are_recognised_with_and_without_prefix() {
    assert_eq!(Code::parse("AX0401"), Some(Code::MutableStatic));
    assert_eq!(Code::parse("ax401"), Some(Code::MutableStatic));
    assert_eq!(Code::parse("401"), Some(Code::MutableStatic));
    assert_eq!(Code::parse("AX"), None);
    assert_eq!(Code::parse("00401"), None);
    assert_eq!(Code::parse("é401"), None);
}

#[test]
fn codes_stand_in_order_of_number() {
    assert!(Code::ALL.windows(2).all(|pair| pair[0].as_str() < pair[1].as_str()));
}
