//! The scheduler: workers, their queues, and the end of the program.
//! It knows strands and activities, not agents, channels or domains.
//!
//! # What runs
//! An *activity* is a future and the state of its waiting. A *strand* is a list of activities that are
//! ready, and runs them one at a time; it is what workers queue, steal and run ([`strand`]).
//!
//! # The steps of a worker
//! 1. Take a strand: the one that was made last, at most 64 times in a row while others wait; the oldest
//!    of its own queue; every 64th time, and when there is no other, from the common list.
//! 2. Run it for at most a slice; queue it again if it is not done ([`worker`]).
//! 3. Nothing found: watch the others while somebody is at work, and take from them what would wait long
//!    ([`watch`]); or doze, look once more, look for quiescence, park ([`idle`]).
//! 4. At the end every worker stops at its next step 1.
//!
//! # Who wakes whom
//! A strand's list is armed while the strand is idle. The push that undoes the arming queues the strand: on
//! the own queue if the pusher is a worker, else on the common list. A worker wakes nobody by that, but for
//! a watcher if there is none, or if its queue grows long. Timers and console input push from their own
//! threads and wake a worker if none is looking; each holds the program *pending* until it has pushed.
//!
//! Strands that become ready run in that order, so that one to which many others send finds all that they
//! have sent when it runs.

mod activity;
pub(crate) mod asked;
mod block;
mod common;
pub(crate) mod current;
pub(crate) mod deque;
mod fresh;
mod future;
mod handle;
mod hung;
pub(crate) mod idle;
pub(crate) mod living;
mod local;
mod marks;
mod oldest;
mod owner;
pub(crate) mod panics;
pub(crate) mod ready;
mod rest;
mod runner;
mod runs;
mod slice;
pub(crate) mod slot;
mod spread;
pub(crate) mod strand;
pub(crate) mod systematic;
mod waiting;
pub(crate) mod waits;
mod watch;
pub(crate) mod worker;
pub(crate) mod yields;

#[cfg(test)]
pub(crate) mod tests;

use std::sync::OnceLock;
use std::thread::Thread;

use crate::agent::failure::Failures;
use crate::sync;
use crate::sync::{AtomicBool, AtomicU64, Ordering};
use common::Common;
use idle::{Dozing, Idle, MAX_WORKERS};
use living::Living;
use local::{Local, Own};
use rest::Rest;
use runner::Runnable;
use spread::Spread;
use strand::ActivityRef;
use systematic::{Plan, Systematic};

/// One program's scheduler. It lives until the process ends.
#[derive(Debug)]
pub(crate) struct Scheduler {
    /// What each worker has to run.
    locals: Box<[Local]>,
    common: Common,
    idle: Idle,
    spread: Spread,
    /// Timers, reads and the like that will make work from outside: those that a program which
    /// drains waits for, and above them, in units of `TIMELY`, those that it does not.
    pending: AtomicU64,
    /// How the program ends when it is at rest.
    draining: OnceLock<End>,
    living: Living,
    failures: Failures,
    stopping: AtomicBool,
    end: OnceLock<End>,
    /// Runs everything instead of the workers.
    systematic: Option<Systematic>,
    /// Waits for the end.
    main: Thread,
}

/// The scheduler of the process, which strands do not name each.
static THE: OnceLock<&'static Scheduler> = OnceLock::new();

/// When so many strands wait in a worker's queue, the one that watches is woken from its nap.
const MANY: usize = 64;

/// In the upper half of `pending`: timers and reads of the input, which may take for ever.
const TIMELY: u64 = 1 << 32;

