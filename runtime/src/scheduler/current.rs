//! What a thread is doing now: which worker it is, which strand and activity it runs.
//! It keeps nothing beyond the poll of an activity.

use std::cell::{Cell, RefCell};
use std::mem::ManuallyDrop;
use std::sync::Arc;
use std::task::{Wake, Waker};

use super::Scheduler;
use super::block::ActivityRef;
use super::living::{Here, List};
use super::local::Own;
pub(crate) use super::runner::Lent;
use super::runner::{Runs, kept};
use super::strand::{Strand, StrandRef};
pub(crate) use super::waiting::{HoldsBack, Waiting};
use super::waits::Place;
use crate::domain::admission::On;
use crate::domain::held;
use crate::value::Exception;

/// How many operations (suspensions and sends) an activity may complete before the next suspension at
/// which others get their turn.
const BUDGET: u64 = 512;

/// All that a thread keeps, in one place, so that an operation finds it once.
struct Now {
    scheduler: Cell<Option<&'static Scheduler>>,
    worker: Cell<Option<usize>>,
    own: Cell<Option<Own>>,
    /// The agents that were made here, if this thread is a worker.
    list: RefCell<List>,
    runs: Runs,
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
}

thread_local! {
    /// Never dropped, so that no use of it has to ask whether it was: a worker lives as long as the
    /// program, and another thread has nothing in here that has to be dropped when it ends.
    static NOW: ManuallyDrop<Now> = const {
        ManuallyDrop::new(Now {
            scheduler: Cell::new(None),
            worker: Cell::new(None),
            own: Cell::new(None),
            list: RefCell::new(List::new()),
            runs: Runs::nothing(),
            budget: Cell::new(BUDGET),
            n_done: Cell::new(0),
            limit: Cell::new(0),
            straight_left: Cell::new(0),
            left: Cell::new(0),
            seed: Cell::new(0x9E37_79B9),
        })
    };
}

#[inline(always)]
fn now<R>(body: impl FnOnce(&Now) -> R) -> R {
    kept(&NOW, body)
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
        now.worker.set(worker);
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
    now(|now| now.seed.set(folded.wrapping_mul(0x9E37_79B9) | 1));
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
    now(|now| body(now.worker.get().map(|worker| Here { worker, list: &now.list })))
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
#[inline]
pub(crate) fn on() -> Option<On> {
    now(|now| {
        let (worker, scheduler) = (now.worker.get()?, now.scheduler.get()?);
        Some(On { worker, n_workers: scheduler.n_workers() })
    })
}

/// Whether this thread is a worker.
pub(crate) fn is_worker() -> bool {
    now(|now| now.worker.get().is_some())
}

/// A number below `n`, for fairness; a cheap generator is enough.
#[inline]
pub(crate) fn random(n: usize) -> usize {
    now(|now| {
        let mut seed = now.seed.get();
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        now.seed.set(seed);
        // Its part of the whole range, which costs less than a remainder; `n` is small.
        ((u64::from(seed) * n as u64) >> 32) as usize
    })
}

/// The strand that runs on this thread.
pub(crate) fn strand() -> Option<StrandRef> {
    with_runs(Runs::handle)
}

/// Whether `strand` runs on this thread.
#[inline]
pub(crate) fn is_on(strand: &Strand) -> bool {
    with_runs(|runs| runs.is(strand))
}

/// Whether the strand runs on this thread right behind which there is what is at this address.
#[inline]
pub(crate) fn is_on_before(address: usize) -> bool {
    with_runs(|runs| runs.address() + size_of::<Strand>() == address)
}

/// The thread runs `strand` from now on, and keeps it until [`end_strand`].
#[inline(always)]
pub(super) fn begin_strand(strand: StrandRef) -> ManuallyDrop<StrandRef> {
    with_runs(|runs| runs.begin(strand))
}

/// The counterpart of [`begin_strand`].
#[inline(always)]
pub(super) fn end_strand(strand: ManuallyDrop<StrandRef>) -> StrandRef {
    with_runs(|runs| runs.end(strand))
}

/// What [`begin_strand`] gave to code that a panic has ended.
pub(super) fn running() -> Option<ManuallyDrop<StrandRef>> {
    with_runs(Runs::left_over)
}

/// Runs `body` as code of `strand`.
pub(super) fn with_strand<R>(strand: &StrandRef, body: impl FnOnce() -> R) -> R {
    /// Sets back the strand before, also when a panic goes through.
    struct Before(*const Strand);

    impl Drop for Before {
        fn drop(&mut self) {
            with_runs(|runs| runs.set_back(self.0));
        }
    }

    let _before = Before(with_runs(|runs| runs.replace(strand)));
    body()
}

/// Begins the poll of an activity, whose future is there.
#[inline(always)]
pub(super) fn begin_poll(activity: &ActivityRef) {
    now(|now| {
        now.runs.begin_poll(activity);
        now.limit.set(now.n_done.get() + now.budget.get());
    });
}

/// It waits only so that others get their turn.
const YIELDED: u8 = 1;
/// It goes on before any other of its strand does.
const ALONE: u8 = 2;
/// The thread holds turns.
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

/// Ends the poll of an activity: turns end, and its waiting state is its own again.
#[inline(always)]
pub(super) fn end_poll() -> Left {
    now(|now| {
        now.runs.end_poll();
        match now.left.get() {
            0 => Left(0),
            _ => end_poll_with_more(),
        }
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

/// Whether this thread holds a turn.
#[inline(always)]
pub(crate) fn holds_turn() -> bool {
    now(|now| now.left.get() & TURNS != 0)
}

/// The activity goes on before any other of its strand does.
pub(crate) fn wait_alone() {
    now(|now| now.set_left(ALONE, true));
}

/// The waiting state of the activity that is being polled, if nobody has it.
#[inline(always)]
fn lend() -> Option<Lent> {
    with_runs(Runs::lend)
}

/// The waiting state of the activity that is being polled.
#[inline]
pub(crate) fn with_waiting<R>(body: impl FnOnce(&mut Lent) -> R) -> R {
    match lend() {
        Some(mut waiting) => body(&mut waiting),
        None => panic!("a suspending operation is used outside of an agent"),
    }
}

/// The activity that is being polled has sent more than `by` has room for. Threads outside of agents
/// are never held back.
pub(crate) fn hold_back(by: Arc<dyn HoldsBack>) {
    if let Some(mut waiting) = lend() {
        waiting.hold_back(by);
    }
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
fn has_room(waiting: &mut Lent, at: Option<Place>) -> bool {
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

/// Begins a suspension, if it `is_new`, and gives the waiting state, until the end of what the caller does at
/// once. `None` if something is in its way: turns to end, others that are to have theirs, or what holds the
/// activity back. Then nothing has happened, and [`begin_suspension`] and [`is_free`] see to it.
#[inline(always)]
pub(crate) fn suspend_freely(is_new: bool) -> Option<Lent> {
    let waiting = lend()?;
    let is_free = !is_new
        || now(|now| {
            let is_free = now.has_breath() && !holds_turn() && !waiting.is_held_back();
            if is_free {
                now.count(1);
            }
            is_free
        });
    is_free.then_some(waiting)
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
    now(|now| !now.has_breath() && !holds_turn())
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

/// What makes the activity that is being polled run again, for those who know nothing of activities.
pub(crate) fn waker() -> Waker {
    struct Waking(ActivityRef);

    impl Wake for Waking {
        fn wake(self: Arc<Self>) {
            self.0.run_again_by_ref();
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
    with_runs(|runs| runs.with(Strand::is_alone)).unwrap_or(false)
}
