//! Requests: a message that carries the way back, and the correlator at the other end of that way.
//! It does not know ports; a request is sent like any message.

use std::fmt;
use std::sync::Arc;

use super::Value;
use super::source::{Ending, Front, Item, Receive, Source, Supply, Tag, Take};
use crate::mailbox::waiters::WaitPool;
use crate::mailbox::{Head, Look, Mailbox, Took};
use crate::network::control::Control;
use crate::network::valve::Valve;
use crate::scheduler::waits::Origin;
use crate::sync::{AtomicBool, Ordering};
use crate::value::{Exception, Result};

/// The right to answer. If it goes unused, the asker learns that at once.
#[derive(Debug)]
pub(crate) struct ReplyRight<R: Value> {
    slot: Arc<Slot<R>>,
    answered: AtomicBool,
}

#[derive(Debug)]
struct Slot<R> {
    mailbox: Mailbox<R, Ending>,
    origin: Origin,
}

impl<R: Value> ReplyRight<R> {
    #[track_caller]
    pub(crate) fn reply(&self, value: R) -> Result<()> {
        // Acquire-release: one of several who answer at once wins.
        if self.answered.swap(true, Ordering::AcqRel) {
            let text = "the request was answered already";
            return Err(Exception::new("AlreadyRepliedException", text));
        }
        drop(self.slot.mailbox.push(value));
        self.slot.mailbox.complete(Ending::Replied);
        Ok(())
    }
}

impl<R: Value> Drop for ReplyRight<R> {
    fn drop(&mut self) {
        if !self.answered.load(Ordering::Acquire) {
            self.slot.mailbox.complete(Ending::NoReply);
        }
    }
}

/// A request as its receiver holds it (`Request<T, R>`). A clone names the same request.
#[derive(Debug)]
pub struct Request<T, R: Value> {
    value: T,
    right: Arc<ReplyRight<R>>,
}

impl<T: Value, R: Value> Request<T, R> {
    /// A request that nobody has sent yet, and what its asker waits at.
    pub(crate) fn new(value: T, origin: Origin) -> (Self, Correlator<R>) {
        let slot = Arc::new(Slot { mailbox: Mailbox::new(), origin });
        let right = ReplyRight { slot: slot.clone(), answered: AtomicBool::new(false) };
        (Self { value, right: Arc::new(right) }, Correlator { slot })
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
        Item { value: self.value, tag: Some(Tag(self.right)) }
    }
}

impl<T: Clone, R: Value> Clone for Request<T, R> {
    fn clone(&self) -> Self {
        Self { value: self.value.clone(), right: self.right.clone() }
    }
}

impl<T, R: Value> PartialEq for Request<T, R> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.right, &other.right)
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
        Source { supply: self.slot.clone() }
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
}

impl<R: Value> Supply<R> for Slot<R> {
    fn take(&self, registered: bool) -> Take<R> {
        match self.mailbox.take(registered) {
            Took::Item(value) => Take::Item(Item::plain(value)),
            Took::Empty => Take::Empty,
            Took::Busy => Take::Busy,
            Took::Over => Take::Over(self.mailbox.ending().unwrap_or(Ending::NoReply)),
        }
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

    fn valved(self: Arc<Self>, control: &Arc<Control>) -> Source<R> {
        Valve::before(self, control)
    }
}

struct SlotFront<'a, R: Value> {
    slot: &'a Slot<R>,
    head: Head<'a, R, Ending>,
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
        self.slot.mailbox.ending().unwrap_or(Ending::NoReply)
    }
}
