//! The scheduler: workers, their queues, and the end of the program.
//! It knows strands and activities, not agents, channels or domains.
//!
//! # What runs
//! An *activity* is a future and the state of its waiting. A *strand* is a list of activities that are
//! ready, and runs them one at a time; it is what workers queue, steal and run ([`strand`]).
//!
//! # The steps of a worker
//! 1. Take a strand: from its own queue, every 61st time and when that is empty from the common list,
//!    then from the queues of others, beginning at one picked at random.
//! 2. Run it for at most a slice; queue it again if it is not done ([`worker`]).
//! 3. Nothing found: doze, look once more, look for quiescence, park ([`idle`]).
//! 4. At the end every worker stops at its next step 1.
//!
//! # Who wakes whom
//! A strand's list is armed while the strand is idle. The push that undoes the arming queues the strand:
//! on the own queue if the pusher is a worker, else on the common list. Then it wakes a worker if some
//! sleep and none is looking. Timers and console input push from their own threads; each holds the
//! program *pending* until it has pushed.

pub(crate) mod current;
pub(crate) mod deque;
pub(crate) mod idle;
pub(crate) mod living;
pub(crate) mod panics;
mod rest;
pub(crate) mod strand;
pub(crate) mod waits;
pub(crate) mod worker;

#[cfg(test)]
mod tests;

use std::sync::{Arc, OnceLock};
use std::thread::Thread;

use crate::agent::failure::Failures;
use crate::mailbox::inbox::{Claimed, Inbox};
use crate::sync::{AtomicBool, AtomicU64, Ordering};
use deque::Deque;
use idle::{Dozing, Idle, MAX_WORKERS};
use living::{Living, Rest};
use strand::{Activity, Strand};

/// One program's scheduler. It lives until the process ends.
#[derive(Debug)]
pub(crate) struct Scheduler {
    queues: Box<[Deque<Strand>]>,
    /// Strands from threads that are no workers, and what did not fit a queue.
    common: Inbox<Claimed<Strand>>,
    idle: Idle,
    /// Timers, reads and the like that will make work from outside: those that a program which
    /// drains waits for, and above them, in units of `TIMELY`, those that it does not.
    pending: AtomicU64,
    /// How the program ends when it is at rest.
    draining: OnceLock<End>,
    living: Living,
    failures: Failures,
    stopping: AtomicBool,
    end: OnceLock<End>,
    /// Waits for the end.
    main: Thread,
}

/// In the upper half of `pending`: timers and reads of the input, which may take for ever.
const TIMELY: u64 = 1 << 32;

/// What a worker does that has found no work.
enum Looked {
    /// It parks.
    Sleep,
    /// It looks once more before it parks.
    Again,
    /// It wakes these, once it counts as awake itself: nobody else does anything.
    Wake(Vec<Arc<Activity>>),
}

/// How the program ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) code: i32,
    /// For the standard error.
    pub(crate) report: Option<String>,
}

