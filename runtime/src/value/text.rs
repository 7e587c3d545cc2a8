//! `Str`: immutable-looking text that counts Unicode scalars and grows in place when nobody shares it.
//! It does not print other values (`show.rs`) nor parse numbers (`library/`).

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::{Exception, Result, Show};

/// The `string` of the language.
///
/// Lengths and indices count Unicode scalars. Text that is all ASCII (known beforehand, not looked
/// up) finds an index at once; other text walks to it.
#[derive(Clone)]
pub struct Str(Repr);

#[derive(Clone)]
enum Repr {
    /// Text of the program itself, with its number of scalars.
    Lit(&'static str, usize),
    Shared(Arc<Buffer>),
}

#[derive(Clone, Default)]
struct Buffer {
    text: String,
    n_scalars: usize,
}

const fn count(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut n = 0;
    let mut at = 0;
    while at < bytes.len() {
        // Every byte that does not continue a scalar begins one.
        if bytes[at] & 0xC0 != 0x80 {
            n += 1;
        }
        at += 1;
    }
    n
}

impl Str {
    /// A literal; costs nothing at run time.
    pub const fn lit(text: &'static str) -> Self {
        Self(Repr::Lit(text, count(text)))
    }

    /// The text in UTF-8.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Repr::Lit(text, _) => text,
            Repr::Shared(buffer) => &buffer.text,
        }
    }

    pub(crate) fn n_scalars(&self) -> usize {
        match &self.0 {
            Repr::Lit(_, n) => *n,
            Repr::Shared(buffer) => buffer.n_scalars,
        }
    }

    /// Whether scalar and byte positions agree.
    pub(crate) fn is_ascii(&self) -> bool {
        self.n_scalars() == self.as_str().len()
    }

    /// The byte position of the scalar at `index`; the end counts as one past the last.
    pub(crate) fn byte_at(&self, index: usize) -> Option<usize> {
        let text = self.as_str();
        if self.is_ascii() {
            (index <= text.len()).then_some(index)
        } else if index == self.n_scalars() {
            Some(text.len())
        } else {
            text.char_indices().nth(index).map(|(at, _)| at)
        }
    }

    /// Adds to the end; in place if nobody else holds this text.
    pub fn push_str(&mut self, more: &str) {
        self.edit(|text| text.push_str(more));
    }

    /// Lets `write` add to the end of the text; what it adds is counted afterwards.
    pub(crate) fn edit(&mut self, write: impl FnOnce(&mut String)) {
        if let Repr::Lit(text, n_scalars) = self.0 {
            let text = String::from(text);
            self.0 = Repr::Shared(Arc::new(Buffer { text, n_scalars }));
        }
        if let Repr::Shared(buffer) = &mut self.0 {
            let buffer = Arc::make_mut(buffer);
            let old = buffer.text.len();
            write(&mut buffer.text);
            buffer.n_scalars += count(&buffer.text[old..]);
        }
    }

    /// The number of Unicode scalars.
    pub fn length(&self) -> i32 {
        i32::try_from(self.n_scalars()).unwrap_or(i32::MAX)
    }

    /// The scalar at `index`.
    #[track_caller]
    pub fn at(&self, index: i32) -> Result<char> {
        let found = usize::try_from(index).ok().and_then(|index| {
            if self.is_ascii() {
                self.as_str().as_bytes().get(index).map(|byte| char::from(*byte))
            } else {
                self.as_str().chars().nth(index)
            }
        });
        match found {
            Some(found) => Ok(found),
            None => Err(self.outside(index)),
        }
    }

    #[track_caller]
    #[cold]
    fn outside(&self, index: i32) -> Exception {
        Exception::new(
            "IndexOutOfRangeException",
            format!("index {index} is outside a string of length {}", self.length()),
        )
    }

    #[track_caller]
    #[cold]
    fn no_range(&self, from: i32, to: i64) -> Exception {
        Exception::new(
            "ArgumentOutOfRangeException",
            format!(
                "the range {from}..{to} is outside a string of length {}",
                self.length()
            ),
        )
    }

    /// The part from scalar `from` up to, not including, `to`.
    #[track_caller]
    pub fn slice(&self, from: Option<i32>, to: Option<i32>) -> Result<Self> {
        let from = from.unwrap_or(0);
        self.part(from, to.map_or(self.n_scalars() as i64, i64::from))
    }

    #[track_caller]
    fn part(&self, from: i32, to: i64) -> Result<Self> {
        let bytes = || {
            let (from, to) = (usize::try_from(from).ok()?, usize::try_from(to).ok()?);
            if from > to || to > self.n_scalars() {
                return None;
            }
            Some((self.byte_at(from)?, self.byte_at(to)?))
        };
        match bytes() {
            Some((0, end)) if end == self.as_str().len() => Ok(self.clone()),
            Some((start, end)) => Ok(Self::from(&self.as_str()[start..end])),
            None => Err(self.no_range(from, to)),
        }
    }

    /// The part of `length` scalars from `start` on.
    #[track_caller]
    pub fn substring(&self, start: i32, length: i32) -> Result<Self> {
        self.part(start, i64::from(start) + i64::from(length))
    }

    /// The part from scalar `start` to the end.
    #[track_caller]
    pub fn substring_from(&self, start: i32) -> Result<Self> {
        self.part(start, self.n_scalars() as i64)
    }

    /// An owning iterator over the scalars.
    pub fn iter_values(&self) -> Chars {
        Chars { text: self.clone(), at: 0 }
    }
}