/// What a worker does that has found no work.
enum Looked {
    /// It parks.
    Sleep,
    /// It looks once more before it parks.
    Again,
    /// It wakes these, once it counts as awake itself: nobody else does anything.
    Wake(Vec<ActivityRef>),
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
        sync::allow();
        let scheduler = Self::made(n_workers, None);
        for worker in 0..n_workers {
            worker::spawn(scheduler, worker)?;
        }
        Ok(scheduler)
    }

    /// A scheduler that follows a plan. It runs nothing before [`Scheduler::follow`].
    pub(crate) fn planned(plan: Plan) -> &'static Self {
        Self::made(1, Some(Systematic::new(plan)))
    }

    /// Starts the thread that follows the plan, if there is one: after all that the program begins with
    /// was started.
    pub(crate) fn follow(&'static self) -> std::io::Result<()> {
        match &self.systematic {
            Some(systematic) => {
                worker::start_thread(0, move || systematic::run(self, systematic))
            }
            None => Ok(()),
        }
    }

    fn made(n_workers: usize, systematic: Option<Systematic>) -> &'static Self {
        let scheduler: &'static Self = Box::leak(Box::new(Self {
            locals: (0..n_workers).map(|_| Local::new()).collect(),
            common: Common::new(),
            idle: Idle::new(n_workers),
            spread: Spread::new(),
            // The start itself is pending until `run` says otherwise.
            pending: AtomicU64::new(1),
            draining: OnceLock::new(),
            living: Living::new(n_workers),
            failures: Failures::default(),
            stopping: AtomicBool::new(false),
            end: OnceLock::new(),
            systematic,
            main: std::thread::current(),
        }));
        assert!(THE.set(scheduler).is_ok(), "there is one scheduler");
        scheduler
    }

    /// The one that there is. For what it has made.
    #[inline]
    pub(crate) fn the() -> &'static Self {
        match THE.get() {
            Some(scheduler) => scheduler,
            None => unreachable!("what asks was made by a scheduler"),
        }
    }

    /// What runs everything instead of the workers.
    pub(crate) fn systematic(&self) -> Option<&Systematic> {
        self.systematic.as_ref()
    }

    /// What the systematic scheduler says at the end.
    pub(crate) fn signature(&self) -> Option<String> {
        self.systematic.as_ref()?.signature()
    }

    pub(crate) fn n_workers(&self) -> usize {
        self.locals.len()
    }

    pub(crate) fn living(&self) -> &Living {
        &self.living
    }

    pub(crate) fn failures(&self) -> &Failures {
        &self.failures
    }

    /// Queues a strand that has become ready behind those that wait.
    #[inline(always)]
    pub(crate) fn schedule(strand: Runnable) {
        match current::own() {
            Some(own) => match own.push(strand) {
                Ok(n) if n != MANY && !own.scheduler.idle.is_unwatched() => {}
                other => own.scheduler.see_queued(other),
            },
            None => Self::the().admit_from_outside(strand),
        }
    }

    /// What is seldom to be done after a push.
    #[cold]
    #[inline(never)]
    fn see_queued(&self, pushed: Result<usize, Runnable>) {
        self.queued(pushed);
        self.see_watched();
    }

    /// Schedules a strand that goes before most of those that wait: one that has not run yet, or that others wait for.
    pub(crate) fn schedule_soon(strand: Runnable) {
        let Some(own) = current::own() else {
            return Self::the().admit_from_outside(strand);
        };
        if let Err(strand) = own.push_fresh(strand) {
            own.scheduler.queue(own, strand);
        }
        own.scheduler.see_watched();
    }

    /// The calling worker has made work.
    fn see_watched(&self) {
        if self.idle.is_unwatched() {
            self.idle.notify();
        }
    }

    /// The calling thread is no worker.
    #[cold]
    #[inline(never)]
    fn admit_from_outside(&'static self, strand: Runnable) {
        match &self.systematic {
            Some(systematic) => systematic.put(strand),
            None => self.common.push(strand),
        }
        self.idle.notify();
    }

    /// Queues a strand behind all others of a worker.
    fn queue(&self, own: Own, strand: Runnable) {
        self.queued(own.push(strand));
    }

    fn queued(&self, pushed: Result<usize, Runnable>) {
        match pushed {
            Ok(MANY) => self.idle.hurry_if_long(),
            Ok(_) => {}
            Err(strand) => self.common.push(strand),
        }
    }

    /// Takes the oldest strand of the common list, and moves some that follow to the worker's queue.
    fn take_common(&self, own: Own) -> Option<Runnable> {
        let mut first = None;
        self.common.take(MANY, |strand| match &first {
            None => first = Some(strand),
            Some(_) => self.queue(own, strand),
        });
        first
    }

    /// How many operations all workers have done, as far as they have told.
    fn n_done(&self) -> u64 {
        self.locals.iter().map(Local::n_done).sum()
    }

    fn has_work(&self) -> bool {
        self.common.has_strands() || self.locals.iter().any(Local::has_strands)
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
        let expects_nothing = self.expects_nothing();
        if dozing.all_but_watcher && expects_nothing {
            // It is the one that will look whether this is the end.
            self.idle.hurry();
        }
        let is_quiet = dozing.all && expects_nothing && !self.has_work();
        if !is_quiet {
            return Looked::Sleep;
        }
        if !self.idle.undisturbed(dozing) {
            return Looked::Again;
        }
        if let Some(end) = self.draining.get() {
            self.finish(end.clone());
            return Looked::Sleep;
        }
        let is_quiet = || self.idle.all_asleep() && self.idle.undisturbed(dozing);
        match self.living.at_rest(is_quiet) {
            Some(Rest::Over(end)) => self.finish(end),
            Some(Rest::InVain(activities)) => return Looked::Wake(activities),
            None => return Looked::Again,
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
            current::look_around();
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
