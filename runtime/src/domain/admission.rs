//! Who may use the state of one domain now: any number of readers, or one writer, in the order of coming.
//! It does not hold the state.
//!
//! # The word
//! `n_waiting` in the upper half; in the lower half the number of readers inside, or `WRITER`.
//! * Entering without waiting is one compare-and-swap, and only while nobody waits: so nobody is overtaken.
//! * Queueing up counts itself in `n_waiting` first, then pushes its ticket, then admits.
//! * Leaving takes itself out of the word, and admits if anybody waits.
//! * To admit is to take the turn at the queue (a gate that is tried) and to grant tickets from the head as
//!   long as the word allows. Who finds the gate taken marks it contended; who leaves a contended gate
//!   admits again. So after the last change of the word or of the queue somebody always looks at both.

use std::sync::Arc;
use std::task::Waker;

use crate::agent::starting::Birth;
use crate::mailbox::queue::Queue;
use crate::scheduler::current::GrantsTurns;
use crate::sync::{AtomicU8, AtomicU64, Ordering};

const WAITING: u64 = 1 << 32;
const WRITER: u64 = 1 << 31;
const READER: u64 = 1;
const INSIDE: u64 = WAITING - 1;

/// The admission of one domain.
#[derive(Debug)]
pub(crate) struct Admission {
    word: AtomicU64,
    queue: Queue<Arc<Ticket>>,
    /// Whether the domain is being made.
    pub(crate) birth: Birth,
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
    if writes { word & INSIDE == 0 } else { word & WRITER == 0 }
}

impl Admission {
    pub(crate) fn new() -> Self {
        Self { word: AtomicU64::new(0), queue: Queue::new(), birth: Birth::new() }
    }

    /// Enters if nobody waits and nobody is in the way.
    pub(crate) fn try_enter(&self, writes: bool) -> bool {
        // Acquire pairs with the release in `leave`.
        self.word
            .fetch_update(Ordering::AcqRel, Ordering::Relaxed, |word| {
                (word < WAITING && allows(word, writes)).then_some(word + share(writes))
            })
            .is_ok()
    }

    /// Waits in the queue; the ticket is granted by another, or before this returns.
    pub(crate) fn queue_up(&self, ticket: Arc<Ticket>) {
        self.word.fetch_add(WAITING, Ordering::AcqRel);
        // The queue is never sealed, and never armed.
        let _ = self.queue.push(ticket);
        self.admit();
    }

    /// The turn is over.
    pub(crate) fn leave(&self, writes: bool) {
        // Release pairs with the acquire of those who enter.
        let word = self.word.fetch_sub(share(writes), Ordering::AcqRel);
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
            self.leave(ticket.writes);
        }
    }

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
            self.word.fetch_sub(WAITING, Ordering::AcqRel);
            return true;
        }
        let entered =
            self.word.fetch_update(Ordering::AcqRel, Ordering::Acquire, |word| {
                allows(word, ticket.writes).then(|| word - WAITING + share(ticket.writes))
            });
        if entered.is_err() {
            return false;
        }
        if ticket.settle(GRANTED) {
            ticket.waker.wake_by_ref();
        } else {
            // Given up meanwhile. The caller goes on with the next.
            self.word.fetch_sub(share(ticket.writes), Ordering::AcqRel);
        }
        true
    }
}

impl GrantsTurns for Admission {
    fn end_turn(&self, writes: bool) {
        self.leave(writes);
    }
}
