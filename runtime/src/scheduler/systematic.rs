//! The systematic scheduler: one thread runs everything, a seed picks each step, and time passes only by
//! steps. The same program with the same seed and input does the same again, so a failure can be
//! replayed. It takes the place of the workers' loop; strands, mailboxes and rest are the usual ones.
//!
//! # A step
//! 1. Pick by chance one of the [`WINDOW`] strands that have been ready longest. When the first of them was
//!    passed over [`MOST_PASSED`] times it is picked: so every ready strand runs within a bounded number of
//!    steps.
//! 2. Pick by chance after how many operations it gives way.
//! 3. Run it for a slice; a microsecond has passed.
//!
//! When nothing is ready, the time of the next alarm comes at once. What would be done on a thread
//! beside the workers (timers, calls that block, reading the input) is done by this thread, at once.
//!
//! After Burckhardt and others, "A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs"
//! (2010), in its simplest form, and the systematic testing of Pony's runtime.
//!
//! The *signature* is a hash of all choices and of what was chosen: two runs with the same signature have
//! taken the same steps.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::runner::Runnable;
use super::slice::guarded;
use super::strand::ActivityRef;
use super::{Looked, Scheduler, current};
use crate::clock;
use crate::pool;
use crate::sync::Seldom;
use crate::time::{Due, Entry};

/// Among so many is picked.
const WINDOW: usize = 64;

/// After so many steps for others the strand that has been ready longest is picked.
const MOST_PASSED: usize = 64;

/// After how many operations a strand gives way: one of these.
const BUDGETS: [u32; 8] = [1, 1, 2, 3, 5, 16, 64, 512];

/// How much time one step takes.
const STEP: Duration = Duration::from_micros(1);

/// What `AXUM_SCHED` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    /// The signature is written to the standard error at the end.
    pub(crate) signs: bool,
}

impl Plan {
    /// Reads `seed:7` or `seed:7,signature`.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (seed, signs) = match text.strip_suffix(",signature") {
            Some(seed) => (seed, true),
            None => (text, false),
        };
        Some(Self { seed: seed.strip_prefix("seed:")?.parse().ok()?, signs })
    }
}

/// The state of the one thread that runs everything.
#[derive(Debug)]
pub(crate) struct Systematic {
    plan: Plan,
    state: Seldom<State>,
}

#[derive(Debug)]
struct State {
    /// Of the generator.
    bits: u64,
    /// In the order in which they became ready.
    ready: VecDeque<Runnable>,
    /// How often the first of them was passed over.
    n_passed: usize,
    alarms: BinaryHeap<Reverse<Due>>,
    n_alarms: u64,
    n_steps: u64,
    signature: u64,
}

impl State {
    /// A number below `n`: Marsaglia's xorshift64, "Xorshift RNGs" (2003), with the better half of a product.
    fn below(&mut self, n: usize) -> usize {
        self.bits ^= self.bits << 13;
        self.bits ^= self.bits >> 7;
        self.bits ^= self.bits << 17;
        let mixed = self.bits.wrapping_mul(0x2545_F491_4F6C_DD1D);
        ((u128::from(mixed) * n as u128) >> 64) as usize
    }

    /// The strand that runs next, and its budget.
    fn pick(&mut self) -> Option<(Runnable, u32)> {
        let n_ready = self.ready.len();
        let index = match n_ready {
            0 => return None,
            _ if self.n_passed >= MOST_PASSED => 0,
            _ => self.below(n_ready.min(WINDOW)),
        };
        self.n_passed = if index == 0 { 0 } else { self.n_passed + 1 };
        let strand = self.ready.remove(index)?;
        let budget = BUDGETS[self.below(BUDGETS.len())];
        self.n_steps += 1;
        for what in [index as u64, n_ready as u64, budget.into()] {
            self.sign(what);
        }
        strand.name().bytes().for_each(|byte| self.sign(byte.into()));
        Some((strand, budget))
    }

