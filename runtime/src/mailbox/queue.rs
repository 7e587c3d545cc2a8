//! A FIFO for many senders, and consumers that take turns.
//! It wakes nobody: who undoes an arming is given the sleeper; `Turn::leave` tells whether somebody was
//! turned away.
//!
//! It is two words. The *head* is what has arrived, newest first, or who waits for it. The *front* is what
//! was put into order, oldest first. Whoever takes the front away has the consumers' turn, and ends it by
//! putting back what is left. While nothing is in order (the head has no `FRONT`), a message that is
//! alone in the queue, also in one that was closed since, may be taken, and an empty queue armed, by one compare-and-swap without the turn: nobody
//! can have seen the message, since whoever looks puts into order what arrived, and says so in the head.

use std::fmt;

use super::Sleeper;
use super::chain::{Chain, Nodes, Parceled};
pub(crate) use super::quick::Quick;
use super::waiters::WaitPool;
use crate::sync::{Content, KIND, Mark, OTHER, Ordering, Seen};

/// The messages: those that arrived, and those that were put into order.
pub(crate) struct Queue<T> {
    head: Nodes<T, Sleeper>,
    front: Nodes<T>,
}

impl<T> fmt::Debug for Queue<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Queue")
    }
}

// Marks of the head. Without any it is empty, or has many nodes.
/// One node.
const ONE: Mark = 0b001;
/// A sleeper waits, or nobody any more.
const ARMED: Mark = OTHER;
/// Nothing will arrive any more. There may be nodes: one, if there is no `FRONT`.
const CLOSED: Mark = 0b011;
/// There may be messages that were put into order, or several that were not when the queue was closed: nobody takes but
/// in the turn.
const FRONT: Mark = 0b100;

// Marks of the front.
/// Somebody has the turn.
const BUSY: Mark = 0b001;
/// Somebody has the turn, and somebody else was turned away and wants to be woken.
const CONTENDED: Mark = 0b101;
/// Nobody has the turn. Some waiter sleeps although there is a head, which its guard refused.
const GUARDED: Mark = 0b100;

/// What has arrived and has not been put into order, or who waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Empty,
    One,
    Many,
    Armed,
    /// Closed, and there are nodes.
    Last,
    /// Closed.
    Over,
}

#[inline(always)]
fn kind(head: Seen) -> Kind {
    match (head.marks() & KIND, head.has_pointer()) {
        (0, false) => Kind::Empty,
        (0, true) => Kind::Many,
        (ONE, _) => Kind::One,
        (ARMED, _) => Kind::Armed,
        (_, true) => Kind::Last,
        (_, false) => Kind::Over,
    }
}

#[inline(always)]
fn front_of(head: Seen) -> Mark {
    head.marks() & FRONT
}

/// What one look tells that changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Glance {
    /// Nothing is there, and nobody waits for it.
    Empty,
    /// Nothing is there, and the next push wakes the one who asks.
    Armed,
    Other,
}

/// What an attempt to arm gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Armed {
    Yes,
    /// Another sleeps here already.
    Other,
    /// Something is there, or the queue is closed.
    No,
}

/// What a taker leaves behind.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Left {
    /// Somebody was turned away, and is to be woken.
    pub(crate) contended: bool,
    /// Somebody has refused the head that was taken, and is to be woken.
    pub(crate) guarded: bool,
}

impl Left {
    #[inline(always)]
    pub(crate) fn in_need(self) -> bool {
        self.contended || self.guarded
    }
}

impl<T> Queue<T> {
    pub(crate) fn new() -> Self {
        Self { head: Nodes::new(0), front: Nodes::new(0) }
    }

