//! The members of `string`: searching, cutting, replacing, padding, splitting.
//! How text is stored and counted is in `text.rs`.

use super::sequence::length_of;
use super::{Array, Exception, List, Result, Str};

/// Longer fillings than this are refused, so that a width cannot ask for all memory.
const LONGEST: usize = 1 << 28;

/// The capital letter, where that is one character.
pub(crate) fn capital(c: char) -> char {
    let mut upper = c.to_uppercase();
    if upper.len() == 1 { upper.next().unwrap_or(c) } else { c }
}

/// The small letter, where that is one character.
pub(crate) fn small(c: char) -> char {
    let mut lower = c.to_lowercase();
    if lower.len() == 1 { lower.next().unwrap_or(c) } else { c }
}

impl Str {
    /// `count` times the same character.
    #[track_caller]
    pub fn repeated(c: char, count: i32) -> Result<Self> {
        match usize::try_from(count) {
            Ok(count) => Ok(Self::from(c.to_string().repeat(count.min(LONGEST)))),
            Err(_) => Err(Exception::new(
                "ArgumentOutOfRangeException",
                format!("text cannot have {count} characters"),
            )),
        }
    }

    /// From characters.
    pub fn from_chars(chars: Array<char>) -> Self {
        Self::written(|out| out.extend(chars.as_slice()))
    }

    /// With capital letters; the length stays.
    pub fn to_upper(&self) -> Self {
        Self::written(|out| out.extend(self.as_str().chars().map(capital)))
    }

    /// With small letters; the length stays.
    pub fn to_lower(&self) -> Self {
        Self::written(|out| out.extend(self.as_str().chars().map(small)))
    }

    /// The part of this text that `part` is; this text itself if that is all.
    fn cut(&self, part: &str) -> Self {
        if part.len() == self.as_str().len() { self.clone() } else { self.copied(part) }
    }

    /// Without white space at both ends.
    pub fn trim(&self) -> Self {
        self.cut(self.as_str().trim())
    }

    /// Without `c` at both ends.
    pub fn trim_char(&self, c: char) -> Self {
        self.cut(self.as_str().trim_matches(c))
    }

    /// Without white space at the start.
    pub fn trim_start(&self) -> Self {
        self.cut(self.as_str().trim_start())
    }

    /// Without `c` at the start.
    pub fn trim_start_char(&self, c: char) -> Self {
        self.cut(self.as_str().trim_start_matches(c))
    }

    /// Without white space at the end.
    pub fn trim_end(&self) -> Self {
        self.cut(self.as_str().trim_end())
    }

    /// Without `c` at the end.
    pub fn trim_end_char(&self, c: char) -> Self {
        self.cut(self.as_str().trim_end_matches(c))
    }

    fn padding(&self, width: i32, c: char) -> String {
        let width = usize::try_from(width).unwrap_or(0).min(LONGEST);
        c.to_string().repeat(width.saturating_sub(self.n_scalars()))
    }

    /// Filled up with spaces on the left.
    pub fn pad_left(&self, width: i32) -> Self {
        self.pad_left_with(width, ' ')
    }

    /// Filled up with `c` on the left.
    pub fn pad_left_with(&self, width: i32, c: char) -> Self {
        Self::from(self.padding(width, c) + self.as_str())
    }

    /// Filled up with spaces on the right.
    pub fn pad_right(&self, width: i32) -> Self {
        self.pad_right_with(width, ' ')
    }

    /// Filled up with `c` on the right.
    pub fn pad_right_with(&self, width: i32, c: char) -> Self {
        let mut text = self.clone();
        text.push_str(&self.padding(width, c));
        text
    }

    /// Whether `text` stands in it.
    pub fn contains(&self, text: Self) -> bool {
        self.as_str().contains(text.as_str())
    }

    /// Whether `c` stands in it.
    pub fn contains_char(&self, c: char) -> bool {
        self.as_str().contains(c)
    }

    /// Whether it begins with `text`.
    pub fn starts_with(&self, text: Self) -> bool {
        self.as_str().starts_with(text.as_str())
    }

    /// Whether it begins with `c`.
    pub fn starts_with_char(&self, c: char) -> bool {
        self.as_str().starts_with(c)
    }

    /// Whether it ends with `text`.
    pub fn ends_with(&self, text: Self) -> bool {
        self.as_str().ends_with(text.as_str())
    }

    /// Whether it ends with `c`.
    pub fn ends_with_char(&self, c: char) -> bool {
        self.as_str().ends_with(c)
    }

    /// A byte position as an index, or -1.
    fn index(&self, byte: Option<usize>) -> i32 {
        match byte {
            Some(byte) if self.is_ascii() => length_of(byte),
            Some(byte) => length_of(self.as_str()[..byte].chars().count()),
            None => -1,
        }
    }

    /// Where `text` first stands, or -1.
    pub fn index_of(&self, text: Self) -> i32 {
        self.index(self.as_str().find(text.as_str()))
    }

