//! Whether more workers get more done, found out by trying. It does not decide who watches, nor about work that
//! would wait long ([`super::watch`]).
//!
//! Strands that send to each other all the time are fastest on one core, since what crosses to another takes ten times
//! as long; strands that do not are fastest on all. Nothing but the pace at which they get on tells which they
//! are. So a watcher that finds work waiting at each look, for [`LONG_FOR`], goes to work *on trial*: one worker more
//! than before may then take what waits for a few microseconds only ([`Spread::allows`]). If all together do
//! so much more than before that it pays, that stays so for a term; else the worker gives back what it has, and the
//! next trial is later and later as long as they fail.
//!
//! What is counted are operations (suspensions and sends), not slices: two workers run more slices with fewer
//! messages in each. (Trying a degree of parallelism and keeping it if more gets done is the hill climbing of
//! Hellerstein and others, "Optimizing Concurrency Levels in the .NET ThreadPool", 2009.)

use std::time::{Duration, Instant};

use crate::sync::{AtomicUsize, Ordering, Seldom};

/// Work has been waiting so long: a trial begins. What gets done in this time is what it is compared with.
pub(super) const LONG_FOR: Duration = Duration::from_micros(300);

/// What gets done at the beginning of a trial is not measured: caches are cold. But if less than this part gets done
/// from the beginning of it, or after it, there is no need to go on.
const WARM_UP: Duration = Duration::from_micros(150);
const SEEN_SOON: Duration = Duration::from_micros(70);
const HOPELESS: f64 = 0.4;
const LOSS: f64 = 0.8;
/// Where caches are warm and less than this part gets done, it is not tried again soon.
const LOST: f64 = 0.5;

/// What got done in so long is what gets done usually. In a shorter time it may be little: messages are put in order by the
/// thousand, or what another worker has changed is fetched.
const USUAL: Duration = Duration::from_millis(4);

/// How long a trial lasts after that.
const MEASURED: Duration = Duration::from_micros(600);

/// It pays if one worker more does this part of what one did before.
const GAIN: f64 = 0.15;

/// Who does so many operations in a second takes so much less for one than a line of the cache takes to cross that even
/// many messages that cross together do not pay: no trial.
const FASTEST: f64 = 300e6;

/// Who does less has longer work, which pays more often: it is tried again after the shortest pause.
const SLOW: f64 = 3e6;

/// A term is over if not even this part is left, measured for a time that grows up to this.
const LEFT: f64 = 0.04;
const CHECKED: Duration = Duration::from_millis(5);

const SHORTEST_PAUSE: Duration = Duration::from_millis(6);
const LONGEST_PAUSE: Duration = Duration::from_millis(600);
/// The same while trials end without work.
const LONGEST_IF_OPEN: Duration = Duration::from_millis(50);

/// Short at first: what was done before may have been a beginning, which is slow.
const SHORTEST_TERM: Duration = Duration::from_millis(4);
const LONGEST_TERM: Duration = Duration::from_millis(640);

/// How many workers may take what does not wait long, and when the next trial may begin.
#[derive(Debug)]
pub(super) struct Spread {
    /// Zero: as if it were one.
    n_allowed: AtomicUsize,
    /// How many workers have given back what they had, and wait until others take it.
    n_giving: AtomicUsize,
    pauses: Seldom<Pauses>,
}

#[derive(Debug)]
struct Pauses {
    until: Option<Instant>,
    /// The same for long work.
    short: Option<Instant>,
    next: Duration,
    term: Duration,
    /// How many operations one worker does in a second, where nothing is tried.
    usual: f64,
}

impl Pauses {
    fn new() -> Self {
        Self {
            until: None,
            short: None,
            next: SHORTEST_PAUSE,
            term: SHORTEST_TERM,
            usual: 0.0,
        }
    }

    /// One worker does so many operations in a second now, or did: what counts is not less than what is usual.
    fn at_least_usual(&mut self, now: f64, time: Duration) -> f64 {
        let part = time.as_secs_f64() / USUAL.as_secs_f64();
        self.usual += (now - self.usual) * part.min(1.0);
        self.usual.max(now)
    }

    fn end(&mut self, how: Verdict, now: Instant) {
        match how {
            Verdict::Slower | Verdict::Hopeless => {
                if how == Verdict::Hopeless {
                    self.next = (self.next * 4).min(LONGEST_PAUSE);
                }
                self.until = Some(now + self.next);
                self.next = (self.next * 2).min(LONGEST_PAUSE);
                self.term = SHORTEST_TERM;
            }
            Verdict::Over => {
                let term = (self.term * 2).min(LONGEST_TERM);
                *self = Self { term, usual: self.usual, ..Self::new() };
            }
            Verdict::Open => {
                self.until = Some(now + self.next.min(LONGEST_IF_OPEN));
                self.next = (self.next * 2).min(LONGEST_PAUSE);
            }
        }
    }
}