    /// Queues `value`; a closed queue gives it back. Gives the sleeper whose arming this undoes.
    #[inline(always)]
    pub(crate) fn push(&self, value: T) -> Result<Option<Sleeper>, T> {
        let mut node = Parceled::hold(value);
        let mut head = self.head.see(Ordering::Relaxed);
        loop {
            // The release publishes the node.
            let pushed = if head.marks() & ARMED == 0 {
                let is_first = Mark::from(!head.has_pointer()) * ONE;
                let marks = is_first + front_of(head);
                self.head.push(head, node, marks).map(|()| None)
            } else if head.marks() & KIND == ARMED {
                self.head.replace(head, node, ONE | front_of(head)).map(Content::other)
            } else {
                return Err(node.into_value());
            };
            match pushed {
                Ok(sleeper) => return Ok(sleeper),
                Err((back, now)) => (node, head) = (back, now),
            }
        }
    }

    /// What is in order, or who has the turn: nothing and nobody, if there is neither mark nor message.
    #[inline(always)]
    pub(super) fn see_front(&self) -> Seen {
        // Relaxed: the next change does the ordering.
        self.front.see(Ordering::Relaxed)
    }

    /// The message that is the first of those in order, as the front was seen, if nobody has the turn.
    #[inline(always)]
    pub(super) fn pop_in_order(&self, front: Seen) -> Option<(T, Left)> {
        if !front.is_plain() {
            return None;
        }
        let mut list = self.front.take(front, BUSY).ok()?.nodes();
        // Before the turn ends: what reads memory is not to wait for the exchange.
        let value = list.next()?;
        if list.is_empty() {
            // What comes next is taken, or waited for, without the turn.
            self.clear_front();
        }
        let contended = self.leave(list, 0);
        Some((value, Left { contended, guarded: false }))
    }

    /// Takes the turn, for one who keeps it and is the only one that takes anything, and all that has arrived, in order.
    /// Nothing if there is nothing: then nobody has the turn.
    pub(super) fn keep_turn(&self) -> Option<Chain<T>> {
        let mut head = self.head.see(Ordering::Relaxed);
        if !head.has_pointer() || kind(head) == Kind::Armed {
            return None;
        }
        self.front.take(Seen::bare(0), BUSY).ok()?;
        loop {
            let left = match kind(head) {
                Kind::One | Kind::Many => 0,
                Kind::Last => CLOSED,
                Kind::Empty | Kind::Armed | Kind::Over => {
                    unreachable!("nobody else takes what is there")
                }
            };
            match self.head.take(head, left) {
                Ok(content) => return Some(content.nodes().reversed()),
                Err(now) => head = now,
            }
        }
    }

    /// Ends the turn of one who has kept it, and leaves what was put into order for all; whether somebody was turned away
    /// meanwhile.
    pub(super) fn end_turn(&self, list: Chain<T>) -> bool {
        if !list.is_empty() {
            self.set_front();
        }
        self.leave(list, 0)
    }

    /// There are messages in order: before anybody finds that nobody has the turn.
    fn set_front(&self) {
        let mut head = self.head.see(Ordering::Relaxed);
        while let Err(now) = self.head.mark(head, head.marks() | FRONT) {
            head = now;
        }
    }

    /// Ends the turn; whether somebody was turned away meanwhile.
    #[inline(always)]
    fn leave(&self, list: Chain<T>, mark: Mark) -> bool {
        match self.front.put(Seen::bare(BUSY), list, mark) {
            Ok(()) => false,
            Err((list, now)) => self.leave_contended(list, now, mark),
        }
    }

    #[cold]
    #[inline(never)]
    fn leave_contended(&self, mut list: Chain<T>, mut now: Seen, mark: Mark) -> bool {
        while let Err(back) = self.front.put(now, list, mark) {
            (list, now) = back;
        }
        true
    }

    /// Nothing is in order any more. For who has the turn. What is closed and has nodes is still taken in the turn.
    #[inline(never)]
    fn clear_front(&self) {
        let mut head = self.head.see(Ordering::Relaxed);
        while front_of(head) != 0 && kind(head) != Kind::Last {
            match self.head.mark(head, head.marks() & !FRONT) {
                Ok(()) => break,
                Err(now) => head = now,
            }
        }
    }

