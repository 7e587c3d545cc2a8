//! Activities: a future and the state of its waiting, how it is woken and polled.
//! It does not say when; see [`strand`](super::strand).

use std::mem::{self, ManuallyDrop};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::{self, NonNull};
use std::task::Poll;

use super::Scheduler;
use super::asked::AtRest;
use super::block::{Activity, ActivityRef, StrandRef};
use super::current::{self, Left, Waiting};
use super::ready::Found;
use super::waits::Waited;
use crate::mailbox::inbox::{Handle, Pointer};
use crate::sync::{AtomicPtr, Ordering};
use crate::value::{Exception, Result};

/// An activity that hangs in the list of its strand, or has just been taken out.
pub(super) struct Hung(ActivityRef);

// SAFETY: the reference keeps the activity.
unsafe impl Pointer for Hung {
    type Node = Activity;

    fn into_raw(self) -> NonNull<Activity> {
        // Neither the count nor the flag is given up.
        let hung = ManuallyDrop::new(self);
        // SAFETY: `hung` is not dropped, so the reference is moved out once.
        unsafe { ptr::read(&hung.0) }.into_raw()
    }

    unsafe fn from_raw(node: NonNull<Activity>) -> Self {
        // SAFETY: as the caller says.
        Self(unsafe { ActivityRef::from_raw(node) })
    }
}

// SAFETY: the flag makes it hang in one list at most; `next` names one field; an activity holds pointers, so
// is aligned to 4.
unsafe impl Handle for Hung {
    fn next(node: &Activity) -> &AtomicPtr<Activity> {
        &node.next
    }
}

impl Hung {
    /// Which of its strand's it is.
    pub(super) fn index(&self) -> u32 {
        self.0.index
    }

    /// `None` if the activity hangs in the list already. What the caller did before is then visible to the
    /// one who takes it out.
    pub(super) fn hang(activity: ActivityRef) -> Option<Self> {
        // Acquire-release pairs with itself and with `take_down`: whoever finds the flag set has its
        // writes seen by the `take_down` that follows.
        let was_hung = activity.is_hung.swap(true, Ordering::AcqRel);
        (!was_hung).then(|| Self(activity))
    }

    /// From now on it may be hung up again.
    pub(super) fn take_down(self) -> ActivityRef {
        let hung = ManuallyDrop::new(self);
        hung.0.is_hung.swap(false, Ordering::AcqRel);
        // SAFETY: `hung` is not dropped, so the reference is moved out once.
        unsafe { ptr::read(&hung.0) }
    }
}

impl Drop for Hung {
    fn drop(&mut self) {
        self.0.is_hung.swap(false, Ordering::AcqRel);
    }
}

/// Why an activity is not to be polled again.
pub(super) enum Ended {
    Done,
    Failed(Exception),
    /// It had ended already.
    Before,
}

impl ActivityRef {
    /// Makes the activity run again. The handle goes where it is queued.
    #[inline(always)]
    pub(super) fn run_again(self) {
        if self.is_first() && self.strand().mark_first_if_idle() {
            return Scheduler::schedule(StrandRef::of_first(self));
        }
        self.run_again_if_not_idle();
    }

    /// As `run_again`, of what is not the first of an idle strand.
    #[inline(never)]
    fn run_again_if_not_idle(self) {
        if !self.is_first() {
            return self.hang_up();
        }
        if self.strand().mark_first() == Found::Idle {
            Scheduler::schedule(StrandRef::of_first(self));
        }
    }

    /// The same without a handle.
    pub(super) fn run_again_by_ref(&self) {
        if !self.is_first() {
            return self.clone().hang_up();
        }
        if self.strand().mark_first() == Found::Idle {
            Scheduler::schedule(StrandRef::of_first(self.clone()));
        }
    }

    /// Hangs the activity into the list of its strand, unless it hangs there.
    fn hang_up(self) {
        let strand = self.strand_ptr();
        let Some(hung) = Hung::hang(self) else { return };
        // SAFETY: the activity keeps its strand, and is not let go before it is pushed.
        if unsafe { strand.as_ref() }.hang_up(hung) == Found::Idle {
            // SAFETY: this push found the strand idle, so nobody runs it before it is scheduled: the
            // activity hangs in its list until then.
            let strand = unsafe { StrandRef::one_more(strand) };
            Scheduler::schedule(strand);
        }
    }

    pub(super) fn with_waiting<R>(&self, body: impl FnOnce(&mut Waiting) -> R) -> R {
        // SAFETY: callers are on the worker that runs the strand and outside of a poll of this activity,
        // and no `body` calls out.
        self.waiting.with_mut(|waiting| body(unsafe { &mut *waiting }))
    }

    /// Polls the activity, unless it has ended.
    pub(super) fn poll(&self) -> core::result::Result<Left, Ended> {
        if !self.begin_poll() {
            return Err(Ended::Before);
        }
        // SAFETY: this is the worker that runs the strand, and the future is there.
        let polled = unsafe { self.poll_body() };
        let left = current::end_poll();
        match polled {
            Poll::Pending => Ok(left),
            Poll::Ready(outcome) => Err(self.done(outcome)),
        }
    }

    /// Begins a poll; `false` if the future is there no more.
    #[inline(always)]
    pub(super) fn begin_poll(&self) -> bool {
        if !self.lives.get() {
            return false;
        }
        self.with_waiting(|waiting| waiting.noted = None);
        // SAFETY: the waiting state is touched by others only after `end_poll`.
        unsafe { current::begin_poll(self.as_ptr()) };
        true
    }

    /// Sets this handle aside for the next wait of the activity, unless there is one or it is done. Whoever
    /// has this handle has it no more then.
    #[inline(always)]
    pub(super) fn set_aside(&self) -> bool {
        let lends = self.lives.get() && !self.spare.get();
        if lends {
            self.spare.set(true);
        }
        lends
    }

    /// The handle that was just set aside is the caller's again.
    pub(super) fn take_back(&self) {
        self.spare.set(false);
    }

    /// Its future has ended.
    pub(super) fn done(&self, outcome: Result<()>) -> Ended {
        self.finish();
        match outcome {
            Ok(()) => Ended::Done,
            Err(exception) => Ended::Failed(exception),
        }
    }

    /// Drops what is left of it.
    pub(super) fn finish(&self) {
        if self.lives.take() {
            self.drop_spare();
            drop(self.with_waiting(mem::take));
            // SAFETY: this is the worker that runs the strand, and the future was there until now.
            quietly(|| unsafe { self.drop_body() });
        }
    }

    pub(super) fn place(&self, rest: &AtRest) -> Option<Waited> {
        self.with_waiting(|waiting| {
            let (place, more, outlook) = waiting.place(self.strand(), rest)?;
            Some(Waited { index: self.index, place, more, outlook })
        })
    }

    /// Whether it waits in the program's own code.
    pub(super) fn has_noted(&self) -> bool {
        self.with_waiting(|waiting| waiting.has_noted())
    }
}

/// A panic while an activity's parts are dropped must not take the worker with it.
pub(super) fn quietly(body: impl FnOnce()) {
    let _ = catch_unwind(AssertUnwindSafe(body));
}