impl Spread {
    pub(super) fn new() -> Self {
        Self {
            n_allowed: AtomicUsize::new(0),
            n_giving: AtomicUsize::new(0),
            pauses: Seldom::new(Pauses::new()),
        }
    }

    /// Whether what was given back is to be taken soon.
    #[inline]
    pub(super) fn gives(&self) -> bool {
        // Relaxed: if it is seen late, it is taken late, or by the one who gave it.
        self.n_giving.load(Ordering::Relaxed) > 0
    }

    /// Does what gives back; others look for it until that is done.
    pub(super) fn while_giving(&self, give: impl FnOnce()) {
        self.n_giving.fetch_add(1, Ordering::Relaxed);
        give();
        self.n_giving.fetch_sub(1, Ordering::Relaxed);
    }

    /// Whether a worker that has nothing to do may take what waits, while `n_at_work` others are at work.
    #[inline]
    pub(super) fn allows(&self, n_at_work: usize) -> bool {
        // Relaxed: it decides nothing but what is tried next.
        let n_allowed = self.n_allowed.load(Ordering::Relaxed);
        n_allowed > 1 && (1..n_allowed).contains(&n_at_work)
    }

    /// Begins a trial with one worker more, unless there is to be a pause.
    pub(super) fn begin(
        &self,
        before: Before,
        n_done: u64,
        now: Instant,
    ) -> Option<Trial> {
        let n_at_work = before.n_at_work.max(1);
        let (one, until) = self.pauses.with(|pauses| {
            let one = before.pace.per_second() / n_at_work as f64;
            let one = pauses.at_least_usual(one, before.pace.time);
            (one, if one < SLOW { pauses.short } else { pauses.until })
        });
        let all = one * n_at_work as f64;
        let may_try = before.is_stuck || until.is_none_or(|until| now >= until);
        if !may_try || before.pace.n_done == 0 || one > FASTEST {
            return None;
        }
        self.n_allowed.store(n_at_work + 1, Ordering::Relaxed);
        let begin = Mark { at: now, n_done };
        Some(Trial { all, one, stage: Stage::Cold(begin) })
    }

    /// The trial, or the term, is over.
    pub(super) fn end(&self, how: Verdict, now: Instant) {
        // Others may have changed it meanwhile, which does not matter.
        let n_allowed = self.n_allowed.load(Ordering::Relaxed);
        self.n_allowed.store(n_allowed.saturating_sub(1), Ordering::Relaxed);
        self.pauses.with(|pauses| {
            pauses.short = Some(now + SHORTEST_PAUSE);
            pauses.end(how, now);
        });
    }

    /// Looks at the clock on behalf of a worker that is on trial. How it ends, if it does. `n_done` is what all
    /// have done so far.
    pub(super) fn judge(
        &self,
        trial: &mut Trial,
        n_done: u64,
        now: Instant,
    ) -> Option<Verdict> {
        let term = || self.pauses.with(|pauses| pauses.term);
        let verdict = trial.judge(Mark { at: now, n_done }, term)?;
        self.end(verdict, now);
        Some(verdict)
    }
}

/// How a trial or a term ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Not more gets done than before.
    Slower,
    /// Much less gets done.
    Hopeless,
    /// It has paid for as long as was given.
    Over,
    /// There was no work left before it was clear.
    Open,
}

/// What a trial is compared with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Before {
    pub(super) n_at_work: usize,
    /// Of all of them.
    pub(super) pace: Pace,
    /// Work waits behind something that does not end: there is no pause.
    pub(super) is_stuck: bool,
}

/// Operations in a time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    n_done: u64,
    time: Duration,
}

impl Pace {
    fn per_second(self) -> f64 {
        self.n_done as f64 / self.time.as_secs_f64().max(1e-9)
    }
}

/// A moment, and what all had done by then.
#[derive(Clone, Copy, Debug)]
struct Mark {
    at: Instant,
    n_done: u64,
}

impl Mark {
    fn pace(self, n_done: u64, now: Instant) -> Pace {
        Pace { n_done: n_done.wrapping_sub(self.n_done), time: now - self.at }
    }
}

/// What a watcher has seen since work has been waiting at each look.
#[derive(Debug)]
pub(super) struct Seen(Mark);