    /// Where `c` first stands, or -1.
    pub fn index_of_char(&self, c: char) -> i32 {
        self.index(self.as_str().find(c))
    }

    /// The byte position of an index, the end included.
    #[track_caller]
    fn start(&self, index: i32) -> Result<usize> {
        match usize::try_from(index).ok().and_then(|index| self.byte_at(index)) {
            Some(byte) => Ok(byte),
            None => {
                let length = self.length();
                Err(Exception::new(
                    "ArgumentOutOfRangeException",
                    format!("index {index} is outside a string of length {length}"),
                ))
            }
        }
    }

    /// Where `text` first stands from `start` on, or -1.
    #[track_caller]
    pub fn index_of_from(&self, text: Self, start: i32) -> Result<i32> {
        let start = self.start(start)?;
        let found = self.as_str()[start..].find(text.as_str());
        Ok(self.index(found.map(|found| found + start)))
    }

    /// Where `c` first stands from `start` on, or -1.
    #[track_caller]
    pub fn index_of_char_from(&self, c: char, start: i32) -> Result<i32> {
        let start = self.start(start)?;
        let found = self.as_str()[start..].find(c);
        Ok(self.index(found.map(|found| found + start)))
    }

    /// Where `text` last stands, or -1.
    pub fn last_index_of(&self, text: Self) -> i32 {
        self.index(self.as_str().rfind(text.as_str()))
    }

    /// Where `c` last stands, or -1.
    pub fn last_index_of_char(&self, c: char) -> i32 {
        self.index(self.as_str().rfind(c))
    }

    /// The parts between white space; empty ones are left out.
    pub fn split_white_space(&self) -> Array<Self> {
        parts(self, self.as_str().split_whitespace())
    }

    /// The parts between `separator`.
    pub fn split(&self, separator: char) -> Array<Self> {
        parts(self, self.as_str().split(separator))
    }

    /// The parts between `separator`, one after the other: what a loop over `split` goes over.
    pub fn split_values(&self, separator: char) -> Parts {
        Parts { text: self.clone(), separator, at: Some(0) }
    }

    /// The parts between `separator`; all of it if that is empty.
    pub fn split_text(&self, separator: Self) -> Array<Self> {
        if separator.as_str().is_empty() {
            return Array::from_vec(vec![self.clone()]);
        }
        parts(self, self.as_str().split(separator.as_str()))
    }

    /// At most `count` parts between `separator`; the last one holds the rest.
    pub fn split_count(&self, separator: char, count: i32) -> Array<Self> {
        parts(self, self.as_str().splitn(usize::try_from(count).unwrap_or(0), separator))
    }

    /// With every `old` replaced.
    pub fn replace(&self, old: Self, by: Self) -> Self {
        if old.as_str().is_empty() || !self.as_str().contains(old.as_str()) {
            return self.clone();
        }
        Self::from(self.as_str().replace(old.as_str(), by.as_str()))
    }

    /// With every `old` replaced.
    pub fn replace_char(&self, old: char, by: char) -> Self {
        let mut buffer = [0; 4];
        Self::from(self.as_str().replace(old, by.encode_utf8(&mut buffer)))
    }

    /// With `text` put in before `index`.
    #[track_caller]
    pub fn insert(&self, index: i32, text: Self) -> Result<Self> {
        let (before, behind) = self.as_str().split_at(self.start(index)?);
        Ok(Self::from([before, text.as_str(), behind].concat()))
    }

    /// Without what begins at `start`.
    #[track_caller]
    pub fn remove_from(&self, start: i32) -> Result<Self> {
        Ok(self.cut(&self.as_str()[..self.start(start)?]))
    }

    /// Without the `count` characters from `start` on.
    #[track_caller]
    pub fn remove(&self, start: i32, count: i32) -> Result<Self> {
        let removed = self.substring(start, count)?;
        let (before, behind) = self.as_str().split_at(self.start(start)?);
        let behind = &behind[removed.as_str().len()..];
        Ok(Self::from([before, behind].concat()))
    }

    /// The characters from last to first.
    pub fn reverse(&self) -> Self {
        Self::written(|out| out.extend(self.as_str().chars().rev()))
    }

    /// The characters.
    pub fn to_array(&self) -> Array<char> {
        self.as_str().chars().collect()
    }

    /// The characters.
    pub fn to_list(&self) -> List<char> {
        self.as_str().chars().collect()
    }
}

/// The parts of a text between separators, made one at a time.
#[derive(Clone, Debug)]
pub struct Parts {
    text: Str,
    separator: char,
    /// The byte where the next part begins.
    at: Option<usize>,
}

impl Iterator for Parts {
    type Item = Str;

    fn next(&mut self) -> Option<Str> {
        let rest = &self.text.as_str()[self.at?..];
        let part = match rest.find(self.separator) {
            Some(end) => {
                self.at = self.at.map(|at| at + end + self.separator.len_utf8());
                &rest[..end]
            }
            None => {
                self.at = None;
                rest
            }
        };
        Some(self.text.copied(part))
    }
}

