//! `Str`: immutable-looking text that counts Unicode scalars and grows in place when nobody shares it.
//! It does not print other values (`show.rs`) nor parse numbers (`library/`).

use std::cell::Cell;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use super::memory::Text;
use super::{Exception, Result, Show};

/// The `string` of the language.
///
/// Lengths and indices count Unicode scalars. Text that is all ASCII (known beforehand, not looked
/// up) finds an index at once; other text walks to it.
#[derive(Clone)]
pub struct Str(Text);

/// The number of Unicode scalars.
const fn count(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut n = 0;
    let mut at = 0;
    while at < bytes.len() {
        // Every byte that does not continue a scalar begins one.
        n += (bytes[at] & 0xC0 != 0x80) as usize;
        at += 1;
    }
    n
}

/// Text that was written for somebody is kept if it had less room than this, to write into again.
const SCRATCH: usize = 1 << 16;

/// What `write` makes of an empty text that is only borrowed.
fn with_scratch<R>(write: impl FnOnce(&mut String) -> R) -> R {
    thread_local! {
        static KEPT: Cell<String> = const { Cell::new(String::new()) };
    }
    // Another one that is written meanwhile, or while the thread ends, begins with no room.
    let mut text = KEPT.try_with(Cell::take).unwrap_or_default();
    text.clear();
    let result = write(&mut text);
    if text.capacity() <= SCRATCH {
        let _ = KEPT.try_with(|kept| kept.set(text));
    }
    result
}

impl Str {
    /// A literal; costs nothing at run time in a constant.
    pub const fn lit(text: &'static str) -> Self {
        Self(Text::fixed(text, count(text)))
    }

    /// The empty text.
    pub(crate) const fn empty() -> Self {
        Self(Text::EMPTY)
    }

    /// What `write` writes.
    pub(crate) fn written(write: impl FnOnce(&mut String)) -> Self {
        with_scratch(|text| {
            write(text);
            Self::from(text.as_str())
        })
    }

    /// The text in UTF-8.
    #[inline]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    #[inline]
    pub(crate) fn n_scalars(&self) -> usize {
        self.0.bytes().n_scalars()
    }

    /// Whether scalar and byte positions agree.
    #[inline]
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
    #[inline]
    pub fn push_str(&mut self, more: &str) {
        self.0.push(more, count(more));
    }

    /// Adds a scalar to the end.
    #[inline]
    pub fn push(&mut self, c: char) {
        if c.is_ascii() {
            // So that rustc knows how long it is.
            self.0.push(c.encode_utf8(&mut [0; 1]), 1);
        } else {
            self.0.push(c.encode_utf8(&mut [0; 4]), 1);
        }
    }

    /// Adds a number to the end.
    #[inline]
    pub(crate) fn push_decimal(&mut self, negative: bool, magnitude: u64) {
        self.0.push_decimal(negative, magnitude);
    }

    /// Adds another text to the end; if there was nothing before, this is that text.
    #[inline]
    pub fn push_text(&mut self, more: &Self) {
        if self.as_str().is_empty() {
            *self = more.clone();
        } else {
            self.0.push(more.as_str(), more.n_scalars());
        }
    }

    /// Adds what `write` writes to the end, unless it fails.
    pub(crate) fn try_edit(
        &mut self,
        write: impl FnOnce(&mut String) -> Result<()>,
    ) -> Result<()> {
        with_scratch(|text| {
            write(text)?;
            self.push_str(text);
            Ok(())
        })
    }

    /// Adds what `write` writes to the end.
    pub(crate) fn edit(&mut self, write: impl FnOnce(&mut String)) {
        with_scratch(|text| {
            write(text);
            self.push_str(text);
        });
    }

    /// The number of Unicode scalars.
    #[inline]
    pub fn length(&self) -> i32 {
        // There is no room for more than that.
        self.n_scalars() as i32
    }

    /// The scalar at `index`.
    #[inline]
    #[track_caller]
    pub fn at(&self, index: i32) -> Result<char> {
        // A negative index is beyond any length.
        match self.0.bytes().ascii().and_then(|it| it.get(index as u32 as usize)) {
            Some(byte) => Ok(char::from(*byte)),
            None => self.walk_to(index),
        }
    }

    /// The scalar at `index` of text that is not ASCII, or that does not have it.
    #[cold]
    #[track_caller]
    fn walk_to(&self, index: i32) -> Result<char> {
        let index_of = usize::try_from(index).ok();
        match index_of.and_then(|index| self.as_str().chars().nth(index)) {
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
            Some((start, end)) => {
                let part = &self.as_str()[start..end];
                Ok(Self(Text::new(part, (to - i64::from(from)) as usize)))
            }
            None => Err(self.no_range(from, to)),
        }
    }

    /// Text that is a part of this.
    #[inline]
    pub(crate) fn copied(&self, part: &str) -> Self {
        let n_scalars = if self.is_ascii() { part.len() } else { count(part) };
        Self(Text::new(part, n_scalars))
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

    #[inline]
    fn next(&mut self) -> Option<char> {
        let byte = *self.text.as_str().as_bytes().get(self.at)?;
        if byte.is_ascii() {
            self.at += 1;
            return Some(char::from(byte));
        }
        let next = self.text.as_str()[self.at..].chars().next()?;
        self.at += next.len_utf8();
        Some(next)
    }
}

impl From<String> for Str {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<&str> for Str {
    fn from(text: &str) -> Self {
        Self(Text::new(text, count(text)))
    }
}

impl From<Str> for String {
    fn from(text: Str) -> Self {
        text.as_str().into()
    }
}

impl Default for Str {
    fn default() -> Self {
        Self::empty()
    }
}

impl AsRef<str> for Str {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq for Str {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.0.bytes().equals(other.0.bytes())
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
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        // The hash of bytes holds their number.
        state.write(self.as_str().as_bytes());
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

    fn add_to(&self, text: &mut Str) {
        text.push_text(self);
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
