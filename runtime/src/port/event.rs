//! What happens once and stays: every receiver sees it, as often as it asks.
//! It has no queue and no turn of consumers.

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::Value;
use super::source::{Ending, Front, Item, Supply, Take};
use crate::mailbox::Look;
use crate::mailbox::waiters::{WaitPool, Waiters};
use crate::scheduler::waits::{Origin, What};
use crate::sync::{AtomicBool, Ordering, Shown};

/// A value that is set once, or an end without one.
#[derive(Debug)]
pub(crate) struct Event<T> {
    value: OnceLock<T>,
    shown: Shown,
    /// It will not be set any more.
    over: AtomicBool,
    waiters: Waiters,
    name: &'static str,
}

impl<T: Value> Event<T> {
    pub(crate) fn new(name: &'static str) -> Arc<Self> {
        Arc::new(Self {
            value: OnceLock::new(),
            shown: Shown::default(),
            over: AtomicBool::new(false),
            waiters: Waiters::new(),
            name,
        })
    }

    /// Sets the value; gives it back if there is one already.
    pub(crate) fn set(&self, value: T) -> Result<(), T> {
        self.shown.show();
        self.value.set(value)?;
        self.waiters.wake();
        Ok(())
    }

    pub(crate) fn get(&self) -> Option<&T> {
        self.value.get().inspect(|_| self.shown.see())
    }

    /// It will not be set any more, if it is not set yet.
    pub(crate) fn close(&self) {
        // Release pairs with the acquire in `state`.
        self.over.store(true, Ordering::Release);
        self.waiters.wake();
    }

    /// Wakes all who wait.
    pub(crate) fn wake(&self) {
        self.waiters.wake();
    }

    /// Makes the setting wake the caller.
    pub(crate) fn register(&self, pool: &mut WaitPool) {
        pool.register(&self.waiters);
    }

    fn state(&self) -> Look {
        if self.value.get().is_some() {
            return Look::Ready;
        }
        // Acquire pairs with the release in `close`; a value set before closing is seen after it.
        if !self.over.load(Ordering::Acquire) {
            return Look::Empty;
        }
        if self.value.get().is_some() { Look::Ready } else { Look::Over }
    }
}

/// An event as a source.
pub(crate) struct EventSource<T> {
    event: Arc<Event<T>>,
    what: What,
}

impl<T> EventSource<T> {
    /// An event that reports name in this way.
    pub(crate) fn new(event: &Arc<Event<T>>, what: What) -> Self {
        Self { event: event.clone(), what }
    }

    /// An event by its own name.
    pub(crate) fn named(event: &Arc<Event<T>>) -> Self {
        Self::new(event, What::Other(event.name))
    }
}

impl<T> fmt::Debug for EventSource<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("EventSource")
    }
}

impl<T: Value> Supply<T> for EventSource<T> {
    fn take(&self, _: bool) -> Take<T> {
        match (self.event.state(), self.event.get()) {
            (_, Some(value)) => Take::Item(Item::plain(value.clone())),
            (Look::Over, None) => Take::Over(Ending::Normal),
            (Look::Ready | Look::Empty, None) => Take::Empty,
        }
    }

    fn enter(&self, _: bool) -> Option<Box<dyn Front<T> + '_>> {
        Some(Box::new(EventFront(&self.event)))
    }

    fn arm(&self, pool: &mut WaitPool) -> bool {
        self.event.register(pool);
        true
    }

    fn origin(&self) -> Origin {
        self.what.into()
    }

    fn address(&self) -> usize {
        Arc::as_ptr(&self.event).addr()
    }
}

struct EventFront<'a, T>(&'a Event<T>);

impl<T: Value> Front<T> for EventFront<'_, T> {
    fn look(&mut self, _: usize) -> Look {
        self.0.state()
    }

    fn peek(&mut self, _: usize) -> Option<T> {
        self.0.get().cloned()
    }

    fn pop(&mut self) -> Option<Item<T>> {
        self.0.get().cloned().map(Item::plain)
    }

    fn guard(&mut self) {}

    fn ending(&self) -> Ending {
        Ending::Normal
    }
}