    /// What one look tells the sleeper at `owner`. If that is old, a wake is on its way.
    #[inline(always)]
    pub(crate) fn glance(&self, owner: usize) -> Glance {
        if self.front.see(Ordering::Relaxed) != Seen::bare(0) {
            return Glance::Other;
        }
        let head = self.head.see(Ordering::Acquire);
        if head == Seen::bare(0) {
            Glance::Empty
        } else if head.marks() == ARMED && head.address() == owner {
            Glance::Armed
        } else {
            Glance::Other
        }
    }

    /// Takes the message that is alone, or arms the empty queue for the owner of `pool`, if there is one.
    #[inline(always)]
    pub(crate) fn quick(&self, mut pool: Option<&mut WaitPool>) -> Quick<T> {
        match self.try_quick(pool.as_deref_mut()) {
            Some(quick) => quick,
            None => Quick::by_call(|it| self.quick_again(pool.map(WaitPool::lend), it)),
        }
    }

    #[cold]
    #[inline(never)]
    fn quick_again(
        &self,
        mut pool: Option<WaitPool>,
        message: &mut Option<T>,
    ) -> Quick<()> {
        loop {
            if let Some(quick) = self.try_quick(pool.as_mut()) {
                return quick.put(message);
            }
        }
    }

    /// `None` if the head has changed meanwhile.
    #[inline(always)]
    fn try_quick(&self, pool: Option<&mut WaitPool>) -> Option<Quick<T>> {
        let head = self.head.see(Ordering::Acquire);
        // With `FRONT` it is none of these.
        if head == Seen::bare(0) {
            let Some(pool) = pool else { return Some(Quick::Empty) };
            return self.arm_at(head, pool, 0).ok().map(|()| Quick::Armed);
        }
        if head.marks() == ONE {
            return Some(Quick::Item(self.take_alone(head, 0)?));
        }
        let owner = pool.map(|it| it.owner_address());
        Some(match Self::is_armed(head, owner) {
            false => Quick::InTurn,
            true if owner.is_none() => Quick::Empty,
            true => Quick::Armed,
        })
    }

    /// Takes the only message of a queue that is closed.
    #[inline]
    pub(crate) fn pop_last(&self) -> Option<T> {
        let head = self.head.see(Ordering::Acquire);
        let is_alone = head.marks() == CLOSED && head.has_pointer();
        if is_alone { self.take_alone(head, CLOSED) } else { None }
    }

    #[inline(always)]
    fn take_alone(&self, head: Seen, left: Mark) -> Option<T> {
        let mut nodes = self.head.take(head, left).ok()?.nodes();
        let first = nodes.next();
        // There are no others: that need not be looked at.
        std::mem::forget(nodes);
        first
    }

    /// Whether somebody sleeps there, who `is` this if that is told. It is seldom asked, and by a call, so that what
    /// is asked before is not made one with this.
    #[inline(never)]
    fn is_armed(head: Seen, is: Option<usize>) -> bool {
        head.marks() == ARMED && is.is_none_or(|it| it == head.address())
    }

    #[inline(always)]
    fn arm_at(&self, head: Seen, pool: &mut WaitPool, front: Mark) -> Result<(), Seen> {
        let armed = self.head.put_other(head, pool.take_sleeper(), ARMED | front);
        armed.map_err(
            #[cold]
            |(sleeper, now)| {
                pool.lend().give_back(sleeper);
                now
            },
        )
    }

    /// Makes the next push give the owner of `pool` to its caller. `crowd`: the owner hangs in the
    /// list of waiters, so another may sleep here: who wakes that one wakes the list, too.
    pub(crate) fn arm(&self, pool: &mut WaitPool, crowd: bool) -> Armed {
        let mut head = self.head.see(Ordering::Acquire);
        loop {
            let armed = match kind(head) {
                Kind::Empty => self.arm_at(head, pool, front_of(head)),
                Kind::Armed if pool.owner_address() == head.address() => Ok(()),
                // Changes nothing, and shows the one who undoes the arming what the caller did before.
                Kind::Armed if crowd => self.head.mark(head, head.marks()),
                Kind::Armed => return Armed::Other,
                Kind::One | Kind::Many | Kind::Last | Kind::Over => return Armed::No,
            };
            match armed {
                Ok(()) => return Armed::Yes,
                Err(now) => head = now,
            }
        }
    }

