//! Mailboxes: lock-free queues of messages and the lists of those who wait for them.
//! This room knows no scheduler; who sleeps is a `std::task::Waker`.
//!
//! # The parts
//! * [`inbox::Inbox`]: a list onto which anybody pushes with one compare-and-swap and from which
//!   one taker takes everything at once. Its head is also a state: empty, *armed* (somebody wants to
//!   hear of the next push), *sealed* (takes nothing any more), or the newest node.
//! * [`gate::Gate`]: the consumers' turn. It is tried, never waited for.
//! * [`queue::Queue`]: an inbox, a gate and the part that was taken and put into order: a FIFO.
//! * [`waiters::Waiters`]: an inbox of those to wake.
//! * [`Mailbox`]: a queue, its waiters and its ending.
//!
//! # States of a mailbox
//! | state | entered by | a send | a take |
//! |---|---|---|---|
//! | open | creation | is queued | takes the head or finds it empty |
//! | completed | `complete` | is dropped | takes what is queued, then gives the ending |
//! | sealed | a taker that finds a completed mailbox empty | is dropped | gives the ending |
//! | shut | `shut` | is dropped | gives the ending; what was queued is dropped |
//!
//! # Who wakes whom, and why no wake is lost
//! A consumer that finds nothing (1) pushes its node onto the waiters, (2) arms the inbox, (3) looks
//! again, and only then sleeps. A sender whose push replaced *armed* takes all waiters and wakes them.
//! * The consumer's (1) and the sender's taking are read-modify-writes of one word. If the taking comes
//!   second it finds the node. If it comes first then (1) reads from it, so the sender's push happened
//!   before (2), and (2) finds a node instead of arming: the consumer looks again.
//! * A push onto an inbox that is not armed wakes nobody: whoever sleeps has armed after it last was
//!   empty, and arming is undone only by the push that wakes.
//! * Who finds the gate taken marks it *contended*, after (1); the one who leaves a contended gate wakes
//!   all waiters. The mark is released by the marker and acquired by the leaver.
//! * All waiters are woken, so that one who wakes and takes something else costs the others nothing.
//! * A consumer that leaves the head where it is, because its guard refuses it, sets `guarded` inside the
//!   gate; the next consumer to take a head reads it inside the gate and wakes all.
//!
//! All orderings are acquire and release; nothing rests on sequential consistency.

pub(crate) mod gate;
pub(crate) mod inbox;
pub(crate) mod queue;
pub(crate) mod waiters;

#[cfg(test)]
pub(crate) mod tests;

use std::sync::OnceLock;

use crate::sync::{AtomicBool, AtomicU8, Ordering, Tally};
use queue::{Queue, Turn};
use waiters::{WaitPool, Waiters};

/// What a take gives.
#[derive(Debug)]
pub(crate) enum Took<T> {
    Item(T),
    /// Nothing there now.
    Empty,
    /// Another consumer is taking. If the caller had registered, it will be woken.
    Busy,
    /// Nothing will come any more.
    Over,
}

/// What a consumer sees during its turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    Ready,
    Empty,
    /// Nothing will come any more.
    Over,
}

/// The senders have gone.
const COMPLETED: u8 = 1;
/// The receivers have gone.
const SHUT: u8 = 2;

/// A FIFO with waiting consumers and an ending of type `E`.
#[derive(Debug)]
pub(crate) struct Mailbox<T, E> {
    queue: Queue<T>,
    waiters: Waiters,
    /// `COMPLETED` and `SHUT`; only ever gains bits.
    ended: AtomicU8,
    ending: OnceLock<E>,
    /// Some waiter sleeps although there is a head that its guard refused.
    guarded: AtomicBool,
    /// Messages that were dropped because the mailbox had ended.
    dropped: Tally,
}

impl<T, E: Clone> Mailbox<T, E> {
    pub(crate) fn new() -> Self {
        Self {
            queue: Queue::new(),
            waiters: Waiters::new(),
            ended: AtomicU8::new(0),
            ending: OnceLock::new(),
            guarded: AtomicBool::new(false),
            dropped: Tally::new(0),
        }
    }

    /// Queues `value`; gives it back when nobody will take it. Lock-free.
    pub(crate) fn push(&self, value: T) -> Result<(), T> {
        // Acquire pairs with `complete` and `shut`.
        if self.ended.load(Ordering::Acquire) != 0 {
            return self.refuse(value);
        }
        match self.queue.push(value) {
            Ok(armed) => {
                if armed {
                    self.waiters.wake();
                }
                Ok(())
            }
            Err(value) => self.refuse(value),
        }
    }

    fn refuse(&self, value: T) -> Result<(), T> {
        self.count_dropped();
        Err(value)
    }

    pub(crate) fn count_dropped(&self) {
        // Relaxed: a statistic.
        self.dropped.fetch_add(1, Ordering::Relaxed);
    }

