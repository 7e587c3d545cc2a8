//! Bytes that are text: they begin as text or as nothing, and nothing but whole text is ever added. What
//! text stands where, and how long it is in scalars, is decided in `bytes.rs`.

use super::rows::Rows;
use super::short;

/// The longest text that stands in place.
pub(super) const NEAR: usize = short::PADDED;

/// Short text in place, then zeros.
#[derive(Clone, PartialEq)]
pub(in crate::value) struct Near {
    len: u8,
    bytes: [u8; NEAR],
}

impl Near {
    pub(super) const EMPTY: Self = Self { len: 0, bytes: [0; NEAR] };

    #[inline]
    pub(super) fn new(text: &str) -> Option<Self> {
        let bytes = short::padded(text.as_bytes())?;
        Some(Self { len: text.len() as u8, bytes })
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.len as usize
    }

    #[inline]
    pub(super) fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..self.len()).unwrap_or(&self.bytes);
        // SAFETY: whole texts were copied to there, one behind the other.
        unsafe { str::from_utf8_unchecked(bytes) }
    }

    /// Adds text, if there is room.
    #[inline]
    pub(super) fn push(&mut self, more: &str) -> bool {
        let end = self.len() + more.len();
        let Some(place) = self.bytes.get_mut(self.len as usize..end) else {
            return false;
        };
        short::copy(more.as_bytes(), place);
        self.len = end as u8;
        true
    }
}

/// Text in shared memory.
#[derive(Clone)]
pub(in crate::value) struct Far(Rows<u8>);

impl Far {
    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self(Rows::with_capacity(capacity))
    }

    #[inline]
    pub(super) fn as_str(&self) -> &str {
        // SAFETY: nobody else has these elements, to which whole texts were added.
        unsafe { str::from_utf8_unchecked(&self.0) }
    }

    /// Adds text, if there is room and nobody else has this.
    #[inline]
    pub(super) fn push(&mut self, more: &str) -> bool {
        self.0.append(more.as_bytes())
    }

    /// Makes the room larger where it is, if nobody else has this.
    pub(super) fn enlarge(&mut self, capacity: usize) -> bool {
        self.0.enlarge(capacity)
    }
}

/// A number with its sign, in decimal digits.
#[inline]
pub(super) fn decimal(negative: bool, magnitude: u64, to: &mut [u8; 21]) -> &str {
    // SAFETY: a sign and digits are text.
    unsafe { str::from_utf8_unchecked(short::decimal(negative, magnitude, to)) }
}
