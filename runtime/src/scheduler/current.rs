//! What a thread is doing now: which worker it is, which strand and activity it runs, which turns it holds.
//! It keeps nothing beyond the poll of an activity.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use super::Scheduler;
use super::strand::Strand;
use super::waits::{Asked, Noted, Origin, Place, WaitPlace, What};
use crate::mailbox::waiters::WaitPool;
use crate::port::outlook::Outlook;
use crate::value::Exception;

/// How many suspension operations an activity may complete in one poll before others get their turn.
const BUDGET: u32 = 256;

thread_local! {
    static SCHEDULER: Cell<Option<&'static Scheduler>> = const { Cell::new(None) };
    static WORKER: Cell<Option<usize>> = const { Cell::new(None) };
    static STRAND: RefCell<Option<Arc<Strand>>> = const { RefCell::new(None) };
    static WAITING: RefCell<Option<Waiting>> = const { RefCell::new(None) };
    static BUDGET_LEFT: Cell<u32> = const { Cell::new(0) };
    static SEED: Cell<u32> = const { Cell::new(0x9E37_79B9) };
    static ALONE: Cell<bool> = const { Cell::new(false) };
    static TURNS: RefCell<Vec<HeldTurn>> = const { RefCell::new(Vec::new()) };
}

/// The waiting state of an activity: its own between polls, the thread's during one.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub(crate) pool: WaitPool,
    /// Set when a poll ends in a wait of the program's own (not in one of a network's links).
    pub(crate) noted: Option<Noted>,
    /// The program was at rest, and the wait in vain: it throws this.
    pub(crate) verdict: Option<Exception>,
    /// Full lines that the activity has sent to: it waits for room before it goes on (decision 63).
    pub(crate) held_back: Vec<Arc<dyn HoldsBack>>,
}

impl Waiting {
    /// Where the activity on `strand` waits, and what for.
    ///
    /// # Safety
    /// The activity is suspended since its last poll.
    pub(super) unsafe fn place(
        &self,
        strand: &Strand,
    ) -> Option<(WaitPlace, Vec<Origin>, Outlook)> {
        match self.noted.as_ref()? {
            Noted::HeldBack(at) => {
                let origin = self.held_back.first()?.what().into();
                let place = WaitPlace { at, origin, serving: false };
                Some((place, Vec::new(), Outlook::Free))
            }
            // SAFETY: the caller says so.
            Noted::Asked(asked) => unsafe { asked.place(strand) },
        }
    }
}

/// Something that holds senders back.
pub(crate) trait HoldsBack: Send + Sync + std::fmt::Debug {
    /// Whether there is room; if not, the owner of `pool` is woken when there is.
    fn poll(&self, pool: &mut WaitPool) -> bool;

    /// For reports.
    fn what(&self) -> What;
}

/// Something that grants turns, such as a domain.
pub(crate) trait GrantsTurns: Send + Sync {
    fn end_turn(&self, writes: bool);
}

/// A turn that this thread holds during the poll of an activity.
pub(crate) struct HeldTurn {
    pub(crate) of: Arc<dyn GrantsTurns>,
    pub(crate) writes: bool,
    /// How many readers use the state now, or -1 for a writer.
    pub(crate) uses: isize,
}

/// The thread works for `scheduler` from now on.
pub(crate) fn adopt(scheduler: &'static Scheduler, worker: Option<usize>) {
    SCHEDULER.set(Some(scheduler));
    WORKER.set(worker);
    SEED.set(0x9E37_79B9_u32.wrapping_mul(worker.map_or(1, |n| n as u32 + 2)) | 1);
}

/// The scheduler of this thread. Only code of a running program asks for it.
pub(crate) fn scheduler() -> &'static Scheduler {
    match SCHEDULER.get() {
        Some(scheduler) => scheduler,
        None => panic!("axum-rt is used outside of a running program"),
    }
}

/// The number of the worker that this thread is, if it works for `scheduler`.
pub(crate) fn worker_of(scheduler: &'static Scheduler) -> Option<usize> {
    let ours = SCHEDULER.get().is_some_and(|ours| std::ptr::eq(ours, scheduler));
    if ours { WORKER.get() } else { None }
}

/// Whether this thread is a worker.
pub(crate) fn is_worker() -> bool {
    WORKER.get().is_some()
}

/// A number below `n`, for fairness; a cheap generator is enough.
pub(crate) fn random(n: usize) -> usize {
    let mut seed = SEED.get();
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    SEED.set(seed);
    seed as usize % n.max(1)
}

/// The strand that runs on this thread.
pub(crate) fn strand() -> Option<Arc<Strand>> {
    STRAND.with_borrow(Clone::clone)
}

