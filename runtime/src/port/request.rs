//! Requests: a message that carries the way back, and the correlator at the other end of that way.
//! It does not know ports; a request is sent like any message.
//!
//! # The reply
//! Asker and answerer share a slot. A reply is one push into its mailbox, which wakes the asker if it waits. Nothing
//! more is to be told where the asker is the only one who can receive: the slot is over once the reply was
//! taken, and the taker knows. As soon as there is a [`Source`] of it others may wait, too (`SHARED`); then who takes
//! the reply completes the mailbox, and so wakes them. A request that goes unanswered completes it at once.

use std::fmt;
use std::panic::Location;
use std::ptr;
use std::sync::Arc;

use super::Value;
use super::source::{Ending, Front, Item, Receive, Source, Supply, Tag, Take};
use crate::channel::declared::PortAt;
use crate::mailbox::kept::Nowhere;
use crate::mailbox::queue::Quick;
use crate::mailbox::waiters::WaitPool;
use crate::mailbox::{Head, Look, Mailbox, Reason, Took};
use crate::pool::Shared;
use crate::scheduler::waits::{Origin, What};
use crate::sync::{AtomicU8, BiasedU32, Ordering};
use crate::value::{Exception, Result};

/// The right to answer. If it goes unused, the asker learns that at once.
#[derive(Debug)]
pub(crate) struct ReplyRight<R: Value> {
    slot: Shared<Slot<R>>,
}

/// One request: the mailbox for its reply, where the asker waits.
type Slot<R> = Mailbox<R, Outcome, (), Nowhere<Answering>>;

/// How many rights to answer there are, and whether somebody has.
#[derive(Debug)]
struct Answering(BiasedU32);

/// Somebody has answered.
const ANSWERED: u32 = 1;
/// One right to answer.
const RIGHT: u32 = 2;

impl Default for Answering {
    fn default() -> Self {
        Self(BiasedU32::new(RIGHT))
    }
}

/// How a request ends.
#[derive(Clone, Copy, Debug)]
enum Outcome {
    Replied,
    NoReply,
}

impl Reason for Outcome {
    fn is_plain(&self) -> bool {
        matches!(self, Self::Replied)
    }
}

/// Why nothing more comes, if nothing does.
fn ending<R>(slot: &Slot<R>) -> Ending {
    match slot.ending() {
        None | Some(Outcome::Replied) => Ending::Replied,
        Some(Outcome::NoReply) => Ending::NoReply,
    }
}

impl<R: Value> ReplyRight<R> {
    #[inline(always)]
    #[track_caller]
    pub(crate) fn reply(&self, value: R) -> Result<()> {
        // Acquire-release: one of several who answer at once wins, also with one right, which a network may share.
        let before = self.slot.own().own.0.fetch_or(ANSWERED, Ordering::AcqRel);
        if before & ANSWERED != 0 {
            return Err(again());
        }
        drop(self.slot.push(value));
        Ok(())
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn again() -> Exception {
    Exception::new("AlreadyRepliedException", "the request was answered already")
}

impl<R: Value> Clone for ReplyRight<R> {
    fn clone(&self) -> Self {
        // Relaxed: whoever clones has a right, so the number is not 0.
        self.slot.own().own.0.fetch_add(RIGHT, Ordering::Relaxed);
        Self { slot: self.slot.clone() }
    }
}

impl<R: Value> Drop for ReplyRight<R> {
    #[inline]
    fn drop(&mut self) {
        let answering = &self.slot.own().own.0;
        // Who finds its right the only one needs no change of the number: nobody can clone it any more.
        // Acquire, release: the last one sees whether another has answered.
        let mut now = answering.load(Ordering::Acquire);
        if now >= 2 * RIGHT {
            now = answering.fetch_sub(RIGHT, Ordering::AcqRel);
        }
        if now == RIGHT {
            self.slot.complete(Outcome::NoReply);
        }
    }
}

/// A request as its receiver holds it (`Request<T, R>`). A clone names the same request.
#[derive(Debug)]
pub struct Request<T, R: Value> {
    value: T,
    right: ReplyRight<R>,
}

impl<T: Value, R: Value> Request<T, R> {
    /// A request that nobody has sent yet, and what its asker waits at.
    #[inline]
    pub(crate) fn new(value: T, asked: Asked) -> (Self, Correlator<R>) {
        let (slot, other) = Shared::two(Slot::new());
        let right = ReplyRight { slot: other };
        (Self { value, right }, Correlator { slot, asked, state: AtomicU8::new(ALONE) })
    }

    /// The payload (`rq.Value`).
    pub fn value(&self) -> T {
        self.value.clone()
    }

    /// The payload by its older name (`rq.RequestValue`).
    pub fn request_value(&self) -> T {
        self.value.clone()
    }

    /// Answers; a second answer throws `AlreadyRepliedException`.
    #[inline(always)]
    #[track_caller]
    pub fn reply(&self, value: R) -> Result<()> {
        self.right.reply(value)
    }

    /// The payload, tagged with the right to answer.
    pub(crate) fn into_item(self) -> Item<T> {
        Item { value: self.value, tag: Some(Tag(Arc::new(self.right))) }
    }
}

impl<T: Clone, R: Value> Clone for Request<T, R> {
    fn clone(&self) -> Self {
        Self { value: self.value.clone(), right: self.right.clone() }
    }
}

impl<T, R: Value> PartialEq for Request<T, R> {
    fn eq(&self, other: &Self) -> bool {
        ptr::eq(&*self.right.slot, &*other.right.slot)
    }
}

impl<T, R: Value> Eq for Request<T, R> {}

/// Where a request was sent, for reports.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    pub(crate) port: PortAt,
    pub(crate) at: &'static Location<'static>,
}

/// Where the reply to a request arrives: a source that delivers once. It has no clones.
pub struct Correlator<R: Value> {
    slot: Shared<Slot<R>>,
    asked: Asked,
    /// One of the following.
    state: AtomicU8,
}

/// Nobody else receives the reply.
const ALONE: u8 = 0;
/// Nobody else does, and it has been taken.
const TAKEN: u8 = 1;
/// Others may receive it, too.
const SHARED: u8 = 2;

impl<R: Value> Correlator<R> {
    /// It as a plain source.
    pub fn source(&self) -> Source<R> {
        self.share();
        let state = AtomicU8::new(SHARED);
        Source::new(Self { slot: self.slot.clone(), asked: self.asked, state })
    }

