//! Time: limits of waits, and timers as sources. One thread sleeps for all of them.
//! It runs no code of the program: it wakes activities and sends ticks.
//!
//! Whoever wants to be called pushes an entry onto a lock-free list and wakes the thread if the entry is
//! due before what the thread sleeps for. The heap of entries belongs to the thread alone. An entry that
//! is cancelled stays in the heap until it is due, or until cancelled ones are the larger part of it.
//! Every entry keeps the program pending until it has rung or was cancelled.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt;
use std::sync::{Arc, OnceLock, Weak};
use std::task::Waker;
use std::thread::{self, Thread};
use std::time::Instant;

use crate::clock;
use crate::mailbox::inbox::Inbox;
use crate::mailbox::waiters::WaitPool;
use crate::port::line::{Line, Overflow};
use crate::port::source::{Ending, Front, Source, Supply, Take};
use crate::scheduler::Scheduler;
use crate::scheduler::current;
use crate::scheduler::waits::{Origin, What};
use crate::sync::{AtomicU8, AtomicU64, AtomicUsize, Ordering, fence};
use crate::value::{Duration, Signal};

/// The limit of one wait. Dropping it cancels it.
#[derive(Debug)]
pub(crate) struct Alarm {
    entry: Option<Arc<Entry>>,
}

impl Alarm {
    /// Wakes the activity that is being polled once `delay` has passed.
    pub(crate) fn after(delay: Duration) -> Self {
        let delay = delay.to_std();
        if delay.is_zero() {
            return Self { entry: None };
        }
        let entry = Entry::new(current::scheduler(), Action::Wake(current::waker()));
        add(clock::now() + delay, &entry);
        Self { entry: Some(entry) }
    }

    pub(crate) fn has_rung(&self) -> bool {
        // Acquire pairs with the release in `ring`.
        self.entry
            .as_ref()
            .is_none_or(|entry| entry.state.load(Ordering::Acquire) == RUNG)
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        if let Some(entry) = &self.entry {
            cancel(entry);
        }
    }
}

/// `Timer` of the library.
#[derive(Debug)]
pub struct Timer;

impl Timer {
    /// A source that delivers a signal every `period`, until it is disposed of or nobody holds it. A
    /// tick that nobody has taken yet is not joined by a second one.
    pub fn every(period: Duration) -> Source<Signal> {
        let period = period.to_std().max(SHORTEST_PERIOD);
        let source = Arc::new_cyclic(|this: &Weak<TimerSource>| TimerSource {
            line: Line::bounded(1, Overflow::DropNewest, What::Other(TIMER)),
            entry: Entry::new(current::scheduler(), Action::Tick(this.clone(), period)),
        });
        add(clock::now() + period, &source.entry);
        Source::of(source)
    }
}

/// `Timer` as a namespace of functions.
pub mod timer {
    use super::{Duration, Signal, Source, Timer};

    /// The same as [`Timer::every`].
    pub fn every(period: Duration) -> Source<Signal> {
        Timer::every(period)
    }
}

/// What reports call a timer.
const TIMER: &str = "a timer";

/// A shorter period would only keep the thread busy.
const SHORTEST_PERIOD: std::time::Duration = std::time::Duration::from_micros(10);

struct TimerSource {
    line: Line<Signal>,
    entry: Arc<Entry>,
}

impl Drop for TimerSource {
    fn drop(&mut self) {
        cancel(&self.entry);
    }
}

impl Supply<Signal> for TimerSource {
    fn take(&self, registered: bool) -> Take<Signal> {
        self.line.take(registered)
    }

    fn enter(&self, registered: bool) -> Option<Box<dyn Front<Signal> + '_>> {
        let front = self.line.enter(registered)?;
        Some(Box::new(front))
    }

    fn arm(&self, pool: &mut WaitPool) -> bool {
        self.line.arm(pool)
    }

    fn origin(&self) -> Origin {
        Origin::other(TIMER)
    }

    fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    fn dispose(&self) {
        cancel(&self.entry);
        self.line.complete(Ending::Normal);
    }
}

/// Something that is due at some time.
pub(crate) struct Entry {
    state: AtomicU8,
    scheduler: &'static Scheduler,
    action: Action,
}

enum Action {
    Wake(Waker),
    Tick(Weak<TimerSource>, std::time::Duration),
}

const WAITING: u8 = 0;
const RUNG: u8 = 1;
const CANCELLED: u8 = 2;

impl fmt::Debug for Entry {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Entry")
    }
}

impl Entry {
    fn new(scheduler: &'static Scheduler, action: Action) -> Arc<Self> {
        Arc::new(Self { state: AtomicU8::new(WAITING), scheduler, action })
    }

    /// Leaves `WAITING`; `true` for the one who did it.
    fn settle(&self, state: u8) -> bool {
        // Release pairs with the acquire of `has_rung`.
        self.state
            .compare_exchange(WAITING, state, Ordering::AcqRel, Ordering::Acquire)
            .is_ok()
    }

    /// It has neither rung for the last time nor been cancelled.
    pub(crate) fn is_waiting(&self) -> bool {
        // Acquire pairs with the release in `settle`.
        self.state.load(Ordering::Acquire) == WAITING
    }

    /// Does what is due; gives the time until it is due again.
    pub(crate) fn ring(&self) -> Option<std::time::Duration> {
        match &self.action {
            Action::Wake(waker) => {
                if self.settle(RUNG) {
                    waker.wake_by_ref();
                    // After the wake: until then the program is pending.
                    self.scheduler.settle_timely();
                }
                None
            }
            Action::Tick(source, period) => {
                let source = source.upgrade()?;
                if !self.is_waiting() {
                    return None;
                }
                // A line of this policy drops the tick if one is waiting, and throws nothing.
                let _ = source.line.send(Signal);
                Some(*period)
            }
        }
    }
}