    /// Undoes an arming, as a push would. Always changes the head, if only into itself: whoever arms
    /// later sees what the caller did before.
    pub(crate) fn disarm(&self) -> Option<Sleeper> {
        let mut head = self.head.see(Ordering::Relaxed);
        loop {
            let undone = match kind(head) {
                Kind::Armed => self.head.take(head, front_of(head)).map(|it| it.other()),
                _ => self.head.mark(head, head.marks()).map(|()| None),
            };
            match undone {
                Ok(sleeper) => return sleeper,
                Err(now) => head = now,
            }
        }
    }

    /// Whether there is neither a message nor a sleeper, for somebody who has the queue alone.
    #[inline]
    pub(crate) fn is_bare(&self) -> bool {
        // Relaxed: who has it alone has seen what others did.
        let words = [self.head.see(Ordering::Relaxed), self.front.see(Ordering::Relaxed)];
        words.iter().all(|it| !it.has_pointer())
    }

    /// Takes nothing in any more, and undoes an arming. What has arrived stays.
    pub(crate) fn close(&self) -> Option<Sleeper> {
        let mut head = self.head.see(Ordering::Relaxed);
        loop {
            let front = front_of(head);
            let done = match kind(head) {
                Kind::Armed => self.head.take(head, CLOSED | front).map(|it| it.other()),
                Kind::Many => self.head.mark(head, CLOSED | FRONT).map(|()| None),
                _ => self.head.mark(head, CLOSED | front).map(|()| None),
            };
            match done {
                Ok(sleeper) => return sleeper,
                Err(now) => head = now,
            }
        }
    }

    /// Closes the queue and takes what has arrived. What was put into order already stays.
    pub(crate) fn seal(&self) -> (Chain<T>, Option<Sleeper>) {
        let mut head = self.head.see(Ordering::Relaxed);
        loop {
            let armed = kind(head) == Kind::Armed;
            match self.head.take(head, CLOSED | front_of(head)) {
                Ok(content) if armed => return (Chain::empty(), content.other()),
                Ok(content) => return (content.nodes(), None),
                Err(now) => head = now,
            }
        }
    }

    /// The consumers' turn. `registered`: if another has it, that one is told to wake on leaving.
    pub(crate) fn enter(&self, registered: bool) -> Option<Turn<'_, T>> {
        // Mostly nothing is in order; if not, the change says what is there.
        let mut front = Seen::bare(0);
        loop {
            let now = match front.marks() & BUSY != 0 {
                true if !registered => return None,
                // Also if nothing changes: its release, paired with the acquire of the one who leaves,
                // shows the caller's registration to that one.
                true => match self.front.mark(front, CONTENDED) {
                    Ok(()) => return None,
                    Err(now) => now,
                },
                false => match self.front.take(front, BUSY) {
                    Ok(content) => {
                        let guarded = front.marks() == GUARDED;
                        return Some(Turn::new(self, content.nodes(), guarded));
                    }
                    Err(now) => now,
                },
            };
            front = now;
        }
    }

    /// The turn of one who has kept it, and what was put into order.
    pub(super) fn go_on(&self, list: Chain<T>) -> Turn<'_, T> {
        self.set_front();
        Turn::new(self, list, false)
    }
}

/// The consumers' turn at a queue.
#[derive(Debug)]
pub(crate) struct Turn<'a, T> {
    queue: &'a Queue<T>,
    /// What is in order.
    list: Chain<T>,
    /// The head may have `FRONT`, which only who has the turn changes, or who closes the queue.
    has_front: bool,
    /// Somebody sleeps who refused the head.
    guarded: bool,
    left: Left,
    ended: bool,
}

impl<'a, T> Turn<'a, T> {
    #[inline(always)]
    fn new(queue: &'a Queue<T>, list: Chain<T>, guarded: bool) -> Self {
        let left = Left { contended: false, guarded: false };
        Self { queue, has_front: true, list, guarded, left, ended: false }
    }

