//! The watcher: an idle worker that looks at what others have to run, and takes what would wait long.
//! It needs nothing of those it watches. It does not decide who watches; [`super::idle`] does.
//!
//! A message that crosses to another core costs ten times one that does not, so work goes there only if it
//! would otherwise wait:
//! * half of a queue from which nothing was taken for [`STUCK`], or whose last strand would wait longer than
//!   [`WORTH`] at the pace at which strands left the queue meanwhile;
//! * the oldest of the strands that are new, if there have been some for [`STUCK`] without a break: then they are
//!   a tree that grows, and most will grow from the oldest. Who makes many that end at once empties the stack again
//!   and again.
//!
//! The watcher spins first, so that it learns the pace quickly, and then naps, for longer and longer.

use std::time::{Duration, Instant};

use super::Scheduler;
use super::local::{Local, Own, Sight};
use super::runner::Runnable;
use super::spread::{Seen, Trial, Verdict};

/// Work that has not moved for so long is taken away.
const STUCK: Duration = Duration::from_micros(50);

/// Work that will wait longer is taken away.
const WORTH: Duration = Duration::from_micros(100);

/// How long the watcher spins between two looks, and how often it does so before it naps.
const SPIN: Duration = Duration::from_micros(20);
const N_SPINS: u32 = 2;

const SHORTEST_NAP: Duration = Duration::from_micros(50);
const LONGEST_NAP: Duration = Duration::from_millis(1);

/// Where more workers get more done, work is taken that has been waiting for so long, and one waits for work so long
/// before one watches.
const SOON: Duration = Duration::from_micros(2);
const PATIENCE: Duration = Duration::from_micros(100);

/// How often the watcher looks at the common list while it spins.
const LOOKS_APART: u32 = 32;

/// Watches as long as somebody is at work. Gives a strand to run; `None` if there is nothing to watch.
pub(super) fn watch(
    scheduler: &'static Scheduler,
    worker: usize,
    own: Own,
) -> Option<Found> {
    let mut seen = Seen::new(scheduler.n_done(), Instant::now());
    let mut views: Vec<View> =
        scheduler.locals.iter().map(|local| View::new(local.look())).collect();
    let mut nap = SHORTEST_NAP;
    let mut round = 0;
    while scheduler.idle.watches() && !scheduler.is_stopping() {
        if round < N_SPINS {
            round += 1;
            spin(scheduler);
        } else {
            let has_news = || scheduler.common.has_strands() || !scheduler.idle.watches();
            let hurried = scheduler.idle.nap(worker, nap, has_news);
            nap = if hurried { SHORTEST_NAP } else { (nap * 2).min(LONGEST_NAP) };
        }
        if let Some(strand) = scheduler.take_common(own) {
            return Some(Found { strand, trial: None });
        }
        if let Some(strand) = steal(scheduler, worker, own, &mut views) {
            return Some(Found { strand, trial: None });
        }
        if let Some(found) = try_more(scheduler, own, &mut seen) {
            return Some(found);
        }
    }
    None
}

/// What the watcher goes to work with.
pub(super) struct Found {
    pub(super) strand: Runnable,
    /// It is to be seen whether that pays.
    pub(super) trial: Option<Trial>,
}

/// Takes what would not wait long, to see whether that pays, if there has been some at all times; or because it does.
fn try_more(scheduler: &'static Scheduler, own: Own, seen: &mut Seen) -> Option<Found> {
    let (now, n_at_work) = (Instant::now(), scheduler.idle.n_at_work());
    let victim = longest(scheduler, own);
    let n_done = scheduler.n_done();
    let pace = seen.look(victim.is_some(), n_done, now);
    let victim = victim?;
    let half = || own.steal_half(victim, |strand| scheduler.common.push(strand));
    if scheduler.spread.allows(n_at_work) {
        return Some(Found { strand: half()?, trial: None });
    }
    let trial = scheduler.spread.begin(n_at_work.max(1), pace?, n_done, now)?;
    match half() {
        Some(strand) => Some(Found { strand, trial: Some(trial) }),
        None => {
            scheduler.spread.end(Verdict::Open, now);
            None
        }
    }
}

