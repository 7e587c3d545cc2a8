//! A mailbox with a capacity and a policy for what exceeds it. Ports and points are lines.
//! It does not know ends, protocols or requests.

use std::fmt;
use std::sync::Arc;

use super::source::{Ending, Front, Item, Take};
use crate::channel::block::Place;
use crate::channel::here::AtHome;
use crate::mailbox::queue::{Glance, Quick};
use crate::mailbox::waiters::{WaitPool, Waiters};
use crate::mailbox::{Head, Look, Mailbox, Took};
use crate::scheduler::current::{self, HoldsBack};
use crate::scheduler::waits::What;
use crate::sync::{AtomicBool, AtomicUsize, Ordering};
use crate::value::{Exception, Result};

/// What happens to a message that exceeds the capacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overflow {
    /// It is queued, and its sender waits at its next suspension until there is room.
    Suspend,
    /// The arriving message is dropped.
    DropNewest,
    /// The oldest message is dropped.
    DropOldest,
    /// The send throws `OverloadException`.
    Fail,
}

/// What a send rules out, by the attributes before it: it throws `OverloadException` instead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Strictness {
    /// `[NoDrop]`: that it drops a message, whichever.
    pub(crate) no_drop: bool,
    /// `[NoSuspend]`: that it is held back.
    pub(crate) no_suspend: bool,
}

/// What becomes of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Queued,
    /// Queued above the capacity; its sender waits.
    HeldBack,
    /// Queued, and older ones are dropped for it.
    Shedding,
    Dropped,
}

/// A FIFO of messages, perhaps bounded.
#[derive(Debug)]
pub(crate) struct Line<T> {
    mailbox: Mailbox<T, Ending, Bounds, AtHome<T>>,
}

#[derive(Debug)]
struct Bounds {
    policy: Overflow,
    room: Arc<Room>,
}

/// How full a line is, and who waits for room in it.
#[derive(Debug)]
struct Room {
    capacity: usize,
    /// How many messages are queued.
    len: AtomicUsize,
    /// The receivers have gone: there is room for ever.
    over: AtomicBool,
    waiters: Waiters,
    /// For reports.
    what: What,
}

impl HoldsBack for Room {
    fn poll(&self, pool: &mut WaitPool) -> bool {
        if self.has_room() {
            return true;
        }
        pool.register(&self.waiters);
        self.has_room()
    }

    fn what(&self) -> What {
        self.what
    }
}

impl Room {
    fn has_room(&self) -> bool {
        // Acquire pairs with the release in `popped` and `abandon`.
        self.len.load(Ordering::Acquire) <= self.capacity
            || self.over.load(Ordering::Acquire)
    }

    /// Counts a message in, if there is room.
    fn reserve(&self) -> bool {
        // Relaxed: the mailbox orders the messages; this is only their number.
        self.len
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |len| {
                (len < self.capacity).then_some(len + 1)
            })
            .is_ok()
    }

    /// Counts a message in, room or not; `true` if it exceeds the capacity.
    fn exceed(&self) -> bool {
        self.len.fetch_add(1, Ordering::Relaxed) >= self.capacity
    }

    fn popped(&self) {
        // The step back to the capacity is taken by exactly one.
        if self.len.fetch_sub(1, Ordering::AcqRel) == self.capacity.saturating_add(1) {
            self.waiters.wake();
        }
    }

    fn abandon(&self) {
        self.over.store(true, Ordering::Release);
        self.waiters.wake();
    }
}

impl<T> Line<T> {
    /// What the port that has the line keeps in it.
    #[inline(always)]
    pub(crate) fn own(&self) -> &Place {
        &self.mailbox.own().place
    }
}

impl<T: Send> Line<T> {
    #[inline(always)]
    fn bounds(&self) -> Option<&Bounds> {
        self.mailbox.more()
    }

    pub(crate) fn unbounded() -> Self {
        Self { mailbox: Mailbox::new() }
    }

