//! A FIFO for many senders, and consumers that take turns.
//! It wakes nobody: who undoes an arming is given the sleeper; `Turn::leave` tells whether somebody was
//! turned away.
//!
//! The head is one word ([`word`](super::word)): what has arrived, or who waits for it. While nothing
//! is in order (no `FRONT`), a message that is alone in the queue may be taken, and an empty queue
//! armed, by one compare-and-swap without the turn: nobody can have seen the message, since
//! whoever looks puts into order what arrived, and says so in the same word.

use std::fmt;

use super::gate::Gate;
use super::node::{List, Owned};
use super::sleeper::Sleeper;
use super::waiters::WaitPool;
use super::word::{Glance, Kind, Word};
use crate::sync::{AtomicPtr, Cell, Ordering};

/// The messages: those that arrived, and those that were put into order.
pub(crate) struct Queue<T> {
    head: AtomicPtr<()>,
    /// Touched only by whoever has the gate. If it is not empty, the head says `FRONT`.
    front: Cell<List<T>>,
    gate: Gate,
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

/// Whom an arming that was undone leaves to be woken.
#[derive(Debug)]
#[must_use = "whoever undoes an arming wakes"]
pub(crate) struct Roused {
    pub(crate) sleeper: Option<Sleeper>,
    /// Those in the list of waiters, too.
    pub(crate) crowd: bool,
}

/// What an attempt gives that does not ask for the turn.
#[derive(Debug)]
pub(crate) enum Quick<T> {
    Item(T),
    /// Nothing there.
    Empty,
    /// Nothing there: the next push wakes the caller.
    Armed,
    /// It has to be done in the turn.
    InTurn,
}

/// What an attempt to arm gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Armed {
    Yes,
    /// Another sleeps here already.
    Other,
    /// Something is there, or the queue is sealed.
    No,
}

/// How a change of the word is ordered. Weakened, it is what the models must reject: a canary.
const PUBLISH: Ordering = if cfg!(weak) { Ordering::Relaxed } else { Ordering::AcqRel };

impl<T> Queue<T> {
    pub(crate) fn new() -> Self {
        Self {
            head: AtomicPtr::new(Word::EMPTY.raw()),
            front: Cell::new(List::empty()),
            gate: Gate::new(),
        }
    }

    fn load(&self, ordering: Ordering) -> Word {
        Word::of_raw(self.head.load(ordering))
    }

    /// Acquire and release: what one did before its change is seen by those who change it later.
    fn change(&self, from: Word, to: Word) -> Result<(), Word> {
        self.head
            .compare_exchange_weak(from.raw(), to.raw(), PUBLISH, Ordering::Acquire)
            .map(|_| ())
            .map_err(Word::of_raw)
    }

    /// Whom `word` left to be woken, for the one who undid it.
    fn roused(word: Word) -> Roused {
        let (waits, crowd) = match word.kind() {
            Kind::Armed => (true, false),
            Kind::Crowded => (true, true),
            Kind::Empty | Kind::One | Kind::Many | Kind::Sealed => (false, false),
        };
        // SAFETY: the pointer of an armed word came from `into_raw`; its count belongs to the
        // one who undoes the arming, which is the caller.
        let sleeper = waits.then(|| unsafe { Sleeper::from_raw(word.pointer()) });
        Roused { sleeper, crowd }
    }

    /// Queues `value`; a sealed queue gives it back.
    #[inline(always)]
    pub(crate) fn push(&self, value: T) -> Result<Roused, T> {
        let node = Owned::new(value);
        let mut word = self.load(Ordering::Relaxed);
        loop {
            if word.kind() == Kind::Sealed {
                return Err(node.into_value());
            }
            let (after, next) = word.pushed(node.as_ptr());
            node.set_next(next);
            // The release publishes the node.
            match self.change(word, after) {
                Ok(()) => {
                    node.into_raw();
                    return Ok(Self::roused(word));
                }
                Err(now) => word = now,
            }
        }
    }

    /// Takes the message that is alone, or arms the empty queue for the owner of `pool`, if there is one.
    #[inline(always)]
    pub(crate) fn quick(&self, mut pool: Option<&mut WaitPool>) -> Quick<T> {
        let word = self.load(Ordering::Acquire);
        match (word.at_a_glance(), pool.as_deref_mut()) {
            (Glance::Empty | Glance::Armed, None) => return Quick::Empty,
            (Glance::Empty, Some(pool)) => {
                if self.arm_at(word, pool).is_ok() {
                    return Quick::Armed;
                }
            }
            (Glance::Armed, Some(pool)) => {
                if pool.owner().is(word.pointer()) {
                    return Quick::Armed;
                }
            }
            (Glance::Alone, _) => {
                if let Some(value) = self.take_alone(word) {
                    return Quick::Item(value);
                }
            }
            (Glance::Deep, _) => return Quick::InTurn,
            (Glance::Other, _) => {}
        }
        self.quick_slowly(pool)
    }

