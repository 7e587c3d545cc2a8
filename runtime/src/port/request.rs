//! Requests: a message that carries the way back, and the correlator at the other end of that way.
//! It does not know ports; a request is sent like any message.
//!
//! # The reply
//! Asker and answerer share a slot. A reply is one push into its mailbox, which wakes the asker if it waits. Nothing
//! more is to be told where the asker is the only one who can receive: the slot is over once the reply was
//! taken, and the taker knows. As soon as there is a [`Source`] of it others may wait, too (`is_shared`); then who takes
//! the reply completes the mailbox, and so wakes them. A request that goes unanswered completes it at once.
//!
//! Slots are used again ([`spare`](super::spare)): the last who goes puts back one that is as it was when it was new.

use std::fmt;
use std::panic::Location;
use std::sync::Arc;

use super::Value;
use super::source::{Ending, Front, Item, Receive, Source, Supply, Tag, Take};
use super::spare;
use crate::channel::declared::PortAt;
use crate::mailbox::queue::Quick;
use crate::mailbox::waiters::WaitPool;
use crate::mailbox::{Head, Look, Mailbox, Reason, Took};
use crate::scheduler::waits::{Origin, What};
use crate::sync::{AtomicBool, AtomicUsize, Ordering, fence};
use crate::value::{Exception, Result};

/// The right to answer. If it goes unused, the asker learns that at once.
#[derive(Debug)]
pub(crate) struct ReplyRight<R: Value> {
    slot: Keep<R>,
}

/// One request: its reply, the asker that waits for it, and those who may answer.
#[derive(Debug)]
struct Slot<R> {
    mailbox: Mailbox<R, Outcome>,
    /// How many rights to answer there are.
    n_rights: AtomicUsize,
    answered: AtomicBool,
    /// Others than the correlator may receive.
    is_shared: AtomicBool,
    taken: AtomicBool,
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

impl<R> Slot<R> {
    fn ending(&self) -> Ending {
        match self.mailbox.ending() {
            None | Some(Outcome::Replied) => Ending::Replied,
            Some(Outcome::NoReply) => Ending::NoReply,
        }
    }

    /// The reply has been taken. Others who wait for it, wait in vain.
    #[inline]
    fn was_taken(&self) {
        // Relaxed, both: only who has the correlator sets the one and asks for the other, or the mailbox is
        // completed, which tells others.
        self.taken.store(true, Ordering::Relaxed);
        if self.is_shared.load(Ordering::Relaxed) {
            self.mailbox.complete(Outcome::Replied);
        }
    }