impl Seen {
    pub(super) fn new(n_done: u64, now: Instant) -> Self {
        Self(Mark { at: now, n_done })
    }

    /// The pace since then.
    pub(super) fn so_far(&self, n_done: u64, now: Instant) -> Pace {
        self.0.pace(n_done, now)
    }

    /// Looks again: the pace, if work has been waiting for long.
    pub(super) fn look(
        &mut self,
        waits: bool,
        n_done: u64,
        now: Instant,
    ) -> Option<Pace> {
        let pace = self.0.pace(n_done, now);
        let is_long = pace.time >= LONG_FOR;
        if is_long || !waits {
            *self = Self::new(n_done, now);
        }
        (is_long && waits).then_some(pace)
    }
}

/// What a worker remembers that is at work because it was to be tried.
#[derive(Debug)]
pub(super) struct Trial {
    /// What all had done in a second before, and what one of them had.
    all: f64,
    one: f64,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    /// Since then.
    Cold(Mark),
    Measured(Mark),
    /// It pays, and stays so until then, if it still does when it has been measured for so long.
    Paid {
        until: Instant,
        since: Mark,
        check: Duration,
    },
}

impl Trial {
    /// Whether what has been done since `since` is more than before by this part of what one did; `None` if it is too
    /// early to say, unless it is clear from less than `clear` of all.
    fn pays(
        &self,
        since: Mark,
        here: Mark,
        (time, gain, clear): (Duration, f64, f64),
    ) -> Option<bool> {
        let pace = since.pace(here.n_done, here.at);
        let done = pace.per_second();
        match pace.time >= time {
            true => Some(done >= self.all + self.one * gain),
            false if pace.time >= SEEN_SOON && done < self.all * clear => Some(false),
            false => None,
        }
    }

