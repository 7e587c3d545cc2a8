//! The life of one network: whether it may take, how much is on its way, who hears of failures, when
//! it is done. It carries no messages.

use std::fmt;
use std::sync::{Arc, Weak};

use crate::mailbox::waiters::WaitPool;
use crate::mailbox::waiters::Waiters;
use crate::port::event::{Event, EventSource};
use crate::port::line::Line;
use crate::port::source::{Ending, Front, Source, Supply, Take, UsersGone};
use crate::scheduler::current;
use crate::scheduler::waits::Origin;
use crate::sync::{AtomicU8, AtomicUsize, Ordering, Seldom};
use crate::value::{Exception, Result, Signal};

/// So many sources of a network are named in reports.
const N_TOLD: usize = 8;

const OPEN: u8 = 0;
const PAUSED: u8 = 1;
const DISPOSED: u8 = 2;

/// What a valve does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Passage {
    Open,
    Paused,
    Disposed,
}

/// One network as its makers and users control it.
pub(crate) struct Control {
    state: AtomicU8,
    /// Links that wait for the state to change.
    waiters: Waiters,
    /// The networks whose results this one takes.
    feeds: Vec<Arc<Control>>,
    /// The networks that take the results of this one.
    fed: Seldom<Vec<Weak<Control>>>,
    n_links: AtomicUsize,
    /// How many messages its links have at work. Only the agent's strand counts, since links, the
    /// takers of results and the program's own questions all run there.
    n_at_work: AtomicUsize,
    /// Where results are queued.
    queues: Seldom<Vec<Weak<dyn Queues>>>,
    /// What it takes from, as far as that is told in reports.
    origins: Box<[Origin]>,
    done: Arc<Event<Signal>>,
    failures: Seldom<Failures>,
}

impl fmt::Debug for Control {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Control")
    }
}

/// A queue of results, of which some are still to be taken.
pub(super) trait Queues: Send + Sync {
    fn n_queued(&self) -> usize;
}

#[derive(Default)]
struct Failures {
    /// Present while somebody holds the source of failures.
    listener: Weak<FailureSource>,
    is_done: bool,
}

impl Control {
    /// A network that takes from sources with these feeds and origins.
    pub(crate) fn new(feeds: Vec<Arc<Control>>, mut origins: Vec<Origin>) -> Arc<Self> {
        origins.truncate(N_TOLD);
        let control = Arc::new(Self {
            state: AtomicU8::new(OPEN),
            waiters: Waiters::new(),
            feeds,
            fed: Seldom::default(),
            n_links: AtomicUsize::new(0),
            n_at_work: AtomicUsize::new(0),
            queues: Seldom::default(),
            origins: origins.into_iter().map(Origin::through).collect(),
            done: Event::new("the completion of a network"),
            failures: Seldom::default(),
        });
        for feed in &control.feeds {
            feed.fed.with(|fed| {
                fed.retain(|other| other.strong_count() > 0);
                fed.push(Arc::downgrade(&control));
            });
        }
        control
    }

    /// What its results come from, as far as reports tell that.
    pub(crate) fn origins(&self) -> &[Origin] {
        &self.origins
    }

    #[inline]
    pub(crate) fn passage(&self) -> Passage {
        // Acquire pairs with the release in `set`.
        match self.state.load(Ordering::Acquire) {
            OPEN => Passage::Open,
            PAUSED => Passage::Paused,
            _ => Passage::Disposed,
        }
    }

    /// Makes a change of the passage wake the caller.
    pub(crate) fn register(&self, pool: &mut WaitPool) {
        pool.register(&self.waiters);
    }

