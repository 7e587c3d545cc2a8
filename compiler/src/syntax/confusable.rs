//! Names that look alike but are spelled with other characters (AX0007): letters of other
//! scripts that have the shape of a Latin one. It warns once for each spelling.

use super::errors::{Problem, Range};
use super::token::{Tok, Token};
use std::collections::BTreeMap;

/// Warns of names that look like an earlier or later plain one.
pub(super) fn check(tokens: &[Token<'_>], problems: &mut Vec<Problem>) {
    let foreign = |it: &Token<'_>| matches!(it.tok, Tok::Ident(name) if !name.is_ascii());
    if !tokens.iter().any(foreign) {
        return;
    }
    let mut first: BTreeMap<&str, Range> = BTreeMap::new();
    for token in tokens {
        if let Tok::Ident(name) = token.tok {
            first.entry(name).or_insert(Range { lo: token.lo, hi: token.hi });
        }
    }
    let mut looks: BTreeMap<String, (&str, Range)> = BTreeMap::new();
    let mut order: Vec<_> = first.into_iter().collect();
    order.sort_by_key(|it| (!it.0.is_ascii(), it.1.lo));
    for (name, at) in order {
        let look = skeleton(name);
        match looks.get(&look) {
            Some(&(other, other_at)) => problems.push(Problem::Confusable {
                at,
                name: name.into(),
                other: other.into(),
                other_at,
            }),
            None => _ = looks.insert(look, (name, at)),
        }
    }
}

/// The name with every letter replaced by the Latin one it looks like.
fn skeleton(name: &str) -> String {
    name.chars().map(latin).collect()
}

fn latin(c: char) -> char {
    match c {
        'а' | 'ɑ' | 'α' => 'a',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' => 'e',
        'һ' => 'h',
        'і' | 'ι' | 'ı' => 'i',
        'ј' => 'j',
        'κ' => 'k',
        'ӏ' => 'l',
        'о' | 'ο' | 'օ' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'ѕ' => 's',
        'υ' | 'ս' => 'u',
        'ν' => 'v',
        'ԝ' => 'w',
        'х' => 'x',
        'у' | 'γ' => 'y',
        'А' | 'Α' => 'A',
        'В' | 'Β' => 'B',
        'С' => 'C',
        'Е' | 'Ε' => 'E',
        'Н' | 'Η' => 'H',
        'І' | 'Ι' | 'Ӏ' => 'I',
        'Ј' => 'J',
        'К' | 'Κ' => 'K',
        'М' | 'Μ' => 'M',
        'Ν' => 'N',
        'О' | 'Ο' => 'O',
        'Р' | 'Ρ' => 'P',
        'Ѕ' => 'S',
        'Т' | 'Τ' => 'T',
        'Х' | 'Χ' => 'X',
        'Υ' | 'Ү' => 'Y',
        'Ζ' => 'Z',
        '\u{FF21}'..='\u{FF3A}' => shifted(c, '\u{FF21}', 'A'),
        '\u{FF41}'..='\u{FF5A}' => shifted(c, '\u{FF41}', 'a'),
        _ => c,
    }
}

/// The letter as far behind `to` as `c` is behind `from`.
fn shifted(c: char, from: char, to: char) -> char {
    char::from_u32(u32::from(c) - u32::from(from) + u32::from(to)).unwrap_or(c)
}