    fn judge(&mut self, here: Mark, term: impl FnOnce() -> Duration) -> Option<Verdict> {
        let (pays, next) = match self.stage {
            Stage::Cold(since) => {
                let cold = (WARM_UP, f64::NEG_INFINITY, HOPELESS);
                (self.pays(since, here, cold)?, Stage::Measured(here))
            }
            Stage::Measured(since) => {
                let pays = self.pays(since, here, (MEASURED, GAIN, LOSS))?;
                let until = here.at + term();
                (pays, Stage::Paid { until, since: here, check: MEASURED })
            }
            Stage::Paid { until, .. } if here.at >= until => return Some(Verdict::Over),
            Stage::Paid { until, since, check } => {
                let pays = self.pays(since, here, (check, LEFT, HOPELESS))?;
                let check = (check * 2).min(CHECKED);
                (pays, Stage::Paid { until, since: here, check })
            }
        };
        let is_hopeless = match self.stage {
            Stage::Cold(_) => true,
            Stage::Measured(since) => {
                since.pace(here.n_done, here.at).per_second() < self.all * LOST
            }
            Stage::Paid { .. } => false,
        };
        self.stage = next;
        match (pays, is_hopeless) {
            (true, _) => None,
            (false, true) => Some(Verdict::Hopeless),
            (false, false) => Some(Verdict::Slower),
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// One worker did ten thousand operations in a millisecond; then a trial begins.
    fn begun(spread: &Spread, n_at_work: usize, now: Instant) -> Option<Trial> {
        let pace = Pace { n_done: 10_000 * n_at_work as u64, time: MS };
        spread.begin(Before { n_at_work, pace, is_stuck: false }, 0, now)
    }

    /// How a trial ends in which so many times as much is done as by one worker, and when.
    fn tried(n_at_work: usize, pace: f64) -> (Option<Verdict>, Duration) {
        let (spread, begin) = (Spread::new(), Instant::now());
        let mut trial = begun(&spread, n_at_work, begin).unwrap();
        for us in (0..200_000).step_by(10) {
            let time = Duration::from_micros(us);
            let n_done = (us as f64 * 10.0 * pace) as u64;
            let verdict = spread.judge(&mut trial, n_done, begin + time);
            if verdict.is_some() {
                return (verdict, time);
            }
        }
        (None, 200 * MS)
    }

    #[test]
    fn what_pays_stays_for_a_term_and_what_does_not_is_given_back() {
        let (verdict, time) = tried(1, 1.3);
        assert_eq!(verdict, Some(Verdict::Over));
        assert!(time >= SHORTEST_TERM);
        let (verdict, time) = tried(1, 1.05);
        assert_eq!(verdict, Some(Verdict::Slower));
        assert!(time <= MS);
        let (verdict, time) = tried(1, 0.45);
        assert_eq!(verdict, Some(Verdict::Hopeless));
        assert!(time <= MS / 3);
        let (verdict, time) = tried(1, 0.1);
        assert_eq!(verdict, Some(Verdict::Hopeless));
        assert!(time <= MS / 10);
    }

    #[test]
    fn a_worker_among_many_has_to_bring_a_part_of_what_one_does() {
        assert_eq!(tried(7, 7.3).0, Some(Verdict::Over));
        assert_eq!(tried(7, 7.0).0, Some(Verdict::Slower));
    }

    #[test]
    fn a_term_is_over_when_it_does_not_pay_any_more() {
        let (spread, begin) = (Spread::new(), Instant::now());
        let mut trial = begun(&spread, 1, begin).unwrap();
        let mut judged =
            |ms: u32, n_done| spread.judge(&mut trial, n_done, begin + ms * MS);
        assert_eq!(judged(1, 20_000), None);
        assert_eq!(judged(2, 40_000), None);
        assert_eq!(judged(3, 60_000), None);
        assert!(spread.allows(1));
        assert_eq!(judged(5, 75_000), Some(Verdict::Slower));
        assert!(!spread.allows(1));
    }

    #[test]
    fn one_worker_more_is_allowed_while_a_trial_lasts() {
        let (spread, now) = (Spread::new(), Instant::now());
        assert!(!spread.allows(0) && !spread.allows(1));
        assert!(begun(&spread, 2, now).is_some());
        assert!(spread.allows(1) && spread.allows(2));
        assert!(!spread.allows(0) && !spread.allows(3));
        spread.end(Verdict::Open, now);
        assert!(spread.allows(1) && !spread.allows(2));
    }

    #[test]
    fn pauses_double_while_trials_fail() {
        let (spread, now) = (Spread::new(), Instant::now());
        let mut pause = SHORTEST_PAUSE;
        for _ in 0..10 {
            spread.end(Verdict::Slower, now);
            assert!(begun(&spread, 1, now + pause - MS).is_none());
            assert!(begun(&spread, 1, now + pause).is_some());
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        assert_eq!(pause, LONGEST_PAUSE);
        spread.end(Verdict::Over, now);
        assert!(begun(&spread, 1, now).is_some());
    }

    #[test]
    fn long_work_is_tried_soon_again_and_what_is_stuck_at_once() {
        let (spread, now) = (Spread::new(), Instant::now());
        for _ in 0..10 {
            spread.end(Verdict::Slower, now);
        }
        let tries = |n_done, is_stuck, after| {
            let before =
                Before { n_at_work: 1, pace: Pace { n_done, time: MS }, is_stuck };
            spread.begin(before, 0, now + after).is_some()
        };
        assert!(!tries(10_000, false, SHORTEST_PAUSE));
        assert!(!tries(1_000, false, SHORTEST_PAUSE - MS));
        assert!(tries(1_000, false, SHORTEST_PAUSE));
        assert!(tries(10_000, true, Duration::ZERO));
    }

    #[test]
    fn a_moment_in_which_little_got_done_is_not_compared_with() {
        let (spread, mut now) = (Spread::new(), Instant::now());
        // What is compared with after so many milliseconds of that.
        let mut compared = |n_done, n_times| {
            let mut one = 0.0;
            for _ in 0..n_times {
                let pace = Pace { n_done, time: MS };
                let before = Before { n_at_work: 1, pace, is_stuck: true };
                one = spread.begin(before, 0, now).unwrap().one;
                spread.end(Verdict::Over, now);
                now += MS;
            }
            one
        };
        assert_eq!(compared(10_000, 50), 1e7);
        let one = compared(100, 1);
        assert!((7e6..8e6).contains(&one), "{one}");
        // What gets done faster counts at once, what gets done slower after some time.
        assert_eq!(compared(20_000, 1), 2e7);
        let one = compared(100, 51);
        assert!((1e5..2e5).contains(&one), "{one}");
    }

    #[test]
    fn only_work_that_waits_at_each_look_is_seen() {
        let begin = Instant::now();
        let mut seen = Seen::new(0, begin);
        let half = LONG_FOR / 2;
        assert!(seen.look(true, 5, begin + half).is_none());
        assert!(seen.look(false, 9, begin + 2 * half).is_none());
        assert!(seen.look(true, 9, begin + 3 * half).is_none());
        let pace = seen.look(true, 21, begin + 4 * half).unwrap();
        assert_eq!((pace.n_done, pace.time), (12, LONG_FOR));
    }
}