    fn set(&self, from: u8, to: u8) {
        let _ =
            self.state.compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire);
        self.waiters.wake();
    }

    /// Takes nothing more, for ever; nor do the networks that feed it.
    pub(crate) fn dispose(&self) {
        self.state.store(DISPOSED, Ordering::Release);
        self.waiters.wake();
        self.feeds.iter().for_each(|feed| feed.dispose());
    }

    pub(crate) fn pause(&self) {
        self.set(OPEN, PAUSED);
        self.feeds.iter().for_each(|feed| feed.pause());
    }

    pub(crate) fn resume(&self) {
        self.set(PAUSED, OPEN);
        self.feeds.iter().for_each(|feed| feed.resume());
    }

    /// One message more is at work. On the agent's strand.
    #[inline]
    pub(super) fn take_off(&self) {
        self.count_at_work(|n| n + 1);
    }

    /// One message less is at work. On the agent's strand.
    #[inline]
    pub(super) fn land(&self) {
        self.count_at_work(|n| n.saturating_sub(1));
    }

    #[inline]
    fn count_at_work(&self, change: impl FnOnce(usize) -> usize) {
        // Relaxed, and no read-modify-write: one strand counts.
        let n_now = self.n_at_work.load(Ordering::Relaxed);
        self.n_at_work.store(change(n_now), Ordering::Relaxed);
    }

    /// What is queued here is on its way, too.
    pub(super) fn add_queue(&self, queue: Weak<dyn Queues>) {
        self.queues.with(|queues| queues.push(queue));
    }

    /// How many messages are on their way, here and in the networks that feed this one.
    pub(crate) fn count(&self) -> usize {
        let queues = self.queues.with(|queues| queues.clone());
        let queues = queues.iter().filter_map(Weak::upgrade);
        let n_queued = queues.map(|queue| queue.n_queued()).sum::<usize>();
        let n_own = self.n_at_work.load(Ordering::Relaxed) + n_queued;
        n_own + self.feeds.iter().map(|feed| feed.count()).sum::<usize>()
    }

    /// One link more works for the network, until the result is dropped.
    pub(crate) fn link(self: &Arc<Self>) -> LinkLife {
        self.n_links.fetch_add(1, Ordering::Relaxed);
        LinkLife(self.clone())
    }

    fn unlink(&self) {
        // Acquire-release: the last one sees what the others did.
        if self.n_links.fetch_sub(1, Ordering::AcqRel) == 1 {
            let _ = self.done.set(Signal);
            let listener = self.failures.with(|failures| {
                failures.is_done = true;
                failures.listener.upgrade()
            });
            if let Some(listener) = listener {
                listener.line.complete(Ending::Normal);
            }
        }
    }

    /// `Completion`.
    pub(crate) fn completion(&self) -> Source<Signal> {
        Source::new(EventSource::named(&self.done))
    }

    /// `Failures`: from now on, as long as the source is held, failures go there.
    pub(crate) fn failures(&self) -> Source<Exception> {
        let source = self.failures.with(|failures| {
            let source = failures
                .listener
                .upgrade()
                .unwrap_or_else(|| Arc::new(FailureSource { line: Line::unbounded() }));
            failures.listener = Arc::downgrade(&source);
            if failures.is_done {
                source.line.complete(Ending::Normal);
            }
            source
        });
        Source::of(source)
    }

    /// A node has failed. If somebody listens, here or at a network that this one feeds, it is told;
    /// else the failure is the agent's, and the error.
    pub(crate) fn fail(&self, exception: Exception) -> Result<()> {
        // Not a failure: the agent's users have gone while the node waited for them.
        if exception.value::<UsersGone>().is_some() || self.tell(&exception) {
            return Ok(());
        }
        Err(exception)
    }

    fn tell(&self, exception: &Exception) -> bool {
        if let Some(listener) = self.failures.with(|failures| failures.listener.upgrade())
        {
            return listener.line.send(exception.clone()).is_ok();
        }
        let fed = self.fed.with(|fed| fed.clone());
        let mut told = false;
        for network in fed.iter().filter_map(Weak::upgrade) {
            told |= network.tell(exception);
        }
        told
    }
}

/// What a link does with an error of [`Control::fail`]: the agent ends once what is on its way has been
/// delivered, and the link never goes on.
pub(crate) async fn give_up(exception: Exception) {
    if let Some(strand) = current::strand() {
        strand.fail_at_rest(exception);
    }
    std::future::pending().await
}

/// A link at work; the network is done when the last has ended, in whichever way.
#[derive(Debug)]
pub(crate) struct LinkLife(Arc<Control>);

impl Drop for LinkLife {
    fn drop(&mut self) {
        self.0.unlink();
    }
}

struct FailureSource {
    line: Line<Exception>,
}

impl Supply<Exception> for FailureSource {
    fn take(&self, registered: bool) -> Take<Exception> {
        self.line.take(registered)
    }

    fn enter(&self, registered: bool) -> Option<Box<dyn Front<Exception> + '_>> {
        let front = self.line.enter(registered)?;
        Some(Box::new(front))
    }

    fn arm(&self, pool: &mut WaitPool) -> bool {
        self.line.arm(pool)
    }

    fn origin(&self) -> Origin {
        Origin::other("the failures of a network")
    }

    fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }
}