fn parts<'a>(whole: &Str, parts: impl Iterator<Item = &'a str>) -> Array<Str> {
    parts.map(|part| whole.copied(part)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::to_str;

    const GREEN: Str = Str::lit("grün, grün");

    #[test]
    fn searches() {
        assert!(GREEN.contains(Str::lit("ün")) && GREEN.contains_char('ü'));
        assert!(GREEN.starts_with(Str::lit("gr")) && GREEN.starts_with_char('g'));
        assert!(GREEN.ends_with(Str::lit("ün")) && !GREEN.ends_with_char('ü'));
        assert_eq!(GREEN.index_of(Str::lit("n,")), 3);
        assert_eq!(GREEN.index_of_char('ü'), 2);
        assert_eq!(GREEN.index_of_from(Str::lit("gr"), 1), Ok(6));
        assert_eq!(GREEN.index_of_char_from('n', 10), Ok(-1));
        assert_eq!(GREEN.last_index_of(Str::lit("gr")), 6);
        assert_eq!(GREEN.last_index_of_char('x'), -1);
        let thrown = GREEN.index_of_char_from('n', 11).unwrap_err();
        assert_eq!(thrown.kind(), "ArgumentOutOfRangeException");
        assert!(GREEN.index_of_from(Str::lit("x"), -1).is_err());
    }

    #[test]
    fn cuts_and_fills() {
        let word = Str::lit("  xx ");
        assert_eq!(word.trim().as_str(), "xx");
        assert_eq!(word.trim_start().as_str(), "xx ");
        assert_eq!(word.trim_end().as_str(), "  xx");
        let word = Str::lit("xaxx");
        assert_eq!(word.trim_char('x').as_str(), "a");
        assert_eq!(word.trim_start_char('x').as_str(), "axx");
        assert_eq!(word.trim_end_char('x').as_str(), "xa");
        assert_eq!(Str::lit("ü").pad_left(3).as_str(), "  ü");
        assert_eq!(Str::lit("7").pad_left_with(3, '0').as_str(), "007");
        assert_eq!(Str::lit("7").pad_right(2).as_str(), "7 ");
        assert_eq!(Str::lit("7").pad_right_with(3, 'ü').length(), 3);
        assert_eq!(Str::lit("long").pad_left(-1).as_str(), "long");
        assert_eq!(Str::repeated('=', 3).unwrap().as_str(), "===");
        assert!(Str::repeated('=', -1).is_err());
        assert_eq!(Str::from_chars(GREEN.to_array()), GREEN);
        assert_eq!(GREEN.to_list().count(), 10);
    }

    #[test]
    fn changes() {
        assert_eq!(GREEN.to_upper().as_str(), "GRÜN, GRÜN");
        assert_eq!(GREEN.to_upper().to_lower(), GREEN);
        assert_eq!(Str::lit("straße").to_upper().as_str(), "STRAßE");
        assert_eq!(GREEN.replace(Str::lit("ün"), Str::lit("een")).length(), 12);
        assert_eq!(GREEN.replace(Str::lit(""), Str::lit("x")), GREEN);
        assert_eq!(GREEN.replace_char('ü', 'u').as_str(), "grun, grun");
        assert_eq!(GREEN.insert(3, Str::lit("-")).unwrap().as_str(), "grü-n, grün");
        assert_eq!(GREEN.insert(10, Str::lit("!")).unwrap().length(), 11);
        assert!(GREEN.insert(11, Str::lit("!")).is_err());
        assert_eq!(GREEN.remove_from(4).unwrap().as_str(), "grün");
        assert_eq!(GREEN.remove(2, 6).unwrap().as_str(), "grün");
        assert!(GREEN.remove(9, 2).is_err() && GREEN.remove_from(-1).is_err());
        assert_eq!(GREEN.reverse().as_str(), "nürg ,nürg");
    }

    #[test]
    fn splits() {
        let line = Str::lit("a,b,,c");
        assert_eq!(to_str(&line.split(',')).as_str(), "[a, b, , c]");
        assert_eq!(to_str(&line.split_count(',', 2)).as_str(), "[a, b,,c]");
        assert_eq!(to_str(&line.split_text(Str::lit(",,"))).as_str(), "[a,b, c]");
        assert_eq!(line.split_text(Str::lit("")).length(), 1);
        assert_eq!(Str::lit("").split(',').length(), 1);
        for text in ["", ",", "a,b,,c", "grün,ü,", "x"] {
            let text = Str::lit(text);
            let parts: Vec<Str> = text.split_values(',').collect();
            assert_eq!(parts, text.split(',').as_slice());
        }
        let words = Str::lit(" a \t b ").split_white_space();
        assert_eq!(to_str(&words).as_str(), "[a, b]");
    }
}
