//! Requests: a message that carries the way back, and the correlator at the other end of that way.
//! It does not know ports; a request is sent like any message.

use std::fmt;
use std::sync::Arc;

use super::Value;
use super::source::{Ending, Front, Item, Receive, Source, Supply, Tag, Take};
use crate::mailbox::queue::Quick;
use crate::mailbox::waiters::WaitPool;
use crate::mailbox::{Head, Look, Mailbox, Reason, Took};
use crate::scheduler::waits::Origin;
use crate::sync::{AtomicBool, AtomicUsize, Ordering};
use crate::value::{Exception, Result};

/// The right to answer. If it goes unused, the asker learns that at once.
#[derive(Debug)]
pub(crate) struct ReplyRight<R: Value> {
    slot: Arc<Slot<R>>,
}

/// One request: its reply, the asker that waits for it, and those who may answer.
#[derive(Debug)]
struct Slot<R> {
    mailbox: Mailbox<R, Outcome>,
    /// How many rights to answer there are.
    n_rights: AtomicUsize,
    answered: AtomicBool,
    origin: Origin,
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
}

impl<R: Value> ReplyRight<R> {
    #[track_caller]
    pub(crate) fn reply(&self, value: R) -> Result<()> {
        // Acquire-release: one of several who answer at once wins.
        if self.slot.answered.swap(true, Ordering::AcqRel) {
            let text = "the request was answered already";
            return Err(Exception::new("AlreadyRepliedException", text));
        }
        drop(self.slot.mailbox.push(value));
        self.slot.mailbox.complete(Outcome::Replied);
        Ok(())
    }
}

impl<R: Value> Clone for ReplyRight<R> {
    fn clone(&self) -> Self {
        // Relaxed: whoever clones has a right, so the number is not 0.
        self.slot.n_rights.fetch_add(1, Ordering::Relaxed);
        Self { slot: self.slot.clone() }
    }
}

impl<R: Value> Drop for ReplyRight<R> {
    fn drop(&mut self) {
        // Who finds its right the only one needs no change of the number: nobody can clone it any more.
        // Acquire, release: the last one sees whether another has answered.
        let is_last = self.slot.n_rights.load(Ordering::Acquire) == 1
            || self.slot.n_rights.fetch_sub(1, Ordering::AcqRel) == 1;
        if is_last && !self.slot.answered.load(Ordering::Acquire) {
            self.slot.mailbox.complete(Outcome::NoReply);
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
    pub(crate) fn new(value: T, origin: Origin) -> (Self, Correlator<R>) {
        let slot = Arc::new(Slot {
            mailbox: Mailbox::new(),
            n_rights: AtomicUsize::new(1),
            answered: AtomicBool::new(false),
            origin,
        });
        (Self { value, right: ReplyRight { slot: slot.clone() } }, Correlator { slot })
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
        Arc::ptr_eq(&self.right.slot, &other.right.slot)
    }
}

impl<T, R: Value> Eq for Request<T, R> {}

/// Where the reply to a request arrives: a source that delivers once.
pub struct Correlator<R> {
    slot: Arc<Slot<R>>,
}

impl<R: Value> Correlator<R> {
    /// It as a plain source.
    pub fn source(&self) -> Source<R> {
        Source::of(self.slot.clone())
    }
}

impl<R> Clone for Correlator<R> {
    fn clone(&self) -> Self {
        Self { slot: self.slot.clone() }
    }
}

impl<R> PartialEq for Correlator<R> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.slot, &other.slot)
    }
}

impl<R> Eq for Correlator<R> {}

impl<R> fmt::Debug for Correlator<R> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Correlator({:?})", self.slot.origin)
    }
}

impl<R: Value> Receive for Correlator<R> {
    type Item = R;

    fn source(&self) -> Source<R> {
        Correlator::source(self)
    }

    #[expect(private_interfaces, reason = "as in the trait")]
    #[inline]
    fn quick(&self, pool: Option<&mut WaitPool>) -> Quick<R> {
        self.slot.mailbox.quick(pool)
    }
}

impl<R: Value> Supply<R> for Slot<R> {
    fn take(&self, registered: bool) -> Take<R> {
        match self.mailbox.take(registered) {
            Took::Item(value) => Take::Item(Item::plain(value)),
            Took::Empty => Take::Empty,
            Took::Busy => Take::Busy,
            Took::Over => Take::Over(self.ending()),
        }
    }

    fn quick(&self, pool: Option<&mut WaitPool>) -> Quick<R> {
        self.mailbox.quick(pool)
    }

    fn enter(&self, registered: bool) -> Option<Box<dyn Front<R> + '_>> {
        let head = self.mailbox.enter(registered)?;
        Some(Box::new(SlotFront { slot: self, head }))
    }

    fn arm(&self, pool: &mut WaitPool) -> bool {
        self.mailbox.arm(pool)
    }

    fn origin(&self) -> Origin {
        self.origin
    }

    fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
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
        self.head.pop().map(Item::plain)
    }

    fn guard(&mut self) {
        self.head.guard();
    }

    fn ending(&self) -> Ending {
        self.slot.ending()
    }
}
