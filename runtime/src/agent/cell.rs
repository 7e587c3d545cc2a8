//! A value in the owner of a strand that only the thread reaches that runs the strand.
//! It does not wait and does not lock; a wrong use panics.

use std::ptr;

use crate::scheduler::current;
use crate::scheduler::strand::{Owner, Owning};

/// A part of the owner of a strand.
pub(super) struct OfStrand<T>(T);

// SAFETY: only `with` lends it: to the thread that runs the strand, and one at a time does. `T: Send` lets that be
// another thread each time.
unsafe impl<T: Send> Sync for OfStrand<T> {}

impl<T> OfStrand<T> {
    pub(super) fn new(value: T) -> Self {
        Self(value)
    }

    /// Lends the value that is `within` the owner. An owner stays where it is, so this is always by the same strand.
    #[inline(always)]
    pub(super) fn with<O: Owner, R>(
        me: &Owning<O>,
        within: impl FnOnce(&O) -> &Self,
        body: impl FnOnce(&T) -> R,
    ) -> R {
        let owner: &O = me;
        let it = within(owner);
        let behind = ptr::from_ref(it).addr().wrapping_sub(ptr::from_ref(owner).addr());
        assert!(behind < size_of::<O>(), "the value is another's");
        assert!(
            current::is_on(me.strand()),
            "the state of an agent is used outside of the agent"
        );
        body(&it.0)
    }
}