    /// As `quick`, for all cases.
    #[inline(never)]
    fn quick_slowly(&self, mut pool: Option<&mut WaitPool>) -> Quick<T> {
        let mut word = self.load(Ordering::Acquire);
        loop {
            if word.has_front() {
                return Quick::InTurn;
            }
            match word.kind() {
                Kind::One => match self.take_alone(word) {
                    Some(value) => return Quick::Item(value),
                    None => word = self.load(Ordering::Acquire),
                },
                Kind::Empty => {
                    match pool.as_deref_mut().map(|it| self.arm_at(word, it)) {
                        None => return Quick::Empty,
                        Some(Ok(())) => return Quick::Armed,
                        Some(Err(now)) => word = now,
                    }
                }
                Kind::Armed | Kind::Crowded if pool.is_none() => return Quick::Empty,
                Kind::Armed | Kind::Crowded
                    if pool.as_ref().is_some_and(|it| it.owner().is(word.pointer())) =>
                {
                    return Quick::Armed;
                }
                Kind::Armed | Kind::Crowded | Kind::Many | Kind::Sealed => {
                    return Quick::InTurn;
                }
            }
        }
    }

    /// Takes the one message that `word` says is there and not in order, if it still is.
    #[inline(always)]
    fn take_alone(&self, word: Word) -> Option<T> {
        self.change(word, Word::EMPTY).ok()?;
        // SAFETY: the word named the one node of the list, which `push` gave up, and now nobody finds
        // it any more.
        Some(unsafe { Owned::from_raw(word.node()) }.into_value())
    }

    #[inline(always)]
    fn arm_at(&self, word: Word, pool: &mut WaitPool) -> Result<(), Word> {
        let sleeper = pool.take_sleeper().into_raw();
        self.change(word, word.armed(sleeper)).inspect_err(
            #[cold]
            |_| {
                // SAFETY: the pointer came from `into_raw` above and did not get into the word.
                pool.give_back(unsafe { Sleeper::from_raw(sleeper) });
            },
        )
    }

    /// Makes the next push give the owner of `pool` to its caller. `crowd`: the owner hangs in the
    /// list of waiters, and wants that to be woken if another sleeps here.
    pub(crate) fn arm(&self, pool: &mut WaitPool, crowd: bool) -> Armed {
        let mut word = self.load(Ordering::Acquire);
        loop {
            let failed = match word.kind() {
                Kind::Empty => self.arm_at(word, pool),
                Kind::Armed | Kind::Crowded if pool.owner().is(word.pointer()) => Ok(()),
                Kind::Armed if crowd => self.change(word, word.crowded()),
                Kind::Crowded if crowd => Ok(()),
                Kind::Armed | Kind::Crowded => return Armed::Other,
                Kind::One | Kind::Many | Kind::Sealed => return Armed::No,
            };
            match failed {
                Ok(()) => return Armed::Yes,
                Err(now) => word = now,
            }
        }
    }

    /// Undoes an arming, as a push would. Always changes the word, if only into itself: whoever arms
    /// later sees what the caller did before.
    pub(crate) fn disarm(&self) -> Roused {
        let mut word = self.load(Ordering::Relaxed);
        loop {
            let after = match word.kind() {
                Kind::Armed | Kind::Crowded => word.emptied(),
                Kind::Empty | Kind::One | Kind::Many | Kind::Sealed => word,
            };
            match self.change(word, after) {
                Ok(()) => return Self::roused(word),
                Err(now) => word = now,
            }
        }
    }

    /// Takes what `word` holds, for the one who replaced it.
    fn nodes_of(word: Word) -> List<T> {
        match word.kind() {
            // SAFETY: the word named the newest of a list that pushes gave up, and now nobody
            // finds it any more.
            Kind::One | Kind::Many => unsafe { List::from_raw(word.node()) },
            Kind::Empty | Kind::Armed | Kind::Crowded | Kind::Sealed => List::empty(),
        }
    }

    /// Seals the queue and takes what has arrived. What was put into order already stays.
    pub(crate) fn seal(&self) -> (List<T>, Roused) {
        let mut word = self.load(Ordering::Relaxed);
        loop {
            match self.change(word, word.sealed()) {
                Ok(()) => return (Self::nodes_of(word), Self::roused(word)),
                Err(now) => word = now,
            }
        }
    }