    /// Takes the head. `registered` says that the caller has armed and may sleep on `Busy`.
    pub(crate) fn take(&self, registered: bool) -> Took<T> {
        let Some(mut head) = self.enter(registered) else { return Took::Busy };
        match head.look(0) {
            Look::Ready => match head.pop() {
                Some(value) => Took::Item(value),
                None => unreachable!("nobody else takes during the turn"),
            },
            Look::Empty => Took::Empty,
            Look::Over => Took::Over,
        }
    }

    /// Takes the consumers' turn, within which nobody else takes.
    pub(crate) fn enter(&self, registered: bool) -> Option<Head<'_, T, E>> {
        let turn = self.queue.enter(registered)?;
        Some(Head { mailbox: self, turn: Some(turn), took: false })
    }

    /// Makes the next push wake the caller. `false`: there is something, look again.
    pub(crate) fn arm(&self, pool: &mut WaitPool) -> bool {
        pool.register(&self.waiters);
        self.queue.arm()
    }

    /// The senders have gone: what is queued is still delivered, then `ending`.
    pub(crate) fn complete(&self, ending: E) {
        let _ = self.ending.set(ending);
        // Release pairs with the acquire of takers and senders.
        self.ended.fetch_or(COMPLETED, Ordering::AcqRel);
        self.waiters.wake();
    }

    /// The receivers have gone: what is queued is dropped, as is all that follows.
    pub(crate) fn shut(&self, ending: E) {
        let _ = self.ending.set(ending);
        self.ended.fetch_or(SHUT, Ordering::AcqRel);
        let sealed = self.queue.seal();
        self.clear();
        drop(sealed);
        self.waiters.wake();
    }

    /// Drops what was taken into order. If another is at it, that one does it on leaving.
    fn clear(&self) {
        loop {
            let Some(mut turn) = self.queue.enter(true) else { return };
            let rest = turn.take_rest();
            let contended = turn.leave();
            drop(rest);
            if !contended {
                return;
            }
            self.waiters.wake();
        }
    }

    /// The ending, once there is one.
    pub(crate) fn ending(&self) -> Option<E> {
        self.ending.get().cloned()
    }

    /// Wakes all waiters for a reason other than a push.
    pub(crate) fn wake(&self) {
        self.waiters.wake();
    }

    /// How many messages were dropped because of the ending.
    pub(crate) fn n_dropped(&self) -> usize {
        self.dropped.load(Ordering::Relaxed)
    }

    fn left(&self, turn: Turn<'_, T>, took: bool) {
        // Inside the gate: pairs with `Head::guard`.
        let guarded = took
            && self.guarded.load(Ordering::Relaxed)
            && self.guarded.swap(false, Ordering::Relaxed);
        let contended = turn.leave();
        if contended && self.ended.load(Ordering::Acquire) & SHUT != 0 {
            self.clear();
        }
        if contended || guarded {
            self.waiters.wake();
        }
    }
}

/// The consumers' turn at a mailbox; dropping it ends the turn.
#[derive(Debug)]
pub(crate) struct Head<'a, T, E: Clone> {
    mailbox: &'a Mailbox<T, E>,
    /// `None` only while it is being dropped.
    turn: Option<Turn<'a, T>>,
    took: bool,
}

impl<'a, T, E: Clone> Head<'a, T, E> {
    fn turn(&mut self) -> &mut Turn<'a, T> {
        match &mut self.turn {
            Some(turn) => turn,
            None => unreachable!("a head has its turn until it is dropped"),
        }
    }

    /// Whether the `n`-th message from the front (0 is the head) is there.
    pub(crate) fn look(&mut self, n: usize) -> Look {
        loop {
            if self.turn().nth(n).is_some() {
                return Look::Ready;
            }
            // Acquire pairs with `complete` and `shut`.
            let ended = self.mailbox.ended.load(Ordering::Acquire);
            if ended & SHUT != 0 {
                return Look::Over;
            }
            if ended & COMPLETED == 0 {
                return Look::Empty;
            }
            // Sealing fails if a sender got in just before: then there is more to see.
            if self.turn().seal() {
                return if self.turn().nth(n).is_some() {
                    Look::Ready
                } else {
                    Look::Over
                };
            }
        }
    }

    /// The `n`-th message itself, if it is there.
    pub(crate) fn peek(&mut self, n: usize) -> Option<&T> {
        self.turn().nth(n)
    }

    pub(crate) fn pop(&mut self) -> Option<T> {
        let value = self.turn().pop();
        self.took |= value.is_some();
        value
    }

    /// The caller will sleep although there is a head: wake it when the head changes.
    pub(crate) fn guard(&mut self) {
        // Relaxed: read and written inside the gate only.
        self.mailbox.guarded.store(true, Ordering::Relaxed);
    }
}

impl<T, E: Clone> Drop for Head<'_, T, E> {
    fn drop(&mut self) {
        if let Some(turn) = self.turn.take() {
            self.mailbox.left(turn, self.took);
        }
    }
}
