//! The results of a stage: a queue from one link to whoever takes them.
//! It keeps nothing when nobody will take.

use std::any::TypeId;
use std::fmt;
use std::sync::Arc;

use super::control::{Control, Queues};
use crate::mailbox::waiters::WaitPool;
use crate::mailbox::{Head, Look, Mailbox, Took};
use crate::port::Value;
use crate::port::source::{Ending, Front, Item, Source, Supply, Take};
use crate::scheduler::waits::Origin;
use crate::sync::{AtomicBool, AtomicUsize, Ordering};

struct Core<T> {
    mailbox: Mailbox<Item<T>, Ending>,
    /// What has been queued and what has been taken: the rest is on its way.
    n_pushed: AtomicUsize,
    n_taken: AtomicUsize,
    /// Nobody will take any more.
    shut: AtomicBool,
}

impl<T: Value> Queues for Core<T> {
    fn n_queued(&self) -> usize {
        // Relaxed: numbers for the program, which order nothing.
        if self.shut.load(Ordering::Relaxed) {
            return 0;
        }
        let n_taken = self.n_taken.load(Ordering::Relaxed);
        self.n_pushed.load(Ordering::Relaxed).saturating_sub(n_taken)
    }
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

/// A queue of results of the network `control`.
pub(crate) fn output<T: Value>(control: &Arc<Control>) -> (OutputEnd<T>, Source<T>) {
    between(Some(control), vec![control.clone()])
}

/// A queue between links of the network `control`. Without a network, nobody counts what is in it.
pub(crate) fn between<T: Value>(
    control: Option<&Arc<Control>>,
    feeds: Vec<Arc<Control>>,
) -> (OutputEnd<T>, Source<T>) {
    let core = Arc::new(Core {
        mailbox: Mailbox::new(),
        n_pushed: AtomicUsize::new(0),
        n_taken: AtomicUsize::new(0),
        shut: AtomicBool::new(false),
    });
    if let Some(control) = control {
        let queue: Arc<dyn Queues> = core.clone();
        control.add_queue(Arc::downgrade(&queue));
    }
    let output = Output { core: core.clone(), feeds };
    (OutputEnd { core }, Source::new(output))
}

impl<T: Value> OutputEnd<T> {
    /// Hands a result on. The results of sinks are no messages, unless they answer a request.
    #[inline]
    pub(crate) fn push(&self, item: Item<T>) {
        if item.tag.is_none() && TypeId::of::<T>() == TypeId::of::<()>() {
            return;
        }
        self.push_any(item);
    }

    /// Hands on whatever it is.
    pub(crate) fn push_any(&self, item: Item<T>) {
        let queued = self.core.mailbox.push(item);
        if queued.is_ok() {
            // Relaxed, and no read-modify-write: one link has this end.
            let n_pushed = self.core.n_pushed.load(Ordering::Relaxed);
            self.core.n_pushed.store(n_pushed + 1, Ordering::Relaxed);
        }
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
        self.core.shut.store(true, Ordering::Relaxed);
        self.core.mailbox.shut(Ending::Normal);
    }
}

impl<T: Value> Core<T> {
    fn ending(&self) -> Ending {
        self.mailbox.ending().unwrap_or(Ending::Normal)
    }

    fn taken(&self) {
        self.n_taken.fetch_add(1, Ordering::Relaxed);
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
            Took::Item(item) => {
                self.core.taken();
                Take::Item(item)
            }
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

    fn valved(&self, whole: &Source<T>, _: &Arc<Control>) -> Source<T> {
        // What is on its way runs through; the valves are at the sources of the network.
        whole.clone()
    }
}

struct OutputFront<'a, T> {
    core: &'a Core<T>,
    head: Head<'a, Item<T>, Ending>,
}

impl<T: Value> Front<T> for OutputFront<'_, T> {
    fn look(&mut self, n: usize) -> Look {
        self.head.look(n)
    }

    fn peek(&mut self, n: usize) -> Option<T> {
        self.head.peek(n).map(|item| item.value.clone())
    }

    fn pop(&mut self) -> Option<Item<T>> {
        let item = self.head.pop()?;
        self.core.taken();
        Some(item)
    }

    fn guard(&mut self) {
        self.head.guard();
    }

    fn ending(&self) -> Ending {
        self.core.ending()
    }
}
