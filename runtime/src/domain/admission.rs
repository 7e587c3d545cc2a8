//! Who may use the state of one domain now: any number of readers, or one writer, in the order of coming
//! but for a bounded number of others. It does not hold the state.
//!
//! # The word
//! `n_waiting` in the upper part; in the lower part the number of readers inside that are counted, how often the
//! first of those who wait was passed, `WRITER`, and `FLAGS`.
//! * Entering without waiting is one compare-and-swap. While others wait it passes them: that is counted in the
//!   same step, and at [`MOST_PASS`] the domain is closed to all who do not wait.
//! * Queueing up counts itself in `n_waiting` first, then pushes its ticket, then admits.
//! * Leaving takes itself out of the word, and admits if anybody waits.
//! * To admit is to take the turn at the queue (a gate that is tried) and to look at its head. If the word allows
//!   it, the head is *called*: it is woken, and goes in when it runs; so the domain is not kept for one who
//!   does not run yet, while those who do queue up behind. In a closed domain the head is
//!   *granted* its turn: it is inside from then on. Readers that stand together are called, or granted,
//!   together.
//! * Who finds the gate taken marks it contended; who leaves a contended gate admits again. So after the last
//!   change of the word or of the queue somebody always looks at both.
//!
//! # Tickets
//! | state | set by | next |
//! |---|---|---|
//! | queued | its owner | called, being granted, given up |
//! | called | who admits; it wakes the owner | trying, being granted, given up |
//! | trying | its owner, when it is polled | taken; queued, if another is inside again: then it admits, since who left meanwhile has passed over it |
//! | being granted | who admits | granted; queued, if the word does not allow it |
//! | granted, taken | as above | none: the owner is inside |
//! | given up | its owner | none |
//!
//! # Flags
//! A domain into which readers come on several workers has a flag for each of them ([`flags`](super::flags)),
//! and says so in the word, for good. Then a reader raises the flag of its worker, reads the word, and is
//! inside if there is no writer and nobody waits; else it lowers the flag and is counted or queues up. It leaves by
//! lowering the flag, reads the word, and admits if anybody waits. Where the flag is raised already it is counted.
//! * A writer writes the word first (as `WRITER`, or as one that waits), and reads the flags then; these are
//!   all sequentially consistent. So either it sees the flag, or the reader sees the writer, at both ends.
//! * Whether there are flags stands in the same word: a writer that has not seen `FLAGS` wrote the word before,
//!   so that those who see `FLAGS` see the writer.
//! * A writer that came in without waiting and sees a flag goes out again and queues up. One that waits goes in
//!   only while no flag is raised; who lowers one later admits.

use std::sync::Arc;
use std::task::Waker;

use super::flags::Flags;
use crate::agent::starting::Birth;
use crate::mailbox::queue::{Queue, Turn};
use crate::sync::{AtomicU8, BiasedU64, Ordering};

const WAITING: u64 = 1 << 36;
const WRITER: u64 = 1 << 35;
/// There are flags.
const FLAGS: u64 = 1 << 34;
/// One has passed those who wait.
const PASSED: u64 = 1 << 24;
const PASSES: u64 = FLAGS - PASSED;
const READER: u64 = 1;
const READERS: u64 = PASSED - 1;

/// So many may enter before the first of those who wait.
pub(super) const MOST_PASS: u64 = if cfg!(loom) { 1 } else { 32 };

/// So many readers are called at once; when one goes in, others are.
const MOST_CALLED: usize = 8;

/// Another is inside for less than a microsecond mostly, and cannot wait there: so often one looks whether
/// it has left before one queues up.
const N_LOOKS: usize = if cfg!(loom) { 0 } else { 24 };

/// So many pauses lie between two looks, some hundred nanoseconds: who is inside mostly comes again soon, and each look
/// takes the word's line of the cache away from it.
const APART: usize = 8;

/// The admission of one domain.
#[derive(Debug)]
pub(crate) struct Admission {
    word: BiasedU64,
    flags: Flags,
    queue: Queue<Arc<Ticket>>,
    /// Whether the domain is being made.
    pub(crate) birth: Birth,
}

/// How somebody is inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Writer,
    /// In the number of the word.
    Counted,
    /// By the flag of a worker.
    Flagged(u32),
}

impl Way {
    pub(super) fn writes(self) -> bool {
        self == Self::Writer
    }
}

