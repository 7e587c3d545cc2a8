//! Room for one strand. Its owner puts it there, the owner and thieves take it.
//!
//! What is in it is exchanged for nothing, so whoever gets it has it alone.

use std::marker::PhantomData;
use std::ptr::{self, NonNull};

use crate::mailbox::inbox::Pointer;
use crate::sync::{AtomicPtr, Ordering};

/// Room for one node.
pub(crate) struct Slot<P: Pointer>(AtomicPtr<P::Node>, PhantomData<P>);

// SAFETY: the slot owns what was put into it and moves it between threads.
unsafe impl<P: Pointer + Send> Send for Slot<P> {}
// SAFETY: as above; the one field is atomic.
unsafe impl<P: Pointer + Send> Sync for Slot<P> {}

impl<P: Pointer> Slot<P> {
    pub(crate) fn new() -> Self {
        Self(AtomicPtr::new(ptr::null_mut()), PhantomData)
    }

    /// Puts `node` into the slot, which is empty, as its owner knows: what was there would never be taken.
    #[inline(always)]
    pub(crate) fn fill(&self, node: P) {
        debug_assert!(!self.is_full(), "only the owner fills the slot");
        // Release publishes the node to `take`.
        self.0.store(node.into_raw().as_ptr(), Ordering::Release);
    }

    /// Takes what is there. For the owner and for thieves.
    #[inline(always)]
    pub(crate) fn take(&self) -> Option<P> {
        // Acquire, here and below: who finds the slot empty may fill it.
        let seen = NonNull::new(self.0.load(Ordering::Acquire))?;
        let (node, none) = (seen.as_ptr(), ptr::null_mut());
        // Acquire pairs with the release of `fill`, release with who finds the slot empty.
        let taken =
            self.0.compare_exchange(node, none, Ordering::AcqRel, Ordering::Acquire);
        // SAFETY: `fill` gave up what is there, whichever node it is, and the exchange gives it to one
        // thread alone.
        taken.ok().map(|node| unsafe { P::from_raw(NonNull::new_unchecked(node)) })
    }

    /// Whether there is something, as far as one look can tell.
    #[inline(always)]
    pub(crate) fn is_full(&self) -> bool {
        !self.0.load(Ordering::Acquire).is_null()
    }
}

impl<P: Pointer> Drop for Slot<P> {
    fn drop(&mut self) {
        drop(self.take());
    }
}
