//! UTF-8 text in three words: short ASCII text stands in the handle itself, text of the program in
//! the program, all other text in shared memory. It knows lengths in bytes and in scalars, nothing more.
//! Text is the only thing that is ever added, and always whole: so what is there is text.

use super::buffer::grown;
use super::rows::Rows;
use super::short;

/// A handle to text. What it holds is made here only.
#[derive(Clone)]
pub(in crate::value) enum Bytes {
    /// In the handle itself: so much of it.
    Near { len: Len, text: Ascii },
    /// In the program, of so many scalars.
    Fixed { text: &'static str, n_scalars: u32 },
    /// In shared memory, of so many scalars.
    Far { text: Utf8, n_scalars: u32 },
}

/// Where near text ends.
#[derive(Clone, Copy, PartialEq)]
pub(in crate::value) struct Len(u8);

/// Near text, then zeros.
#[derive(Clone, PartialEq)]
pub(in crate::value) struct Ascii([u8; NEAR]);

/// Text.
#[derive(Clone)]
pub(in crate::value) struct Utf8(Rows<u8>);

/// The longest near text.
const NEAR: usize = short::PADDED;

impl Bytes {
    pub(in crate::value) const EMPTY: Self =
        Self::Near { len: Len(0), text: Ascii([0; NEAR]) };

    /// Text of the program.
    pub(in crate::value) const fn fixed(text: &'static str, n_scalars: usize) -> Self {
        Self::Fixed { text, n_scalars: n_scalars as u32 }
    }

    /// A copy of the text, which has that many scalars.
    pub(in crate::value) fn new(text: &str, n_scalars: usize) -> Self {
        if text.len() == n_scalars
            && let Some(near) = short::padded(text.as_bytes())
        {
            return Self::Near { len: Len(n_scalars as u8), text: Ascii(near) };
        }
        let mut bytes = Self::EMPTY;
        bytes.add_far(text.as_bytes(), n_scalars);
        bytes
    }

    #[inline]
    pub(in crate::value) fn as_str(&self) -> &str {
        let bytes = match self {
            Self::Near { len, text } => text.0.get(..len.0 as usize).unwrap_or(&text.0),
            Self::Fixed { text, .. } => text.as_bytes(),
            Self::Far { text, .. } => &text.0,
        };
        // SAFETY: nobody else can make or change what is near or far; only whole text is ever added.
        unsafe { str::from_utf8_unchecked(bytes) }
    }

    #[inline]
    pub(in crate::value) fn n_scalars(&self) -> usize {
        match self {
            Self::Near { len, .. } => len.0 as usize,
            Self::Fixed { n_scalars, .. } | Self::Far { n_scalars, .. } => {
                *n_scalars as usize
            }
        }
    }

    /// Adds text of that many scalars to the end, in place if nobody else holds this text.
    #[inline]
    pub(in crate::value) fn push(&mut self, more: &str, n_scalars: usize) {
        self.add(more.as_bytes(), n_scalars);
    }

    /// Adds an ASCII character to the end.
    #[inline]
    pub(in crate::value) fn push_ascii(&mut self, byte: u8) {
        assert!(byte.is_ascii(), "callers have looked");
        self.add(&[byte], 1);
    }

    /// Adds a number in decimal digits to the end.
    #[inline]
    pub(in crate::value) fn push_decimal(&mut self, negative: bool, magnitude: u64) {
        let mut digits = [0; 21];
        let number = short::decimal(negative, magnitude, &mut digits);
        self.add(number, number.len());
    }

    /// Adds what is text of that many scalars.
    #[inline]
    fn add(&mut self, more: &[u8], n_scalars: usize) {
        match self {
            Self::Near { len, text } => {
                let old = len.0 as usize;
                let end = old + more.len();
                if more.len() == n_scalars
                    && let Some(place) = text.0.get_mut(old..end)
                {
                    short::copy(more, place);
                    len.0 = end as u8;
                    return;
                }
            }
            Self::Far { text, n_scalars: n } => {
                if text.0.append(more) {
                    *n += n_scalars as u32;
                    return;
                }
            }
            Self::Fixed { .. } => {}
        }
        self.add_far(more, n_scalars);
    }

