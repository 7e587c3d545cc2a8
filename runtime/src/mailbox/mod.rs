//! Mailboxes: lock-free queues of messages and the lists of those who wait for them.
//! This room does not know how the one who sleeps is made to run again.
//!
//! # The parts
//! * [`chain::Nodes`]: a word that owns a list of nodes, or one other thing.
//! * [`queue::Queue`]: a FIFO. Its head is one such word: empty, *armed* (with the sleeper that
//!   wants to hear of the next push), *closed* (takes nothing any more), or the newest node. Anybody pushes
//!   with one compare-and-swap; one taker takes everything at once, and puts it into order in the other
//!   word, the *front*. Who has taken the front away has the consumers' *turn*. It is tried, never waited for.
//! * [`Sleeper`]: who sleeps, a handle of an activity, in one word.
//! * [`waiters::Waiters`]: a list of those to wake, where one word is not enough.
//! * [`kept`]: messages in order that one strand keeps to itself, with the turn.
//! * [`Mailbox`]: a queue, its waiters and its ending.
//! * [`inbox::Inbox`]: a list without order and turns, for everything else.
//!
//! # States of a mailbox
//! | state | entered by | a send | a take |
//! |---|---|---|---|
//! | open | creation | is queued | takes the head or finds it empty |
//! | completed | `complete` | is dropped | takes what is queued, then gives the ending |
//! | shut | `shut` | is dropped | gives the ending; what was queued is dropped |
//!
//! # Who wakes whom, and why no wake is lost
//! A consumer that finds nothing puts itself into the head: it *arms* the empty queue. Whoever undoes the
//! arming, by a push or an ending, owns the sleeper from then on and wakes it. If another sleeps there
//! already, or the queue is not empty (since the consumer refuses its head, or was turned
//! away), the consumer hangs a node into the list of waiters *first*, and then writes an armed head
//! again as it is; who undoes an arming wakes all in the list, too. Then the consumer looks again, and
//! only then sleeps.
//! * Arming, writing again and undoing are read-modify-writes of one word. If the undoing comes second it
//!   finds the sleeper, and sees the list with the node. If it comes first, the consumer finds a node instead,
//!   or reads from the undoing, and then sees what came before that: the ending is looked at after arming.
//! * A node and the taking of the list are read-modify-writes of one word, too. If the taking comes second it
//!   finds the node. If it comes first then the hanging up reads from it, so the consumer sees that the
//!   arming was undone: it looks at the head after it has hung up its node.
//! * A push onto a queue that is not armed wakes nobody: whoever sleeps has armed after it last was
//!   empty, and arming is undone only by those who wake.
//! * A consumer that finds itself in the head sleeps on. What it finds may be old, then the wake is on
//!   its way; it is not that of another that had the same address before, since the count in the head
//!   kept that one until the arming was undone.
//! * Endings and other reasons to wake always write the head, if only what it is already.
//! * Who finds the turn taken marks it *contended*, after it has armed or hung up its node; the one who
//!   leaves a contended turn wakes all. The mark is released by the marker and acquired by the leaver.
//! * All waiters are woken, so that one who wakes and takes something else costs the others nothing.
//!   A sleeper may be woken for nothing: it stays in the heads of queues that it waited at before.
//! * A consumer that leaves the head where it is, because its guard refuses it, puts back the front
//!   with a mark; the next consumer to take a head finds it and wakes all. Until then the
//!   message is in order, so nobody takes but in the turn.
//!
//! All orderings are acquire and release; nothing rests on sequential consistency.

pub(crate) mod chain;
pub(crate) mod inbox;
pub(crate) mod kept;
pub(crate) mod queue;
mod quick;
pub(crate) mod stack;
pub(crate) mod waiters;

#[cfg(test)]
pub(crate) mod tests;

use std::sync::OnceLock;

pub(crate) use crate::scheduler::strand::ActivityRef as Sleeper;
use crate::sync::{BiasedU8, Late, Ordering, Seen, Tally};
use kept::{Beside, Nowhere};
use queue::{Armed, Glance, Left, Queue, Quick, Turn};
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
/// The ending is the first one's.
const DECIDED: u8 = 4;

/// Why a mailbox has ended.
pub(crate) trait Reason: Clone {
    /// The usual reason, of which a mailbox keeps nothing.
    fn is_plain(&self) -> bool;
}

/// A FIFO with waiting consumers and an ending of type `E`. Whoever has it may keep a `P` in it, and more beside it.
#[derive(Debug)]
pub(crate) struct Mailbox<T, E, M = (), P = Nowhere> {
    queue: Queue<T>,
    /// Made when it is first needed.
    rare: Late<Rare<E, M>>,
    own: P,
}

/// What most mailboxes never have.
#[derive(Debug)]
struct Rare<E, M> {
    /// What whoever has the mailbox keeps beside it.
    more: Option<M>,
    /// Those for whom there was no room in the head.
    waiters: Waiters,
    ending: OnceLock<E>,
    /// Messages that were dropped because the mailbox had ended.
    dropped: Tally,
}

