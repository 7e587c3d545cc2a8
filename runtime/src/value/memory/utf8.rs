//! Bytes that are text: they begin as text or as nothing, and nothing but whole text is ever added. Where
//! they stand is decided in `bytes.rs`.

use super::bytes::Bytes;

/// A handle to text.
#[derive(Clone)]
pub(in crate::value) struct Text(Bytes);

impl Text {
    pub(in crate::value) const EMPTY: Self = Self(Bytes::EMPTY);

    /// Text of the program, which has that many scalars.
    pub(in crate::value) const fn fixed(text: &'static str, n_scalars: usize) -> Self {
        Self(Bytes::fixed(text.as_bytes(), n_scalars))
    }

    /// A copy of the text.
    pub(in crate::value) fn new(text: &str, n_scalars: usize) -> Self {
        Self(Bytes::new(text.as_bytes(), n_scalars))
    }

    /// Adds text to the end, in place if nobody else holds this text.
    #[inline]
    pub(in crate::value) fn push(&mut self, more: &str, n_scalars: usize) {
        self.0.push(more.as_bytes(), n_scalars);
    }

    /// Adds a number in decimal digits to the end.
    #[inline]
    pub(in crate::value) fn push_decimal(&mut self, negative: bool, magnitude: u64) {
        self.0.push_decimal(negative, magnitude);
    }

    #[inline]
    pub(in crate::value) fn bytes(&self) -> &Bytes {
        &self.0
    }

    #[inline]
    pub(in crate::value) fn as_str(&self) -> &str {
        // SAFETY: whole texts were copied to there, one behind the other.
        unsafe { str::from_utf8_unchecked(self.0.as_slice()) }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn text_moves_out_when_it_outgrows_its_handle() {
        assert_eq!(size_of::<Option<Option<Text>>>(), size_of::<Text>());
        let mut text = Text::new("", 0);
        let mut expected = String::new();
        for n in 0..100 {
            let before = text.clone();
            text.push("ab", 2);
            assert_eq!(
                (before.as_str(), before.bytes().n_scalars()),
                (&*expected, n * 2)
            );
            expected.push_str("ab");
            assert_eq!(
                (text.as_str(), text.bytes().n_scalars()),
                (&*expected, expected.len())
            );
        }
    }

    #[test]
    fn text_of_every_length_is_copied_whole() {
        let all = "0123456789abcdefghijklmnopqrstuvwxyzABCD";
        for n in 0..all.len() {
            let mut text = Text::new(&all[..n], n);
            text.push(&all[n..], all.len() - n);
            assert_eq!(text.as_str(), all);
        }
        for number in [0, 9, 10, 99, 100, u64::MAX] {
            for negative in [false, true] {
                let mut text = Text::new("0123456789", 10);
                text.push_decimal(negative, number);
                let sign = if negative { "-" } else { "" };
                assert_eq!(text.as_str(), format!("0123456789{sign}{number}"));
                text.push_decimal(negative, number);
                assert!(text.as_str().ends_with(&number.to_string()));
                assert_eq!(text.as_str().len(), text.bytes().n_scalars());
            }
        }
    }

    #[test]
    fn grows_in_place_when_alone() {
        let mut text = Text::new(&"x".repeat(60), 60);
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
        let mut text = Text::fixed("grün", 4);
        let copy = text.clone();
        text.push("ü", 1);
        assert_eq!((text.as_str(), text.bytes().n_scalars()), ("grünü", 5));
        assert_eq!((copy.as_str(), copy.bytes().n_scalars()), ("grün", 4));
        let mut near = Text::new("abc", 3);
        assert!(
            near.bytes().equals(Text::fixed("abc", 3).bytes())
                && near.bytes().equals(near.clone().bytes())
        );
        assert!(
            !near.bytes().equals(Text::new("abd", 3).bytes())
                && !near.bytes().equals(Text::EMPTY.bytes())
        );
        near.push("é", 1);
        assert_eq!((near.as_str(), near.bytes().n_scalars()), ("abcé", 4));
        near.push("", 0);
        assert_eq!(
            std::thread::spawn(move || near.bytes().n_scalars()).join().ok(),
            Some(4)
        );
    }
}