/// Who has most in its queue.
fn longest(scheduler: &'static Scheduler, own: Own) -> Option<&'static Local> {
    let others = scheduler.locals.iter().filter(|local| !own.is(local));
    let longest = others.max_by_key(|local| local.look().n_queued)?;
    (longest.look().n_queued > 0).then_some(longest)
}

/// Spins for a while and takes half of the first queue that is not emptied at once.
pub(super) fn take_soon(scheduler: &'static Scheduler, own: Own) -> Option<Runnable> {
    if !scheduler.spread.allows(scheduler.idle.n_at_work()) {
        return None;
    }
    let begin = Instant::now();
    let mut last = None;
    while begin.elapsed() < PATIENCE
        && scheduler.spread.allows(scheduler.idle.n_at_work())
        && !scheduler.common.has_strands()
        && !scheduler.is_stopping()
    {
        for _ in 0..LOOKS_APART {
            std::hint::spin_loop();
        }
        let Some(victim) = longest(scheduler, own) else { continue };
        let sight = victim.look();
        // A single strand may be one that its worker is about to take.
        let waits = sight.n_queued > 1 || last == Some(sight.n_taken);
        last = Some(sight.n_taken);
        if waits
            && begin.elapsed() >= SOON
            && let Some(strand) =
                own.steal_half(victim, |strand| scheduler.common.push(strand))
        {
            return Some(strand);
        }
    }
    None
}

fn spin(scheduler: &'static Scheduler) {
    let begin = Instant::now();
    while begin.elapsed() < SPIN
        && !scheduler.common.has_strands()
        && scheduler.idle.watches()
        && !scheduler.is_stopping()
    {
        for _ in 0..LOOKS_APART {
            std::hint::spin_loop();
        }
    }
}

/// Takes what waits longest, if it is worth it.
fn steal(
    scheduler: &'static Scheduler,
    worker: usize,
    own: Own,
    views: &mut [View],
) -> Option<Runnable> {
    let now = Instant::now();
    let mut best: Option<(usize, Duration)> = None;
    for (victim, view) in views.iter_mut().enumerate().filter(|(it, _)| *it != worker) {
        let local = &scheduler.locals[victim];
        let wait = view.wait(local.look(), now);
        if best.is_none_or(|(_, longest)| wait > longest) {
            best = Some((victim, wait));
        }
    }
    let (at, _) = best.filter(|(_, wait)| *wait >= WORTH)?;
    let victim = &scheduler.locals[at];
    if views[at].has_tree(now)
        && let Some(strand) = victim.take_oldest()
    {
        return Some(strand);
    }
    own.steal_half(victim, |strand| scheduler.common.push(strand))
}

/// What the watcher has seen of a worker.
struct View {
    last: Sight,
    at: Instant,
    /// Since when nothing was taken from the queue.
    stood_since: Instant,
    /// Since when there were new strands at all times.
    grows_since: Instant,
}

impl View {
    fn new(sight: Sight) -> Self {
        let now = Instant::now();
        Self { last: sight, at: now, stood_since: now, grows_since: now }
    }

    /// How long what is there will wait, as far as one can tell: for ever if nothing moves.
    fn wait(&mut self, sight: Sight, now: Instant) -> Duration {
        let elapsed = now - self.at;
        let n_taken = sight.n_taken.wrapping_sub(self.last.n_taken);
        if n_taken > 0 {
            self.stood_since = now;
        }
        if !sight.has_fresh
            || !self.last.has_fresh
            || sight.n_fresh_emptied != self.last.n_fresh_emptied
        {
            self.grows_since = now;
        }
        self.last = sight;
        self.at = now;
        if self.has_tree(now) {
            return Duration::MAX;
        }
        if sight.n_queued > 0 && n_taken > 0 {
            let n_queued = u32::try_from(sight.n_queued).unwrap_or(u32::MAX);
            let n_taken = u32::try_from(n_taken).unwrap_or(u32::MAX);
            return elapsed.saturating_mul(n_queued) / n_taken;
        }
        let is_stuck = sight.n_queued > 0 && now - self.stood_since >= STUCK;
        if is_stuck { Duration::MAX } else { Duration::ZERO }
    }

    fn has_tree(&self, now: Instant) -> bool {
        self.last.has_fresh && now - self.grows_since >= STUCK
    }
}
