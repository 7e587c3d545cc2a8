//! The common list: strands from threads that are no workers, and what did not fit a worker's queue.
//! Anybody pushes and takes, in order. It wakes nobody.
//!
//! It is behind a lock: who pushes without a worker does so seldom, and a worker whose queue is full, or empty, has
//! much to do, or nothing. A strand takes a word here, also where a million become ready at once.

use std::collections::VecDeque;

use super::runner::Runnable;
use crate::sync::{AtomicUsize, Ordering, Seldom};

/// Room for more strands than these is given back when there are none.
const KEPT: usize = 1024;

#[derive(Debug)]
pub(crate) struct Common {
    strands: Seldom<VecDeque<Runnable>>,
    /// How many there are. Written with the lock.
    n_strands: AtomicUsize,
}

impl Common {
    pub(super) fn new() -> Self {
        Self { strands: Seldom::new(VecDeque::new()), n_strands: AtomicUsize::new(0) }
    }

    #[inline(never)]
    pub(super) fn push(&self, strand: Runnable) {
        self.strands.with(|strands| {
            strands.push_back(strand);
            self.n_strands.store(strands.len(), Ordering::Release);
        });
    }

    pub(super) fn has_strands(&self) -> bool {
        // Acquire pairs with the releases of who pushes and takes.
        self.n_strands.load(Ordering::Acquire) > 0
    }

    /// Takes the `n_most` oldest, in order, as far as there are so many.
    pub(super) fn take(&self, n_most: usize, give: impl FnMut(Runnable)) {
        if !self.has_strands() {
            return;
        }
        let taken: Vec<_> = self.strands.with(|strands| {
            let taken = strands.drain(..n_most.min(strands.len())).collect();
            if strands.is_empty() && strands.capacity() > KEPT {
                *strands = VecDeque::new();
            }
            self.n_strands.store(strands.len(), Ordering::Release);
            taken
        });
        // Without the lock: who is given them may push.
        taken.into_iter().for_each(give);
    }
}
