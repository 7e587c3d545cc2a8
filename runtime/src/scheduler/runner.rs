//! What only the thread may touch that runs a strand: the strand's inner state, its activities' waiting states and
//! futures; and what that thread remembers of it. It does not decide what runs.
//!
//! Why it is sound: a handle to run comes out of a queue, and is in one queue at a time, as the table in
//! [`strand`](super::strand) says; so there is one thread that is past [`Runs::begin`] with a strand. The inner state
//! is lent to closures that call nothing back, and the waiting state to one holder at a time: [`Runs`] forgets the
//! activity while somebody has it.

use std::cell::Cell;
use std::mem::{self, ManuallyDrop};
use std::ops::{Deref, DerefMut};
use std::ptr::{self, NonNull};
use std::task::Poll;
use std::thread::LocalKey;

use super::activity::quietly;
use super::block::ActivityRef;
use super::current;
use super::strand::{Core, Strand, StrandRef};
use super::waiting::Waiting;
use crate::mailbox::inbox::Pointer;
use crate::mailbox::waiters::WaitPool;
use crate::value::Result;

// SAFETY: `core` is touched only by the thread that runs the strand; all else is atomic, constant, or says so
// itself.
unsafe impl Sync for Strand {}
// SAFETY: activities and owners are `Send`.
unsafe impl Send for Strand {}

/// Uses what a thread keeps for itself.
#[inline(always)]
pub(super) fn kept<T, R>(
    key: &'static LocalKey<ManuallyDrop<T>>,
    body: impl FnOnce(&T) -> R,
) -> R {
    // In two steps, so that large bodies are inlined where they are called.
    let kept = key.with(|kept| ptr::from_ref::<T>(kept));
    // SAFETY: it is this thread's, is never dropped, and does not leave the call.
    body(unsafe { &*kept })
}

/// A handle more.
///
/// # Safety
/// The pointer came from a handle, which is there.
unsafe fn one_more(activity: NonNull<Strand>) -> ActivityRef {
    // SAFETY: as the caller says. The count is not taken from whoever has it.
    ActivityRef::clone(&ManuallyDrop::new(unsafe { ActivityRef::from_raw(activity) }))
}

/// What a thread runs.
pub(super) struct Runs {
    /// The strand, or null. It lives as long as it stands here: who sets it holds it.
    strand: Cell<*const Strand>,
    /// The activity that is being polled, or null; null, too, while somebody has its waiting state.
    activity: Cell<*const Strand>,
}

impl Runs {
    pub(super) const fn nothing() -> Self {
        Self { strand: Cell::new(ptr::null()), activity: Cell::new(ptr::null()) }
    }

    /// Looks at the strand.
    pub(super) fn with<R>(&self, body: impl FnOnce(&Strand) -> R) -> Option<R> {
        // SAFETY: who set the strand holds it until it is set back.
        unsafe { self.strand.get().as_ref() }.map(body)
    }

    /// A handle of the strand.
    pub(super) fn handle(&self) -> Option<StrandRef> {
        let strand = NonNull::new(self.strand.get().cast_mut())?;
        // SAFETY: who set the strand holds a handle of it.
        Some(StrandRef::of_first(unsafe { one_more(strand) }))
    }

    /// Where the strand is, only to be compared; 0 if there is none.
    #[inline(always)]
    pub(super) fn address(&self) -> usize {
        self.strand.get().addr()
    }

    #[inline(always)]
    pub(super) fn is(&self, strand: &Strand) -> bool {
        ptr::eq(self.strand.get(), strand)
    }

    #[inline(always)]
    pub(super) fn begin(&self, strand: StrandRef) -> ManuallyDrop<StrandRef> {
        self.strand.set(strand.first().as_ptr().as_ptr());
        ManuallyDrop::new(strand)
    }

    #[inline(always)]
    pub(super) fn end(&self, strand: ManuallyDrop<StrandRef>) -> StrandRef {
        self.strand.set(ptr::null());
        ManuallyDrop::into_inner(strand)
    }

    /// What `begin` gave to code that a panic has ended.
    pub(super) fn left_over(&self) -> Option<ManuallyDrop<StrandRef>> {
        let strand = NonNull::new(self.strand.get().cast_mut())?;
        // SAFETY: the handle came from `begin`, and nobody else has it any more.
        let activity = unsafe { ActivityRef::from_raw(strand) };
        Some(ManuallyDrop::new(StrandRef::of_first(activity)))
    }

    /// Runs another strand instead; gives the one before to [`Runs::set_back`].
    pub(super) fn replace(&self, strand: &StrandRef) -> *const Strand {
        self.strand.replace(strand.first().as_ptr().as_ptr())
    }

