//! Which workers sleep and which look for work; parking and waking.
//! It does not know the queues: the caller looks at them at the places named here.
//!
//! # The watcher
//! A worker that finds nothing is *searching*. While anybody is at work one stays so and watches the others
//! ([`super::watch`]): it spins, then naps for short times. The others that find nothing sleep until they
//! are woken. So a worker that makes work wakes nobody: it runs it itself, or the watcher takes it away when
//! that pays.
//!
//! *While somebody is at work and somebody sleeps, somebody searches*, but for the time until a worker that
//! was woken while all slept makes its first work. The number of the searching falls to zero in two ways:
//! * The last one finds work. Then it wakes another, unless all others sleep and no work is left: then only
//!   its own work can follow, and at its next push it sees that nobody searches ([`Idle::is_unwatched`]).
//!   It leaves the searching and then reads `sleepers`; who goes to sleep meanwhile sets its bit and then
//!   leaves the searching unless it would be the last. Both leave by a read-modify-write of one word: if
//!   the sleeper comes first, the other sees its bit; if it comes second, it finds itself the last and stays.
//! * The last one dozes since all others sleep. Who is woken then was given a place among the searching that
//!   was zero, and its own leaving of it is what its next push sees.
//!
//! # Why no work is left lying while all sleep
//! What a worker pushes lies where it looks itself before it sleeps. Who makes work from outside: (1) pushes
//! it, (2) fences, (3) reads `searching` and `sleepers`, and wakes a sleeper if nobody searches, or the
//! watcher if it naps. A worker that gives up: (a) sets its bit in `sleepers` and stops searching, (b)
//! fences, (c) looks once more, at the common list and if all sleep at all queues, and only then parks. The two fences are sequentially
//! consistent, so either (3) sees (a), or (c) sees (1). The same holds of `napping` and the watcher's look
//! before its nap; were it wrong, the nap would still end.
//!
//! # Why quiescence is exact
//! A worker whose bit is set takes no work and makes none; it clears its bit first, and counts `awakened`
//! before it does anything else. The one whose bit completes the set reads `awakened`, sets its bit, looks
//! at everything, and reads `awakened` again. If it has not changed, nobody was at work in between, so all
//! that was seen was there at one time. If it has changed, the worker does not park but begins anew: the
//! change may be one that was made before its bit was set and is seen only now. What each worker has put
//! into its slot and its queue it did before it set its bit, so who completes the set sees it. The watcher's
//! bit is not set: it is the one that completes the set.

use std::time::Duration;

use crate::sync::{AtomicU64, AtomicUsize, Bed, Ordering, fence};

/// At most as many workers as there are bits.
pub(crate) const MAX_WORKERS: usize = 64;

/// A nap that is worth a wake when a queue grows long.
const LONG_NAP: Duration = Duration::from_micros(400);

#[derive(Debug)]
pub(crate) struct Idle {
    /// One bit for each worker that sleeps or is about to.
    sleepers: AtomicU64,
    /// How many look for work: these need no waking.
    searching: AtomicUsize,
    /// How often a bit was cleared.
    awakened: AtomicU64,
    /// Zero, or the number of the worker that naps while it watches, plus one, times two; plus one if the
    /// nap is long.
    napping: AtomicUsize,
    beds: Box<[Bed]>,
}

/// What a worker that gives up is told to check.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dozing {
    awakened: u64,
    /// All workers sleep, as far as this one can tell.
    pub(crate) all: bool,
    /// All but one do, and that one watches.
    pub(crate) all_but_watcher: bool,
}

impl Idle {
    pub(crate) fn new(n_workers: usize) -> Self {
        Self {
            sleepers: AtomicU64::new(0),
            searching: AtomicUsize::new(0),
            awakened: AtomicU64::new(0),
            napping: AtomicUsize::new(0),
            beds: (0..n_workers).map(|_| Bed::new()).collect(),
        }
    }

    /// The worker's thread names itself, before anything else.
    pub(crate) fn enlist(&self, worker: usize) {
        self.beds[worker].claim();
    }

    /// Whether somebody sleeps and nobody searches: then who has made work calls `notify`. For workers.
    #[inline]
    pub(crate) fn is_unwatched(&self) -> bool {
        // Relaxed: the caller has seen its own leaving of the searching, and nothing older.
        self.searching.load(Ordering::Relaxed) == 0
            && self.sleepers.load(Ordering::Relaxed) != 0
    }

    /// After work was pushed: wakes a worker unless one is looking already.
    #[cold]
    #[inline(never)]
    pub(crate) fn notify(&self) {
        loop {
            // Pairs with the fences in `doze` and in `nap`.
            fence(Ordering::SeqCst);
            if self.searching.load(Ordering::Relaxed) != 0 {
                return self.hurry();
            }
            if self.sleepers.load(Ordering::Relaxed) == 0 {
                return;
            }
            if self
                .searching
                .compare_exchange(0, 1, Ordering::SeqCst, Ordering::Relaxed)
                .is_err()
            {
                return;
            }
            // The woken worker takes over the place among the searching.
            if self.wake_one() {
                return;
            }
            // Others may have seen that place taken and relied on it: look again without it.
            self.searching.fetch_sub(1, Ordering::SeqCst);
        }
    }