    /// As new, if nothing has happened but that the one reply was taken. For who has it alone.
    fn renew(&self) -> bool {
        let is_done = self.taken.load(Ordering::Relaxed)
            && !self.is_shared.load(Ordering::Relaxed)
            && self.answered.load(Ordering::Relaxed);
        self.answered.store(false, Ordering::Relaxed);
        self.taken.store(false, Ordering::Relaxed);
        self.n_rights.store(1, Ordering::Relaxed);
        is_done
    }
}

impl<R: Value> Slot<R> {
    #[inline]
    fn quick(&self, pool: Option<&mut WaitPool>) -> Quick<R> {
        match self.mailbox.quick(pool) {
            Quick::Item(value) => {
                self.was_taken();
                Quick::Item(value)
            }
            // Nothing will come.
            Quick::Armed | Quick::Empty if self.taken.load(Ordering::Relaxed) => {
                self.is_shared.store(true, Ordering::Relaxed);
                self.was_taken();
                Quick::InTurn
            }
            other => other,
        }
    }
}

/// A counted pointer to a slot.
#[derive(Debug)]
struct Keep<R: Value>(
    /// `None` only while it is dropped.
    Option<Arc<Slot<R>>>,
);

impl<R: Value> Keep<R> {
    #[inline]
    fn slot(&self) -> &Arc<Slot<R>> {
        match &self.0 {
            Some(slot) => slot,
            None => unreachable!("it is kept until this is dropped"),
        }
    }
}

impl<R: Value> Clone for Keep<R> {
    fn clone(&self) -> Self {
        Self(Some(self.slot().clone()))
    }
}

impl<R: Value> Keep<R> {
    /// Nobody else has the slot.
    #[inline(never)]
    fn put_back(&mut self) {
        // Pairs with the release of every other handle that went; there are no weak ones.
        fence(Ordering::Acquire);
        if let Some(slot) = self.0.take_if(|slot| slot.renew()) {
            spare::keep(slot);
        }
    }
}

impl<R: Value> Drop for Keep<R> {
    #[inline]
    fn drop(&mut self) {
        if Arc::strong_count(self.slot()) == 1 {
            self.put_back();
        }
    }
}

impl<R: Value> ReplyRight<R> {
    #[track_caller]
    pub(crate) fn reply(&self, value: R) -> Result<()> {
        let slot = self.slot.slot();
        // Acquire-release: one of several who answer at once wins, also with one right, which a network may share.
        let was_answered = slot.answered.swap(true, Ordering::AcqRel);
        if was_answered {
            let text = "the request was answered already";
            return Err(Exception::new("AlreadyRepliedException", text));
        }
        drop(slot.mailbox.push(value));
        Ok(())
    }
}

impl<R: Value> Clone for ReplyRight<R> {
    fn clone(&self) -> Self {
        // Relaxed: whoever clones has a right, so the number is not 0.
        self.slot.slot().n_rights.fetch_add(1, Ordering::Relaxed);
        Self { slot: self.slot.clone() }
    }
}

impl<R: Value> Drop for ReplyRight<R> {
    #[inline]
    fn drop(&mut self) {
        let slot = self.slot.slot();
        // Who finds its right the only one needs no change of the number: nobody can clone it any more.
        // Acquire, release: the last one sees whether another has answered.
        let is_last = slot.n_rights.load(Ordering::Acquire) == 1
            || slot.n_rights.fetch_sub(1, Ordering::AcqRel) == 1;
        if is_last && !slot.answered.load(Ordering::Acquire) {
            slot.mailbox.complete(Outcome::NoReply);
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
        let slot = spare::take().unwrap_or_else(|| {
            Arc::new(Slot {
                mailbox: Mailbox::new(),
                n_rights: AtomicUsize::new(1),
                answered: AtomicBool::new(false),
                is_shared: AtomicBool::new(false),
                taken: AtomicBool::new(false),
            })
        });
        let slot = Keep(Some(slot));
        let right = ReplyRight { slot: slot.clone() };
        (Self { value, right }, Correlator { slot, asked })
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
        Arc::ptr_eq(self.right.slot.slot(), other.right.slot.slot())
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
    slot: Keep<R>,
    asked: Asked,
}

impl<R: Value> Correlator<R> {
    /// It as a plain source.
    pub fn source(&self) -> Source<R> {
        // Relaxed: who gets the source gets it from here.
        self.slot.slot().is_shared.store(true, Ordering::Relaxed);
        if self.slot.slot().taken.load(Ordering::Relaxed) {
            self.slot.slot().was_taken();
        }
        Source::new(Self { slot: self.slot.clone(), asked: self.asked })
    }
}

impl<R: Value> PartialEq for Correlator<R> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(self.slot.slot(), other.slot.slot())
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
    #[inline]
    fn quick(&self, pool: Option<&mut WaitPool>) -> Quick<R> {
        self.slot.slot().quick(pool)
    }
}

impl<R: Value> Supply<R> for Correlator<R> {
    fn take(&self, registered: bool) -> Take<R> {
        let slot = self.slot.slot();
        match slot.mailbox.take(registered) {
            Took::Item(value) => {
                slot.was_taken();
                Take::Item(Item::plain(value))
            }
            Took::Empty => Take::Empty,
            Took::Busy => Take::Busy,
            Took::Over => Take::Over(slot.ending()),
        }
    }

    fn quick(&self, pool: Option<&mut WaitPool>) -> Quick<R> {
        self.slot.slot().quick(pool)
    }

    fn enter(&self, registered: bool) -> Option<Box<dyn Front<R> + '_>> {
        let slot = self.slot.slot();
        let head = slot.mailbox.enter(registered)?;
        Some(Box::new(SlotFront { slot, head }))
    }

    fn arm(&self, pool: &mut WaitPool) -> bool {
        self.slot.slot().mailbox.arm(pool)
    }

    fn origin(&self) -> Origin {
        What::Reply(self.asked.port.port_of(), self.asked.at).into()
    }

    fn address(&self) -> usize {
        Arc::as_ptr(self.slot.slot()).addr()
    }
}

struct SlotFront<'a, R: Value> {
    slot: &'a Slot<R>,
    head: Head<'a, R, Outcome>,
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
        self.slot.was_taken();
        Some(Item::plain(value))
    }

    fn guard(&mut self) {
        self.head.guard();
    }

    fn ending(&self) -> Ending {
        self.slot.ending()
    }
}
