//! What a thread is doing now: which worker it is, which strand and activity it runs.
//! It keeps nothing beyond the poll of an activity.

use std::cell::{Cell, RefCell};
use std::mem::ManuallyDrop;
use std::sync::Arc;
use std::task::{Poll, Wake, Waker};

use super::Scheduler;
use super::handle::ActivityRef;
use super::living::{Here, List};
use super::local::Own;
use super::runner::Runnable;
use super::runs::Runs;
use super::strand::{Strand, StrandRef};
pub(crate) use super::waiting::{HoldsBack, Lent, Waiting};
use super::waits::Place;
use crate::domain::admission::On;
use crate::domain::held;
use crate::value::{Exception, Result};

/// How many operations (suspensions and sends) an activity may complete before the next suspension at
/// which others get their turn.
const BUDGET: u64 = 512;

/// All that a thread keeps, in one place, so that an operation finds it once.
struct Now {
    scheduler: Cell<Option<&'static Scheduler>>,
    /// Which worker this thread is, if it is one.
    on: Cell<Option<On>>,
    own: Cell<Option<Own>>,
    /// The agents that were made here, if this thread is a worker.
    list: RefCell<List>,
    runs: Runs,
    left_over: Cell<Option<Runnable>>,
    budget: Cell<u64>,
    /// How many operations were done on this thread.
    n_done: Cell<u64>,
    /// Others get their turn when so many are done. It may be exceeded: sends go on.
    limit: Cell<u64>,
    /// How many strands the worker takes from its queue before it looks around.
    straight_left: Cell<u32>,
    /// What is to be seen to after a poll, as bits.
    left: Cell<u8>,
    seed: Cell<u32>,
    start: Cell<Start>,
    /// For how many choices a start is that of another one, too.
    most_starts: Cell<u32>,
}

/// Where choices begin.
#[derive(Clone, Copy)]
struct Start {
    at: u32,
    /// For so many more.
    n_left: u32,
}

const MOST_STARTS: u32 = 3;

thread_local! {
    /// Never dropped, so that no use of it has to ask whether it was: a worker lives as long as the
    /// program, and another thread has nothing in here that has to be dropped when it ends.
    static NOW: ManuallyDrop<Now> = const {
        ManuallyDrop::new(Now {
            scheduler: Cell::new(None),
            on: Cell::new(None),
            own: Cell::new(None),
            list: RefCell::new(List::new()),
            runs: Runs::nothing(),
            left_over: Cell::new(None),
            budget: Cell::new(BUDGET),
            n_done: Cell::new(0),
            limit: Cell::new(0),
            straight_left: Cell::new(0),
            left: Cell::new(0),
            seed: Cell::new(0x9E37_79B9),
            start: Cell::new(Start { at: 0, n_left: 0 }),
            most_starts: Cell::new(MOST_STARTS),
        })
    };
}

#[inline(always)]
fn now<R>(body: impl FnOnce(&Now) -> R) -> R {
    NOW.with(|now| body(now))
}

/// What this thread runs.
#[inline(always)]
pub(super) fn with_runs<R>(body: impl FnOnce(&Runs) -> R) -> R {
    now(|now| body(&now.runs))
}

/// The thread works for `scheduler` from now on.
pub(crate) fn adopt(scheduler: &'static Scheduler, worker: Option<(usize, Own)>) {
    let (worker, own) = worker.unzip();
    now(|now| {
        now.own.set(own);
        now.scheduler.set(Some(scheduler));
        let n_workers = scheduler.n_workers() as u32;
        now.on.set(worker.map(|worker| On { worker: worker as u32, n_workers }));
        let seed = 0x9E37_79B9_u32.wrapping_mul(worker.map_or(1, |n| n as u32 + 2)) | 1;
        now.seed.set(seed);
    });
}

/// Polls on this thread get another budget from now on.
pub(super) fn set_budget(budget: u32) {
    now(|now| now.budget.set(budget.into()));
}

/// What is chosen on this thread follows from `seed`.
pub(super) fn seed(seed: u64) {
    let folded = (seed ^ (seed >> 32)) as u32;
    now(|now| {
        now.seed.set(folded.wrapping_mul(0x9E37_79B9) | 1);
        now.most_starts.set(0);
    });
}