/// A worker of the program, on whose thread one enters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct On {
    pub(crate) worker: u32,
    pub(crate) n_workers: u32,
}

/// One who waits to enter.
#[derive(Debug)]
pub(crate) struct Ticket {
    state: AtomicU8,
    writes: bool,
    waker: Waker,
}

const QUEUED: u8 = 0;
const CALLED: u8 = 1;
const TRYING: u8 = 2;
const GRANTING: u8 = 3;
const GRANTED: u8 = 4;
const TAKEN: u8 = 5;
const GIVEN_UP: u8 = 6;

impl Ticket {
    pub(crate) fn new(writes: bool, waker: Waker) -> Arc<Self> {
        Arc::new(Self { state: AtomicU8::new(QUEUED), writes, waker })
    }

    /// What others did before they set it is seen.
    fn state(&self) -> u8 {
        self.state.load(Ordering::Acquire)
    }

    #[cfg(all(test, not(loom)))]
    pub(crate) fn is_granted(&self) -> bool {
        self.state() == GRANTED
    }

    #[cfg(all(test, not(loom)))]
    pub(crate) fn is_called(&self) -> bool {
        self.state() == CALLED
    }

    /// How it is inside once it is granted.
    pub(crate) fn way(&self) -> Way {
        if self.writes { Way::Writer } else { Way::Counted }
    }

    /// Leaves the state `from`, if it is that; `true` for the one who did it.
    fn change(&self, from: u8, to: u8) -> bool {
        self.state.compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }
}

/// What an entry adds to the word.
fn share(writes: bool) -> u64 {
    if writes { WRITER } else { READER }
}

#[inline]
fn allows(word: u64, writes: bool) -> bool {
    if writes { word & (WRITER | READERS) == 0 } else { word & WRITER == 0 }
}

/// Those who wait have been passed often enough.
#[inline]
fn is_closed(word: u64) -> bool {
    word >= WAITING && word & PASSES >= MOST_PASS * PASSED
}

/// Whether one who does not wait may enter.
#[inline]
fn is_open(word: u64, writes: bool) -> bool {
    allows(word, writes) && !is_closed(word)
}

/// The word when one who does not wait has entered.
#[inline]
fn entered(word: u64, writes: bool) -> u64 {
    word + share(writes) + if word >= WAITING { PASSED } else { 0 }
}

impl Admission {
    pub(crate) fn new() -> Self {
        Self {
            word: BiasedU64::new(0),
            flags: Flags::new(),
            queue: Queue::new(),
            birth: Birth::new(),
        }
    }

    /// Enters if nobody is in the way but readers that are counted, and nothing else is to be done.
    #[inline(always)]
    pub(super) fn try_quickly(&self, writes: bool, worker: Option<u32>) -> Option<Way> {
        // Acquire pairs with the release in `make_flags`.
        let word = self.word.load(Ordering::Acquire);
        let is_plain = match writes {
            true => word == 0,
            false => word <= READERS && worker.is_none_or(|it| self.flags.was_last(it)),
        };
        // Acquire pairs with the release in `leave`.
        if !is_plain || self.change_weakly(word, word + share(writes)).is_err() {
            return None;
        }
        Some(if writes { Way::Writer } else { Way::Counted })
    }

    /// Enters if nobody is in the way, and those who wait can be passed. `on` tells where one enters.
    #[inline]
    pub(crate) fn try_enter(&self, writes: bool, on: Option<On>) -> Option<Way> {
        match self.try_quickly(writes, on.map(|on| on.worker)) {
            None => self.try_slowly(writes, on),
            entered => entered,
        }
    }

    /// Acquire pairs with the release in `leave`.
    fn change(&self, from: u64, to: u64) -> Result<u64, u64> {
        self.word.compare_exchange(from, to, Ordering::SeqCst, Ordering::Relaxed)
    }

    #[inline(always)]
    fn change_weakly(&self, from: u64, to: u64) -> Result<u64, u64> {
        self.word.compare_exchange_weak(from, to, Ordering::SeqCst, Ordering::Relaxed)
    }

    /// A reader was counted.
    fn counted(&self, on: Option<On>) -> Way {
        if let Some(on) = on
            && !self.flags.was_last(on.worker)
            && self.flags.moved_to(on.worker)
        {
            self.make_flags(on.n_workers);
        }
        Way::Counted
    }

