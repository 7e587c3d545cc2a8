//! A worker's run queue: its owner pushes at one end, the owner and thieves take at the
//! other.
//! It does not grow; what does not fit goes to the common list.
//!
//! `head` counts what was taken and `tail` what was pushed; both only grow, so a slot is named by a
//! number that never comes back. The owner publishes a slot by moving `tail` (release); a taker reads
//! the slot (or several) and then moves `head` by compare-and-swap. If that succeeds, nobody had taken the slot, and
//! the owner cannot have written it anew, since it writes slot `n` again only when `head` is beyond `n`.

use std::marker::PhantomData;
use std::ptr::{self, NonNull};

use crate::mailbox::inbox::Pointer;
use crate::sync::{AtomicBool, AtomicPtr, AtomicUsize, Ordering};

#[cfg(not(loom))]
const N_SLOTS: usize = 256;
#[cfg(loom)]
const N_SLOTS: usize = 2;

/// A bounded queue with one pusher and many takers.
#[derive(Debug)]
pub(crate) struct Deque<P: Pointer> {
    head: AtomicUsize,
    /// Written by the owner only.
    tail: AtomicUsize,
    has_owner: AtomicBool,
    slots: [AtomicPtr<P::Node>; N_SLOTS],
    owns: PhantomData<P>,
}

// SAFETY: the queue owns what was pushed and moves it between threads.
unsafe impl<P: Pointer + Send> Send for Deque<P> {}
// SAFETY: as above; all fields are atomic.
unsafe impl<P: Pointer + Send> Sync for Deque<P> {}

impl<P: Pointer> Deque<P> {
    pub(crate) fn new() -> Self {
        Self {
            head: AtomicUsize::new(0),
            tail: AtomicUsize::new(0),
            has_owner: AtomicBool::new(false),
            slots: std::array::from_fn(|_| AtomicPtr::new(ptr::null_mut())),
            owns: PhantomData,
        }
    }

    /// Makes the calling thread the owner. Once for a queue.
    pub(crate) fn owner(&self) -> Pusher<'_, P> {
        let had_owner = self.has_owner.swap(true, Ordering::Relaxed);
        assert!(!had_owner, "a queue has one owner");
        Pusher { queue: self, stays: PhantomData }
    }

    /// Pushes, and tells how many there are then, or were a moment ago; gives the node back when the queue is
    /// full. For the owner.
    #[inline]
    fn push(&self, node: P) -> Result<usize, P> {
        // Relaxed: only the owner writes it.
        let tail = self.tail.load(Ordering::Relaxed);
        // Acquire pairs with the takers' release: a slot is reused after it was read.
        let len = tail.wrapping_sub(self.head.load(Ordering::Acquire));
        if len >= N_SLOTS {
            return Err(node);
        }
        // Relaxed: published by the store of `tail`.
        self.slots[tail % N_SLOTS].store(node.into_raw().as_ptr(), Ordering::Relaxed);
        // Release pairs with the acquire in `take_half`.
        self.tail.store(tail.wrapping_add(1), Ordering::Release);
        Ok(len + 1)
    }

    /// Takes the oldest node. For the owner.
    #[inline(always)]
    fn pop(&self) -> Option<P> {
        // Acquire pairs with other takers. Relaxed: only the owner writes `tail`, and no `head` is beyond it.
        let tail = self.tail.load(Ordering::Relaxed);
        let mut head = self.head.load(Ordering::Acquire);
        while head != tail {
            // Relaxed: the owner wrote it; if a thief has moved `head`, the compare-and-swap fails.
            let node = self.slots[head % N_SLOTS].load(Ordering::Relaxed);
            match self.head.compare_exchange_weak(
                head,
                head.wrapping_add(1),
                Ordering::AcqRel,
                Ordering::Acquire,
            ) {
                // SAFETY: the slot held a pointer that `push` gave up, and moving `head`
                // from exactly this number is the only way to take it: it is taken once.
                Ok(_) => return Some(unsafe { own(node) }),
                Err(now) => head = now,
            }
        }
        None
    }

    /// Takes the older half, in order, and one more if they are odd; tells how many. For thieves.
    pub(crate) fn take_half(&self, mut give: impl FnMut(P)) -> usize {
        let mut taken = [ptr::null_mut(); N_SLOTS / 2];
        let mut head = self.head.load(Ordering::Acquire);
        loop {
            let tail = self.tail.load(Ordering::Acquire);
            // Acquire pairs with the release in `push`. The owner may have gone around since `head` was
            // read: then the swap fails below.
            let n_nodes =
                tail.wrapping_sub(head).cast_signed().clamp(0, N_SLOTS as isize);
            let n_taken = n_nodes.cast_unsigned().div_ceil(2);
            if n_taken == 0 {
                return 0;
            }
            for (n, node) in taken.iter_mut().enumerate().take(n_taken) {
                *node =
                    self.slots[head.wrapping_add(n) % N_SLOTS].load(Ordering::Relaxed);
            }
            // Release: the owner reuses the slots after these reads of them.
            match self.head.compare_exchange_weak(
                head,
                head.wrapping_add(n_taken),
                Ordering::AcqRel,
                Ordering::Acquire,
            ) {
                Ok(_) => {
                    for node in &taken[..n_taken] {
                        // SAFETY: as in `pop`, for each of the numbers that `head` was moved over.
                        give(unsafe { own(*node) });
                    }
                    return n_taken;
                }
                Err(now) => head = now,
            }
        }
    }

    /// Whether there is something, as far as one look can tell.
    pub(crate) fn has_nodes(&self) -> bool {
        self.len() > 0
    }

    /// How many there are, as far as one look can tell.
    pub(crate) fn len(&self) -> usize {
        let head = self.head.load(Ordering::Acquire);
        let len = self.tail.load(Ordering::Acquire).wrapping_sub(head).cast_signed();
        len.max(0).cast_unsigned()
    }

    /// How many have been taken so far. Only to be compared with an earlier answer.
    pub(crate) fn n_taken(&self) -> usize {
        // Relaxed: nothing is read because of it.
        self.head.load(Ordering::Relaxed)
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

impl<P: Pointer> Drop for Deque<P> {
    fn drop(&mut self) {
        while self.pop().is_some() {}
    }
}

/// # Safety
/// `node` was pushed, and is taken once.
unsafe fn own<P: Pointer>(node: *mut P::Node) -> P {
    // SAFETY: as the caller says; `into_raw` gives no null pointer.
    unsafe { P::from_raw(NonNull::new_unchecked(node)) }
}
