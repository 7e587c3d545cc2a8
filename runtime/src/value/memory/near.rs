//! A few bytes that stand in a handle itself. It does not know what they mean.

use super::short;

/// The most bytes that stand in place.
pub(super) const NEAR: usize = short::PADDED;

/// Bytes in place, then zeros.
#[derive(Clone, PartialEq)]
pub(in crate::value) struct Near {
    len: u8,
    bytes: [u8; NEAR],
}

impl Near {
    pub(super) const EMPTY: Self = Self { len: 0, bytes: [0; NEAR] };

    #[inline]
    pub(super) fn new(all: &[u8]) -> Option<Self> {
        let bytes = short::padded(all)?;
        Some(Self { len: all.len() as u8, bytes })
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.len as usize
    }

    #[inline]
    pub(super) fn as_slice(&self) -> &[u8] {
        self.bytes.get(..self.len()).unwrap_or(&self.bytes)
    }

    /// Adds bytes, if there is room.
    #[inline]
    pub(super) fn push(&mut self, more: &[u8]) -> bool {
        let end = self.len() + more.len();
        let Some(place) = self.bytes.get_mut(self.len as usize..end) else {
            return false;
        };
        short::copy(more, place);
        self.len = end as u8;
        true
    }
}
