//! What one worker has to run: the slot for the next strand and the queue of the others.
//! It is the worker's own; others look at it and take from it. It wakes nobody.

use super::deque::Deque;
use super::slot::Slot;
use super::strand::StrandRef;
use crate::sync::{AtomicUsize, Ordering};

/// A worker's strands. On cache lines of its own: it is written all the time, and others read it.
#[derive(Debug)]
#[repr(align(128))]
pub(crate) struct Local {
    next: Slot<StrandRef>,
    queue: Deque<StrandRef>,
    /// How many strands the worker has begun to run. Written by the worker only.
    n_begun: AtomicUsize,
}

/// What another worker sees of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sight {
    /// How many strands wait in the queue.
    pub(super) n_queued: usize,
    /// How many have left the queue so far.
    pub(super) n_taken: usize,
    pub(super) n_begun: usize,
    pub(super) has_next: bool,
}

impl Local {
    pub(super) fn new() -> Self {
        Self { next: Slot::new(), queue: Deque::new(), n_begun: AtomicUsize::new(0) }
    }

    /// Makes `strand` the next to run; the one that was next is given back.
    pub(super) fn put_next(&self, strand: StrandRef) -> Option<StrandRef> {
        self.next.put(strand)
    }

    /// Queues `strand` behind all others and tells how many wait then; a full queue gives it back.
    ///
    /// # Safety
    /// Only the worker calls it.
    pub(super) unsafe fn push(&self, strand: StrandRef) -> Result<usize, StrandRef> {
        // SAFETY: as the caller says.
        unsafe { self.queue.push(strand) }?;
        Ok(self.queue.len())
    }

    pub(super) fn take_next(&self) -> Option<StrandRef> {
        self.next.take()
    }

    pub(super) fn pop(&self) -> Option<StrandRef> {
        self.queue.pop()
    }

    /// Takes half of what is queued for `thief`, whose thread calls this; the oldest is given back to be
    /// run at once, the others are queued there.
    ///
    /// # Safety
    /// Only the worker that has `thief` calls it.
    pub(super) unsafe fn steal_half(
        &self,
        thief: &Self,
        mut left_over: impl FnMut(StrandRef),
    ) -> Option<StrandRef> {
        let mut first = None;
        self.queue.take_half(|strand| {
            if first.is_none() {
                first = Some(strand);
            // SAFETY: as the caller says.
            } else if let Err(strand) = unsafe { thief.queue.push(strand) } {
                left_over(strand);
            }
        });
        first
    }

    /// The worker begins to run a strand.
    pub(super) fn count_begun(&self) {
        // Relaxed: a number that others watch for changes. Not a read-modify-write: nobody else writes.
        let n_begun = self.n_begun.load(Ordering::Relaxed);
        self.n_begun.store(n_begun.wrapping_add(1), Ordering::Relaxed);
    }

    pub(super) fn has_queued(&self) -> bool {
        self.queue.has_nodes()
    }

    pub(super) fn has_strands(&self) -> bool {
        self.next.is_full() || self.queue.has_nodes()
    }

    pub(super) fn look(&self) -> Sight {
        Sight {
            n_queued: self.queue.len(),
            n_taken: self.queue.n_taken(),
            n_begun: self.n_begun.load(Ordering::Relaxed),
            has_next: self.next.is_full(),
        }
    }
}
