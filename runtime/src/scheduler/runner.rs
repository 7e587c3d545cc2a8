//! The right to run a strand, and the values that only who uses it reaches. It does not decide what runs.
//!
//! A strand has one [`Runnable`] from its beginning to its end. While the word of the strand is idle, that owns it; who
//! finds it idle and changes that has it, queues it, and the worker that takes it from there runs the strand. A
//! `Runnable` is not `Sync`, and is borrowed while its thread says that it runs the strand: so no other does.

use std::cell::Cell;
use std::marker::PhantomData;
use std::ops::Deref;
use std::ptr::{self, NonNull};

use super::block::ActivityRef;
use super::runs::Runs;
use super::strand::{Strand, StrandRef};
use crate::channel::block::Place;
use crate::sync::{self, Pointer};

/// The right to run a strand, and a handle of it.
#[derive(Debug)]
pub(crate) struct Runnable(StrandRef, PhantomData<Cell<()>>);

impl Deref for Runnable {
    type Target = StrandRef;

    #[inline(always)]
    fn deref(&self) -> &StrandRef {
        &self.0
    }
}

// SAFETY: it is the pointer of its handle.
unsafe impl Pointer for Runnable {
    type Node = Strand;

    fn into_raw(self) -> NonNull<Strand> {
        self.0.into_first().into_raw()
    }

    unsafe fn from_raw(node: NonNull<Strand>) -> Self {
        // SAFETY: as the caller says.
        let first = unsafe { ActivityRef::from_raw(node) };
        Self(StrandRef::of_first(first), PhantomData)
    }
}

impl Runnable {
    /// Makes the strand idle, if nothing is ready: then its word owns it.
    #[inline(always)]
    pub(super) fn rest(self) -> core::result::Result<(), Self> {
        let ready = NonNull::from(&self.ready);
        // SAFETY: it is in the block, which is there until somebody takes this out of it, and is not looked at after that.
        unsafe { ready.as_ref() }.rest(self)
    }
}

#[inline(always)]
fn lies_within<T, P>(it: &T, part: &P) -> bool {
    ptr::from_ref(it).addr().wrapping_sub(ptr::from_ref(part).addr()) < size_of::<P>()
}

/// A value in the block of a strand. It says by itself how it is changed: it is lent as often as its thread asks. It
/// does not wait and does not lock; a wrong use panics.
pub(crate) struct OfStrand<T>(sync::Cell<T>);

// SAFETY: only `with` lends it, by its address: to the thread that runs the strand in whose block it is. There is one
// at a time, and `T: Send` lets that be another each time.
unsafe impl<T: Send> Sync for OfStrand<T> {}

impl<T> OfStrand<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(sync::Cell::new(value))
    }

    /// Lends the value that is `within` what a block begins with, or within what lies behind the strand there.
    #[inline(always)]
    pub(crate) fn with<P, R>(
        part: &P,
        within: impl FnOnce(&P) -> &Self,
        body: impl FnOnce(&T) -> R,
    ) -> R {
        let it = within(part);
        assert!(lies_within(it, part), "the value is another's");
        let runs = Runs::reach(ptr::from_ref(part).addr());
        assert!(runs, "the state of an agent is used outside of the agent");
        it.lend(body)
    }

    /// Lends the value that is in a part of a block, with the place of a port, if the thread runs the strand of that.
    #[inline(always)]
    pub(crate) fn with_at<P, R>(
        part: &P,
        within: impl FnOnce(&P) -> (&Self, &Place),
        body: impl FnOnce(&T) -> R,
    ) -> Option<R> {
        let (it, place) = within(part);
        let are_there = lies_within(it, part) && lies_within(place, part);
        assert!(are_there, "the value is another's");
        place.find().is_some_and(Runs::runs).then(|| it.lend(body))
    }

    /// For a thread that runs the strand.
    #[inline(always)]
    fn lend<R>(&self, body: impl FnOnce(&T) -> R) -> R {
        self.0.with_mut(
            // SAFETY: no other thread uses it now, and nobody changes the value but through such references.
            #[inline(always)]
            |it| body(unsafe { &*it }),
        )
    }
}
