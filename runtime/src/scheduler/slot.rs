//! Where a worker keeps the strand that it runs next: the one that was made last, so that trees of agents
//! grow in depth and not in width. Its owner puts it there, the owner and thieves take it.
//!
//! What is in it is put and taken by swaps, so whoever gets it has it alone.

use std::ptr;
use std::sync::Arc;

use crate::sync::{AtomicPtr, Ordering};

/// Room for one node.
#[derive(Debug)]
pub(crate) struct Slot<N>(AtomicPtr<N>);

// SAFETY: the slot owns a counted reference to a shared node and moves it between threads.
unsafe impl<N: Send + Sync> Send for Slot<N> {}
// SAFETY: as above; the one field is atomic.
unsafe impl<N: Send + Sync> Sync for Slot<N> {}

impl<N> Slot<N> {
    pub(crate) fn new() -> Self {
        Self(AtomicPtr::new(ptr::null_mut()))
    }

    /// Puts `node` into the slot; gives what was there before.
    pub(crate) fn put(&self, node: Arc<N>) -> Option<Arc<N>> {
        // Release publishes the node to `take`; acquire pairs with another's `put`.
        Self::own(self.0.swap(Arc::into_raw(node).cast_mut(), Ordering::AcqRel))
    }

    /// Takes what is there. For the owner and for thieves.
    pub(crate) fn take(&self) -> Option<Arc<N>> {
        if !self.is_full() {
            return None;
        }
        // Acquire pairs with the release of `put`.
        Self::own(self.0.swap(ptr::null_mut(), Ordering::AcqRel))
    }

    fn own(node: *mut N) -> Option<Arc<N>> {
        if node.is_null() {
            return None;
        }
        // SAFETY: `put` gave up a counted reference, and a swap gives it to one thread alone.
        Some(unsafe { Arc::from_raw(node) })
    }

    /// Whether there is something, as far as one look can tell.
    pub(crate) fn is_full(&self) -> bool {
        // Acquire, so that a look at the slot is ordered as one at a queue is.
        !self.0.load(Ordering::Acquire).is_null()
    }
}

impl<N> Drop for Slot<N> {
    fn drop(&mut self) {
        drop(self.take());
    }
}