/// An entry in the heap: earliest first, and of equals the one that was added first.
#[derive(Debug)]
pub(crate) struct Due {
    pub(crate) at: Instant,
    pub(crate) number: u64,
    pub(crate) entry: Arc<Entry>,
}

impl PartialEq for Due {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Eq for Due {}

impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Due {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.number).cmp(&(other.at, other.number))
    }
}

/// An entry on its way to the heap, and when it is due.
type Added = (Instant, Arc<Entry>);

/// What the thread shares with the rest.
struct Timers {
    fresh: Inbox<Added>,
    began: Instant,
    /// When the thread will wake by itself, in nanoseconds since `began`.
    wakes_at: AtomicU64,
    n_cancelled: AtomicUsize,
    /// When there are more cancelled entries than this, the thread clears them out.
    cancelled_limit: AtomicUsize,
    thread: OnceLock<Thread>,
}

const CANCELLED_AT_LEAST: usize = 1024;

/// The timers of this process; the thread starts with the first use.
fn timers() -> &'static Timers {
    static TIMERS: OnceLock<&'static Timers> = OnceLock::new();
    TIMERS.get_or_init(|| {
        let timers: &'static Timers = Box::leak(Box::new(Timers {
            fresh: Inbox::new(),
            began: Instant::now(),
            wakes_at: AtomicU64::new(0),
            n_cancelled: AtomicUsize::new(0),
            cancelled_limit: AtomicUsize::new(CANCELLED_AT_LEAST),
            thread: OnceLock::new(),
        }));
        let thread = thread::Builder::new().name("timers".to_owned()).spawn(move || {
            let _ = timers.thread.set(thread::current());
            timers.run();
        });
        if let Err(error) = thread {
            panic!("the thread of the timers cannot start: {error}");
        }
        timers
    })
}

/// The program is pending, and `entry` rings at `at`.
fn add(at: Instant, entry: &Arc<Entry>) {
    entry.scheduler.pend_timely();
    match entry.scheduler.systematic() {
        Some(systematic) => systematic.set_alarm(at, entry.clone()),
        None => timers().add(at, entry.clone()),
    }
}

fn cancel(entry: &Entry) {
    if entry.settle(CANCELLED) {
        entry.scheduler.settle_timely();
        if entry.scheduler.systematic().is_none() {
            timers().count_cancelled();
        }
    }
}

impl Timers {
    fn add(&self, at: Instant, entry: Arc<Entry>) {
        self.fresh.push((at, entry));
        // Pairs with the fence in `run`: either we see the time it will wake at, or it sees the entry.
        fence(Ordering::SeqCst);
        if self.nanos(at) < self.wakes_at.load(Ordering::Relaxed) {
            self.unpark();
        }
    }

    fn count_cancelled(&self) {
        // Relaxed: both only decide when to clear out.
        let n_cancelled = self.n_cancelled.fetch_add(1, Ordering::Relaxed) + 1;
        if n_cancelled == self.cancelled_limit.load(Ordering::Relaxed) {
            self.unpark();
        }
    }

    /// A thread that has not named itself yet has not slept yet either.
    fn unpark(&self) {
        if let Some(thread) = self.thread.get() {
            thread.unpark();
        }
    }

    fn nanos(&self, at: Instant) -> u64 {
        let since = at.saturating_duration_since(self.began);
        u64::try_from(since.as_nanos()).unwrap_or(u64::MAX - 1)
    }

    fn run(&self) {
        let mut heap: BinaryHeap<Reverse<Due>> = BinaryHeap::new();
        let mut number = 0;
        loop {
            for (at, entry) in self.fresh.take().reversed() {
                number += 1;
                heap.push(Reverse(Due { at, number, entry }));
            }
            self.clear_cancelled(&mut heap);
            ring_all_due(&mut heap);
            let next = heap.peek().map(|Reverse(due)| due.at);
            let wakes_at = next.map_or(u64::MAX, |at| self.nanos(at));
            self.wakes_at.store(wakes_at, Ordering::Relaxed);
            // Pairs with the fence in `add`.
            fence(Ordering::SeqCst);
            if self.fresh.has_nodes() {
                continue;
            }
            match next {
                Some(at) => {
                    thread::park_timeout(at.saturating_duration_since(Instant::now()))
                }
                None => thread::park(),
            }
        }
    }

    fn clear_cancelled(&self, heap: &mut BinaryHeap<Reverse<Due>>) {
        if self.n_cancelled.load(Ordering::Relaxed)
            < self.cancelled_limit.load(Ordering::Relaxed)
        {
            return;
        }
        self.n_cancelled.store(0, Ordering::Relaxed);
        heap.retain(|Reverse(due)| due.entry.is_waiting());
        let limit = CANCELLED_AT_LEAST.max(heap.len());
        self.cancelled_limit.store(limit, Ordering::Relaxed);
    }
}

fn ring_all_due(heap: &mut BinaryHeap<Reverse<Due>>) {
    let now = Instant::now();
    while let Some(mut top) = heap.peek_mut() {
        if top.0.at > now {
            return;
        }
        match top.0.entry.ring() {
            Some(period) => {
                // Ticks that were missed are not made up for.
                let at = top.0.at + period;
                top.0.at = if at > now { at } else { now + period };
            }
            None => {
                std::collections::binary_heap::PeekMut::pop(top);
            }
        }
    }
}
