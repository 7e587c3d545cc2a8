//! One flag for each worker: a reader of the domain runs there. Readers on several workers write no word
//! that others write. It does not decide who may enter; `admission` does.
//!
//! Flags for readers that only writers look at, all of them: as in Dice and Kogan, "BRAVO: Biased Locking for
//! Reader-Writer Locks" (USENIX ATC 2019), but by worker and not by hash. A flag stands for one reader: one that waits
//! at an inner domain keeps the flag of the outer one while its worker runs others, and they are counted then.

use std::sync::OnceLock;

use crate::sync::{AtomicBool, Ordering, Tally, ordered};

/// After so many changes of the worker on which readers enter they get flags: soon enough that a trial of one worker more
/// is one with flags. That is for good, and readers that are together on one worker again and take a turn for each
/// access are a tenth slower with them.
const MOVES: usize = 64;

/// A flag has the cache lines to itself: processors fetch them in pairs.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Flag(AtomicBool);

/// The flags of one domain, if it needs them.
#[derive(Debug)]
pub(super) struct Flags {
    raised: OnceLock<Box<[Flag]>>,
    /// Where a reader last entered that was counted.
    last: Tally,
    n_moves: Tally,
}

impl Flags {
    pub(super) fn new() -> Self {
        Self { raised: OnceLock::new(), last: Tally::new(0), n_moves: Tally::new(0) }
    }

    /// Whether the last reader that was counted was one of `worker`.
    #[inline(always)]
    pub(super) fn was_last(&self, worker: u32) -> bool {
        // Relaxed, here and below: when flags are made decides nothing.
        self.last.load(Ordering::Relaxed) == worker as usize
    }

    /// A reader was counted on `worker`, and the one before on another; whether flags would pay.
    #[cold]
    pub(super) fn moved_to(&self, worker: u32) -> bool {
        self.last.store(worker as usize, Ordering::Relaxed);
        self.n_moves.fetch_add(1, Ordering::Relaxed) + 1 == MOVES
    }

    pub(super) fn make(&self, n_workers: u32) {
        self.raised.get_or_init(|| (0..n_workers).map(|_| Flag::default()).collect());
    }

    fn all(&self) -> &[Flag] {
        self.raised.get().map_or(&[], |all| all)
    }

    /// Raises the flag of `worker`, unless another reader has it. What the caller reads next was not read
    /// before that.
    #[inline]
    pub(super) fn raise(&self, worker: u32) -> bool {
        let Some(flag) = self.all().get(worker as usize) else { return false };
        let is_raised = flag.0.swap(true, Ordering::SeqCst);
        ordered();
        !is_raised
    }

    /// Lowers it. What the caller reads next was not read before that.
    #[inline]
    pub(super) fn lower(&self, worker: u32) {
        if let Some(flag) = self.all().get(worker as usize) {
            // Release pairs with the acquire in `any`.
            flag.0.swap(false, Ordering::SeqCst);
            ordered();
        }
    }

    /// Whether one is raised. It is read after what the caller has written before.
    pub(super) fn any(&self) -> bool {
        ordered();
        self.all().iter().any(|flag| flag.0.load(Ordering::SeqCst))
    }
}
