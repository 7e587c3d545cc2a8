//! Room for one strand. Its owner puts it there, the owner and thieves take it.
//!
//! What is in it is put and taken by swaps, so whoever gets it has it alone.

use std::marker::PhantomData;
use std::ptr::{self, NonNull};

use crate::mailbox::inbox::Pointer;
use crate::sync::{AtomicPtr, Ordering};

/// Room for one node.
#[derive(Debug)]
pub(crate) struct Slot<P: Pointer>(AtomicPtr<P::Node>, PhantomData<P>);

// SAFETY: the slot owns what was put into it and moves it between threads.
unsafe impl<P: Pointer + Send> Send for Slot<P> {}
// SAFETY: as above; the one field is atomic.
unsafe impl<P: Pointer + Send> Sync for Slot<P> {}

impl<P: Pointer> Slot<P> {
    pub(crate) fn new() -> Self {
        Self(AtomicPtr::new(ptr::null_mut()), PhantomData)
    }

    /// Puts `node` into the slot; gives what was there before.
    pub(crate) fn put(&self, node: P) -> Option<P> {
        // Release publishes the node to `take`; acquire pairs with another's `put`.
        Self::own(self.0.swap(node.into_raw().as_ptr(), Ordering::AcqRel))
    }

    /// Takes what is there. For the owner and for thieves.
    pub(crate) fn take(&self) -> Option<P> {
        if !self.is_full() {
            return None;
        }
        // Acquire pairs with the release of `put`.
        Self::own(self.0.swap(ptr::null_mut(), Ordering::AcqRel))
    }

    fn own(node: *mut P::Node) -> Option<P> {
        // SAFETY: `put` gave it up, and a swap gives it to one thread alone.
        NonNull::new(node).map(|node| unsafe { P::from_raw(node) })
    }

    /// Whether there is something, as far as one look can tell.
    pub(crate) fn is_full(&self) -> bool {
        // Acquire, so that a look at the slot is ordered as one at a queue is.
        !self.0.load(Ordering::Acquire).is_null()
    }
}

impl<P: Pointer> Drop for Slot<P> {
    fn drop(&mut self) {
        drop(self.take());
    }
}
