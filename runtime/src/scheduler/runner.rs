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
use super::current;
use super::finally::Finally;
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

    /// Runs `body` as code of the strand.
    #[inline(always)]
    pub(super) fn within<R>(&self, body: impl FnOnce() -> R) -> R {
        Runs::during(STRAND, self, body)
    }
}

/// What a thread runs, while a call of [`Runs::during`] lasts.
pub(crate) struct Runs {
    /// A strand that the thread has the right to run.
    strand: Cell<*const Strand>,
    /// What the block of an activity of that begins with, while it is polled.
    activity: Cell<*const Strand>,
}

type Place = fn(&Runs) -> &Cell<*const Strand>;

pub(super) const STRAND: Place = |runs| &runs.strand;
pub(super) const ACTIVITY: Place = |runs| &runs.activity;

impl Runs {
    pub(super) const fn nothing() -> Self {
        Self { strand: Cell::new(ptr::null()), activity: Cell::new(ptr::null()) }
    }

    #[inline(always)]
    fn during<R>(place: Place, it: &Strand, body: impl FnOnce() -> R) -> R {
        let before = current::with_runs(|runs| place(runs).replace(it));
        let _finally = Finally(
            #[inline(always)]
            move || current::with_runs(|runs| place(runs).set(before)),
        );
        body()
    }

    #[inline(always)]
    pub(super) fn with<R>(place: Place, body: impl FnOnce(&Strand) -> R) -> Option<R> {
        let it = current::with_runs(|runs| place(runs).get());
        // SAFETY: the call of `during` lasts that was given it.
        unsafe { it.as_ref() }.map(body)
    }

    /// Whether what begins there is a block that the thread runs, or lies behind the strand of one.
    #[inline(always)]
    fn reach(begin: usize) -> bool {
        let at = |it: &Cell<*const Strand>| it.get().addr();
        let (strand, activity) =
            current::with_runs(|it| (at(&it.strand), at(&it.activity)));
        activity == begin || strand == begin || strand + size_of::<Strand>() == begin
    }

    /// Whether this thread runs the strand.
    #[inline(always)]
    pub(crate) fn runs(strand: &Strand) -> bool {
        current::with_runs(|runs| ptr::eq(runs.strand.get(), strand))
    }

    /// Panics unless this thread may run the activity whose block begins with this.
    #[inline(always)]
    pub(super) fn check(front: &Strand) {
        let is_run = Self::reach(front.address()) || current::is_on(front.main());
        assert!(is_run, "another may run it");
    }
}

impl ActivityRef {
    /// Runs `body` as code of the activity.
    #[inline(always)]
    pub(super) fn within<R>(&self, body: impl FnOnce() -> R) -> R {
        Runs::check(self.front());
        Runs::during(ACTIVITY, self.front(), body)
    }
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
        let (it, begin) = (within(part), ptr::from_ref(part).addr());
        let is_within = ptr::from_ref(it).addr().wrapping_sub(begin) < size_of::<P>();
        assert!(is_within, "the value is another's");
        assert!(Runs::reach(begin), "the state of an agent is used outside of the agent");
        it.0.with_mut(
            // SAFETY: this thread runs the strand, and nobody changes the value but through such references.
            #[inline(always)]
            |it| body(unsafe { &*it }),
        )
    }
}
