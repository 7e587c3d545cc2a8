//! What a port notes of where it is, in one word. It does not find it there.

use super::block::Place;

/// Whether the messages of a port follow rules (a protocol, or the bounds of its line), the number of the port in its
/// channel, and how far behind the channel's beginning it notes that. None is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot(u32);

const RULED: u32 = 1;
/// So many bits are the number.
const INDEX_BITS: u32 = 14;
/// So many count words of four bytes.
const OFFSET_BITS: u32 = 31 - INDEX_BITS;

impl Spot {
    /// Nowhere yet.
    pub(super) const NONE: Self = Self(0);

    pub(super) fn new(is_ruled: bool, index: usize, offset: usize) -> Self {
        let fits = index < 1 << INDEX_BITS
            && offset < 4 << OFFSET_BITS
            && offset.is_multiple_of(4);
        assert!(fits, "a channel has at most {} ports", 1 << INDEX_BITS);
        let (index, n_words) = (index as u32, (offset / 4) as u32);
        let ruled = if is_ruled { RULED } else { 0 };
        Self((n_words << (1 + INDEX_BITS)) | (index << 1) | ruled)
    }

    #[inline(always)]
    pub(super) fn of(word: u32) -> Self {
        Self(word)
    }

    pub(super) fn word(self) -> u32 {
        self.0
    }

    #[inline(always)]
    pub(super) fn is_ruled(self) -> bool {
        self.0 & RULED != 0
    }

    #[inline(always)]
    pub(super) fn index(self) -> usize {
        (self.0 >> 1) as usize % (1 << INDEX_BITS)
    }

    #[inline(always)]
    pub(super) fn offset(self) -> usize {
        (self.0 >> (1 + INDEX_BITS)) as usize * 4
    }
}

impl Place {
    /// Whether messages of the port follow a protocol, or its line has bounds. Else they just come and go.
    #[inline(always)]
    pub(crate) fn is_ruled(&self) -> bool {
        self.spot().is_ruled()
    }

    /// The number of the port.
    #[inline(always)]
    pub(super) fn index(&self) -> usize {
        self.spot().index()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_word_says_what_it_was_made_of() {
        let last = (true, (1 << INDEX_BITS) - 1, (4 << OFFSET_BITS) - 4);
        for (is_ruled, index, offset) in [(false, 0, 4), (true, 1, 52), last] {
            let spot = Spot::of(Spot::new(is_ruled, index, offset).word());
            assert_eq!((spot.is_ruled(), spot.index()), (is_ruled, index));
            assert_eq!(spot.offset(), offset);
            assert_ne!(spot, Spot::NONE);
        }
    }
}
