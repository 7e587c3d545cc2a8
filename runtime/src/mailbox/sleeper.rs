//! Whoever sleeps at queues, in one word: a counted pointer to something that begins with a [`Face`].
//! It does not know what sleeps, nor how that is made to run again.

use std::fmt;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;
use std::sync::Arc;

/// How to wake and to count what a face belongs to.
struct Calls {
    /// Takes one count with it.
    wake: unsafe fn(NonNull<Face>),
    keep: unsafe fn(NonNull<Face>),
    release: unsafe fn(NonNull<Face>),
}

/// The first field of everything that can sleep. Heads of queues keep marks in the lower bits of
/// pointers to it.
#[repr(align(8))]
pub(crate) struct Face(&'static Calls);

impl fmt::Debug for Face {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Face")
    }
}

impl Face {
    /// The face of an `S`.
    pub(crate) fn of<S: Sleep>() -> Self {
        Self(const { &Calls { wake: wake::<S>, keep: keep::<S>, release: release::<S> } })
    }
}

/// What can sleep.
///
/// # Safety
/// The type is `repr(C)`, and its first field is `Face::of::<Self>()`.
pub(crate) unsafe trait Sleep: Send + Sync + 'static {
    /// Makes it run again; what the caller did before is visible to it then. The reference may be
    /// handed on to where it is queued.
    fn wake(self: Arc<Self>);
}

/// # Safety
/// `face` is that of an `S` in an `Arc`, and comes with one count.
unsafe fn wake<S: Sleep>(face: NonNull<Face>) {
    // SAFETY: the face is the first field, so its address is that of the whole; the caller gives
    // the count.
    S::wake(unsafe { Arc::from_raw(face.cast::<S>().as_ptr()) });
}

/// # Safety
/// `face` is that of an `S` in an `Arc` that is alive.
unsafe fn keep<S: Sleep>(face: NonNull<Face>) {
    // SAFETY: as in `wake`; the caller says that it is alive.
    unsafe { Arc::increment_strong_count(face.cast::<S>().as_ptr()) };
}

/// # Safety
/// As [`wake`].
unsafe fn release<S: Sleep>(face: NonNull<Face>) {
    // SAFETY: as in `wake`.
    drop(unsafe { Arc::from_raw(face.cast::<S>().as_ptr()) });
}

/// A counted pointer to what sleeps.
pub(crate) struct Sleeper(NonNull<Face>);

impl Sleeper {
    pub(crate) fn of<S: Sleep>(sleeper: Arc<S>) -> Self {
        let whole = Arc::into_raw(sleeper).cast_mut();
        // SAFETY: a pointer out of an `Arc` is not null. The face is the first field.
        Self(unsafe { NonNull::new_unchecked(whole) }.cast())
    }

    pub(crate) fn wake(self) {
        let it = ManuallyDrop::new(self);
        // SAFETY: the face is valid while there is a count for it, which goes with the call.
        unsafe { (it.0.as_ref().0.wake)(it.0) }
    }

    /// Whether it is the sleeper at this address.
    pub(super) fn is(&self, raw: *mut ()) -> bool {
        self.0.as_ptr().cast() == raw
    }

    /// The count goes with the pointer.
    pub(super) fn into_raw(self) -> *mut () {
        ManuallyDrop::new(self).0.as_ptr().cast()
    }

    /// # Safety
    /// `raw` came from `into_raw` and is taken back once.
    pub(super) unsafe fn from_raw(raw: *mut ()) -> Self {
        // SAFETY: `into_raw` gives no null pointer.
        Self(unsafe { NonNull::new_unchecked(raw) }.cast())
    }
}

impl Clone for Sleeper {
    fn clone(&self) -> Self {
        // SAFETY: this reference has a count, so the sleeper is alive.
        unsafe { (self.0.as_ref().0.keep)(self.0) };
        Self(self.0)
    }
}

impl Drop for Sleeper {
    fn drop(&mut self) {
        // SAFETY: the count of this reference goes with the call.
        unsafe { (self.0.as_ref().0.release)(self.0) }
    }
}

impl fmt::Debug for Sleeper {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Sleeper({:?})", self.0)
    }
}

// SAFETY: it is an `Arc` of something `Send` and `Sync`.
unsafe impl Send for Sleeper {}
// SAFETY: as above.
unsafe impl Sync for Sleeper {}
