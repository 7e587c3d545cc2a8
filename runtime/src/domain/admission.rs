//! Who may use the state of one domain now: any number of readers, or one writer, in the order of coming.
//! It does not hold the state.
//!
//! # The word
//! `n_waiting` in the upper half; in the lower half the number of readers inside that are counted, `WRITER`,
//! and `FLAGS`.
//! * Entering without waiting is one compare-and-swap, and only while nobody waits: so nobody is overtaken.
//! * Queueing up counts itself in `n_waiting` first, then pushes its ticket, then admits.
//! * Leaving takes itself out of the word, and admits if anybody waits.
//! * To admit is to take the turn at the queue (a gate that is tried) and to grant tickets from the head as
//!   long as the word allows. Who finds the gate taken marks it contended; who leaves a contended gate
//!   admits again. So after the last change of the word or of the queue somebody always looks at both.
//!
//! # Flags
//! A domain into which readers come on several workers has a flag for each of them ([`flags`](super::flags)),
//! and says so in the word, for good. Then a reader raises the flag of its worker, reads the word, and is
//! inside if there is no writer and nobody waits; else it lowers the flag and queues up. It leaves by lowering
//! the flag, reads the word, and admits if anybody waits. Where the flag is raised already it is counted.
//! * A writer writes the word first (as `WRITER`, or as one that waits), and reads the flags then; these are
//!   all sequentially consistent. So either it sees the flag, or the reader sees the writer, at both ends.
//! * Whether there are flags stands in the same word: a writer that has not seen `FLAGS` wrote the word before,
//!   so that those who see `FLAGS` see the writer.
//! * A writer that came in without waiting and sees a flag goes out again and queues up. One that waits is
//!   granted its turn only while no flag is raised; who lowers one later admits.

use std::sync::Arc;
use std::task::Waker;

use super::flags::Flags;
use crate::agent::starting::Birth;
use crate::mailbox::queue::Queue;
use crate::sync::{AtomicU8, AtomicU64, Ordering};

const WAITING: u64 = 1 << 32;
const WRITER: u64 = 1 << 31;
/// There are flags.
const FLAGS: u64 = 1 << 30;
const READER: u64 = 1;
const READERS: u64 = FLAGS - 1;

/// Another is inside for some tens of nanoseconds mostly, and cannot wait there: so often one looks whether
/// it has left before one queues up.
const N_LOOKS: usize = if cfg!(loom) { 0 } else { 24 };

/// The admission of one domain.
#[derive(Debug)]
pub(crate) struct Admission {
    word: AtomicU64,
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
    Flagged(usize),
}

impl Way {
    pub(super) fn writes(self) -> bool {
        self == Self::Writer
    }
}

/// A worker of the program, on whose thread one enters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct On {
    pub(crate) worker: usize,
    pub(crate) n_workers: usize,
}

/// One who waits to enter.
#[derive(Debug)]
pub(crate) struct Ticket {
    state: AtomicU8,
    writes: bool,
    waker: Waker,
}

const QUEUED: u8 = 0;
const GRANTED: u8 = 1;
const GIVEN_UP: u8 = 2;

impl Ticket {
    pub(crate) fn new(writes: bool, waker: Waker) -> Arc<Self> {
        Arc::new(Self { state: AtomicU8::new(QUEUED), writes, waker })
    }

    pub(crate) fn is_granted(&self) -> bool {
        // Acquire pairs with the release in `settle`: what earlier holders wrote is seen.
        self.state.load(Ordering::Acquire) == GRANTED
    }

    /// How it is inside once it is granted.
    pub(crate) fn way(&self) -> Way {
        if self.writes { Way::Writer } else { Way::Counted }
    }

    /// Leaves `QUEUED`; `true` for the one who did it.
    fn settle(&self, state: u8) -> bool {
        self.state
            .compare_exchange(QUEUED, state, Ordering::AcqRel, Ordering::Acquire)
            .is_ok()
    }
}

/// What an entry adds to the word.
fn share(writes: bool) -> u64 {
    if writes { WRITER } else { READER }
}

fn allows(word: u64, writes: bool) -> bool {
    if writes { word & (WRITER | READERS) == 0 } else { word & WRITER == 0 }
}

/// Whether one who does not wait may enter.
fn is_open(word: u64, writes: bool) -> bool {
    word < WAITING && allows(word, writes)
}

impl Admission {
    pub(crate) fn new() -> Self {
        Self {
            word: AtomicU64::new(0),
            flags: Flags::new(),
            queue: Queue::new(),
            birth: Birth::new(),
        }
    }

