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
//! Not each stack of new strands is a tree: if the strand has no offspring, its taker is back at once, and waits longer
//! and longer before it takes another ([`Trees`]).
//!
//! The watcher spins first, so that it learns the pace quickly, and then naps, for longer and longer.

use std::time::{Duration, Instant};

use super::Scheduler;
use super::local::{Local, Own, Sight};
use super::runner::Runnable;
use super::spread::{Before, Seen, Trial, Verdict};
use crate::sync;

/// Work that has not moved for so long is taken away.
const STUCK: Duration = Duration::from_micros(50);

/// Work that will wait longer is taken away.
const WORTH: Duration = Duration::from_micros(100);

/// Who is back so soon with what it took of a tree found none, and waits so long at most before it takes another.
const BARREN: Duration = Duration::from_micros(50);
const LONGEST_UNTAKEN: Duration = Duration::from_millis(5);

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
    trees: &mut Trees,
) -> Option<Found> {
    let begin = Instant::now();
    trees.is_back(begin);
    let mut seen = Seen::new(scheduler.n_done(), begin);
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
        if let Some(found) = steal(scheduler, worker, own, &seen, &mut views, trees) {
            return Some(found);
        }
        if let Some(found) = try_more(scheduler, own, &mut seen) {
            return Some(found);
        }
    }
    None
}

/// When a watcher takes of what may be trees.
#[derive(Debug)]
pub(super) struct Trees {
    /// When it took the one that it is away with.
    taken: Option<Instant>,
    /// How long it waited last, or zero.
    pause: Duration,
    until: Option<Instant>,
}

impl Trees {
    pub(super) fn new() -> Self {
        Self { taken: None, pause: Duration::ZERO, until: None }
    }

    /// It watches again.
    fn is_back(&mut self, now: Instant) {
        if let Some(taken) = self.taken.take() {
            self.pause = match now - taken < BARREN {
                true => (self.pause * 2).clamp(BARREN, LONGEST_UNTAKEN),
                false => Duration::ZERO,
            };
            self.until = Some(now + self.pause);
        }
    }

    fn may_take(&self, now: Instant) -> bool {
        self.until.is_none_or(|until| now >= until)
    }
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
    if scheduler.spread.allows(n_at_work) {
        return take_half(scheduler, own, victim, None);
    }
    let begin = Before { n_at_work, pace: pace?, is_stuck: false };
    let trial = scheduler.spread.begin(begin, n_done, now)?;
    take_half(scheduler, own, victim, Some(trial))
}

/// Takes half of a queue, for a trial or without.
fn take_half(
    scheduler: &'static Scheduler,
    own: Own,
    victim: &Local,
    trial: Option<Trial>,
) -> Option<Found> {
    // Before it looks: to take the bias away lasts as long as some slices.
    sync::enter();
    match own.steal_half(victim, |strand| scheduler.common.push(strand)) {
        Some(strand) => Some(Found { strand, trial }),
        None => {
            sync::leave();
            if trial.is_some() {
                scheduler.spread.end(Verdict::Open, Instant::now());
            }
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
    seen: &Seen,
    views: &mut [View],
    trees: &mut Trees,
) -> Option<Found> {
    let now = Instant::now();
    let takes_trees = trees.may_take(now);
    let mut best: Option<(usize, Duration)> = None;
    for (victim, view) in views.iter_mut().enumerate().filter(|(it, _)| *it != worker) {
        let local = &scheduler.locals[victim];
        let wait = match view.look(local.look(), now) {
            _ if takes_trees && view.has_tree(now) => Duration::MAX,
            wait => wait,
        };
        if best.is_none_or(|(_, longest)| wait > longest) {
            best = Some((victim, wait));
        }
    }
    let (at, wait) = best.filter(|(_, wait)| *wait >= WORTH)?;
    let victim = &scheduler.locals[at];
    if takes_trees
        && views[at].has_tree(now)
        && let Some(strand) = victim.take_oldest()
    {
        trees.taken = Some(now);
        return Some(Found { strand, trial: None });
    }
    let n_at_work = scheduler.idle.n_at_work();
    if scheduler.spread.allows(n_at_work) {
        return take_half(scheduler, own, victim, None);
    }
    let n_done = scheduler.n_done();
    let is_stuck = wait == Duration::MAX;
    let before = Before { n_at_work, pace: seen.so_far(n_done, now), is_stuck };
    match scheduler.spread.begin(before, n_done, now) {
        None if !is_stuck => None,
        trial => take_half(scheduler, own, victim, trial),
    }
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

    /// How long what is queued will wait, as far as one can tell: for ever if nothing moves.
    fn look(&mut self, sight: Sight, now: Instant) -> Duration {
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

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn who_finds_no_tree_waits_longer_and_longer() {
        let (mut trees, mut now) = (Trees::new(), Instant::now());
        let mut takes = |trees: &mut Trees, away: Duration| {
            let asked = now;
            while !trees.may_take(now) {
                now += Duration::from_micros(1);
            }
            trees.taken = Some(now);
            let waited = now - asked;
            now += away;
            trees.is_back(now);
            waited
        };
        let soon = BARREN / 2;
        assert_eq!(takes(&mut trees, soon), Duration::ZERO);
        let waits = [0; 9].map(|_| takes(&mut trees, soon));
        assert_eq!(waits[..3], [BARREN, 2 * BARREN, 4 * BARREN]);
        assert_eq!(waits[8], LONGEST_UNTAKEN);
        takes(&mut trees, 2 * BARREN);
        assert_eq!(takes(&mut trees, soon), Duration::ZERO);
    }
}