    /// Puts what has arrived into order, behind what is there. If nothing has, tells what was seen.
    #[inline]
    fn refill(&mut self) -> Option<Seen> {
        let head = &self.queue.head;
        let mut seen = head.see(Ordering::Acquire);
        loop {
            let mark = match kind(seen) {
                Kind::One | Kind::Many => FRONT,
                Kind::Last => FRONT | CLOSED,
                Kind::Empty | Kind::Armed | Kind::Over => {
                    // Nobody else changes that meanwhile.
                    self.has_front = front_of(seen) != 0;
                    return Some(seen);
                }
            };
            match head.take(seen, mark) {
                Ok(content) => {
                    self.has_front = true;
                    let fresh = content.nodes().reversed();
                    if self.list.is_empty() {
                        self.list = fresh;
                    } else {
                        self.list.append(fresh);
                    }
                    return None;
                }
                Err(now) => seen = now,
            }
        }
    }

    /// The `n`-th message from the front.
    pub(crate) fn nth(&mut self, n: usize) -> Option<&T> {
        if self.list.nth_value(n).is_none() {
            self.refill();
        }
        self.list.nth_value(n)
    }

    #[inline]
    pub(crate) fn pop(&mut self) -> Option<T> {
        if self.list.is_empty() {
            self.refill();
        }
        self.pop_in_order()
    }

    #[inline]
    fn pop_in_order(&mut self) -> Option<T> {
        let value = self.list.next()?;
        self.left.guarded |= std::mem::take(&mut self.guarded);
        Some(value)
    }

    /// Some waiter refuses the head, and sleeps.
    pub(crate) fn guard(&mut self) {
        self.guarded = true;
    }

    /// As [`Queue::quick`]; whoever takes next may do so without the turn.
    #[inline]
    pub(crate) fn quick(&mut self, pool: Option<&mut WaitPool>) -> Quick<T> {
        let empty = if self.list.is_empty() { self.refill() } else { None };
        let Some(head) = empty else {
            return self.pop_in_order().map_or(Quick::InTurn, Quick::Item);
        };
        match (kind(head), pool) {
            (Kind::Empty | Kind::Armed, None) => Quick::Empty,
            (Kind::Empty, Some(pool)) => match self.queue.arm_at(head, pool, 0) {
                Ok(()) => {
                    self.has_front = false;
                    Quick::Armed
                }
                Err(_) => Quick::InTurn,
            },
            (Kind::Armed, Some(pool)) if pool.owner_address() == head.address() => {
                Quick::Armed
            }
            _ => Quick::InTurn,
        }
    }

    /// Closes the queue if nothing has arrived, and gives the sleeper if that undoes an arming; `None` if
    /// something has.
    pub(crate) fn close(&mut self) -> Option<Option<Sleeper>> {
        let head = &self.queue.head;
        let mut seen = head.see(Ordering::Acquire);
        loop {
            let closed = match kind(seen) {
                Kind::Over => return Some(None),
                Kind::One | Kind::Many | Kind::Last => return None,
                Kind::Empty | Kind::Armed => head.take(seen, CLOSED | front_of(seen)),
            };
            match closed {
                Ok(content) => return Some(content.other()),
                Err(now) => seen = now,
            }
        }
    }

    /// Takes out what was put into order.
    pub(crate) fn take_rest(&mut self) -> Chain<T> {
        std::mem::take(&mut self.list)
    }

    /// Ends the turn.
    #[inline]
    pub(crate) fn leave(mut self) -> Left {
        self.end()
    }

    /// The same, of a turn that stays where it is and does nothing any more.
    #[inline]
    pub(super) fn end(&mut self) -> Left {
        self.ended = true;
        let list = self.take_rest();
        if list.is_empty() && self.has_front {
            self.queue.clear_front();
        }
        let mark = if self.guarded { GUARDED } else { 0 };
        self.left.contended |= self.queue.leave(list, mark);
        self.left
    }
}

impl<T> Drop for Turn<'_, T> {
    fn drop(&mut self) {
        // Only a panic between entering and leaving comes here.
        if !self.ended {
            self.end();
        }
    }
}