impl<E, M> Rare<E, M> {
    fn new(more: Option<M>) -> Self {
        let (waiters, ending, dropped) = (Waiters::new(), OnceLock::new(), Tally::new(0));
        Self { more, waiters, ending, dropped }
    }
}

impl<T, E, M, P> Mailbox<T, E, M, P> {
    /// What whoever has the mailbox keeps in it.
    #[inline(always)]
    pub(crate) fn own(&self) -> &P {
        &self.own
    }
}

impl<T, E: Reason, M, P: Beside<T> + Default> Mailbox<T, E, M, P> {
    pub(crate) fn new() -> Self {
        Self::with(None)
    }

    /// With what is kept beside it.
    pub(crate) fn with(more: Option<M>) -> Self {
        Self {
            queue: Queue::new(),
            rare: Late::new(more.map(|more| Rare::new(Some(more)))),
            own: P::default(),
        }
    }
}

impl<T, E: Reason, M, P: Beside<T>> Mailbox<T, E, M, P> {
    /// `COMPLETED`, `SHUT` and `DECIDED`; only ever gains bits.
    #[inline(always)]
    fn ended(&self) -> &BiasedU8 {
        self.own.ended()
    }

    /// What is kept beside it.
    #[inline(always)]
    pub(crate) fn more(&self) -> Option<&M> {
        self.rare()?.more.as_ref()
    }

    fn rare(&self) -> Option<&Rare<E, M>> {
        self.rare.get()
    }

    fn make_rare(&self) -> &Rare<E, M> {
        self.rare.get().unwrap_or_else(|| self.rare.get_or_make(|| Rare::new(None)))
    }

    /// Queues `value`; gives it back when nobody will take it. Lock-free.
    #[inline(always)]
    pub(crate) fn push(&self, value: T) -> Result<(), T> {
        match self.queue.push(value) {
            Ok(None) => Ok(()),
            Ok(Some(sleeper)) => {
                self.rouse(sleeper);
                Ok(())
            }
            Err(value) => self.refuse(value),
        }
    }

    /// An arming was undone.
    #[inline(always)]
    fn rouse(&self, sleeper: Sleeper) {
        sleeper.wake();
        if self.rare().is_some() {
            self.wake_crowd();
        }
    }

    #[cold]
    #[inline(never)]
    fn wake_crowd(&self) {
        if let Some(rare) = self.rare() {
            rare.waiters.wake();
        }
    }

    #[cold]
    #[inline(never)]
    fn refuse(&self, value: T) -> Result<(), T> {
        self.count_dropped();
        Err(value)
    }

    pub(crate) fn count_dropped(&self) {
        // Relaxed: a statistic.
        self.make_rare().dropped.fetch_add(1, Ordering::Relaxed);
    }

    /// See [`Queue::glance`].
    #[inline(always)]
    pub(crate) fn glance(&self, owner: usize) -> Glance {
        self.queue.glance(owner)
    }

    /// Takes the head, or makes the next change wake the owner of `pool`, if there is one and that can be
    /// done at once.
    #[inline(always)]
    pub(crate) fn quick(&self, pool: Option<&mut WaitPool>) -> Quick<T> {
        let front = self.queue.see_front();
        if front != Seen::bare(0) {
            if let Some(value) = self.pop_kept() {
                return Quick::Item(value);
            }
            if let Some((value, left)) = self.queue.pop_in_order(front) {
                if left.in_need() {
                    self.left_in_need(left);
                }
                return Quick::Item(value);
            }
        }
        self.quick_at_head(pool)
    }

    /// The same where nothing is in order.
    #[inline(always)]
    fn quick_at_head(&self, mut pool: Option<&mut WaitPool>) -> Quick<T> {
        match self.queue.quick(pool.as_deref_mut()) {
            Quick::InTurn => {
                Quick::by_call(|it| self.quick_in_turn(pool.map(WaitPool::lend), it))
            }
            quick => quick,
        }
    }

    /// Takes the head in the turn, or arms in it, if nobody else has the turn.
    #[inline(never)]
    fn quick_in_turn(
        &self,
        mut pool: Option<WaitPool>,
        message: &mut Option<T>,
    ) -> Quick<()> {
        if let Some(value) = self.queue.pop_last().or_else(|| self.pop_and_keep()) {
            return Quick::Item(value).put(message);
        }
        let Some(mut turn) = self.turn(false) else { return Quick::InTurn };
        let quick = turn.quick(pool.as_mut());
        // Where it is: it would be copied in larger parts than it was written, which waits for all of it.
        let left = turn.end();
        if left.in_need() {
            self.left_in_need(left);
        }
        quick.put(message)
    }

    /// The turn has ended, and others are to be woken.
    #[cold]
    #[inline(never)]
    fn left_in_need(&self, left: Left) {
        if left.contended && self.ended().load(Ordering::Acquire) & SHUT != 0 {
            self.clear();
        }
        self.wake();
    }

