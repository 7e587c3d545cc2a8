//! What one worker has to run: the stack of strands that are new and the queue of the others.
//! It is the worker's own; others look at it and take from it. It wakes nobody.

use std::ptr;

use super::Scheduler;
use super::deque::{Deque, Pusher};
use super::fresh::Fresh;
use super::runner::Runnable;
use crate::sync::{AtomicU64, Ordering};

/// A worker's strands. On cache lines of its own: it is written all the time, and others read it.
#[derive(Debug)]
#[repr(align(128))]
pub(crate) struct Local {
    fresh: Fresh<Runnable>,
    queue: Deque<Runnable>,
    /// How many operations the worker has done, when it last looked around. Written by the worker only.
    n_done: AtomicU64,
}

/// What another worker sees of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sight {
    /// How many strands wait in the queue.
    pub(super) n_queued: usize,
    /// How many have left the queue so far.
    pub(super) n_taken: usize,
    /// Whether there may be strands that are new.
    pub(super) has_fresh: bool,
    /// How often the worker has taken the last of those.
    pub(super) n_fresh_emptied: usize,
}

impl Local {
    pub(super) fn new() -> Self {
        Self { fresh: Fresh::new(), queue: Deque::new(), n_done: AtomicU64::new(0) }
    }

    /// Makes the calling thread the worker. Once.
    pub(super) fn own(&'static self, scheduler: &'static Scheduler) -> Own {
        Own { scheduler, local: self, queue: self.queue.owner() }
    }

    /// The oldest of those that are new.
    pub(super) fn take_oldest(&self) -> Option<Runnable> {
        self.fresh.take_oldest()
    }

    pub(super) fn has_strands(&self) -> bool {
        self.fresh.may_have_nodes() || self.queue.has_nodes()
    }

    pub(super) fn n_done(&self) -> u64 {
        // Relaxed: nothing is read because of it.
        self.n_done.load(Ordering::Relaxed)
    }

    pub(super) fn look(&self) -> Sight {
        Sight {
            n_queued: self.queue.len(),
            n_taken: self.queue.n_taken(),
            has_fresh: self.fresh.may_have_nodes(),
            n_fresh_emptied: self.fresh.n_emptied(),
        }
    }
}

/// The strands of the worker that the thread is; it stays on that thread.
#[derive(Clone, Copy)]
pub(crate) struct Own {
    pub(super) scheduler: &'static Scheduler,
    local: &'static Local,
    queue: Pusher<'static, Runnable>,
}

impl Own {
    /// Tells how many operations the worker has done.
    #[inline]
    pub(super) fn tell_done(self, n: u64) {
        self.local.n_done.store(n, Ordering::Relaxed);
    }

    /// Whether the strands of `local` are these.
    pub(super) fn is(self, local: &Local) -> bool {
        ptr::eq(self.local, local)
    }

    /// The newest of those that are new.
    pub(super) fn pop_fresh(self) -> Option<Runnable> {
        self.local.fresh.pop()
    }

    /// How high the stack is of those that are new, and how often it was emptied.
    pub(super) fn fresh_height(self) -> (usize, usize) {
        (self.local.fresh.height(), self.local.fresh.n_emptied())
    }

    /// The oldest of those that are new.
    pub(super) fn take_oldest(self) -> Option<Runnable> {
        self.local.take_oldest()
    }

    /// The one that waits longest.
    #[inline(always)]
    pub(super) fn pop(self) -> Option<Runnable> {
        self.queue.pop()
    }

    /// Keeps a strand that is new; gives it back if there are too many.
    pub(super) fn push_fresh(self, strand: Runnable) -> Result<(), Runnable> {
        self.local.fresh.push(strand)
    }

    /// Queues `strand` behind all others and tells how many wait then; a full queue gives it back.
    #[inline]
    pub(super) fn push(self, strand: Runnable) -> Result<usize, Runnable> {
        self.queue.push(strand)
    }

    /// Takes half of what is queued for `victim`; the oldest is given back to be run at once, the others
    /// are queued here.
    pub(super) fn steal_half(
        self,
        victim: &Local,
        mut left_over: impl FnMut(Runnable),
    ) -> Option<Runnable> {
        let mut first = None;
        victim.queue.take_half(|strand| {
            if first.is_none() {
                first = Some(strand);
            } else if let Err(strand) = self.queue.push(strand) {
                left_over(strand);
            }
        });
        first
    }
}
