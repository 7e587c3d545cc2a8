//! One worker's loop. It does not decide what a strand does in its slice.

use std::thread;
use std::time::{Duration, Instant};

use super::idle::Dozing;
use super::local::Own;
use super::oldest::Oldest;
use super::runner::Runnable;
use super::slice::guarded;
use super::spread::{Trial, Verdict};
use super::strand::ActivityRef;
use super::watch::Trees;
use super::{Looked, Scheduler, current, watch};
use crate::{pool, stack, sync};

/// How often the common list is looked at first, so that it is never starved by the own queue.
const COMMON_EVERY: u32 = 64;

/// How often a new strand goes before those that wait in the queue: the newest, and, if it is due, the one that is new
/// for longest.
const NEWEST_EVERY: u32 = 8;
const OLDEST_EVERY: u32 = 1024;

/// How many new strands go before the queue when one has given way: it may be the one that makes them.
const FRESH_FIRST: u32 = 256;

/// After so many operations during which a worker is alone it changes words without locking them.
const ALONE_FOR: u64 = 500;

/// Address space for the stack of a worker; only what is touched takes memory.
const STACK_BYTES: usize = 64 << 20;

/// How much of it nested calls may take. To unwind more of them would take seconds.
const CALLS_BYTES: usize = 16 << 20;

/// So long a worker leaves to others at most what it has given back.
const ALOOF: Duration = Duration::from_millis(1);

pub(super) fn spawn(scheduler: &'static Scheduler, worker: usize) -> std::io::Result<()> {
    start_thread(worker, move || run(scheduler, worker))
}

/// Starts a thread on which code of the program can run.
pub(super) fn start_thread(
    number: usize,
    body: impl FnOnce() + Send + 'static,
) -> std::io::Result<()> {
    let run = move || {
        stack::set_limit(CALLS_BYTES);
        sync::enter();
        body();
        sync::leave();
    };
    let name = format!("worker {number}");
    thread::Builder::new().name(name).stack_size(STACK_BYTES).spawn(run)?;
    Ok(())
}

fn run(scheduler: &'static Scheduler, number: usize) {
    scheduler.idle.enlist(number);
    let own = scheduler.locals[number].own(scheduler);
    current::adopt(scheduler, Some((number, own)));
    pool::adopt();
    current::with_list(|here| scheduler.living.take_list(here));
    // A worker that starts is searching: somebody may have counted on it.
    scheduler.idle.start_searching();
    let mut worker = Worker {
        scheduler,
        number,
        own,
        tick: 0,
        stride: 0,
        n_fresh_first: 0,
        alone_since: 0,
        searches: true,
        trial: None,
        trees: Trees::new(),
        oldest: Oldest::new(),
    };
    guarded(|| {
        while let Some(strand) = worker.next() {
            if let Some(strand) = strand.run() {
                worker.requeue(strand);
            }
        }
    });
}

struct Worker {
    scheduler: &'static Scheduler,
    number: usize,
    own: Own,
    /// How many strands it has run, when it last looked around.
    tick: u32,
    /// How many more it was to take from its queue before it looks around again: none while new ones go first.
    stride: u32,
    /// How many strands more come from those that are new.
    n_fresh_first: u32,
    /// How many operations it had done when it was last seen not to be alone.
    alone_since: u64,
    searches: bool,
    /// Whether it pays that this worker is at work is being tried, or was.
    trial: Option<Box<Trial>>,
    trees: Trees,
    oldest: Oldest,
}

impl Worker {
    /// The next strand to run; `None` when the program ends.
    #[inline(always)]
    fn next(&mut self) -> Option<Runnable> {
        // What has been woken first: it is what others made, and may be at its end.
        if current::goes_straight()
            && let Some(strand) = self.own.pop()
        {
            return Some(strand);
        }
        self.look_around()
    }

    /// The strand has given way.
    #[cold]
    #[inline(never)]
    fn requeue(&mut self, strand: Runnable) {
        self.scheduler.queue(self.own, strand);
        self.n_fresh_first = FRESH_FIRST;
        current::look_around();
    }

    /// As `next`, with all that is not done each time.
    #[inline(never)]
    fn look_around(&mut self) -> Option<Runnable> {
        if self.searches || self.scheduler.is_stopping() {
            return self.search();
        }
        let n_done = current::n_done();
        self.own.tell_done(n_done);
        self.see_whether_alone(n_done);
        if self.trial.is_some() {
            self.judge();
        }
        self.next_in_turn().or_else(|| self.search())
    }

    /// Takes the bias once it has been alone for a while: others will want it back if they come often.
    #[inline(always)]
    fn see_whether_alone(&mut self, n_done: u64) {
        if !sync::could_take() {
            self.alone_since = n_done;
        } else if n_done.wrapping_sub(self.alone_since) >= ALONE_FOR {
            sync::take();
        }
    }