    /// Others may receive, from now on.
    #[cold]
    fn share(&self) {
        // Relaxed, here and below: only who has the correlator changes it.
        if self.state.swap(SHARED, Ordering::Relaxed) == TAKEN {
            self.slot.complete(Outcome::Replied);
        }
    }

    /// The reply has been taken. Others who wait for it, wait in vain.
    #[inline]
    fn was_taken(&self) {
        match self.state.load(Ordering::Relaxed) {
            SHARED => self.slot.complete(Outcome::Replied),
            _ => self.state.store(TAKEN, Ordering::Relaxed),
        }
    }

    /// Where the reply arrives, for a look; once it was taken, that is to find the slot over.
    #[inline]
    fn slot(&self) -> &Slot<R> {
        if self.state.load(Ordering::Relaxed) == TAKEN {
            self.share();
        }
        &self.slot
    }

    #[inline(always)]
    fn quick(&self, pool: Option<&mut WaitPool>) -> Quick<R> {
        let quick = self.slot().quick(pool);
        if matches!(quick, Quick::Item(_)) {
            self.was_taken();
        }
        quick
    }
}

impl<R: Value> PartialEq for Correlator<R> {
    fn eq(&self, other: &Self) -> bool {
        ptr::eq(&*self.slot, &*other.slot)
    }
}

impl<R: Value> Eq for Correlator<R> {}

impl<R: Value> fmt::Debug for Correlator<R> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Correlator({:?})", self.asked)
    }
}

impl<R: Value> Receive for Correlator<R> {
    type Item = R;

    fn source(&self) -> Source<R> {
        Correlator::source(self)
    }

    #[expect(private_bounds, reason = "as in the trait")]
    fn with_supply<O>(&self, look: impl FnOnce(&dyn Supply<R>) -> O) -> O {
        look(self)
    }

    #[expect(private_interfaces, reason = "as in the trait")]
    #[inline(always)]
    fn quick(&self, pool: Option<&mut WaitPool>) -> Quick<R> {
        Correlator::quick(self, pool)
    }
}

impl<R: Value> Supply<R> for Correlator<R> {
    fn take(&self, registered: bool) -> Take<R> {
        match self.slot().take(registered) {
            Took::Item(value) => {
                self.was_taken();
                Take::Item(Item::plain(value))
            }
            Took::Empty => Take::Empty,
            Took::Busy => Take::Busy,
            Took::Over => Take::Over(ending(&self.slot)),
        }
    }

    fn quick(&self, pool: Option<&mut WaitPool>) -> Quick<R> {
        Correlator::quick(self, pool)
    }

    fn enter(&self, registered: bool) -> Option<Box<dyn Front<R> + '_>> {
        let head = self.slot().enter(registered)?;
        Some(Box::new(SlotFront { correlator: self, head }))
    }

    fn arm(&self, pool: &mut WaitPool) -> bool {
        self.slot().arm(pool)
    }

    fn origin(&self) -> Origin {
        What::Reply(self.asked.port.port_of(), self.asked.at).into()
    }

    fn address(&self) -> usize {
        ptr::from_ref(&*self.slot).addr()
    }
}

struct SlotFront<'a, R: Value> {
    correlator: &'a Correlator<R>,
    head: Head<'a, R, Outcome, (), Nowhere<Answering>>,
}

impl<R: Value> Front<R> for SlotFront<'_, R> {
    fn look(&mut self, n: usize) -> Look {
        self.head.look(n)
    }

    fn peek(&mut self, n: usize) -> Option<R> {
        self.head.peek(n).cloned()
    }

    fn pop(&mut self) -> Option<Item<R>> {
        let value = self.head.pop()?;
        self.correlator.was_taken();
        Some(Item::plain(value))
    }

    fn guard(&mut self) {
        self.head.guard();
    }

    fn ending(&self) -> Ending {
        ending(&self.correlator.slot)
    }
}
