//! What one worker has to run: the stack of strands that are new and the queue of the others.
//! It is the worker's own; others look at it and take from it. It wakes nobody.

use super::deque::Deque;
use super::fresh::Fresh;
use super::strand::StrandRef;

/// A worker's strands. On cache lines of its own: it is written all the time, and others read it.
#[derive(Debug)]
#[repr(align(128))]
pub(crate) struct Local {
    fresh: Fresh<StrandRef>,
    queue: Deque<StrandRef>,
}

/// What another worker sees of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sight {
    /// How many strands wait in the queue.
    pub(super) n_queued: usize,
    /// How many have left the queue so far.
    pub(super) n_taken: usize,
    /// The address of the strand that is new for longest; 0 if there is none.
    pub(super) oldest_fresh: usize,
}

impl Local {
    pub(super) fn new() -> Self {
        Self { fresh: Fresh::new(), queue: Deque::new() }
    }

    /// Keeps a strand that is new; gives it back if there are too many. Only the worker calls it.
    pub(super) fn push_fresh(&self, strand: StrandRef) -> Result<(), StrandRef> {
        self.fresh.push(strand)
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

    /// The newest of those that are new. Only the worker calls it.
    pub(super) fn pop_fresh(&self) -> Option<StrandRef> {
        self.fresh.pop()
    }

    /// The oldest of those that are new.
    pub(super) fn take_oldest(&self) -> Option<StrandRef> {
        self.fresh.take_oldest()
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

    pub(super) fn has_strands(&self) -> bool {
        self.fresh.may_have_nodes() || self.queue.has_nodes()
    }

    pub(super) fn look(&self) -> Sight {
        Sight {
            n_queued: self.queue.len(),
            n_taken: self.queue.n_taken(),
            oldest_fresh: self.fresh.oldest(),
        }
    }
}
