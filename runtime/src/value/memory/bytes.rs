//! UTF-8 text in three words: short ASCII text stands in the handle itself, text of the program in
//! the program, all other text in shared memory. It knows lengths in bytes and in scalars, nothing more.

use super::buffer::grown;
use super::utf8::{Far, NEAR, Near, decimal};

/// A handle to text.
#[derive(Clone)]
pub(in crate::value) enum Bytes {
    /// In the handle itself, if it is ASCII.
    Near(Near),
    /// In the program, of so many scalars.
    Fixed { text: &'static str, n_scalars: u32 },
    /// In shared memory, of so many scalars.
    Far { text: Far, n_scalars: u32 },
}

impl Bytes {
    pub(in crate::value) const EMPTY: Self = Self::Near(Near::EMPTY);

    /// Text of the program.
    pub(in crate::value) const fn fixed(text: &'static str, n_scalars: usize) -> Self {
        Self::Fixed { text, n_scalars: n_scalars as u32 }
    }

    /// A copy of the text, which has that many scalars.
    pub(in crate::value) fn new(text: &str, n_scalars: usize) -> Self {
        if text.len() == n_scalars
            && let Some(near) = Near::new(text)
        {
            return Self::Near(near);
        }
        let mut bytes = Self::EMPTY;
        bytes.push_far(text, n_scalars);
        bytes
    }

    #[inline]
    pub(in crate::value) fn as_str(&self) -> &str {
        match self {
            Self::Near(text) => text.as_str(),
            Self::Fixed { text, .. } => text,
            Self::Far { text, .. } => text.as_str(),
        }
    }

    /// The bytes, if each is a scalar.
    #[inline]
    pub(in crate::value) fn ascii(&self) -> Option<&[u8]> {
        let (text, n_scalars) = match self {
            Self::Near(text) => return Some(text.as_str().as_bytes()),
            Self::Fixed { text, n_scalars } => (*text, *n_scalars),
            Self::Far { text, n_scalars } => (text.as_str(), *n_scalars),
        };
        (text.len() == n_scalars as usize).then_some(text.as_bytes())
    }

    #[inline]
    pub(in crate::value) fn n_scalars(&self) -> usize {
        match self {
            Self::Near(text) => text.len(),
            Self::Fixed { n_scalars, .. } | Self::Far { n_scalars, .. } => {
                *n_scalars as usize
            }
        }
    }

    /// Adds text of that many scalars to the end, in place if nobody else holds this text.
    #[inline]
    pub(in crate::value) fn push(&mut self, more: &str, n_scalars: usize) {
        match self {
            Self::Near(text) => {
                if more.len() == n_scalars && text.push(more) {
                    return;
                }
            }
            Self::Far { text, n_scalars: n } => {
                if text.push(more) {
                    *n += n_scalars as u32;
                    return;
                }
            }
            Self::Fixed { .. } => {}
        }
        self.push_far(more, n_scalars);
    }

    /// Adds a number in decimal digits to the end.
    #[inline]
    pub(in crate::value) fn push_decimal(&mut self, negative: bool, magnitude: u64) {
        let mut digits = [0; 21];
        let number = decimal(negative, magnitude, &mut digits);
        self.push(number, number.len());
    }

    /// As `push`, with room made before.
    #[cold]
    #[inline(never)]
    fn push_far(&mut self, more: &str, n_scalars: usize) {
        let (old, n_old) = (self.as_str(), self.n_scalars());
        let capacity = grown(old.len(), old.len() + more.len(), 2 * NEAR);
        if let Self::Far { text, .. } = self
            && text.enlarge(capacity)
        {
            return self.push(more, n_scalars);
        }
        let mut text = Far::with_capacity(capacity);
        text.push(self.as_str());
        text.push(more);
        *self = Self::Far { text, n_scalars: (n_old + n_scalars) as u32 };
    }

    /// Whether the texts are equal.
    #[inline]
    pub(in crate::value) fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Near(text), Self::Near(other)) => text == other,
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