/// Whether `strand` runs on this thread.
pub(crate) fn is_on(strand: &Strand) -> bool {
    STRAND.with_borrow(|now| {
        now.as_ref().is_some_and(|now| std::ptr::eq(Arc::as_ptr(now), strand))
    })
}

/// Sets the strand for the time of its slice, or none after it; gives the one before.
pub(super) fn set_strand(strand: Option<Arc<Strand>>) -> Option<Arc<Strand>> {
    STRAND.replace(strand)
}

/// Begins the poll of an activity.
pub(super) fn begin_poll(mut waiting: Waiting) {
    waiting.noted = None;
    WAITING.set(Some(waiting));
    BUDGET_LEFT.set(BUDGET);
}

/// Ends the poll of an activity: turns end, and its waiting state is its own again. Also tells whether
/// it waits alone.
pub(super) fn end_poll() -> (Option<Waiting>, bool) {
    end_turns();
    (WAITING.take(), ALONE.take())
}

/// The activity goes on before any other of its strand does.
pub(crate) fn wait_alone() {
    ALONE.set(true);
}

/// The waiting state of the activity that is being polled.
pub(crate) fn with_waiting<R>(body: impl FnOnce(&mut Waiting) -> R) -> R {
    WAITING.with_borrow_mut(|waiting| match waiting {
        Some(waiting) => body(waiting),
        None => panic!("a suspending operation is used outside of an agent"),
    })
}

/// The activity that is being polled has sent more than `by` has room for. Threads outside of agents
/// are never held back.
pub(crate) fn hold_back(by: Arc<dyn HoldsBack>) {
    WAITING.with_borrow_mut(|waiting| {
        if let Some(waiting) = waiting {
            waiting.held_back.push(by);
        }
    });
}

/// Whether nothing holds the activity back; if something does, it is woken when there is room.
/// `at` is the place in the program where it waits then, if it is the program's.
pub(crate) fn is_free(at: Option<Place>) -> bool {
    with_waiting(|waiting| {
        if waiting.held_back.is_empty() {
            return true;
        }
        waiting.pool.begin();
        let mut held_back = std::mem::take(&mut waiting.held_back);
        held_back.retain(|by| !by.poll(&mut waiting.pool));
        waiting.held_back = held_back;
        if let (Some(at), false) = (at, waiting.held_back.is_empty()) {
            waiting.noted = Some(Noted::HeldBack(at));
        }
        waiting.held_back.is_empty()
    })
}

/// Notes where the activity waits.
pub(crate) fn note(asked: Asked) {
    with_waiting(|waiting| waiting.noted = Some(Noted::Asked(asked)));
}

/// What the wait at which the activity was woken throws, because the program was at rest.
pub(crate) fn verdict() -> Option<Exception> {
    with_waiting(|waiting| waiting.verdict.take())
}

/// Whether nobody but the activity that is being polled can have what its agent has.
pub(crate) fn is_alone() -> bool {
    STRAND.with_borrow(|strand| strand.as_ref().is_some_and(|it| it.is_alone()))
}

/// One suspension operation more; `false` when others are to have their turn first.
pub(crate) fn spend() -> bool {
    let left = BUDGET_LEFT.get();
    BUDGET_LEFT.set(left.saturating_sub(1));
    left > 0
}

/// Takes part in a turn for the rest of this poll.
pub(crate) fn hold_turn(of: Arc<dyn GrantsTurns>, writes: bool) {
    TURNS.with_borrow_mut(|turns| turns.push(HeldTurn { of, writes, uses: 0 }));
}

/// Ends all turns that this thread holds.
pub(crate) fn end_turns() {
    let turns = TURNS.with_borrow_mut(std::mem::take);
    // Innermost first.
    for turn in turns.into_iter().rev() {
        turn.of.end_turn(turn.writes);
    }
}

/// Ends the turn of `of` only.
pub(crate) fn end_turn_of(of: *const ()) {
    let turn = TURNS.with_borrow_mut(|turns| {
        let index =
            turns.iter().rposition(|turn| Arc::as_ptr(&turn.of).cast::<()>() == of)?;
        Some(turns.remove(index))
    });
    if let Some(turn) = turn {
        turn.of.end_turn(turn.writes);
    }
}

/// The turn of `of` that this thread holds, if any.
pub(crate) fn with_turn_of<R>(
    of: *const (),
    body: impl FnOnce(Option<&mut HeldTurn>) -> R,
) -> R {
    TURNS.with_borrow_mut(|turns| {
        body(turns.iter_mut().rfind(|turn| Arc::as_ptr(&turn.of).cast::<()>() == of))
    })
}
