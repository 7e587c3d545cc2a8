//! Activities: a future and the state of its waiting, how it is woken and polled.
//! It does not say when; see [`strand`](super::strand).

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::task::Poll;

use super::Scheduler;
use super::asked;
use super::block::{ActivityRef, Head};
use super::current::{self, Left, Waiting};
use super::living::Home;
use super::ready::Found;
use super::strand::StrandRef;
use super::waits::Waited;
use crate::sync::{AtomicBool, AtomicU8, AtomicU32, Cell, Flag, Ordering};
use crate::value::{Exception, Result};

/// What all activities have.
#[repr(C)]
pub(crate) struct Activity {
    /// First: see [`block`](super::block).
    head: Head,
    /// It hangs in the list of its strand. The first never does: its flag is the one of `Ready::mark`.
    pub(super) is_hung: AtomicBool,
    /// There is a future that is not done. For the worker that runs the strand, as all that follows.
    pub(super) lives: Flag,
    /// The last poll has ended in a wait of the program's own (not in one of a network's links) that can be asked.
    pub(super) noted: Flag,
    /// Of the first activity of a strand: in whose list of agents the strand is, and where there. Of others: their
    /// index.
    pub(super) home: AtomicU8,
    pub(super) number: AtomicU32,
    /// Stays where it is: polls are given a pointer to it.
    pub(super) waiting: Cell<Waiting>,
}

impl Activity {
    #[inline]
    pub(super) fn new(head: Head, index: u32) -> Self {
        Self {
            head,
            is_hung: AtomicBool::new(false),
            lives: Flag::new(true),
            noted: Flag::new(false),
            home: AtomicU8::new(Home::NOWHERE.0),
            number: AtomicU32::new(index),
            waiting: Cell::new(Waiting::default()),
        }
    }

    #[inline(always)]
    pub(super) fn head(&self) -> &Head {
        &self.head
    }

    pub(super) fn number(&self) -> u32 {
        // Relaxed: it is written before the strand starts.
        self.number.load(Ordering::Relaxed)
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
    /// Where it is. Only to be compared.
    #[inline(always)]
    pub(crate) fn address(&self) -> usize {
        ptr::from_ref::<Activity>(self).addr()
    }

    /// As one who sleeps: makes it run again. What the caller did before is visible to it then.
    #[inline(always)]
    pub(crate) fn wake(self) {
        let woken = self;
        #[cfg(test)]
        let Some(woken) = super::tests::sleeping::hear(woken) else { return };
        woken.run_again();
    }

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

    /// Polls the activity, unless it has ended.
    pub(super) fn poll(&self) -> core::result::Result<Left, Ended> {
        if !self.begin_poll() {
            return Err(Ended::Before);
        }
        let polled = self.poll_begun();
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
        self.noted.set(false);
        current::begin_poll(self);
        true
    }

    /// Its future has ended.
    pub(super) fn done(&self, outcome: Result<()>) -> Ended {
        self.finish();
        match outcome {
            Ok(()) => Ended::Done,
            Err(exception) => Ended::Failed(exception),
        }
    }

    /// Where it waits in the program's own code, if it does. For the code of its strand.
    pub(super) fn place(&self) -> Option<Waited> {
        let told = if self.lives.get() && self.noted.get() {
            asked::ask(|| {
                let polled = self.poll_begun();
                debug_assert!(polled.is_pending(), "it tells what it waits for");
            })
        } else {
            self.with_waiting(|waiting| waiting.held_place())
        };
        let (place, more, outlook) = told?;
        Some(Waited { index: self.index(), place, more, outlook })
    }

    /// Whether it waits in the program's own code.
    pub(super) fn has_noted(&self) -> bool {
        self.noted.get() || self.with_waiting(|waiting| waiting.is_held())
    }
}

/// A panic while an activity's parts are dropped must not take the worker with it.
pub(super) fn quietly(body: impl FnOnce()) {
    let _ = catch_unwind(AssertUnwindSafe(body));
}
