//! Activities: a future and the state of its waiting, how it is woken and polled.
//! It does not say when; see [`strand`](super::strand).

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;

use super::Scheduler;
use super::asked;
use super::block::Head;
use super::current::{self, Left, Polled, Waiting};
use super::handle::ActivityRef;
use super::living::Home;
use super::runner::{OfStrand, Runnable};
use super::strand::Strand;
use super::waits::Waited;
use crate::sync::{AtomicBool, AtomicU8, AtomicU32, Flag, Ordering};
use crate::value::{Exception, Result};

/// What all activities have.
#[repr(C)]
pub(crate) struct Activity {
    /// First: see [`block`](super::block).
    head: Head,
    /// It hangs in the list of its strand. The first never does: its flag is the one of `Ready::mark`.
    pub(super) is_hung: AtomicBool,
    /// For the worker that runs the strand, as all that follows. The last poll has ended in a wait of the program's own
    /// (not in one of a network's links) that can be asked.
    pub(super) noted: Flag,
    /// Of the first activity of a strand: in whose list of agents the strand is, and where there. Of others: their
    /// index.
    pub(super) home: AtomicU8,
    pub(super) number: AtomicU32,
    pub(super) waiting: OfStrand<Waiting>,
}

impl Activity {
    #[inline]
    pub(super) fn new(head: Head) -> Self {
        Self {
            head,
            is_hung: AtomicBool::new(false),
            noted: Flag::new(false),
            home: AtomicU8::new(Home::NOWHERE.0),
            number: AtomicU32::new(0),
            waiting: OfStrand::new(Waiting::default()),
        }
    }

    #[inline(always)]
    pub(super) fn head(&self) -> &Head {
        &self.head
    }

    /// There is a future that is not done.
    #[inline(always)]
    pub(super) fn lives(&self) -> bool {
        self.head.flags.future.is_there()
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
    /// As one who sleeps: makes it run again. What the caller did before is visible to it then.
    #[inline(always)]
    pub(crate) fn wake(self) {
        let woken = self;
        #[cfg(test)]
        let Some(woken) = super::tests::sleeping::hear(woken) else { return };
        woken.run_again();
    }

    /// Makes the activity run again. The handle is kept for its next wait.
    #[inline(always)]
    pub(super) fn run_again(self) {
        match self.is_first().then(|| self.front().ready.seize()).flatten() {
            Some(strand) => strand.wake_with(self),
            None => self.run_again_if_not_idle(),
        }
    }

    /// As `run_again`, of what is not the first of an idle strand.
    #[inline(never)]
    fn run_again_if_not_idle(self) {
        if !self.is_first() {
            return self.hang_up();
        }
        if let Some(strand) = self.front().mark() {
            strand.wake_with(self);
        }
    }

    /// Polls the activity, unless it has ended.
    pub(super) fn poll(&self) -> core::result::Result<Left, Ended> {
        match current::poll(self) {
            Polled::Pending(left) => Ok(left),
            Polled::Ready(outcome) => Err(self.done(outcome)),
            Polled::Gone => Err(Ended::Before),
        }
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
        let told = if self.lives() && self.noted.get() {
            asked::ask(|| {
                let polled = self.front().poll();
                debug_assert!(
                    polled.is_some_and(|it| it.is_pending()),
                    "it tells what it waits for"
                );
            })
        } else {
            self.with_waiting(Waiting::held_place)
        };
        let (place, more, outlook) = told?;
        Some(Waited { index: self.index(), place, more, outlook })
    }

    /// Whether it waits in the program's own code.
    pub(super) fn has_noted(&self) -> bool {
        self.noted.get() || self.with_waiting(Waiting::is_held)
    }

    /// Uses the waiting state, outside of a poll.
    pub(super) fn with_waiting<R>(&self, body: impl FnOnce(&Waiting) -> R) -> R {
        self.within(|| self.front().with_waiting(body))
    }

    /// Drops what is left of it.
    pub(super) fn finish(&self) {
        self.with_waiting(Waiting::clear);
        if self.lives() {
            quietly(|| self.within(|| self.front().finish()));
        }
    }
}

impl Strand {
    /// The first activity is ready.
    fn mark(&self) -> Option<Runnable> {
        self.ready.mark(&self.first().is_hung)
    }

    /// As what the block of an activity begins with: makes the activity run again.
    pub(super) fn run_again(&self) {
        if !self.head().flags.is_first {
            return self.block().hang_up();
        }
        if let Some(strand) = self.mark() {
            Scheduler::schedule(strand);
        }
    }

    /// As `run_again`, before what waits for the worker: others wait for what the activity is woken for.
    pub(super) fn run_again_soon(&self) {
        if !self.head().flags.is_first {
            return self.block().hang_up();
        }
        if let Some(strand) = self.mark() {
            Scheduler::schedule_soon(strand);
        }
    }

    /// Polls the future of the block, if it is there and not in use.
    #[inline(always)]
    pub(super) fn poll(&self) -> Option<Poll<Result<()>>> {
        self.use_future(true)
    }

    /// Drops the future of the block, if it is there and not in use.
    pub(super) fn finish(&self) {
        self.use_future(false);
    }

    /// Uses the waiting state of the activity whose block begins here.
    #[inline(always)]
    pub(super) fn with_waiting<R>(&self, body: impl FnOnce(&Waiting) -> R) -> R {
        self.first().waiting.with(body)
    }
}

impl Runnable {
    /// Queues a strand that was idle. The handle is for its next wait.
    #[inline(always)]
    pub(super) fn wake_with(self, handle: ActivityRef) {
        self.within(|| self.with_waiting(|waiting| waiting.keep(handle)));
        Scheduler::schedule(self);
    }
}

/// A panic while an activity's parts are dropped must not take the worker with it.
pub(super) fn quietly(body: impl FnOnce()) {
    let _ = catch_unwind(AssertUnwindSafe(body));
}
