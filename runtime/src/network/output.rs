//! The results of a stage: a queue from one link to whoever takes them.
//! It keeps nothing when nobody will take.

use std::any::TypeId;
use std::fmt;
use std::sync::Arc;

use super::control::{Control, Flight};
use crate::mailbox::waiters::WaitPool;
use crate::mailbox::{Head, Look, Mailbox, Took};
use crate::port::Value;
use crate::port::source::{Ending, Front, Item, Source, Supply, Tag, Take};
use crate::scheduler::waits::Origin;

/// A queued result counts as on its way until it is taken.
struct Queued<T> {
    item: Item<T>,
    _flight: Option<Flight>,
}

struct Core<T> {
    mailbox: Mailbox<Queued<T>, Ending>,
}

/// The end of the link.
pub(crate) struct OutputEnd<T: Value> {
    core: Arc<Core<T>>,
}

impl<T: Value> fmt::Debug for OutputEnd<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("OutputEnd")
    }
}

/// The end of the takers; when nobody holds it any more, results are dropped.
pub(crate) struct Output<T: Value> {
    core: Arc<Core<T>>,
    feeds: Vec<Arc<Control>>,
}

/// A queue of results of the network `control`. Inside a network, between its own links, `None`.
pub(crate) fn output<T: Value>(
    control: Option<&Arc<Control>>,
) -> (OutputEnd<T>, Source<T>) {
    let core = Arc::new(Core { mailbox: Mailbox::new() });
    let output =
        Output { core: core.clone(), feeds: control.into_iter().cloned().collect() };
    (OutputEnd { core }, Source::new(output))
}

impl<T: Value> OutputEnd<T> {
    /// Hands a result on. The results of sinks are no messages, unless they answer a request.
    pub(crate) fn push(&self, value: T, tag: Option<Tag>, flight: Option<Flight>) {
        if tag.is_none() && TypeId::of::<T>() == TypeId::of::<()>() {
            return;
        }
        self.push_any(value, tag, flight);
    }

    /// Hands on whatever it is.
    pub(crate) fn push_any(&self, value: T, tag: Option<Tag>, flight: Option<Flight>) {
        drop(
            self.core.mailbox.push(Queued { item: Item { value, tag }, _flight: flight }),
        );
    }

    /// Nothing more comes.
    pub(crate) fn complete(&self, ending: Ending) {
        self.core.mailbox.complete(ending);
    }
}

impl<T: Value> Drop for OutputEnd<T> {
    fn drop(&mut self) {
        self.core.mailbox.complete(Ending::Normal);
    }
}

impl<T: Value> Drop for Output<T> {
    fn drop(&mut self) {
        self.core.mailbox.shut(Ending::Normal);
    }
}

impl<T: Value> Core<T> {
    fn ending(&self) -> Ending {
        self.mailbox.ending().unwrap_or(Ending::Normal)
    }
}

impl<T: Value> Output<T> {
    fn origins(&self) -> impl Iterator<Item = &Origin> {
        self.feeds.iter().flat_map(|feed| feed.origins())
    }
}

impl<T: Value> Supply<T> for Output<T> {
    fn take(&self, registered: bool) -> Take<T> {
        match self.core.mailbox.take(registered) {
            Took::Item(queued) => Take::Item(queued.item),
            Took::Empty => Take::Empty,
            Took::Busy => Take::Busy,
            Took::Over => Take::Over(self.core.ending()),
        }
    }

    fn enter(&self, registered: bool) -> Option<Box<dyn Front<T> + '_>> {
        let head = self.core.mailbox.enter(registered)?;
        Some(Box::new(OutputFront { core: &self.core, head }))
    }

    fn arm(&self, pool: &mut WaitPool) -> bool {
        self.core.mailbox.arm(pool)
    }

    fn origin(&self) -> Origin {
        self.origins().next().copied().unwrap_or(Origin::other("a network"))
    }

    fn more_origins(&self, into: &mut Vec<Origin>) {
        into.extend(self.origins().skip(1));
    }

    fn address(&self) -> usize {
        Arc::as_ptr(&self.core).addr()
    }

    fn feeds(&self, into: &mut Vec<Arc<Control>>) {
        into.extend(self.feeds.iter().cloned());
    }

    fn valved(self: Arc<Self>, _: &Arc<Control>) -> Source<T> {
        // What is on its way runs through; the valves are at the sources of the network.
        Source { supply: self }
    }
}

struct OutputFront<'a, T> {
    core: &'a Core<T>,
    head: Head<'a, Queued<T>, Ending>,
}

impl<T: Value> Front<T> for OutputFront<'_, T> {
    fn look(&mut self, n: usize) -> Look {
        self.head.look(n)
    }

    fn peek(&mut self, n: usize) -> Option<T> {
        self.head.peek(n).map(|queued| queued.item.value.clone())
    }

    fn pop(&mut self) -> Option<Item<T>> {
        self.head.pop().map(|queued| queued.item)
    }

    fn guard(&mut self) {
        self.head.guard();
    }

    fn ending(&self) -> Ending {
        self.core.ending()
    }
}