/// The scalars of a text, one after the other.
#[derive(Clone, Debug)]
pub struct Chars {
    text: Str,
    at: usize,
}

impl Iterator for Chars {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        let next = self.text.as_str()[self.at..].chars().next()?;
        self.at += next.len_utf8();
        Some(next)
    }
}

impl From<String> for Str {
    fn from(text: String) -> Self {
        let n_scalars = count(&text);
        Self(Repr::Shared(Arc::new(Buffer { text, n_scalars })))
    }
}

impl From<&str> for Str {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::lit("") } else { Self::from(String::from(text)) }
    }
}

impl From<Str> for String {
    fn from(text: Str) -> Self {
        match text.0 {
            Repr::Lit(text, _) => text.into(),
            Repr::Shared(buffer) => match Arc::try_unwrap(buffer) {
                Ok(buffer) => buffer.text,
                Err(buffer) => buffer.text.clone(),
            },
        }
    }
}

impl Default for Str {
    fn default() -> Self {
        Self::lit("")
    }
}

impl AsRef<str> for Str {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq for Str {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Str {}

impl PartialOrd for Str {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// By scalar values, which is the order of the bytes of UTF-8.
impl Ord for Str {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for Str {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Debug for Str {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), out)
    }
}

impl fmt::Display for Str {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.as_str(), out)
    }
}

impl Show for Str {
    fn show(&self, out: &mut String) {
        out.push_str(self.as_str());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_scalars() {
        const WORD: Str = Str::lit("grün😀");
        assert_eq!(WORD.length(), 5);
        assert_eq!(WORD.at(2), Ok('ü'));
        assert_eq!(WORD.at(4), Ok('😀'));
        assert_eq!(WORD.at(5).unwrap_err().kind(), "IndexOutOfRangeException");
        assert_eq!(WORD.at(-1).unwrap_err().kind(), "IndexOutOfRangeException");
        assert_eq!(WORD.iter_values().collect::<String>(), "grün😀");
    }

    #[test]
    fn cuts_parts() {
        let word = Str::from("Axum grün");
        assert_eq!(word.substring(0, 4).unwrap().as_str(), "Axum");
        assert_eq!(word.substring_from(5).unwrap().as_str(), "grün");
        assert_eq!(word.slice(Some(7), None).unwrap().as_str(), "ün");
        assert_eq!(word.slice(None, Some(0)).unwrap().as_str(), "");
        for wrong in [word.substring(8, 2), word.substring(-1, 1), word.substring(3, -1)]
        {
            assert_eq!(wrong.unwrap_err().kind(), "ArgumentOutOfRangeException");
        }
        let huge = word.substring(i32::MAX, i32::MAX);
        assert_eq!(huge.unwrap_err().kind(), "ArgumentOutOfRangeException");
    }

    #[test]
    fn grows_without_touching_copies() {
        let mut line = Str::lit("é");
        line.push_str("a");
        let copy = line.clone();
        line.push_str("ü");
        assert_eq!((copy.as_str(), copy.length()), ("éa", 2));
        assert_eq!((line.as_str(), line.length()), ("éaü", 3));
    }
}
