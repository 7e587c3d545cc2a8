//! A FIFO for many senders, and consumers that take turns.
//! It wakes nobody: `push` tells whether somebody armed, `Turn::leave` whether somebody was turned away.

use std::fmt;

use super::gate::Gate;
use super::inbox::{Before, Chain, Inbox, Parcel};
use crate::sync::Cell;

/// The messages: those pushed, and those taken out of the inbox and put into order.
pub(crate) struct Queue<T> {
    inbox: Inbox<Box<Parcel<T>>>,
    gate: Gate,
    /// Touched only by whoever has the gate.
    front: Cell<Chain<Box<Parcel<T>>>>,
}

impl<T> fmt::Debug for Queue<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Queue")
    }
}

// SAFETY: messages move from sender to consumer, which `T: Send` allows; `front` is behind the gate.
unsafe impl<T: Send> Sync for Queue<T> {}
// SAFETY: the queue owns its messages.
unsafe impl<T: Send> Send for Queue<T> {}

impl<T> Queue<T> {
    pub(crate) fn new() -> Self {
        Self { inbox: Inbox::new(), gate: Gate::new(), front: Cell::new(Chain::empty()) }
    }

    /// Queues `value`; `true` if somebody armed the queue and is to be woken. A sealed queue gives
    /// the value back.
    pub(crate) fn push(&self, value: T) -> Result<bool, T> {
        match self.inbox.push(Parcel::new(value)) {
            Ok(before) => Ok(before == Before::Armed),
            Err(parcel) => Err(parcel.into_value()),
        }
    }

    /// The next push will tell its caller to wake. `false` if the inbox is not empty.
    pub(crate) fn arm(&self) -> bool {
        self.inbox.arm()
    }

    /// Seals the inbox and takes what is in it. What was put into order already stays.
    pub(crate) fn seal(&self) -> Chain<Box<Parcel<T>>> {
        self.inbox.seal()
    }

    /// The consumers' turn. `registered`: if another has it, that one is told to wake on leaving.
    pub(crate) fn enter(&self, registered: bool) -> Option<Turn<'_, T>> {
        let entered =
            if registered { self.gate.enter_or_contend() } else { self.gate.try_enter() };
        // Not `then_some`: a turn that is made is given back.
        if entered { Some(Turn { queue: self, left: false }) } else { None }
    }
}

/// The consumers' turn at a queue.
#[derive(Debug)]
pub(crate) struct Turn<'a, T> {
    queue: &'a Queue<T>,
    left: bool,
}

impl<T> Turn<'_, T> {
    fn with_front<R>(&mut self, body: impl FnOnce(&mut Chain<Box<Parcel<T>>>) -> R) -> R {
        // SAFETY: this turn has the gate, so nobody else touches `front`; the borrow of the turn is
        // unique, so this turn does not touch it twice.
        self.queue.front.with_mut(|front| body(unsafe { &mut *front }))
    }

    /// Puts what has arrived into order, behind what is there.
    fn refill(&mut self) {
        let fresh = self.queue.inbox.take();
        if !fresh.is_empty() {
            self.with_front(|front| front.append(fresh.reversed()));
        }
    }

    /// The `n`-th message from the front.
    pub(crate) fn nth(&mut self, n: usize) -> Option<&T> {
        if self.with_front(|front| front.nth_node(n).is_none()) {
            self.refill();
        }
        self.queue.front.with(|front| {
            // SAFETY: as in `with_front`; the reference lives as long as the borrow of the turn,
            // during which the front is not changed.
            unsafe { &*front }.nth_node(n).map(Parcel::value)
        })
    }

    pub(crate) fn pop(&mut self) -> Option<T> {
        if self.with_front(|front| front.is_empty()) {
            self.refill();
        }
        self.with_front(Iterator::next).map(Parcel::into_value)
    }

    /// Seals the queue if nothing is in its inbox.
    pub(crate) fn seal(&mut self) -> bool {
        self.queue.inbox.seal_if_empty()
    }

    /// Takes out what was put into order.
    pub(crate) fn take_rest(&mut self) -> Chain<Box<Parcel<T>>> {
        self.with_front(|front| std::mem::replace(front, Chain::empty()))
    }

    /// Ends the turn; `true` if somebody was turned away and is to be woken.
    pub(crate) fn leave(mut self) -> bool {
        self.left = true;
        self.queue.gate.leave()
    }
}

impl<T> Drop for Turn<'_, T> {
    fn drop(&mut self) {
        // Only a panic between entering and leaving comes here.
        if !self.left {
            self.queue.gate.leave();
        }
    }
}
