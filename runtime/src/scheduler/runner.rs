//! The right to run a strand, and the values that only who uses it reaches. It does not decide what runs.
//!
//! A strand has one [`Runnable`] from its beginning to its end. While the word of the strand is idle, that owns it; who
//! finds it idle and changes that has it, queues it, and the worker that takes it from there runs the strand. A
//! `Runnable` is not `Sync`, and is borrowed while its thread says that it runs the strand: so no other does.

use std::cell::Cell;
use std::marker::PhantomData;
use std::ops::Deref;
use std::ptr::{self, NonNull};

use super::handle::ActivityRef;
use super::runs::Runs;
use super::strand::{Strand, StrandRef};
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

/// A value in the block of a strand or of an activity. It says by itself how it is changed: it is lent as often as its
/// thread asks. It does not wait and does not lock.
pub(crate) struct OfStrand<T>(sync::Cell<T>);

// SAFETY: it is lent by its address, to the thread that runs what has the block in which it is. There is one at a time,
// and `T: Send` lets that be another each time.
unsafe impl<T: Send> Sync for OfStrand<T> {}

impl<T> OfStrand<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(sync::Cell::new(value))
    }

    /// Lends the value, if this thread runs what has it.
    #[inline(always)]
    pub(crate) fn lend<R>(&self, body: impl FnOnce(&T) -> R) -> Option<R> {
        // Two of no size may have one address.
        const { assert!(size_of::<T>() > 0) };
        let lend = || {
            self.0.with_mut(
                // SAFETY: no other thread uses it now, and nobody changes the value but through such references.
                #[inline(always)]
                |it| body(unsafe { &*it }),
            )
        };
        Runs::has(ptr::from_ref(self).addr()).then(lend)
    }
}
