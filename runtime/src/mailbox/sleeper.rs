//! Whoever sleeps at queues, in one word: a counted pointer to something that begins with a [`Face`].
//! It does not know what sleeps, nor how that is made to run again.

use std::fmt;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;

use super::inbox::Pointer;
use crate::sync::Flag;

/// How to wake and to count what a face belongs to, and what else is to be known of it.
#[repr(C)]
pub(crate) struct Calls<M: 'static = ()> {
    /// Takes one count with it.
    wake: unsafe fn(NonNull<Face>),
    keep: unsafe fn(NonNull<Face>),
    release: unsafe fn(NonNull<Face>),
    more: M,
}

impl<M: Sync> Calls<M> {
    /// Of what an `S` points to.
    pub(crate) const fn of<S: Sleep>(more: M) -> Self {
        Self { wake: wake::<S>, keep: keep::<S>, release: release::<S>, more }
    }
}

/// The first field of everything that can sleep. Heads of queues keep marks in the lower bits of
/// pointers to it.
#[repr(align(8))]
pub(crate) struct Face(NonNull<Calls>);

// SAFETY: it points to a constant that is `Sync`.
unsafe impl Send for Face {}
// SAFETY: as above.
unsafe impl Sync for Face {}

impl fmt::Debug for Face {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Face")
    }
}

impl Face {
    /// The face of what has these calls.
    pub(crate) fn new<M: Sync>(calls: &'static Calls<M>) -> Self {
        // The beginning is the same.
        Self(NonNull::from(calls).cast())
    }

    #[inline]
    fn calls(&self) -> &'static Calls {
        // SAFETY: `new` was given a constant that begins with this.
        unsafe { self.0.as_ref() }
    }

    /// What else is to be known.
    ///
    /// # Safety
    /// The calls that the face was made with have an `M`.
    #[inline]
    pub(crate) unsafe fn more<M: Sync>(&self) -> &'static M {
        // SAFETY: as the caller says.
        unsafe { &self.0.cast::<Calls<M>>().as_ref().more }
    }
}

/// A counted pointer to what can sleep.
///
/// # Safety
/// What it points to is `repr(C)`, and its first field is a face with `Calls::of::<Self>`.
pub(crate) unsafe trait Sleep:
    Pointer + Clone + Send + Sync + 'static
{
    /// Makes it run again; what the caller did before is visible to it then. The reference may be
    /// handed on to where it is queued.
    fn wake(self);
}

/// # Safety
/// `face` is that of what an `S` points to, and comes with one count.
unsafe fn wake<S: Sleep>(face: NonNull<Face>) {
    // SAFETY: the face is the first field, so its address is that of the whole; the caller gives
    // the count.
    unsafe { S::from_raw(face.cast()) }.wake();
}

/// # Safety
/// `face` is that of what an `S` points to, and there is a count for it.
unsafe fn keep<S: Sleep>(face: NonNull<Face>) {
    // SAFETY: as in `wake`; the count stays.
    let there = ManuallyDrop::new(unsafe { S::from_raw(face.cast()) });
    let _ = ManuallyDrop::new(S::clone(&there));
}

/// # Safety
/// As [`wake`].
unsafe fn release<S: Sleep>(face: NonNull<Face>) {
    // SAFETY: as in `wake`.
    drop(unsafe { S::from_raw(face.cast()) });
}

/// A counted pointer to what sleeps.
pub(crate) struct Sleeper(NonNull<Face>);

impl Sleeper {
    pub(crate) fn of<S: Sleep>(sleeper: S) -> Self {
        // The face is the first field.
        Self(sleeper.into_raw().cast())
    }

    #[inline]
    pub(crate) fn wake(self) {
        let it = ManuallyDrop::new(self);
        // SAFETY: the face is valid while there is a count for it, which goes with the call.
        unsafe { (it.0.as_ref().calls().wake)(it.0) }
    }

    /// Where it is. Only to be compared.
    #[inline]
    pub(super) fn address(&self) -> usize {
        self.0.addr().get()
    }
}

// SAFETY: the count goes with the pointer; what can sleep is aligned to 8.
unsafe impl Pointer for Sleeper {
    type Node = Face;

    #[inline(always)]
    fn into_raw(self) -> NonNull<Face> {
        ManuallyDrop::new(self).0
    }

    #[inline(always)]
    unsafe fn from_raw(node: NonNull<Face>) -> Self {
        Self(node)
    }
}

impl Clone for Sleeper {
    fn clone(&self) -> Self {
        // SAFETY: this reference has a count, so the sleeper is alive.
        unsafe { (self.0.as_ref().calls().keep)(self.0) };
        Self(self.0)
    }
}

impl Drop for Sleeper {
    fn drop(&mut self) {
        // SAFETY: the count of this reference goes with the call.
        unsafe { (self.0.as_ref().calls().release)(self.0) }
    }
}

impl fmt::Debug for Sleeper {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Sleeper({:?})", self.0)
    }
}

// SAFETY: it is a counted pointer that is `Send` and `Sync`.
unsafe impl Send for Sleeper {}
// SAFETY: as above.
unsafe impl Sync for Sleeper {}

/// The sleeper by whom a thread waits, and whether it has a count to spare for the next head.
pub(crate) struct Stock<'a> {
    sleeper: ManuallyDrop<Sleeper>,
    spare: &'a Flag,
}

impl<'a> Stock<'a> {
    /// # Safety
    /// The sleeper is there as long as `'a`. If the flag is set, a count of the sleeper is set aside for this,
    /// and nobody else uses the flag meanwhile.
    #[inline(always)]
    pub(crate) unsafe fn new(sleeper: ManuallyDrop<Sleeper>, spare: &'a Flag) -> Self {
        Self { sleeper, spare }
    }

    #[cfg(test)]
    pub(super) fn alone(sleeper: &'a Sleeper, spare: &'a Flag) -> Self {
        Self { sleeper: ManuallyDrop::new(Sleeper(sleeper.0)), spare }
    }

    #[inline(always)]
    pub(super) fn sleeper(&self) -> &Sleeper {
        &self.sleeper
    }

    /// A count of the sleeper.
    #[inline(always)]
    pub(super) fn take(&mut self) -> Sleeper {
        match self.spare.take() {
            true => Sleeper(self.sleeper.0),
            false => Sleeper::clone(&self.sleeper),
        }
    }

    /// A count that was not needed.
    #[cold]
    pub(super) fn give_back(&mut self, sleeper: Sleeper) {
        assert!(sleeper.0 == self.sleeper.0, "a count is given back to whom it is of");
        if !self.spare.get() {
            self.spare.set(true);
            let _ = ManuallyDrop::new(sleeper);
        }
    }
}

impl fmt::Debug for Stock<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.sleeper, out)
    }
}