    /// A line that counts. `usize::MAX` is no bound.
    /// `what` is what a sender waits for that is held back.
    pub(crate) fn bounded(capacity: usize, policy: Overflow, what: What) -> Self {
        let room = Arc::new(Room {
            capacity: capacity.max(1),
            len: AtomicUsize::new(0),
            over: AtomicBool::new(false),
            waiters: Waiters::new(),
            what,
        });
        Self { mailbox: Mailbox::with(Some(Bounds { policy, room })) }
    }

    /// Whether nothing but an end keeps messages out.
    pub(crate) fn is_unbounded(&self) -> bool {
        self.bounds().is_none()
    }

    /// As `send`, to a line without bounds.
    #[inline(always)]
    pub(crate) fn send_freely(&self, value: T) {
        current::count_send();
        drop(self.mailbox.push(value));
    }

    /// Delivers a message. What the line drops, because it has ended or by its policy, it counts.
    #[inline]
    pub(crate) fn send(&self, value: T) -> Result<()> {
        if self.bounds().is_some() {
            return self.send_strictly(value, Strictness::default());
        }
        self.send_freely(value);
        Ok(())
    }

    /// As [`Line::send`], but throws instead of what `strictness` rules out.
    #[inline(never)]
    pub(crate) fn send_strictly(&self, value: T, strictness: Strictness) -> Result<()> {
        let way = self.reserve(strictness)?;
        self.deliver(value, way);
        Ok(())
    }

    /// Decides what becomes of the next message, and counts it in if it is to be queued.
    #[inline]
    pub(crate) fn reserve(&self, strictness: Strictness) -> Result<Way> {
        match self.bounds() {
            None => Ok(Way::Queued),
            Some(bounds) => self.reserve_room(bounds, strictness),
        }
    }

    fn reserve_room(&self, bounds: &Bounds, strictness: Strictness) -> Result<Way> {
        let room = &bounds.room;
        let refuses = match bounds.policy {
            Overflow::Suspend => strictness.no_suspend,
            Overflow::DropNewest | Overflow::DropOldest => strictness.no_drop,
            Overflow::Fail => true,
        };
        if bounds.policy == Overflow::DropNewest || refuses {
            if room.reserve() {
                return Ok(Way::Queued);
            }
            if self.mailbox.ending().is_none() {
                self.mailbox.count_dropped();
                return match refuses {
                    true => Err(overload(room.capacity)),
                    false => Ok(Way::Dropped),
                };
            }
            // What has ended is never too full (decision 48): the mailbox drops the message.
        }
        match (bounds.policy, room.exceed()) {
            (Overflow::DropOldest, _) => Ok(Way::Shedding),
            (_, true) => Ok(Way::HeldBack),
            (_, false) => Ok(Way::Queued),
        }
    }

    /// Takes back a reservation: there will be no message.
    pub(crate) fn release(&self, way: Way) {
        if let (Some(bounds), true) = (self.bounds(), way != Way::Dropped) {
            bounds.room.popped();
        }
    }

    /// Delivers the message that room was reserved for.
    #[inline]
    pub(crate) fn deliver(&self, value: T, way: Way) {
        current::count_send();
        let Some(bounds) = self.bounds() else {
            drop(self.mailbox.push(value));
            return;
        };
        if way == Way::Dropped {
            return;
        }
        let room = &bounds.room;
        if self.mailbox.push(value).is_err() {
            room.popped();
            return;
        }
        match way {
            Way::Shedding => self.shed(room),
            Way::HeldBack => current::hold_back(room.clone()),
            Way::Queued | Way::Dropped => {}
        }
    }

    /// Drops the oldest messages above the capacity. A consumer that is taking now makes room itself.
    fn shed(&self, room: &Room) {
        while room.len.load(Ordering::Relaxed) > room.capacity {
            let Some(mut head) = self.mailbox.enter(false) else { return };
            if head.pop().is_none() {
                return;
            }
            room.popped();
            self.mailbox.count_dropped();
        }
    }

    pub(crate) fn take(&self, registered: bool) -> Take<T> {
        match self.mailbox.take(registered) {
            Took::Item(value) => {
                if let Some(bounds) = self.bounds() {
                    bounds.room.popped();
                }
                Take::Item(Item::plain(value))
            }
            Took::Empty => Take::Empty,
            Took::Busy => Take::Busy,
            Took::Over => Take::Over(self.ending()),
        }
    }