    /// As `add`, with room made before.
    #[cold]
    #[inline(never)]
    fn add_far(&mut self, more: &[u8], n_scalars: usize) {
        let (old, n_old) = (self.as_str(), self.n_scalars());
        let capacity = grown(old.len(), old.len() + more.len(), 2 * NEAR);
        if let Self::Far { text, .. } = self
            && text.0.enlarge(capacity)
        {
            return self.add(more, n_scalars);
        }
        let mut text = Rows::with_capacity(capacity);
        text.append(self.as_str().as_bytes());
        text.append(more);
        *self = Self::Far { text: Utf8(text), n_scalars: (n_old + n_scalars) as u32 };
    }

    /// Whether the texts are equal.
    #[inline]
    pub(in crate::value) fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Near { len, text }, Self::Near { len: other_len, text: other }) => {
                len == other_len && text == other
            }
            _ => self.as_str() == other.as_str(),
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn text_moves_out_when_it_outgrows_its_handle() {
        assert_eq!(size_of::<Option<Option<Bytes>>>(), size_of::<Bytes>());
        let mut text = Bytes::new("", 0);
        let mut expected = String::new();
        for n in 0..100 {
            let before = text.clone();
            text.push("ab", 2);
            assert_eq!((before.as_str(), before.n_scalars()), (&*expected, n * 2));
            expected.push_str("ab");
            assert_eq!((text.as_str(), text.n_scalars()), (&*expected, expected.len()));
        }
    }

    #[test]
    fn text_of_every_length_is_copied_whole() {
        let all = "0123456789abcdefghijklmnopqrstuvwxyzABCD";
        for n in 0..all.len() {
            let mut text = Bytes::new(&all[..n], n);
            text.push(&all[n..], all.len() - n);
            assert_eq!(text.as_str(), all);
        }
        for number in [0, 9, 10, 99, 100, u64::MAX] {
            for negative in [false, true] {
                let mut text = Bytes::new("0123456789", 10);
                text.push_decimal(negative, number);
                let sign = if negative { "-" } else { "" };
                assert_eq!(text.as_str(), format!("0123456789{sign}{number}"));
                text.push_decimal(negative, number);
                assert!(text.as_str().ends_with(&number.to_string()));
                assert_eq!(text.as_str().len(), text.n_scalars());
            }
        }
    }

    #[test]
    fn grows_in_place_when_alone() {
        let mut text = Bytes::new(&"x".repeat(60), 60);
        text.push("yyyy", 4);
        let before = text.as_str().as_ptr();
        text.push("z", 1);
        assert_eq!(text.as_str().as_ptr(), before);
        let copy = text.clone();
        text.push("z", 1);
        assert_ne!(text.as_str().as_ptr(), before);
        assert_eq!((copy.as_str().len(), text.as_str().len()), (65, 66));
    }

    #[test]
    fn other_scalars_are_never_near() {
        let mut text = Bytes::fixed("grün", 4);
        let copy = text.clone();
        text.push("ü", 1);
        assert_eq!((text.as_str(), text.n_scalars()), ("grünü", 5));
        assert_eq!((copy.as_str(), copy.n_scalars()), ("grün", 4));
        let mut near = Bytes::new("abc", 3);
        assert!(near.equals(&Bytes::fixed("abc", 3)) && near.equals(&near.clone()));
        assert!(!near.equals(&Bytes::new("abd", 3)) && !near.equals(&Bytes::EMPTY));
        near.push("é", 1);
        assert_eq!((near.as_str(), near.n_scalars()), ("abcé", 4));
        near.push("", 0);
        assert_eq!(std::thread::spawn(move || near.n_scalars()).join().ok(), Some(4));
    }
}