    #[inline(never)]
    fn try_slowly(&self, writes: bool, on: Option<On>) -> Option<Way> {
        let word = self.word.load(Ordering::Acquire);
        if is_open(word, writes)
            && let Some(way) = self.enter_at(word, writes, on)
        {
            return Some(way);
        }
        self.look_again(writes, on?)
    }

    fn enter_at(&self, mut word: u64, writes: bool, on: Option<On>) -> Option<Way> {
        let may_flag = !writes && word & FLAGS != 0 && word < WAITING;
        if let Some(on) = on
            && may_flag
            && self.flags.raise(on.worker)
        {
            return self.go_in_flagged(on.worker);
        }
        while let Err(now) = self.change(word, entered(word, writes)) {
            if !is_open(now, writes) {
                return None;
            }
            word = now;
        }
        match writes {
            true if word & FLAGS != 0 => self.has_left().then_some(Way::Writer),
            true => Some(Way::Writer),
            false => Some(self.counted(on)),
        }
    }

    /// As `try_enter`, where one was in the way.
    #[cold]
    #[inline(never)]
    fn look_again(&self, writes: bool, on: On) -> Option<Way> {
        // With one worker nobody leaves meanwhile.
        if on.n_workers == 1 {
            return None;
        }
        for _ in 0..N_LOOKS {
            (0..APART).for_each(|_| std::hint::spin_loop());
            let word = self.word.load(Ordering::Acquire);
            if is_closed(word) {
                break;
            }
            if is_open(word, writes)
                && let Some(way) = self.enter_at(word, writes, Some(on))
            {
                return Some(way);
            }
        }
        None
    }

    /// For a writer that has just come in: whether no reader is there. If one is, the writer goes out again.
    fn has_left(&self) -> bool {
        for _ in 0..=N_LOOKS {
            if !self.flags.any() {
                return true;
            }
            std::hint::spin_loop();
        }
        self.leave(Way::Writer);
        false
    }

    /// For a reader that has just raised the flag of `worker`: it lowers it again if it may not enter.
    #[inline]
    fn go_in_flagged(&self, worker: u32) -> Option<Way> {
        // Acquire pairs with the release in `leave`.
        let word = self.word.load(Ordering::SeqCst);
        if word < WAITING && allows(word, false) {
            return Some(Way::Flagged(worker));
        }
        // A writer may have seen the flag.
        self.leave(Way::Flagged(worker));
        None
    }

    /// From now on readers need not write the word.
    #[cold]
    pub(super) fn make_flags(&self, n_workers: u32) {
        self.flags.make(n_workers);
        // Release: who sees this sees the flags.
        self.word.fetch_or(FLAGS, Ordering::SeqCst);
    }

    /// Waits in the queue.
    pub(crate) fn queue_up(&self, ticket: Arc<Ticket>) {
        self.word.fetch_add(WAITING, Ordering::SeqCst);
        // The queue is never sealed, and never armed.
        let _ = self.queue.push(ticket);
        self.admit();
    }

    /// Enters by a ticket, if it is its turn; if not, its waker is woken when it may be. For its owner.
    pub(crate) fn enter_by(&self, ticket: &Ticket) -> Option<Way> {
        if ticket.change(CALLED, TRYING) {
            let has_entered = (0..=N_LOOKS).any(|look| {
                if look > 0 {
                    std::hint::spin_loop();
                }
                self.take_place(ticket.writes)
            });
            let state = if has_entered { TAKEN } else { QUEUED };
            // Release: who admits sees the word as it was here, or as it became.
            ticket.state.store(state, Ordering::Release);
            // It is in the way of those behind it, or was when somebody left.
            self.admit();
            if has_entered {
                return Some(ticket.way());
            }
        }
        (ticket.state() == GRANTED).then(|| ticket.way())
    }

    /// Whether somebody waits whom one keeps out who is inside, as far as one look can tell.
    #[inline(always)]
    pub(super) fn is_wanted(&self, way: Way) -> bool {
        // Relaxed: if it is seen late, the turn ends late.
        let word = self.word.load(Ordering::Relaxed);
        word >= WAITING || (!way.writes() && word & WRITER != 0)
    }

    /// The turn is over, if nobody waits.
    #[inline(always)]
    pub(super) fn leave_quickly(&self, way: Way) -> bool {
        let share = match way {
            Way::Writer => WRITER,
            Way::Counted => READER,
            Way::Flagged(_) => return false,
        };
        // Relaxed: the exchange sees to it.
        let word = self.word.load(Ordering::Relaxed);
        // Release pairs with the acquire of those who enter.
        word < WAITING && self.change_weakly(word, word - share).is_ok()
    }