    /// Ends the watcher's nap, if it naps.
    pub(crate) fn hurry(&self) {
        if self.napping.load(Ordering::Relaxed) == 0 {
            return;
        }
        if let Some(worker) = (self.napping.swap(0, Ordering::AcqRel) / 2).checked_sub(1)
        {
            self.beds[worker].wake();
        }
    }

    /// Ends the watcher's nap if it is a long one.
    #[cold]
    #[inline(never)]
    pub(crate) fn hurry_if_long(&self) {
        if self.napping.load(Ordering::Relaxed) % 2 == 1 {
            self.hurry();
        }
    }

    fn wake_one(&self) -> bool {
        let mut sleepers = self.sleepers.load(Ordering::Acquire);
        while sleepers != 0 {
            let worker = sleepers.trailing_zeros() as usize;
            match self.sleepers.compare_exchange_weak(
                sleepers,
                sleepers & !(1 << worker),
                Ordering::SeqCst,
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
        self.sleepers.swap(0, Ordering::SeqCst);
        self.beds.iter().for_each(Bed::wake);
    }

    pub(crate) fn start_searching(&self) {
        self.searching.fetch_add(1, Ordering::SeqCst);
    }

    /// The searching worker has found work. Wakes another if none searches now: to watch those who are at
    /// work, or for the work that is left.
    pub(crate) fn stop_searching(&self, has_work: impl FnOnce() -> bool) {
        if self.searching.fetch_sub(1, Ordering::SeqCst) != 1 {
            return;
        }
        // Pairs with the fence in `notify`: who relied on this worker has pushed before `has_work` looks.
        fence(Ordering::SeqCst);
        let n_sleepers = self.n_sleepers();
        let is_alone = n_sleepers + 1 == self.beds.len();
        if n_sleepers > 0 && (!is_alone || has_work()) {
            self.notify();
        }
    }

    fn n_sleepers(&self) -> usize {
        self.sleepers.load(Ordering::SeqCst).count_ones() as usize
    }

    /// How many are at work, as far as one look can tell.
    pub(crate) fn n_at_work(&self) -> usize {
        let n_idle = self.n_sleepers() + self.searching.load(Ordering::Relaxed);
        self.beds.len().saturating_sub(n_idle)
    }

    /// Whether the searching worker `worker` is the one that watches: no other searches, and somebody is
    /// at work.
    pub(crate) fn watches(&self) -> bool {
        self.searching.load(Ordering::SeqCst) == 1
            && self.n_sleepers() + 1 < self.beds.len()
    }

    /// Step (a) and (b): from here on the worker neither takes nor makes work. `None` if it is to stay and
    /// watch.
    pub(crate) fn doze(&self, worker: usize) -> Option<Dozing> {
        let awakened = self.awakened.load(Ordering::SeqCst);
        let bit = 1 << worker;
        let sleepers = self.sleepers.fetch_or(bit, Ordering::SeqCst) | bit;
        let n_sleepers = sleepers.count_ones() as usize;
        let all = n_sleepers == self.beds.len();
        // Somebody may have been woken by now and be searching besides.
        let left = self.searching.fetch_update(
            Ordering::SeqCst,
            Ordering::SeqCst,
            |searching| (all || searching > 1).then(|| searching - 1),
        );
        if left.is_err() {
            self.stay(worker);
            return None;
        }
        // Pairs with the fence in `notify`.
        fence(Ordering::SeqCst);
        let all_but_watcher = n_sleepers + 1 == self.beds.len()
            && self.napping.load(Ordering::Relaxed) != 0;
        Some(Dozing { awakened, all, all_but_watcher })
    }

    /// Takes back step (a) of a worker that is still searching.
    fn stay(&self, worker: usize) {
        if self.clear(worker) {
            return;
        }
        // Somebody woke it and gave it a place among the searching: it has two now.
        self.searching.fetch_sub(1, Ordering::SeqCst);
    }

    /// `true` if the bit was set.
    fn clear(&self, worker: usize) -> bool {
        let bit = 1 << worker;
        let was_set = self.sleepers.fetch_and(!bit, Ordering::SeqCst) & bit != 0;
        if was_set {
            self.awakened.fetch_add(1, Ordering::SeqCst);
        }
        was_set
    }

    /// Whether nobody was at work since `doze`. To be asked after everything was looked at.
    pub(crate) fn undisturbed(&self, dozing: Dozing) -> bool {
        fence(Ordering::SeqCst);
        self.awakened.load(Ordering::SeqCst) == dozing.awakened
    }

    /// Whether the bits of all workers are set.
    pub(crate) fn all_asleep(&self) -> bool {
        self.n_sleepers() == self.beds.len()
    }

    /// The worker saw work in step (c): it is searching again.
    pub(crate) fn rouse(&self, worker: usize) {
        if self.clear(worker) {
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

    /// The watcher's nap: ends after `limit`, or when `hurry` is called, or at once if `has_news` says so.
    /// `true` if somebody hurried it.
    pub(crate) fn nap(
        &self,
        worker: usize,
        limit: Duration,
        has_news: impl FnOnce() -> bool,
    ) -> bool {
        let is_long = usize::from(limit >= LONG_NAP);
        self.napping.store((worker + 1) * 2 + is_long, Ordering::Relaxed);
        // Pairs with the fences in `notify` and in `doze`.
        fence(Ordering::SeqCst);
        if !has_news() {
            self.beds[worker].nap(limit);
        }
        // Nobody else naps: there is one watcher.
        self.napping.swap(0, Ordering::AcqRel) == 0
    }
}