    /// Takes the next message in the turn, which `within` is still part of. `None` if another has the turn, or
    /// there is nothing. And whether somebody was turned away meanwhile, and is to be woken.
    #[inline(always)]
    pub(crate) fn pop_in_turn(&self, within: impl FnOnce()) -> (Option<T>, bool) {
        if !self.gate.try_enter() {
            return (None, false);
        }
        let mut turn = Turn { queue: self, left: false };
        let value = turn.pop();
        if value.is_some() {
            within();
        }
        (value, turn.leave())
    }

    /// The consumers' turn. `registered`: if another has it, that one is told to wake on leaving.
    pub(crate) fn enter(&self, registered: bool) -> Option<Turn<'_, T>> {
        let entered =
            if registered { self.gate.enter_or_contend() } else { self.gate.try_enter() };
        // Not `then_some`: a turn that is made is given back.
        if entered { Some(Turn { queue: self, left: false }) } else { None }
    }
}

impl<T> Drop for Queue<T> {
    fn drop(&mut self) {
        // Relaxed: nobody else has the queue any more, nor finds it.
        let word = self.load(Ordering::Relaxed);
        drop((Self::nodes_of(word), Self::roused(word)));
    }
}

/// The consumers' turn at a queue.
#[derive(Debug)]
pub(crate) struct Turn<'a, T> {
    queue: &'a Queue<T>,
    left: bool,
}

impl<T> Turn<'_, T> {
    #[inline(always)]
    fn with_front<R>(&mut self, body: impl FnOnce(&mut List<T>) -> R) -> R {
        // SAFETY: this turn has the gate, so nobody else touches `front`; the borrow of the turn is
        // unique, so this turn does not touch it twice.
        self.queue.front.with_mut(|front| body(unsafe { &mut *front }))
    }

    /// Puts what has arrived into order, behind what is there.
    #[inline(never)]
    fn refill(&mut self) {
        // Relaxed: the change does the ordering.
        let mut word = self.queue.load(Ordering::Relaxed);
        while matches!(word.kind(), Kind::One | Kind::Many) {
            match self.queue.change(word, Word::taken_in()) {
                Ok(()) => {
                    let fresh = Queue::nodes_of(word).reversed();
                    return self.with_front(|front| front.append(fresh));
                }
                Err(now) => word = now,
            }
        }
    }

    /// The `n`-th message from the front.
    pub(crate) fn nth(&mut self, n: usize) -> Option<&T> {
        if self.with_front(|front| front.nth(n).is_none()) {
            self.refill();
        }
        self.queue.front.with(|front| {
            // SAFETY: as in `with_front`; the reference lives as long as the borrow of the turn,
            // during which the front is not changed.
            unsafe { &*front }.nth(n)
        })
    }

    #[inline(always)]
    pub(crate) fn pop(&mut self) -> Option<T> {
        if self.with_front(|front| front.is_empty()) {
            self.refill();
        }
        self.with_front(List::pop).map(Owned::into_value)
    }

    /// Seals the queue if nothing has arrived; `None` if something has.
    pub(crate) fn seal(&mut self) -> Option<Roused> {
        let mut word = self.queue.load(Ordering::Acquire);
        loop {
            match word.kind() {
                Kind::Sealed => return Some(Queue::<T>::roused(word)),
                Kind::One | Kind::Many => return None,
                Kind::Empty | Kind::Armed | Kind::Crowded => {
                    match self.queue.change(word, word.sealed()) {
                        Ok(()) => return Some(Queue::<T>::roused(word)),
                        Err(now) => word = now,
                    }
                }
            }
        }
    }

    /// Takes out what was put into order.
    pub(crate) fn take_rest(&mut self) -> List<T> {
        self.with_front(|front| std::mem::replace(front, List::empty()))
    }

    /// Ends the turn; `true` if somebody was turned away and is to be woken.
    #[inline(always)]
    pub(crate) fn leave(mut self) -> bool {
        self.end()
    }

    #[inline(always)]
    fn end(&mut self) -> bool {
        self.left = true;
        if self.with_front(|front| front.is_empty()) {
            self.clear_front();
        }
        self.queue.gate.leave()
    }

    /// Nothing is in order any more.
    #[inline(never)]
    fn clear_front(&self) {
        let mut word = self.queue.load(Ordering::Relaxed);
        while word.has_front() {
            match self.queue.change(word, word.without_front()) {
                Ok(()) => break,
                Err(now) => word = now,
            }
        }
    }
}

impl<T> Drop for Turn<'_, T> {
    fn drop(&mut self) {
        // Only a panic between entering and leaving comes here.
        if !self.left {
            self.end();
        }
    }
}