    /// Takes the head. `registered` says that the caller has armed and may sleep on `Busy`.
    pub(crate) fn take(&self, registered: bool) -> Took<T> {
        if let Some(value) = self.pop_kept().or_else(|| self.pop_and_keep()) {
            return Took::Item(value);
        }
        let Some(mut head) = self.enter(registered) else { return Took::Busy };
        match head.look(0) {
            Look::Ready => match head.pop() {
                Some(value) => Took::Item(value),
                None => unreachable!("nobody else takes what is in order"),
            },
            Look::Empty => Took::Empty,
            Look::Over => Took::Over,
        }
    }

    /// Takes the consumers' turn, within which nobody else takes.
    pub(crate) fn enter(&self, registered: bool) -> Option<Head<'_, T, E, M, P>> {
        let turn = self.turn(registered)?;
        Some(Head { mailbox: self, turn: Some(turn) })
    }

    /// Makes the next push wake the caller. `false`: there is something, look again.
    pub(crate) fn arm(&self, pool: &mut WaitPool) -> bool {
        match self.queue.arm(pool, false) {
            Armed::Yes => true,
            Armed::Other | Armed::No => {
                pool.register(&self.make_rare().waiters);
                self.queue.arm(pool, true) == Armed::Yes
            }
        }
    }

    /// Marks the mailbox with `how`. The ending becomes this one, unless there is one already.
    fn end(&self, how: u8, ending: E) {
        // The usual ending needs no place, so it is decided in the same step as the mark is set.
        let marks = if ending.is_plain() { DECIDED | how } else { DECIDED };
        // Release pairs with the acquire of takers and senders.
        let before = self.ended().fetch_or(marks, Ordering::AcqRel);
        if marks & how != 0 {
            return;
        }
        if before & DECIDED == 0 {
            let _ = self.make_rare().ending.set(ending);
        }
        // After the ending is set: who sees the mark sees the ending.
        self.ended().fetch_or(how, Ordering::AcqRel);
    }

    /// The senders have gone: what is queued is still delivered, then `ending`.
    pub(crate) fn complete(&self, ending: E) {
        self.end(COMPLETED, ending);
        self.wake_all(self.queue.close());
    }

    /// The receivers have gone: what is queued is dropped, as is all that follows.
    pub(crate) fn shut(&self, ending: E) {
        self.end(SHUT, ending);
        let (nodes, sleeper) = self.queue.seal();
        self.clear();
        drop(nodes);
        self.wake_all(sleeper);
    }

    /// Whether nothing is in it, nobody waits at it and nothing else is kept of it, for somebody who has it alone.
    #[inline]
    pub(crate) fn is_plain(&self) -> bool {
        self.queue.is_bare() && self.rare().is_none()
    }

    /// Drops what was taken into order. If another is at it, that one does it on leaving.
    fn clear(&self) {
        loop {
            let Some(mut turn) = self.turn(true) else { return };
            let rest = turn.take_rest();
            let left = turn.leave();
            drop(rest);
            if !left.contended {
                return;
            }
            self.wake();
        }
    }

    /// The ending, once there is one; none for the usual one.
    pub(crate) fn ending(&self) -> Option<E> {
        self.rare()?.ending.get().cloned()
    }

    /// Wakes all waiters for a reason other than a push.
    pub(crate) fn wake(&self) {
        self.wake_all(self.queue.disarm());
    }

    fn wake_all(&self, sleeper: Option<Sleeper>) {
        if let Some(sleeper) = sleeper {
            sleeper.wake();
        }
        self.wake_crowd();
    }

    /// How many messages were dropped because of the ending.
    pub(crate) fn n_dropped(&self) -> usize {
        self.rare().map_or(0, |rare| rare.dropped.load(Ordering::Relaxed))
    }
}

/// The consumers' turn at a mailbox; dropping it ends the turn.
#[derive(Debug)]
pub(crate) struct Head<'a, T, E: Reason, M = (), P: Beside<T> = Nowhere> {
    mailbox: &'a Mailbox<T, E, M, P>,
    /// `None` only while it is being dropped.
    turn: Option<Turn<'a, T>>,
}

impl<'a, T, E: Reason, M, P: Beside<T>> Head<'a, T, E, M, P> {
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
            let ended = self.mailbox.ended().load(Ordering::Acquire);
            if ended & SHUT != 0 {
                return Look::Over;
            }
            if ended & COMPLETED == 0 {
                return Look::Empty;
            }
            // Closing fails if a sender got in just before: then there is more to see.
            if let Some(sleeper) = self.turn().close() {
                if let Some(sleeper) = sleeper {
                    self.mailbox.rouse(sleeper);
                }
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
        self.turn().pop()
    }

    /// The caller will sleep although there is a head: wake it when the head changes.
    pub(crate) fn guard(&mut self) {
        self.turn().guard();
    }
}

impl<T, E: Reason, M, P: Beside<T>> Drop for Head<'_, T, E, M, P> {
    fn drop(&mut self) {
        if let Some(turn) = self.turn.take() {
            let left = turn.leave();
            if left.in_need() {
                self.mailbox.left_in_need(left);
            }
        }
    }
}
