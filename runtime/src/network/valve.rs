//! A source behind a valve: it gives what the source gives while the network may take.
//! It does not hold messages.

use std::fmt;
use std::sync::Arc;

use super::control::{Control, Passage};
use crate::mailbox::Look;
use crate::mailbox::queue::Quick;
use crate::mailbox::waiters::WaitPool;
use crate::port::Value;
use crate::port::source::{Ending, Front, Item, Source, Supplier, Supply, Take};
use crate::scheduler::strand::Strand;
use crate::scheduler::waits::Origin;
use crate::value::Exception;

pub(crate) struct Valve<T> {
    inner: Supplier<T>,
    control: Arc<Control>,
}

impl<T> fmt::Debug for Valve<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Valve")
    }
}

impl<T: Value> Valve<T> {
    /// `inner` as `control` lets it be taken from.
    pub(crate) fn before(inner: &Source<T>, control: &Arc<Control>) -> Source<T> {
        Source::new(Self { inner: inner.supply.clone(), control: control.clone() })
    }
}

impl<T: Value> Supply<T> for Valve<T> {
    fn take(&self, registered: bool) -> Take<T> {
        match self.control.passage() {
            Passage::Open if registered => self.inner.take(true),
            Passage::Open => match self.inner.quick(None) {
                Quick::Item(value) => Take::Item(Item::plain(value)),
                Quick::Empty => Take::Empty,
                Quick::Armed | Quick::InTurn => self.inner.take(false),
            },
            Passage::Paused => Take::Empty,
            Passage::Disposed => Take::Over(Ending::Normal),
        }
    }

    fn enter(&self, registered: bool) -> Option<Box<dyn Front<T> + '_>> {
        match self.control.passage() {
            Passage::Open => self.inner.enter(registered),
            Passage::Paused => Some(Box::new(Shut(Look::Empty))),
            Passage::Disposed => Some(Box::new(Shut(Look::Over))),
        }
    }

    fn arm(&self, pool: &mut WaitPool) -> bool {
        self.control.register(pool);
        // If it opens after this look, that wakes the caller.
        self.control.passage() != Passage::Open || self.inner.arm(pool)
    }

    fn origin(&self) -> Origin {
        self.inner.origin()
    }

    fn more_origins(&self, into: &mut Vec<Origin>) {
        self.inner.more_origins(into);
    }

    fn address(&self) -> usize {
        self.inner.address()
    }

    fn is_own(&self, strand: &Strand) -> bool {
        self.inner.is_own(strand)
    }

    fn forbids(&self) -> Option<Exception> {
        self.inner.forbids()
    }

    fn dispose(&self) {
        self.inner.dispose();
    }
}

/// A valve that lets nothing pass.
struct Shut(Look);

impl<T> Front<T> for Shut {
    fn look(&mut self, _: usize) -> Look {
        self.0
    }

    fn peek(&mut self, _: usize) -> Option<T> {
        None
    }

    fn pop(&mut self) -> Option<Item<T>> {
        None
    }

    fn guard(&mut self) {}

    fn ending(&self) -> Ending {
        Ending::Normal
    }
}
