//! Which workers sleep and which look for work; parking and waking.
//! It does not know the queues: the caller looks at them at the places named here.
//!
//! # Why no work is left lying while all sleep
//! Who makes work: (1) pushes it, (2) fences, (3) reads `searching` and `sleepers`, and wakes a sleeper if
//! nobody searches. A worker that gives up: (a) sets its bit in `sleepers` and stops searching, (b) fences,
//! (c) looks at all queues once more, and only then parks. The two fences are sequentially consistent, so
//! either (3) sees (a), or (c) sees (1).
//!
//! # Why quiescence is exact
//! A worker whose bit is set takes no work and makes none; it clears its bit first, and counts `awakened`
//! before it does anything else. The one whose bit completes the set reads `awakened`, sets its bit, looks
//! at everything, and reads `awakened` again. If it has not changed, nobody was at work in between, so all
//! that was seen was there at one time. If it has changed, the worker does not park but begins anew: the
//! change may be one that was made before its bit was set and is seen only now.

use crate::sync::{AtomicU64, AtomicUsize, Bed, Ordering, fence};

/// At most as many workers as there are bits.
pub(crate) const MAX_WORKERS: usize = 64;

#[derive(Debug)]
pub(crate) struct Idle {
    /// One bit for each worker that sleeps or is about to.
    sleepers: AtomicU64,
    /// How many look for work: these need no waking.
    searching: AtomicUsize,
    /// How often a bit was cleared.
    awakened: AtomicU64,
    beds: Box<[Bed]>,
}

/// What a worker that gives up is told to check.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dozing {
    awakened: u64,
    /// All workers sleep, as far as this one can tell.
    pub(crate) all: bool,
}

impl Idle {
    pub(crate) fn new(n_workers: usize) -> Self {
        Self {
            sleepers: AtomicU64::new(0),
            searching: AtomicUsize::new(0),
            awakened: AtomicU64::new(0),
            beds: (0..n_workers).map(|_| Bed::new()).collect(),
        }
    }

    /// The worker's thread names itself, before anything else.
    pub(crate) fn enlist(&self, worker: usize) {
        self.beds[worker].claim();
    }

    /// After work was pushed: wakes a worker unless one is looking already.
    pub(crate) fn notify(&self) {
        loop {
            // Pairs with the fence in `doze`.
            fence(Ordering::SeqCst);
            if self.searching.load(Ordering::Relaxed) != 0
                || self.sleepers.load(Ordering::Relaxed) == 0
            {
                return;
            }
            if self
                .searching
                .compare_exchange(0, 1, Ordering::AcqRel, Ordering::Relaxed)
                .is_err()
            {
                return;
            }
            // The woken worker takes over the place among the searching.
            if self.wake_one() {
                return;
            }
            // Others may have seen that place taken and relied on it: look again without it.
            self.stop_searching();
        }
    }

    fn wake_one(&self) -> bool {
        let mut sleepers = self.sleepers.load(Ordering::Acquire);
        while sleepers != 0 {
            let worker = sleepers.trailing_zeros() as usize;
            match self.sleepers.compare_exchange_weak(
                sleepers,
                sleepers & !(1 << worker),
                Ordering::AcqRel,
                Ordering::Acquire,
            ) {
                Ok(_) => {
                    self.awakened.fetch_add(1, Ordering::SeqCst);
                    self.beds[worker].wake();
                    return true;
                }
                Err(now) => sleepers = now,
            }
        }
        false
    }

    /// Wakes everybody, at the end.
    pub(crate) fn wake_all(&self) {
        self.sleepers.store(0, Ordering::SeqCst);
        self.beds.iter().for_each(Bed::wake);
    }

    pub(crate) fn start_searching(&self) {
        self.searching.fetch_add(1, Ordering::AcqRel);
    }

    /// `true` if nobody searches now.
    pub(crate) fn stop_searching(&self) -> bool {
        self.searching.fetch_sub(1, Ordering::AcqRel) == 1
    }

    /// Step (a) and (b): from here on the worker neither takes nor makes work.
    pub(crate) fn doze(&self, worker: usize) -> Dozing {
        let awakened = self.awakened.load(Ordering::SeqCst);
        let bit = 1 << worker;
        let sleepers = self.sleepers.fetch_or(bit, Ordering::SeqCst) | bit;
        self.stop_searching();
        // Pairs with the fence in `notify`.
        fence(Ordering::SeqCst);
        Dozing { awakened, all: sleepers.count_ones() as usize == self.beds.len() }
    }

    /// Whether nobody was at work since `doze`. To be asked after everything was looked at.
    pub(crate) fn undisturbed(&self, dozing: Dozing) -> bool {
        fence(Ordering::SeqCst);
        self.awakened.load(Ordering::SeqCst) == dozing.awakened
    }

    /// The worker saw work in step (c): it is searching again.
    pub(crate) fn rouse(&self, worker: usize) {
        let bit = 1 << worker;
        if self.sleepers.fetch_and(!bit, Ordering::SeqCst) & bit != 0 {
            self.awakened.fetch_add(1, Ordering::SeqCst);
            self.start_searching();
        }
        // Otherwise somebody woke it, and gave it a place among the searching.
    }

    /// Sleeps until somebody clears the worker's bit; it is searching then.
    pub(crate) fn park(&self, worker: usize) {
        let bit = 1 << worker;
        while self.sleepers.load(Ordering::Acquire) & bit != 0 {
            self.beds[worker].sleep();
        }
    }
}
