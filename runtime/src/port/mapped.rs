//! A source seen through a function: the same messages, in another form.
//! It has no queue; taking from it takes from what is behind it.

use std::fmt;
use std::sync::Arc;

use super::Value;
use super::outlook::Outlook;
use super::request::Request;
use super::source::{Ending, Front, InOrder, Item, Source, Supply, Take};
use crate::mailbox::Look;
use crate::mailbox::waiters::WaitPool;
use crate::network::control::Control;
use crate::scheduler::strand::Strand;
use crate::scheduler::waits::Origin;
use crate::value::Exception;

type Change<A, B> = Arc<dyn Fn(Item<A>) -> Item<B> + Send + Sync>;

pub(crate) struct Mapped<A, B> {
    inner: Source<A>,
    change: Change<A, B>,
}

impl<A, B> fmt::Debug for Mapped<A, B> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Mapped")
    }
}

impl<A: Value> Source<A> {
    /// The same source with its messages changed by a pure function.
    pub(crate) fn map<B: Value>(
        self,
        change: impl Fn(A) -> B + Send + Sync + 'static,
    ) -> Source<B> {
        let change: Change<A, B> =
            Arc::new(move |item| Item { value: change(item.value), tag: item.tag });
        Source::new(Mapped { inner: self, change })
    }
}

impl<T: Value, R: Value> Source<Request<T, R>> {
    /// The payloads of requests, each with its request as tag.
    pub(crate) fn payloads(self) -> Source<T> {
        let change: Change<Request<T, R>, T> = Arc::new(|item| item.value.into_item());
        Source::new(Mapped { inner: self, change })
    }
}

impl<A: Value, B: Value> Supply<B> for Mapped<A, B> {
    fn take(&self, registered: bool) -> Take<B> {
        match self.inner.supply.take(registered) {
            Take::Item(item) => Take::Item((self.change)(item)),
            Take::Empty => Take::Empty,
            Take::Busy => Take::Busy,
            Take::Over(ending) => Take::Over(ending),
        }
    }

    fn enter(&self, registered: bool) -> Option<Box<dyn Front<B> + '_>> {
        let front = self.inner.supply.enter(registered)?;
        Some(Box::new(MappedFront { front, change: &self.change }))
    }

    fn arm(&self, pool: &mut WaitPool) -> bool {
        self.inner.supply.arm(pool)
    }

    fn origin(&self) -> Origin {
        self.inner.supply.origin()
    }

    fn more_origins(&self, into: &mut Vec<Origin>) {
        self.inner.supply.more_origins(into);
    }

    fn outlook(&self) -> Outlook {
        self.inner.supply.outlook()
    }

    fn address(&self) -> usize {
        self.inner.supply.address()
    }

    fn is_own(&self, strand: &Strand) -> bool {
        self.inner.supply.is_own(strand)
    }

    fn forbids(&self) -> Option<Exception> {
        self.inner.supply.forbids()
    }

    fn feeds(&self, into: &mut Vec<Arc<Control>>) {
        self.inner.supply.feeds(into);
    }

    fn valved(&self, _: &Source<B>, control: &Arc<Control>) -> Source<B> {
        let inner = self.inner.valved(control);
        Source::new(Mapped { inner, change: self.change.clone() })
    }

    fn dispose(&self) {
        self.inner.supply.dispose();
    }
}

struct MappedFront<'a, A, B> {
    front: Box<dyn Front<A> + 'a>,
    change: &'a Change<A, B>,
}

impl<A: Value, B: Value> Front<B> for MappedFront<'_, A, B> {
    fn look(&mut self, n: usize) -> Look {
        self.front.look(n)
    }

    fn peek(&mut self, n: usize) -> Option<B> {
        let value = self.front.peek(n)?;
        Some((self.change)(Item::plain(value)).value)
    }

    fn pop(&mut self) -> Option<Item<B>> {
        self.front.pop().map(|item| (self.change)(item))
    }

    fn guard(&mut self) {
        self.front.guard();
    }

    fn ending(&self) -> Ending {
        self.front.ending()
    }

    fn order(&mut self, n: usize) -> Option<InOrder> {
        self.front.order(n)
    }
}
