//! Which activities of a strand are ready, and whether anybody is to run it: one word.
//! It does not poll, and knows nodes only.
//!
//! | word | means | the first activity wakes | another wakes |
//! |---|---|---|---|
//! | idle | nobody runs the strand, or is about to | *taken*; the waker schedules it | its node; the waker schedules it |
//! | taken | it is scheduled or runs | *marked* | its node |
//! | marked | the same, and the first is ready | *marked* | its node, before the mark |
//! | a node | the same, and so are these, newest first; perhaps the mark behind them | by a node, too | its node, before those |
//! | over | the strand has ended | nothing | nothing |
//!
//! So an activity that is alone in its strand is woken by one compare-and-swap and, if it then waits again, put
//! to rest by another. That it was the first activity that had the strand scheduled is said nowhere: it is so if
//! it was not another, whose node then says that it found the strand idle ([`Since`]).
//!
//! Every wake is a read-modify-write, and so is what takes marks and nodes out and what makes the word idle: if the
//! wake comes first, the runner sees what the waker did before; if it comes second, the waker finds
//! that the word is taken again, or idle. A wake that finds the mark writes it again for this reason.
//! Idle is written with release, and the wake that undoes it acquires that and hands it on through a queue of
//! the scheduler: so what one worker did to the strand is seen by the next.

use std::fmt;
use std::marker::PhantomData;
use std::ptr::{self, NonNull};

use crate::mailbox::inbox::{Chain, Handle};
use crate::sync::{AtomicPtr, Ordering};

/// What a wake finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// The waker schedules the strand.
    Idle,
    /// Somebody runs it, or will; or it is over.
    Taken,
    /// For the first activity: it has to hang itself up as the others do.
    Nodes,
}

/// The word.
pub(crate) struct Ready<H: Handle> {
    head: AtomicPtr<H::Node>,
    owns: PhantomData<H>,
}

impl<H: Handle> fmt::Debug for Ready<H> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Ready")
    }
}

/// What the word was before all that was ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Since {
    /// Idle: the oldest of the others had the strand scheduled.
    Idle,
    /// Taken: at the beginning of a slice the first activity is ready, unless there was a slice before that
    /// was left with more to do.
    Taken,
    /// Marked: the first activity is ready.
    Marked,
}

/// What was ready.
#[derive(Debug)]
pub(crate) struct Taken<H: Handle> {
    pub(crate) since: Since,
    /// In the order in which they became ready.
    pub(crate) others: Chain<H>,
}

fn taken<N>() -> *mut N {
    ptr::null_mut()
}

fn idle<N>() -> *mut N {
    ptr::without_provenance_mut(1)
}

fn marked<N>() -> *mut N {
    ptr::without_provenance_mut(2)
}

fn over<N>() -> *mut N {
    ptr::without_provenance_mut(3)
}

fn is_node<N>(head: *mut N) -> bool {
    head.addr() > 3
}

impl<H: Handle> Ready<H> {
    /// Of a strand that has not started: as if it were scheduled.
    pub(crate) fn new() -> Self {
        Self { head: AtomicPtr::new(taken()), owns: PhantomData }
    }

    fn change(&self, from: *mut H::Node, to: *mut H::Node) -> Result<(), *mut H::Node> {
        self.head
            .compare_exchange_weak(from, to, Ordering::AcqRel, Ordering::Relaxed)
            .map(|_| ())
    }

    /// The first activity is ready.
    #[inline]
    pub(crate) fn mark(&self) -> Found {
        // Relaxed: the change does the ordering. What is over stays over.
        let mut head = self.head.load(Ordering::Relaxed);
        loop {
            let to = if head == idle() {
                taken()
            } else if head == over() {
                return Found::Taken;
            } else if is_node(head) {
                return Found::Nodes;
            } else {
                marked()
            };
            match self.change(head, to) {
                Ok(()) if head == idle() => return Found::Idle,
                Ok(()) => return Found::Taken,
                Err(now) => head = now,
            }
        }
    }

    /// An activity is ready that hangs nowhere.
    pub(crate) fn push(&self, handle: H) -> Found {
        let node = handle.into_raw();
        let mut head = self.head.load(Ordering::Relaxed);
        while head != over() {
            // SAFETY: the node is ours until it is published, so it is valid.
            H::next(unsafe { node.as_ref() }).store(head, Ordering::Relaxed);
            // The release publishes the node.
            match self.change(head, node.as_ptr()) {
                Ok(()) if head == idle() => return Found::Idle,
                Ok(()) => return Found::Taken,
                Err(now) => head = now,
            }
        }
        // SAFETY: it came from `into_raw` above and was not published.
        drop(unsafe { H::from_raw(node) });
        Found::Taken
    }

    /// Puts what came out of the word into order.
    ///
    /// # Safety
    /// The caller has taken `head` out of the word.
    unsafe fn ordered(mut head: *mut H::Node) -> Taken<H> {
        let mut others = Chain::empty();
        while is_node(head) {
            // SAFETY: `push` published the node with its count, and now it is the caller's.
            let handle = unsafe {
                let node = NonNull::new_unchecked(head);
                head = H::next(node.as_ref()).load(Ordering::Relaxed);
                H::from_raw(node)
            };
            others.put_first(handle);
        }
        let since = if head == marked() {
            Since::Marked
        } else if head == idle() {
            Since::Idle
        } else {
            Since::Taken
        };
        Taken { since, others }
    }

    /// Takes what is ready. For the one who runs the strand.
    pub(crate) fn take(&self) -> Taken<H> {
        let mut head = self.head.load(Ordering::Relaxed);
        while head == marked() || is_node(head) {
            match self.change(head, taken()) {
                // SAFETY: this took it out.
                Ok(()) => return unsafe { Self::ordered(head) },
                Err(now) => head = now,
            }
        }
        Taken { since: Since::Taken, others: Chain::empty() }
    }

    /// A slice of the first activity begins, or goes on, in which nothing else was ready; `false` if something
    /// else is. For the one who runs the strand.
    #[inline]
    pub(crate) fn begin(&self) -> bool {
        // Relaxed: the queue from which the strand was taken has ordered what comes before; the mark is taken
        // out by the change.
        let head = self.head.load(Ordering::Relaxed);
        head == taken() || (head == marked() && self.change(head, taken()).is_ok())
    }

    /// Nobody runs the strand any more; `false` if something is ready. For the one who ran it.
    #[inline]
    pub(crate) fn rest(&self) -> bool {
        self.head
            .compare_exchange(taken(), idle(), Ordering::AcqRel, Ordering::Relaxed)
            .is_ok()
    }

    /// Makes an idle strand one's own without a wake; `false` if it is not idle.
    pub(crate) fn seize(&self) -> bool {
        self.head
            .compare_exchange(idle(), taken(), Ordering::AcqRel, Ordering::Relaxed)
            .is_ok()
    }

    /// The strand is over; gives what was ready. For the one who runs it.
    pub(crate) fn finish(&self) -> Taken<H> {
        let head = self.head.swap(over(), Ordering::AcqRel);
        // SAFETY: this took it out.
        unsafe { Self::ordered(head) }
    }
}

impl<H: Handle> Drop for Ready<H> {
    fn drop(&mut self) {
        drop(self.finish());
    }
}

// SAFETY: nodes go from the waking to the running thread, which `H: Send` allows; the word is atomic.
unsafe impl<H: Handle + Send> Send for Ready<H> {}
// SAFETY: as above; sharing the word shares no node.
unsafe impl<H: Handle + Send> Sync for Ready<H> {}
