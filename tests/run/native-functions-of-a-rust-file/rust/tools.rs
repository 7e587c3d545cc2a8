//! What the program beside it calls: a type of its own, and functions of every kind.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

mod helper;

/// A text that remembers how often it was changed.
#[derive(Clone)]
pub struct Scroll {
    text: String,
    changes: i32,
}

pub struct Broken;

impl std::fmt::Display for Broken {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("the scroll is broken")
    }
}

pub fn scroll(text: &str) -> Scroll {
    Scroll { text: text.to_owned(), changes: 0 }
}

pub fn append(it: Scroll, more: String) -> Scroll {
    Scroll { text: it.text + &more, changes: it.changes + 1 }
}

pub fn read(it: &Scroll) -> (String, i32) {
    (it.text.clone(), it.changes)
}

pub fn twice(n: i32) -> i32 {
    helper::twice(n)
}

pub fn divide(a: i32, b: i32) -> i32 {
    a / b
}

pub fn slice_sum(values: &[f64]) -> f64 {
    values.iter().sum()
}

pub fn join(words: &[String], between: char) -> String {
    words.join(&between.to_string())
}

pub fn first(words: Vec<String>) -> Option<String> {
    words.into_iter().next()
}

pub fn or_zero(n: Option<i64>) -> i64 {
    n.unwrap_or(0)
}

pub fn lengths(words: &[String]) -> BTreeMap<String, i32> {
    words.iter().map(|it| (it.clone(), it.len() as i32)).collect()
}

pub fn total(counts: &HashMap<String, i32>) -> i32 {
    counts.values().sum()
}

pub fn distinct(values: &[i32], without: &BTreeSet<i32>) -> BTreeSet<i32> {
    values.iter().copied().filter(|it| !without.contains(it)).collect()
}

pub fn half(it: Duration) -> Duration {
    it / 2
}

pub fn fail(how: &str) -> Result<i32, Broken> {
    match how {
        "panic" => panic!("the scroll burns"),
        "error" => Err(Broken),
        _ => Ok(7),
    }
}

pub fn wait(it: i32) -> i32 {
    std::thread::sleep(std::time::Duration::from_millis(1));
    it + 1
}

pub fn note(what: &str) {
    assert!(!what.is_empty());
}

pub fn kind(n: u8) -> &'static str {
    if n == 0 { "none" } else { "some" }
}