impl Scheduler {
    /// Starts the workers; the calling thread is the one that will wait for the end.
    pub(crate) fn start(n_workers: usize) -> std::io::Result<&'static Self> {
        let n_workers = n_workers.clamp(1, MAX_WORKERS);
        let scheduler: &'static Self = Box::leak(Box::new(Self {
            queues: (0..n_workers).map(|_| Deque::new()).collect(),
            common: Inbox::new(),
            idle: Idle::new(n_workers),
            // The start itself is pending until `run` says otherwise.
            pending: AtomicU64::new(1),
            draining: OnceLock::new(),
            living: Living::new(),
            failures: Failures::default(),
            stopping: AtomicBool::new(false),
            end: OnceLock::new(),
            main: std::thread::current(),
        }));
        for worker in 0..n_workers {
            worker::spawn(scheduler, worker)?;
        }
        Ok(scheduler)
    }

    pub(crate) fn n_workers(&self) -> usize {
        self.queues.len()
    }

    pub(crate) fn living(&self) -> &Living {
        &self.living
    }

    pub(crate) fn failures(&self) -> &Failures {
        &self.failures
    }

    /// Queues a strand that has become ready.
    pub(crate) fn schedule(&'static self, strand: Arc<Strand>) {
        self.queue(strand);
        self.idle.notify();
    }

    fn queue(&'static self, strand: Arc<Strand>) {
        let strand = match current::worker_of(self) {
            // SAFETY: `worker_of` gives the number of the calling thread's own queue.
            Some(worker) => match unsafe { self.queues[worker].push(strand) } {
                Ok(()) => return,
                Err(strand) => strand,
            },
            None => strand,
        };
        let Some(claimed) = Claimed::claim(&strand) else {
            unreachable!("a strand is queued once: by the push that undid its arming")
        };
        // The common list is never sealed.
        let _ = self.common.push(claimed);
    }

    /// Moves what is in the common list to the worker's queue, in order, and takes the first.
    fn take_common(&'static self, worker: usize) -> Option<Arc<Strand>> {
        if !self.common.has_nodes() {
            return None;
        }
        let mut chain = self.common.take().reversed();
        let first = chain.next()?.release();
        for claimed in chain {
            // SAFETY: only the worker's own thread calls this.
            if let Err(strand) = unsafe { self.queues[worker].push(claimed.release()) }
                && let Some(claimed) = Claimed::claim(&strand)
            {
                let _ = self.common.push(claimed);
            }
        }
        Some(first)
    }

    fn has_work(&self) -> bool {
        self.common.has_nodes() || self.queues.iter().any(Deque::has_nodes)
    }

    /// Something outside will make work: the program is not at rest before `settle`.
    pub(crate) fn pend(&self) {
        self.pending.fetch_add(1, Ordering::SeqCst);
    }

    /// The counterpart of `pend`, after the work was pushed.
    pub(crate) fn settle(&self) {
        self.settle_one(1);
    }

    /// As `pend`, for what may take for ever: a program that drains does not wait for it.
    pub(crate) fn pend_timely(&self) {
        self.pending.fetch_add(TIMELY, Ordering::SeqCst);
    }

    /// The counterpart of `pend_timely`.
    pub(crate) fn settle_timely(&self) {
        self.settle_one(TIMELY);
    }

    fn settle_one(&self, unit: u64) {
        let left = self.pending.fetch_sub(unit, Ordering::SeqCst) - unit;
        if left == 0 || (unit == 1 && left.is_multiple_of(TIMELY)) {
            // If all sleep, somebody has to look whether that was the last hope.
            self.idle.notify();
        }
    }

    /// Whether nothing outside will make work that the program waits for.
    fn expects_nothing(&self) -> bool {
        match (self.pending.load(Ordering::SeqCst), self.draining.get()) {
            (pending, Some(_)) => pending.is_multiple_of(TIMELY),
            (pending, None) => pending == 0,
        }
    }

    /// Called by a worker that dozes and saw no work.
    fn look_for_quiescence(&'static self, dozing: Dozing) -> Looked {
        // In this order: work is pushed before `settle`.
        let is_quiet = dozing.all && self.expects_nothing() && !self.has_work();
        if !is_quiet {
            return Looked::Sleep;
        }
        if !self.idle.undisturbed(dozing) {
            return Looked::Again;
        }
        match self.draining.get() {
            Some(end) => self.finish(end.clone()),
            None => match self.living.at_rest() {
                Rest::Over(end) => self.finish(end),
                Rest::InVain(activities) => return Looked::Wake(activities),
            },
        }
        Looked::Sleep
    }

    /// Ends the program when it comes to rest. For the code of a strand: its worker will look.
    pub(crate) fn finish_at_rest(&self, end: End) {
        // A second end does not count.
        let _ = self.draining.set(end);
    }

    /// Ends the program. Only the first end counts.
    pub(crate) fn finish(&self, end: End) {
        if self.end.set(end).is_ok() {
            // Release pairs with the workers' acquire.
            self.stopping.store(true, Ordering::Release);
            self.idle.wake_all();
            self.main.unpark();
        }
    }

    /// Waits for the end, on the thread that started the scheduler.
    pub(crate) fn wait(&self) -> &End {
        loop {
            if let Some(end) = self.end.get() {
                return end;
            }
            std::thread::park();
        }
    }

    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }
}
