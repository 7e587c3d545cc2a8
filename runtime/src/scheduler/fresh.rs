//! Where a worker keeps the strands that were made on it and have not run: a stack, so that trees of agents
//! grow in depth and not in width, and what has just been made runs while it is in the cache. Its owner puts
//! strands there and takes the newest; thieves take the oldest, from which most will grow.
//!
//! Each place is a slot from which is taken by exchange, so whoever gets a strand has it alone. Numbers only say
//! where to look: the owner's `n_used` is above all slots that are full.

use std::fmt;

use super::slot::Slot;
use crate::sync::{AtomicUsize, Ordering, Pointer};

#[cfg(not(loom))]
const N_SLOTS: usize = 256;
#[cfg(loom)]
const N_SLOTS: usize = 2;

/// A bounded stack with one owner.
pub(crate) struct Fresh<P: Pointer> {
    slots: Box<[Slot<P>]>,
    /// Written by the owner only.
    n_used: AtomicUsize,
    /// How often the owner has taken the last. Written by the owner only.
    n_emptied: AtomicUsize,
    /// Where thieves begin to look.
    lowest: AtomicUsize,
}

impl<P: Pointer> fmt::Debug for Fresh<P> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Fresh({})", self.n_used.load(Ordering::Relaxed))
    }
}

impl<P: Pointer> Fresh<P> {
    pub(crate) fn new() -> Self {
        Self {
            slots: (0..N_SLOTS).map(|_| Slot::new()).collect(),
            n_used: AtomicUsize::new(0),
            n_emptied: AtomicUsize::new(0),
            lowest: AtomicUsize::new(0),
        }
    }

    /// Puts `node` on top; a full stack gives it back. For the owner.
    #[inline]
    pub(crate) fn push(&self, node: P) -> Result<(), P> {
        // Relaxed: only the owner writes it.
        let n_used = self.n_used.load(Ordering::Relaxed);
        let Some(slot) = self.slots.get(n_used) else { return Err(node) };
        slot.fill(node);
        // Release pairs with the acquire of thieves, which find the slot full then.
        self.n_used.store(n_used + 1, Ordering::Release);
        Ok(())
    }

    /// Takes the newest. For the owner.
    #[inline]
    pub(crate) fn pop(&self) -> Option<P> {
        let mut n_used = self.n_used.load(Ordering::Relaxed);
        let mut newest = None;
        while n_used > 0 && newest.is_none() {
            n_used -= 1;
            newest = self.slots[n_used].take();
            self.n_used.store(n_used, Ordering::Release);
            if n_used == 0 {
                // Relaxed: nothing is read because of it.
                let n_emptied = self.n_emptied.load(Ordering::Relaxed);
                self.n_emptied.store(n_emptied.wrapping_add(1), Ordering::Relaxed);
            }
        }
        newest
    }

    /// Takes the oldest. For the owner and for thieves.
    pub(crate) fn take_oldest(&self) -> Option<P> {
        let n_used = self.n_used.load(Ordering::Acquire).min(self.slots.len());
        // Relaxed: it only says where to begin.
        let lowest = self.lowest.load(Ordering::Relaxed).min(n_used);
        let (skipped, likely) = self.slots[..n_used].split_at(lowest);
        let places = (lowest..).zip(likely).chain((0..).zip(skipped));
        for (at, slot) in places {
            if let Some(oldest) = slot.take() {
                self.lowest.store(at + 1, Ordering::Relaxed);
                return Some(oldest);
            }
        }
        self.lowest.store(0, Ordering::Relaxed);
        None
    }

    /// Above all that there is. For the owner.
    pub(crate) fn height(&self) -> usize {
        self.n_used.load(Ordering::Relaxed)
    }

    /// Whether there may be something; `false` if the owner has found nothing.
    pub(crate) fn may_have_nodes(&self) -> bool {
        // Acquire, so that a look at it is ordered as one at a queue is.
        self.n_used.load(Ordering::Acquire) > 0
    }

    /// How often the owner has taken the last. Only to be compared with an earlier answer.
    pub(crate) fn n_emptied(&self) -> usize {
        self.n_emptied.load(Ordering::Relaxed)
    }
}