    /// Enters if nobody waits and nobody is in the way. `on` is where a reader enters.
    #[inline]
    pub(crate) fn try_enter(&self, writes: bool, on: Option<On>) -> Option<Way> {
        // Acquire pairs with the release in `make_flags`.
        let mut word = self.word.load(Ordering::Acquire);
        if !is_open(word, writes) {
            word = self.look_again(writes, on)?;
        }
        match on {
            Some(on) if !writes && word & FLAGS != 0 && self.flags.raise(on.worker) => {
                self.go_in_flagged(on.worker)
            }
            _ => self.try_count(word, writes, on),
        }
    }

    /// The word, if one may enter now.
    #[cold]
    fn look_again(&self, writes: bool, on: Option<On>) -> Option<u64> {
        // With one worker nobody leaves meanwhile.
        on.filter(|on| on.n_workers > 1)?;
        for _ in 0..N_LOOKS {
            std::hint::spin_loop();
            let word = self.word.load(Ordering::Acquire);
            if is_open(word, writes) {
                return Some(word);
            }
            if word >= WAITING {
                break;
            }
        }
        None
    }

    #[inline]
    fn try_count(&self, mut word: u64, writes: bool, on: Option<On>) -> Option<Way> {
        // Acquire pairs with the release in `leave`.
        while let Err(now) = self.word.compare_exchange_weak(
            word,
            word + share(writes),
            Ordering::SeqCst,
            Ordering::Relaxed,
        ) {
            if !is_open(now, writes) {
                return None;
            }
            word = now;
        }
        match (writes, on) {
            (true, _) if word & FLAGS != 0 => self.has_left().then_some(Way::Writer),
            (true, _) => Some(Way::Writer),
            (false, Some(on)) => {
                if self.flags.has_moved(on.worker) {
                    self.make_flags(on.n_workers);
                }
                Some(Way::Counted)
            }
            (false, None) => Some(Way::Counted),
        }
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
    fn go_in_flagged(&self, worker: usize) -> Option<Way> {
        // Acquire pairs with the release in `leave`.
        if is_open(self.word.load(Ordering::SeqCst), false) {
            return Some(Way::Flagged(worker));
        }
        // A writer may have seen the flag.
        self.leave(Way::Flagged(worker));
        None
    }

    /// From now on readers need not write the word.
    #[cold]
    pub(super) fn make_flags(&self, n_workers: usize) {
        self.flags.make(n_workers);
        // Release: who sees this sees the flags.
        self.word.fetch_or(FLAGS, Ordering::SeqCst);
    }

    /// Waits in the queue; the ticket is granted by another, or before this returns.
    pub(crate) fn queue_up(&self, ticket: Arc<Ticket>) {
        self.word.fetch_add(WAITING, Ordering::SeqCst);
        // The queue is never sealed, and never armed.
        let _ = self.queue.push(ticket);
        self.admit();
    }

    /// The turn is over.
    #[inline]
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
        if ticket.settle(GIVEN_UP) {
            // It may have been in the way of those behind it.
            self.admit();
        } else {
            self.leave(ticket.way());
        }
    }

    #[cold]
    fn admit(&self) {
        loop {
            let Some(mut turn) = self.queue.enter(true) else { return };
            while let Some(ticket) = turn.nth(0).cloned() {
                if !self.grant(&ticket) {
                    break;
                }
                turn.pop();
            }
            if !turn.leave() {
                return;
            }
        }
    }

    /// Lets the head of the queue in; `false` if it has to wait. Only with the turn at the queue.
    fn grant(&self, ticket: &Ticket) -> bool {
        if ticket.state.load(Ordering::Acquire) == GIVEN_UP {
            self.word.fetch_sub(WAITING, Ordering::SeqCst);
            return true;
        }
        let entered =
            self.word.fetch_update(Ordering::SeqCst, Ordering::Acquire, |word| {
                // This ticket is counted in the word, so nobody enters by a flag any more.
                let flagged = ticket.writes && word & FLAGS != 0 && self.flags.any();
                (allows(word, ticket.writes) && !flagged)
                    .then(|| word - WAITING + share(ticket.writes))
            });
        if entered.is_err() {
            return false;
        }
        if ticket.settle(GRANTED) {
            ticket.waker.wake_by_ref();
        } else {
            // Given up meanwhile. The caller goes on with the next.
            self.word.fetch_sub(share(ticket.writes), Ordering::SeqCst);
        }
        true
    }
}