    /// As `next`, of a worker that searches or begins to.
    #[cold]
    #[inline(never)]
    fn search(&mut self) -> Option<Runnable> {
        if !self.searches {
            self.searches = true;
            self.scheduler.idle.start_searching();
        }
        while !self.scheduler.is_stopping() {
            let found = self.take_soon().or_else(|| self.look_elsewhere());
            let found = found.or_else(|| self.next_in_turn());
            if found.is_some() {
                self.searches = false;
                self.scheduler.idle.stop_searching(|| self.scheduler.has_work());
                return found;
            }
        }
        None
    }

    #[inline(always)]
    fn next_in_turn(&mut self) -> Option<Runnable> {
        let before = self.tick;
        let n_run = (self.stride - current::straight_left()).max(1);
        self.tick = before.wrapping_add(n_run);
        self.stride = if self.n_fresh_first > 0 { 0 } else { NEWEST_EVERY };
        current::go_straight(self.stride);
        let has_passed = |every| before / every != self.tick / every;
        if (has_passed(COMMON_EVERY) || self.scheduler.spread.gives())
            && self.scheduler.common.has_strands()
            && let Some(strand) = self.scheduler.take_common(self.own)
        {
            return Some(strand);
        }
        if has_passed(OLDEST_EVERY)
            && self.oldest.is_due(self.own.fresh_height(), Instant::now())
            && let Some(strand) = self.own.take_oldest()
        {
            return Some(strand);
        }
        if self.n_fresh_first > 0 || has_passed(NEWEST_EVERY) {
            self.n_fresh_first = self.n_fresh_first.saturating_sub(1);
            if let Some(strand) = self.own.pop_fresh() {
                return Some(strand);
            }
            self.n_fresh_first = 0;
        }
        self.own.pop().or_else(|| self.own.pop_fresh())
    }

    /// Sees whether the trial is over. If it was in vain, what this worker has goes to the others.
    #[cold]
    #[inline(never)]
    fn judge(&mut self) {
        let Some(trial) = &mut self.trial else { return };
        let (scheduler, now) = (self.scheduler, Instant::now());
        let verdict = scheduler.spread.judge(trial, scheduler.n_done(), now);
        if verdict.is_some() {
            self.trial = None;
            scheduler.spread.while_giving(|| self.give_back());
        }
    }

    fn give_back(&self) {
        let common = &self.scheduler.common;
        while let Some(strand) = self.own.pop().or_else(|| self.own.pop_fresh()) {
            common.push(strand);
        }
        // Others who are at work take it soon. Should they not, it is this worker's again.
        let begin = Instant::now();
        sync::leave();
        while common.has_strands()
            && begin.elapsed() < ALOOF
            && !self.scheduler.is_stopping()
        {
            thread::sleep(ALOOF / 16);
        }
        sync::enter();
    }

    /// Where it is tried whether more workers get more done: takes what waits for a moment.
    fn take_soon(&mut self) -> Option<Runnable> {
        let found = watch::take_soon(self.scheduler, self.own);
        let is_dry = found.is_none() && !self.scheduler.common.has_strands();
        if is_dry && self.trial.take().is_some() {
            self.scheduler.spread.end(Verdict::Open, Instant::now());
        }
        found
    }

    /// Called while searching, returns while searching; `None` after a sleep.
    fn look_elsewhere(&mut self) -> Option<Runnable> {
        if let Some(strand) = self.scheduler.take_common(self.own) {
            return Some(strand);
        }
        if self.scheduler.idle.watches() {
            sync::leave();
            let found =
                watch::watch(self.scheduler, self.number, self.own, &mut self.trees);
            sync::enter();
            let found = found?;
            self.trial = found.trial.map(Box::new);
            return Some(found.strand);
        }
        self.sleep();
        None
    }

    fn sleep(&self) {
        let living = &self.scheduler.living;
        current::with_list(|here| living.leave_list(here));
        sync::leave();
        if let Some(dozing) = self.scheduler.idle.doze(self.number) {
            self.sleep_unless_needed(dozing);
        }
        sync::enter();
        current::with_list(|here| living.take_list(here));
    }

    fn sleep_unless_needed(&self, dozing: Dozing) {
        let scheduler = self.scheduler;
        // While others are at work, what they have queued is theirs and the watcher's.
        let has_work = if dozing.all {
            scheduler.has_work()
        } else {
            scheduler.common.has_strands()
        };
        let looked = match has_work || scheduler.is_stopping() {
            true => Looked::Again,
            false => scheduler.look_for_quiescence(dozing),
        };
        match looked {
            Looked::Sleep => scheduler.idle.park(self.number),
            Looked::Again => scheduler.idle.rouse(self.number),
            Looked::Wake(activities) => {
                scheduler.idle.rouse(self.number);
                activities.into_iter().for_each(ActivityRef::run_again);
            }
        }
    }
}
