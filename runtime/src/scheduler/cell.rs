//! Values in the block of a strand that only the thread reaches that runs the strand.
//! It does not wait and does not lock; a wrong use panics.

use std::ptr;

use super::current;
use crate::sync::Cell;

/// A value in the block of a strand. It says by itself how it is changed: it is lent as often as its thread asks.
pub(crate) struct OfStrand<T>(Cell<T>);

// SAFETY: only `with` lends it, by its address: to the thread that runs the strand in whose block it is. There is one
// at a time, and `T: Send` lets that be another each time.
unsafe impl<T: Send> Sync for OfStrand<T> {}

impl<T> OfStrand<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Cell::new(value))
    }

    /// Lends the value that is `within` what a block begins with, or within what lies behind the strand there.
    #[inline(always)]
    pub(crate) fn with<P, R>(
        part: &P,
        within: impl FnOnce(&P) -> &Self,
        body: impl FnOnce(&T) -> R,
    ) -> R {
        let (it, begin) = (within(part), ptr::from_ref(part).addr());
        let is_within = ptr::from_ref(it).addr().wrapping_sub(begin) < size_of::<P>();
        assert!(is_within, "the value is another's");
        let reaches = current::with_runs(|runs| runs.reaches(begin));
        assert!(reaches, "the state of an agent is used outside of the agent");
        it.0.with_mut(
            // SAFETY: this thread runs the strand, and nobody changes the value but through such references.
            #[inline(always)]
            |it| body(unsafe { &*it }),
        )
    }
}
