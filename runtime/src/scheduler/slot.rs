//! Room for one strand. Its owner puts it there, the owner and thieves take it.
//!
//! What is in it is exchanged for nothing, so whoever gets it has it alone.

use crate::sync::{Content, Ordering, Pointer, Word};

/// Room for one node.
pub(crate) struct Slot<P: Pointer>(Word<P>);

impl<P: Pointer> Slot<P> {
    pub(crate) fn new() -> Self {
        Self(Word::new(0))
    }

    /// Puts `node` into the slot, which is empty, as its owner knows: what was there would never be taken.
    #[inline(always)]
    pub(crate) fn fill(&self, node: P) {
        debug_assert!(!self.is_full(), "only the owner fills the slot");
        // Release publishes the node to `take`.
        self.0.fill(node);
    }

    /// Takes what is there. For the owner and for thieves.
    #[inline(always)]
    pub(crate) fn take(&self) -> Option<P> {
        // Acquire, here and below: who finds the slot empty may fill it.
        let seen = self.0.see(Ordering::Acquire);
        if !seen.has_pointer() {
            return None;
        }
        // Acquire pairs with the release of `fill`, release with who finds the slot empty.
        match self.0.take(seen, 0).ok()? {
            Content::Nothing => None,
            Content::Node(node) | Content::Other(node) => Some(node),
        }
    }

    /// Whether there is something, as far as one look can tell.
    #[inline(always)]
    pub(crate) fn is_full(&self) -> bool {
        self.0.see(Ordering::Acquire).has_pointer()
    }
}

impl<P: Pointer> Drop for Slot<P> {
    fn drop(&mut self) {
        drop(self.take());
    }
}