    /// The turn is over.
    pub(crate) fn leave(&self, way: Way) {
        // Release pairs with the acquire of those who enter.
        let word = match way {
            Way::Writer => self.word.fetch_sub(WRITER, Ordering::SeqCst),
            Way::Counted => self.word.fetch_sub(READER, Ordering::SeqCst),
            Way::Flagged(worker) => {
                self.flags.lower(worker);
                self.word.load(Ordering::SeqCst)
            }
        };
        if word >= WAITING {
            self.admit();
        }
    }

    /// The owner of the ticket waits no more.
    pub(crate) fn give_up(&self, ticket: &Ticket) {
        loop {
            let state = ticket.state();
            if state == GRANTED {
                return self.leave(ticket.way());
            }
            if ticket.change(state, GIVEN_UP) {
                // It may have been in the way of those behind it.
                return self.admit();
            }
        }
    }

    #[cold]
    fn admit(&self) {
        loop {
            let Some(mut turn) = self.queue.enter(true) else { return };
            self.admit_first(&mut turn);
            if !turn.leave().contended {
                return;
            }
        }
    }

    /// Lets in those at the head of the queue. Only with the turn at the queue.
    fn admit_first(&self, turn: &mut Turn<'_, Arc<Ticket>>) {
        // A reader was let in before.
        let mut together = false;
        while let Some(ticket) = turn.nth(0).cloned() {
            match ticket.state() {
                GIVEN_UP => {
                    self.word.fetch_sub(WAITING, Ordering::SeqCst);
                }
                TAKEN => {}
                // Its owner admits.
                TRYING => return,
                _ => {
                    let is_granted = (together && !ticket.writes)
                        || is_closed(self.word.load(Ordering::SeqCst));
                    if !is_granted {
                        return self.call(turn);
                    }
                    match self.grant(&ticket) {
                        Some(true) => together = !ticket.writes,
                        Some(false) => return,
                        // Its state has changed.
                        None => continue,
                    }
                }
            }
            turn.pop();
        }
    }

    /// Calls the head of the queue, and the readers that stand with it, if they could go in now.
    fn call(&self, turn: &mut Turn<'_, Arc<Ticket>>) {
        for at in 0..MOST_CALLED {
            let Some(ticket) = turn.nth(at) else { return };
            let stands_behind = at > 0 && ticket.writes;
            if stands_behind || !self.may_go_in(ticket.writes) {
                return;
            }
            if ticket.change(QUEUED, CALLED) {
                ticket.waker.wake_by_ref();
            }
            if ticket.writes {
                return;
            }
        }
    }

    /// Whether one who waits could go in.
    fn may_go_in(&self, writes: bool) -> bool {
        self.leaves_room(self.word.load(Ordering::SeqCst), writes)
    }

    /// The same by the word. Somebody waits, so nobody enters by a flag any more.
    fn leaves_room(&self, word: u64, writes: bool) -> bool {
        allows(word, writes) && !(writes && word & FLAGS != 0 && self.flags.any())
    }

    /// One who waits goes in, if nobody is in the way.
    fn take_place(&self, writes: bool) -> bool {
        let taken = self.word.fetch_update(Ordering::SeqCst, Ordering::Acquire, |word| {
            let place = (word & !PASSES) - WAITING + share(writes);
            self.leaves_room(word, writes).then_some(place)
        });
        taken.is_ok()
    }

    /// Lets the head of the queue in; `Some(false)` if it has to wait, `None` if it has gone. Only with the
    /// turn at the queue.
    fn grant(&self, ticket: &Ticket) -> Option<bool> {
        if !ticket.change(CALLED, GRANTING) && !ticket.change(QUEUED, GRANTING) {
            return None;
        }
        if !self.take_place(ticket.writes) {
            return if ticket.change(GRANTING, QUEUED) { Some(false) } else { None };
        }
        if ticket.change(GRANTING, GRANTED) {
            ticket.waker.wake_by_ref();
        } else {
            // Given up meanwhile. The caller goes on with the next.
            self.word.fetch_sub(share(ticket.writes), Ordering::SeqCst);
        }
        Some(true)
    }
}