    /// FNV-1a, a word at a time.
    fn sign(&mut self, what: u64) {
        self.signature = (self.signature ^ what).wrapping_mul(0x0100_0000_01B3);
    }
}

impl Systematic {
    pub(super) fn new(plan: Plan) -> Self {
        clock::make_virtual();
        // Seeds that are near each other begin far from each other; 0 would stay 0.
        let bits = (plan.seed.wrapping_add(1)).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let state = State {
            bits,
            ready: VecDeque::new(),
            n_passed: 0,
            alarms: BinaryHeap::new(),
            n_alarms: 0,
            n_steps: 0,
            signature: 0xCBF2_9CE4_8422_2325,
        };
        Self { plan, state: Seldom::new(state) }
    }

    pub(super) fn put(&self, strand: Runnable) {
        self.state.with(|state| state.ready.push_back(strand));
    }

    /// `entry` rings at `at`.
    pub(crate) fn set_alarm(&self, at: Instant, entry: Arc<Entry>) {
        self.state.with(|state| {
            state.n_alarms += 1;
            let number = state.n_alarms;
            state.alarms.push(Reverse(Due { at, number, entry }));
        });
    }

    /// The next alarm that is due by now, or if `late` is right, the next one at all: then it is as late as
    /// that.
    fn next_alarm(&self, late: bool) -> Option<Due> {
        self.state.with(|state| {
            loop {
                let Reverse(next) = state.alarms.peek()?;
                let is_over = !next.entry.is_waiting();
                if !is_over && !late && next.at > clock::now() {
                    return None;
                }
                let Reverse(due) = state.alarms.pop()?;
                if !is_over {
                    clock::advance(due.at);
                    return Some(due);
                }
            }
        })
    }

    fn ring(&self, due: Due) {
        if let Some(period) = due.entry.ring() {
            self.set_alarm(due.at + period, due.entry);
        }
    }

    /// What is written at the end.
    pub(super) fn signature(&self) -> Option<String> {
        self.plan.signs.then(|| {
            self.state.with(|state| {
                let (seed, n_steps) = (self.plan.seed, state.n_steps);
                format!(
                    "seed {seed}: {n_steps} steps, signature {:016x}",
                    state.signature
                )
            })
        })
    }
}

/// The loop of the thread that runs everything.
pub(super) fn run(scheduler: &'static Scheduler, systematic: &'static Systematic) {
    scheduler.idle.enlist(0);
    current::adopt(scheduler, None);
    current::seed(systematic.plan.seed);
    pool::adopt();
    scheduler.idle.start_searching();
    guarded(|| {
        while !scheduler.is_stopping() {
            while let Some(due) = systematic.next_alarm(false) {
                systematic.ring(due);
            }
            let picked = systematic.state.with(State::pick);
            let Some((strand, budget)) = picked else {
                rest(scheduler, systematic);
                continue;
            };
            current::set_budget(budget);
            if let Some(strand) = strand.run() {
                systematic.put(strand);
            }
            clock::advance(clock::now() + STEP);
        }
    });
}

/// Nothing is ready: this is the end, or the next alarm rings, or something outside is still at work.
fn rest(scheduler: &'static Scheduler, systematic: &'static Systematic) {
    let Some(dozing) = scheduler.idle.doze(0) else { return };
    let looked = scheduler.look_for_quiescence(dozing);
    if let Looked::Sleep = looked
        && !scheduler.is_stopping()
        && systematic.state.with(|state| state.ready.is_empty())
    {
        match systematic.next_alarm(true) {
            Some(due) => {
                scheduler.idle.rouse(0);
                systematic.ring(due);
            }
            None => scheduler.idle.park(0),
        }
        return;
    }
    scheduler.idle.rouse(0);
    if let Looked::Wake(activities) = looked {
        activities.into_iter().for_each(ActivityRef::run_again);
    }
}