/// The scheduler of this thread. Only code of a running program asks for it.
pub(crate) fn scheduler() -> &'static Scheduler {
    match now(|now| now.scheduler.get()) {
        Some(scheduler) => scheduler,
        None => panic!("axum-rt is used outside of a running program"),
    }
}

/// Works with the list of agents of the worker that this thread is.
pub(super) fn with_list(body: impl FnOnce(Here<'_>)) {
    with_here(|here| here.map(body));
}

/// The worker that this thread is, and its list of agents.
#[inline]
pub(crate) fn with_here<R>(body: impl FnOnce(Option<Here<'_>>) -> R) -> R {
    now(|now| {
        let here = |on: On| Here { worker: on.worker as usize, list: &now.list };
        body(now.on.get().map(here))
    })
}

/// The strands of the worker that this thread is.
#[inline(always)]
pub(super) fn own() -> Option<Own> {
    now(|now| now.own.get())
}

/// Counts a strand that the worker takes from its queue; `false` if it is to look around instead.
#[inline(always)]
pub(super) fn goes_straight() -> bool {
    now(|now| {
        let Some(left) = now.straight_left.get().checked_sub(1) else { return false };
        now.straight_left.set(left);
        true
    })
}

/// The worker looks around after `n` strands.
pub(super) fn go_straight(n: u32) {
    now(|now| now.straight_left.set(n));
}

/// The worker of this thread, if it is one, looks around before it goes on.
pub(super) fn look_around() {
    now(|now| now.straight_left.set(0));
}

/// How many operations (suspensions and sends) were done on this thread.
pub(super) fn n_done() -> u64 {
    now(|now| now.n_done.get())
}

/// How many strands the worker would take before it looks around.
pub(super) fn straight_left() -> u32 {
    now(|now| now.straight_left.get())
}

/// Where this thread enters domains, if it is a worker.
#[inline(always)]
pub(crate) fn on() -> Option<On> {
    now(|now| now.on.get())
}

/// The worker that this thread is, if it is one.
#[inline(always)]
pub(crate) fn worker() -> Option<u32> {
    now(|now| now.on.get().map(|on| on.worker))
}

/// Whether this thread is a worker.
pub(crate) fn is_worker() -> bool {
    on().is_some()
}

/// A number below `n`, for fairness; a cheap generator is enough.
#[inline]
pub(crate) fn random(n: usize) -> usize {
    now(|now| part(draw(now), n))
}

#[inline(always)]
fn draw(now: &Now) -> u32 {
    let mut seed = now.seed.get();
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    now.seed.set(seed);
    seed
}

/// Its part of the whole range, which costs less than a remainder; `n` is small.
#[inline(always)]
fn part(drawn: u32, n: usize) -> usize {
    ((u64::from(drawn) * n as u64) >> 32) as usize
}

/// Where a choice among `n` begins, for fairness: a number that stays the same for some choices, since a processor guesses
/// what follows from it as it was.
#[inline(always)]
pub(crate) fn start(n: usize) -> usize {
    now(|now| {
        let mut start = now.start.get();
        start.n_left = match start.n_left.checked_sub(1) {
            Some(n_left) => n_left,
            None => {
                start.at = draw(now);
                now.most_starts.get()
            }
        };
        now.start.set(start);
        part(start.at, n)
    })
}

/// The strand that runs on this thread.
pub(crate) fn strand() -> Option<StrandRef> {
    Runs::with_strand(Strand::handle)
}

/// Whether `strand` runs on this thread.
#[inline(always)]
pub(crate) fn is_on(strand: &Strand) -> bool {
    Runs::runs(strand)
}

/// A panic goes through the slice of this strand.
#[cold]
pub(super) fn leave_over(strand: Runnable) {
    now(|now| now.left_over.set(Some(strand)));
}

/// The strand whose slice a panic has ended.
pub(super) fn left_over() -> Option<Runnable> {
    now(|now| now.left_over.take())
}

/// How a poll of an activity has ended.
pub(super) enum Polled {
    Pending(Left),
    Ready(Result<()>),
    /// It had ended already.
    Gone,
}

/// Polls an activity of the strand that this thread runs.
#[inline(always)]
pub(super) fn poll(activity: &ActivityRef) -> Polled {
    activity.noted.set(false);
    now(|now| now.limit.set(now.n_done.get() + now.budget.get()));
    let polled = activity.within(
        #[inline(always)]
        || activity.front().poll(),
    );
    match polled {
        Some(Poll::Pending) => Polled::Pending(end_poll()),
        Some(Poll::Ready(outcome)) => {
            end_poll();
            Polled::Ready(outcome)
        }
        None => Polled::Gone,
    }
}

/// It waits only so that others get their turn.
const YIELDED: u8 = 1;
/// It goes on before any other of its strand does.
const ALONE: u8 = 2;
/// The thread holds turns, or keeps one.
const TURNS: u8 = 4;

/// How an activity waits at the end of its poll.
#[derive(Clone, Copy, Debug)]
pub(super) struct Left(u8);

impl Left {
    /// Whether there is nothing to be said of it.
    #[inline(always)]
    pub(super) fn is_plain(self) -> bool {
        self.0 == 0
    }

    /// It goes on before any other of its strand does.
    pub(super) fn alone(self) -> bool {
        self.0 & ALONE != 0
    }

    /// It waits only so that others get their turn.
    #[inline]
    pub(super) fn yielded(self) -> bool {
        self.0 & YIELDED != 0
    }
}

/// The poll of an activity has ended: so do turns.
#[inline(always)]
pub(super) fn end_poll() -> Left {
    now(|now| match now.left.get() {
        0 => Left(0),
        _ => end_poll_with_more(),
    })
}

#[inline(never)]
fn end_poll_with_more() -> Left {
    held::end_turns();
    now(|now| Left(now.left.take()))
}

impl Now {
    #[inline(always)]
    fn has_breath(&self) -> bool {
        self.n_done.get() < self.limit.get()
    }

    #[inline(always)]
    fn count(&self, n: u64) {
        // In centuries it would overflow.
        self.n_done.set(self.n_done.get().wrapping_add(n));
    }

    #[inline(always)]
    fn set_left(&self, bit: u8, is_set: bool) {
        let others = self.left.get() & !bit;
        self.left.set(if is_set { others | bit } else { others });
    }
}

/// Whether this thread holds a turn, from now on.
#[inline]
pub(crate) fn hold_turns(holds: bool) {
    now(|now| now.set_left(TURNS, holds));
}

/// Whether this thread holds turns, or keeps one.
#[inline(always)]
pub(crate) fn has_turns() -> bool {
    now(|now| now.left.get() & TURNS != 0)
}

/// The activity goes on before any other of its strand does.
pub(crate) fn wait_alone() {
    now(|now| now.set_left(ALONE, true));
}

/// Lends the waiting state of the activity that is being polled, if one is.
#[inline(always)]
fn lend<R>(body: impl FnOnce(Lent<'_>) -> R) -> Option<R> {
    // Large bodies are to be inlined where they are called.
    Runs::with_activity(
        #[inline(always)]
        |front| {
            front.with_waiting(
                #[inline(always)]
                |waiting| body(Lent::new(front, waiting)),
            )
        },
    )
}

/// The waiting state of the activity that is being polled.
#[inline]
pub(crate) fn with_waiting<R>(body: impl FnOnce(Lent<'_>) -> R) -> R {
    match lend(body) {
        Some(done) => done,
        None => panic!("a suspending operation is used outside of an agent"),
    }
}

/// The activity that is being polled has sent more than `by` has room for. Threads outside of agents
/// are never held back.
pub(crate) fn hold_back(by: Arc<dyn HoldsBack>) {
    lend(|waiting| waiting.hold_back(by));
}

/// Whether something holds the activity back.
#[inline]
pub(crate) fn is_held_back() -> bool {
    with_waiting(|waiting| waiting.is_held_back())
}

/// Whether nothing holds the activity back; if something does, it is woken when there is room.
/// `at` is the place in the program where it waits then, if it is the program's.
#[inline]
pub(crate) fn is_free(at: Option<Place>) -> bool {
    with_waiting(|waiting| !waiting.is_held_back() || has_room(waiting, at))
}

/// Whether what holds the activity back has room by now; if not, it is woken when there is.
#[cold]
fn has_room(waiting: Lent<'_>, at: Option<Place>) -> bool {
    waiting.pool().begin();
    let mut held_back = waiting.take_held_back();
    held_back.retain(|by| !by.poll(&mut waiting.pool()));
    let has_room = held_back.is_empty();
    waiting.hold_back_again(held_back, at);
    has_room
}

/// Begins a suspension: ends the turns that this thread holds. `false` if others are to have their turn
/// first: then the activity is to be woken and to wait.
#[inline]
pub(crate) fn begin_suspension() -> bool {
    held::end_turns();
    now(|now| {
        let has_breath = now.has_breath();
        now.count(1);
        now.set_left(YIELDED, !has_breath);
        has_breath
    })
}

/// Begins a suspension, if it `is_new`, and does `body` with the waiting state. `None` if something is in its way:
/// turns to end, others that are to have theirs, or what holds the activity back. Then nothing has happened, and
/// [`begin_suspension`] and [`is_free`] see to it.
#[inline(always)]
pub(crate) fn suspend_freely<R>(
    is_new: bool,
    body: impl FnOnce(Lent<'_>) -> R,
) -> Option<R> {
    let suspended = lend(
        #[inline(always)]
        |waiting| {
            if is_new {
                if !has_breath() || has_turns() || waiting.is_held_back() {
                    return None;
                }
                now(|now| now.count(1));
            }
            Some(body(waiting))
        },
    );
    suspended.flatten()
}

/// Whether nothing is in the way of a suspension but turns.
#[inline(always)]
pub(crate) fn may_suspend() -> bool {
    let is_free = Runs::with_activity(|front| {
        front.with_waiting(
            #[inline(always)]
            |waiting| !waiting.is_held_back(),
        )
    });
    is_free == Some(true) && has_breath()
}

/// A suspension that is none but for the turns: they end if they are wanted, and it is counted.
#[inline(always)]
pub(crate) fn suspend() {
    now(|now| now.count(1));
    held::keep_turns();
}

/// The activity that is being polled waits only so that others get their turn.
pub(crate) fn give_way() {
    now(|now| now.set_left(YIELDED, true));
}

/// One send more: it counts as the suspensions do, but never waits.
#[inline]
pub(crate) fn count_send() {
    now(|now| now.count(1));
}

/// Whether the activity has had its budget, and keeps nobody from a turn.
#[inline]
pub(crate) fn is_out_of_breath() -> bool {
    !has_breath() && !held::holds_turn()
}

#[inline(always)]
fn has_breath() -> bool {
    now(Now::has_breath)
}

/// How many operations it counts as to make an agent: those that make them give way while the new ones are
/// in the cache.
const SPAWN_COSTS: u64 = 8;

/// One agent more was made: it counts as several sends.
#[inline]
pub(crate) fn count_spawn() {
    now(|now| now.count(SPAWN_COSTS));
}

/// The activity that is being polled runs again.
#[inline]
pub(crate) fn run_again() {
    with_waiting(|waiting| waiting.run_again());
}

/// What makes the activity that is being polled run again, for those who know nothing of activities. A worker that calls
/// it, to let the activity into a domain, runs it soon.
pub(crate) fn waker() -> Waker {
    struct Waking(ActivityRef);

    impl Wake for Waking {
        fn wake(self: Arc<Self>) {
            self.0.front().run_again_soon();
        }
    }

    Waker::from(Arc::new(Waking(with_waiting(|waiting| waiting.handle()))))
}

/// Notes that the poll ends in a wait of the program's own, at an operation that can be asked.
pub(crate) fn note() {
    with_waiting(|waiting| waiting.note());
}

/// What the wait at which the activity was woken throws, because the program was at rest.
pub(crate) fn verdict() -> Option<Exception> {
    with_waiting(|waiting| waiting.take_verdict())
}

/// Whether nobody but the activity that is being polled can have what its agent has.
pub(crate) fn is_alone() -> bool {
    Runs::with_strand(Strand::is_alone).unwrap_or(false)
}