    /// See [`Receive::glance`](super::source::Receive::glance).
    #[inline(always)]
    pub(crate) fn glance(&self, owner: usize) -> Glance {
        self.mailbox.glance(owner)
    }

    /// See [`Receive::quick`](super::source::Receive::quick).
    #[inline(always)]
    pub(crate) fn quick(&self, pool: Option<&mut WaitPool>) -> Quick<T> {
        match self.bounds() {
            None => self.quick_freely(pool),
            Some(bounds) => Quick::by_call(|it| {
                self.quick_with_bounds(bounds, pool.map(WaitPool::lend), it)
            }),
        }
    }

    /// As `quick`, of a line without bounds.
    #[inline(always)]
    pub(crate) fn quick_freely(&self, pool: Option<&mut WaitPool>) -> Quick<T> {
        self.mailbox.quick(pool)
    }

    #[inline(never)]
    fn quick_with_bounds(
        &self,
        bounds: &Bounds,
        mut pool: Option<WaitPool>,
        message: &mut Option<T>,
    ) -> Quick<()> {
        let quick = self.mailbox.quick(pool.as_mut());
        if let Quick::Item(_) = &quick {
            bounds.room.popped();
        }
        quick.put(message)
    }

    pub(crate) fn enter(&self, registered: bool) -> Option<LineFront<'_, T>> {
        let head = self.mailbox.enter(registered)?;
        Some(LineFront { line: self, head })
    }

    pub(crate) fn arm(&self, pool: &mut WaitPool) -> bool {
        self.mailbox.arm(pool)
    }

    /// The senders have gone.
    pub(crate) fn complete(&self, ending: Ending) {
        self.mailbox.complete(ending);
    }

    /// The receivers have gone.
    pub(crate) fn shut(&self, ending: Ending) {
        self.mailbox.shut(ending);
        if let Some(bounds) = self.bounds() {
            bounds.room.abandon();
        }
    }

    /// Nobody sends or receives any more: what is left goes.
    pub(crate) fn empty(&self) {
        if !self.mailbox.is_plain() {
            self.shut(Ending::Normal);
        }
    }

    /// See [`Mailbox::share`].
    pub(crate) fn share(&self) {
        self.mailbox.share();
    }

    pub(crate) fn wake(&self) {
        self.mailbox.wake();
    }

    pub(crate) fn ending(&self) -> Ending {
        self.mailbox.ending().unwrap_or(Ending::Normal)
    }

    /// How many messages are queued; only of lines that count.
    pub(crate) fn len(&self) -> usize {
        self.bounds().map_or(0, |bounds| bounds.room.len.load(Ordering::Relaxed))
    }

    /// How many messages were dropped.
    pub(crate) fn n_dropped(&self) -> usize {
        self.mailbox.n_dropped()
    }
}

#[cold]
fn overload(capacity: usize) -> Exception {
    Exception::new("OverloadException", format!("the capacity of {capacity} is used up"))
}

/// The turn at a line.
pub(crate) struct LineFront<'a, T: Send> {
    line: &'a Line<T>,
    head: Head<'a, T, Ending, Bounds, AtHome<T>>,
}

impl<T: Send> fmt::Debug for LineFront<'_, T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("LineFront")
    }
}

impl<T: Clone + Send> Front<T> for LineFront<'_, T> {
    fn look(&mut self, n: usize) -> Look {
        self.head.look(n)
    }

    fn peek(&mut self, n: usize) -> Option<T> {
        self.head.peek(n).cloned()
    }

    fn pop(&mut self) -> Option<Item<T>> {
        let value = self.head.pop()?;
        if let Some(bounds) = self.line.bounds() {
            bounds.room.popped();
        }
        Some(Item::plain(value))
    }

    fn guard(&mut self) {
        self.head.guard();
    }

    fn ending(&self) -> Ending {
        self.line.ending()
    }
}
