//! A value in the owner of a strand that only the thread reaches that runs the strand.
//! It does not wait and does not lock; a wrong use panics.

use std::ptr;

use crate::scheduler::current;
use crate::scheduler::strand::{Owned, Owner};

/// A part of the owner of a strand.
pub(super) struct OfStrand<T>(T);

// SAFETY: only `with` lends it: to the thread that runs the strand, and one at a time does. `T: Send` lets that be
// another thread each time.
unsafe impl<T: Send> Sync for OfStrand<T> {}

impl<T> OfStrand<T> {
    pub(super) fn new(value: T) -> Self {
        Self(value)
    }

    /// Lends the value that is `within` the owner, which lies behind its strand for as long as it is there.
    #[inline(always)]
    pub(super) fn with<O: Owner, R>(
        me: &Owned<O>,
        within: impl FnOnce(&O) -> &Self,
        body: impl FnOnce(&T) -> R,
    ) -> R {
        let it = within(me);
        let (at, owner) = (ptr::from_ref(it).addr(), ptr::from_ref(me).addr());
        let is_within = at.wrapping_sub(owner) < size_of::<Owned<O>>();
        assert!(is_within, "the value is another's");
        assert!(
            current::is_on_before(owner),
            "the state of an agent is used outside of the agent"
        );
        body(&it.0)
    }
}