    pub(super) fn set_back(&self, before: *const Strand) {
        self.strand.set(before);
    }

    #[inline(always)]
    pub(super) fn begin_poll(&self, activity: &ActivityRef) {
        self.activity.set(activity.as_ptr().as_ptr());
    }

    #[inline(always)]
    pub(super) fn end_poll(&self) {
        self.activity.set(ptr::null());
    }

    /// The waiting state of the activity that is being polled, if nobody has it.
    #[inline(always)]
    pub(super) fn lend(&self) -> Option<Lent> {
        let activity = NonNull::new(self.activity.replace(ptr::null()).cast_mut())?;
        // SAFETY: who polls the activity holds it until the poll ends, and this goes before. It is no handle of its
        // own.
        Some(Lent(ManuallyDrop::new(unsafe { ActivityRef::from_raw(activity) })))
    }
}

/// The waiting state of the activity that is being polled: nobody else has it meanwhile.
pub(crate) struct Lent(ManuallyDrop<ActivityRef>);

impl Lent {
    /// A handle of the activity.
    pub(super) fn handle(&self) -> ActivityRef {
        ActivityRef::clone(&self.0)
    }

    /// The poll ends in a wait of the program's own, at an operation that can be asked.
    #[inline(always)]
    pub(crate) fn note(&self) {
        self.0.noted.set(true);
    }

    /// Makes the activity run again.
    pub(super) fn run_again(&self) {
        self.0.run_again_by_ref();
    }

    /// For waiting at queues and lists.
    #[inline(always)]
    pub(crate) fn pool(&mut self) -> WaitPool<'_> {
        // SAFETY: this has been taken out of where others would find it: nobody else uses the waiting state.
        let waiting = self.0.waiting.with_mut(|it| unsafe { &mut *it });
        WaitPool::new(&self.0, &mut waiting.spare, &mut waiting.rare)
    }
}

impl Deref for Lent {
    type Target = Waiting;

    #[inline(always)]
    fn deref(&self) -> &Waiting {
        // SAFETY: as in `pool`.
        self.0.waiting.with(|it| unsafe { &*it })
    }
}

impl DerefMut for Lent {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut Waiting {
        // SAFETY: as in `pool`.
        self.0.waiting.with_mut(|it| unsafe { &mut *it })
    }
}

impl Drop for Lent {
    #[inline(always)]
    fn drop(&mut self) {
        current::with_runs(|runs| runs.begin_poll(&self.0));
    }
}

impl Strand {
    /// For the one who runs the strand, or has not started it yet.
    #[inline(always)]
    pub(super) fn with_core<R>(&self, body: impl FnOnce(&mut Core) -> R) -> R {
        // SAFETY: as said above, and no `body` calls out to code that could come back here.
        self.core.with_mut(|core| body(unsafe { &mut *core }))
    }
}

impl StrandRef {
    /// Gives this handle to the first activity, for its next wait, unless that has one or is done. Who has the handle
    /// has it no more then.
    #[inline(always)]
    pub(super) fn lend(&self) -> bool {
        let first = self.first();
        let lends = first.lives.get() && first.with_waiting(|it| it.spare.is_none());
        if lends {
            // SAFETY: the one handle is made of the other, which is forgotten.
            let handle = unsafe { ActivityRef::from_raw(first.as_ptr()) };
            first.with_waiting(|it| it.spare = Some(handle));
        }
        lends
    }

    /// What was just lent is the caller's again.
    pub(super) fn take_back(&self) {
        mem::forget(self.first().with_waiting(|it| it.spare.take()));
    }
}

impl ActivityRef {
    /// For the one who runs the strand, outside of a poll of this activity.
    #[inline(always)]
    pub(super) fn with_waiting<R>(&self, body: impl FnOnce(&mut Waiting) -> R) -> R {
        // SAFETY: as said above, and no `body` calls out.
        self.waiting.with_mut(|waiting| body(unsafe { &mut *waiting }))
    }

    /// Polls the future, which is there: after [`current::begin_poll`].
    #[inline(always)]
    pub(super) fn poll_begun(&self) -> Poll<Result<()>> {
        // SAFETY: this is the thread that runs the strand.
        unsafe { self.poll_body() }
    }

    /// Drops what is left of it.
    pub(super) fn finish(&self) {
        if self.lives.take() {
            drop(self.with_waiting(mem::take));
            // SAFETY: this is the thread that runs the strand, and the future was there until now.
            quietly(|| unsafe { self.drop_body() });
        }
    }
}
