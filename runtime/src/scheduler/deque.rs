//! A worker's run queue: its owner pushes at one end, the owner and thieves take at the
//! other.
//! It does not grow; what does not fit goes to the common list.
//!
//! Nodes are numbered as they are pushed, and numbers never come back. Each lies in the slot of its number, from
//! which is taken by exchange, so whoever gets a node has it alone. `head`, `gone` and `tail` only say where
//! to look: all numbers below `tail` were pushed, all below `head` or `gone` were taken. The owner fills a slot again
//! when it knows from these that the number before was taken. A thief that is late may find the new node in place of
//! the old one: then it takes that out of turn, and others find nothing there later.

use std::fmt;
use std::marker::PhantomData;

use super::slot::Slot;
use crate::sync::{AtomicBool, AtomicUsize, Ordering, Pointer};

#[cfg(not(loom))]
const N_SLOTS: usize = 256;
#[cfg(loom)]
const N_SLOTS: usize = 2;

/// A bounded queue with one pusher and many takers.
pub(crate) struct Deque<P: Pointer> {
    /// All below were taken, as the owner knows. Written by it only.
    head: AtomicUsize,
    /// Written by the owner only.
    tail: AtomicUsize,
    /// All below were taken, as thieves know.
    gone: AtomicUsize,
    has_owner: AtomicBool,
    slots: [Slot<P>; N_SLOTS],
}

impl<P: Pointer> fmt::Debug for Deque<P> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Deque({})", self.len())
    }
}

impl<P: Pointer> Deque<P> {
    pub(crate) fn new() -> Self {
        Self {
            head: AtomicUsize::new(0),
            tail: AtomicUsize::new(0),
            gone: AtomicUsize::new(0),
            has_owner: AtomicBool::new(false),
            slots: std::array::from_fn(|_| Slot::new()),
        }
    }

    /// Makes the calling thread the owner. Once for a queue.
    pub(crate) fn owner(&self) -> Pusher<'_, P> {
        let had_owner = self.has_owner.swap(true, Ordering::Relaxed);
        assert!(!had_owner, "a queue has one owner");
        Pusher { queue: self, stays: PhantomData }
    }

    fn slot(&self, number: usize) -> &Slot<P> {
        &self.slots[number % N_SLOTS]
    }

    /// Pushes, and tells how many there are then, or were a moment ago; gives the node back when the queue is
    /// full. For the owner.
    #[inline]
    fn push(&self, node: P) -> Result<usize, P> {
        // Relaxed, here and in `pop`: only the owner writes them.
        let tail = self.tail.load(Ordering::Relaxed);
        let mut len = tail - self.head.load(Ordering::Relaxed);
        if len >= N_SLOTS {
            len = tail - self.n_taken();
            if len >= N_SLOTS {
                return Err(node);
            }
            self.head.store(tail - len, Ordering::Release);
        }
        self.slot(tail).fill(node);
        // Release pairs with the acquire in `take_half`, where the slot is full then unless it was taken.
        self.tail.store(tail + 1, Ordering::Release);
        Ok(len + 1)
    }

    /// Takes the oldest node. For the owner.
    #[inline(always)]
    fn pop(&self) -> Option<P> {
        let tail = self.tail.load(Ordering::Relaxed);
        let mut head = self.head.load(Ordering::Relaxed);
        while head != tail {
            let node = self.slot(head).take();
            head += 1;
            self.head.store(head, Ordering::Release);
            if node.is_some() {
                return node;
            }
        }
        None
    }

    /// Takes the older half, in order, and one more if they are odd; tells how many. For thieves.
    pub(crate) fn take_half(&self, mut give: impl FnMut(P)) -> usize {
        // In this order they are no more than there are slots.
        let tail = self.tail.load(Ordering::Acquire);
        let first = self.n_taken();
        let n_full = (first..tail).filter(|it| self.slot(*it).is_full()).count();
        let (mut n_taken, mut next) = (0, first);
        while next < tail {
            let slot = self.slot(next);
            if slot.is_full() {
                if n_taken == n_full.div_ceil(2) {
                    break;
                }
                if let Some(node) = slot.take() {
                    n_taken += 1;
                    give(node);
                }
            }
            next += 1;
        }
        if next > first {
            // Release pairs with the acquire in `n_taken`: who finds this has the slots empty.
            self.gone.fetch_max(next, Ordering::AcqRel);
        }
        n_taken
    }

    /// Whether there is something, as far as one look can tell.
    pub(crate) fn has_nodes(&self) -> bool {
        self.len() > 0
    }

    /// How many there are, as far as one look can tell; or more, if some were taken out of turn.
    pub(crate) fn len(&self) -> usize {
        let n_taken = self.n_taken();
        self.tail.load(Ordering::Acquire).saturating_sub(n_taken)
    }

    /// How many have been taken so far.
    pub(crate) fn n_taken(&self) -> usize {
        self.head.load(Ordering::Acquire).max(self.gone.load(Ordering::Acquire))
    }
}

/// The right to push, which stays on its thread.
pub(crate) struct Pusher<'a, P: Pointer> {
    queue: &'a Deque<P>,
    stays: PhantomData<*const ()>,
}

impl<P: Pointer> Clone for Pusher<'_, P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P: Pointer> Copy for Pusher<'_, P> {}

impl<P: Pointer> Pusher<'_, P> {
    /// Pushes, and tells how many there are then, or were a moment ago; gives the node back when the queue is
    /// full.
    #[inline]
    pub(crate) fn push(self, node: P) -> Result<usize, P> {
        self.queue.push(node)
    }

    /// Takes the oldest node.
    #[inline(always)]
    pub(crate) fn pop(self) -> Option<P> {
        self.queue.pop()
    }
}
