//! Models of sleeping workers: work that is pushed is found, and quiescence is not seen too early.

use std::sync::Arc;

use loom::thread;

use crate::scheduler::idle::Idle;
use crate::sync::{AtomicUsize, Ordering};

struct World {
    idle: Idle,
    /// Work from outside that waits, as a number.
    work: AtomicUsize,
    /// What each worker has made itself.
    own: Vec<AtomicUsize>,
    /// Pushers that have not pushed yet.
    pending: AtomicUsize,
    n_done: AtomicUsize,
    n_total: usize,
    stopping: AtomicUsize,
}

/// What a worker does with work from outside.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Job {
    /// It is done at once.
    Plain,
    /// It makes work, which the worker does afterwards.
    Makes,
    /// It makes work and never ends: another has to take what it made.
    Hogs,
}

fn take(work: &AtomicUsize) -> bool {
    work.fetch_update(Ordering::AcqRel, Ordering::Acquire, |work| work.checked_sub(1))
        .is_ok()
}

impl World {
    fn new(n_workers: usize, n_pushed: usize, n_total: usize) -> Arc<Self> {
        Arc::new(Self {
            idle: Idle::new(n_workers),
            work: AtomicUsize::new(0),
            own: (0..n_workers).map(|_| AtomicUsize::new(0)).collect(),
            pending: AtomicUsize::new(n_pushed),
            n_done: AtomicUsize::new(0),
            n_total,
            stopping: AtomicUsize::new(0),
        })
    }

    fn has_work(&self) -> bool {
        self.work.load(Ordering::Acquire) > 0
            || self.own.iter().any(|own| own.load(Ordering::Acquire) > 0)
    }

    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire) > 0
    }

    /// A worker's loop, until quiescence; or, if `job` says so, until it never ends.
    fn work(&self, worker: usize, job: Job) {
        self.idle.enlist(worker);
        self.idle.start_searching();
        let mut searching = true;
        while !self.is_stopping() {
            let is_own = take(&self.own[worker]);
            if !is_own && !searching {
                self.idle.start_searching();
                searching = true;
            }
            let is_stolen = !is_own && self.watch(worker);
            if !is_own && !is_stolen && !take(&self.work) {
                self.sleep(worker);
                continue;
            }
            if searching {
                searching = false;
                self.idle.stop_searching(|| self.has_work());
            }
            let n_done = self.n_done.fetch_add(1, Ordering::AcqRel) + 1;
            if job == Job::Hogs && n_done == self.n_total {
                return;
            }
            if job != Job::Plain && !is_own && !is_stolen {
                // As `Scheduler::admit` does.
                self.own[worker].store(1, Ordering::Release);
                if self.idle.is_unwatched() {
                    self.idle.notify();
                }
                if job == Job::Hogs {
                    return;
                }
            }
        }
    }

    /// As `watch::watch` does, but that it takes whatever it sees.
    fn watch(&self, worker: usize) -> bool {
        while self.idle.watches() && !self.is_stopping() {
            if self.own.iter().any(take) {
                return true;
            }
            let has_news =
                || self.work.load(Ordering::Acquire) > 0 || !self.idle.watches();
            self.idle.nap(worker, std::time::Duration::ZERO, has_news);
            if self.work.load(Ordering::Acquire) > 0 {
                return false;
            }
        }
        false
    }

    /// As `Worker::sleep` and `Scheduler::look_for_quiescence` do.
    fn sleep(&self, worker: usize) {
        let Some(dozing) = self.idle.doze(worker) else { return };
        let has_work = if dozing.all {
            self.has_work()
        } else {
            self.work.load(Ordering::Acquire) > 0
        };
        if has_work || self.is_stopping() {
            return self.idle.rouse(worker);
        }
        let expects_nothing = self.pending.load(Ordering::SeqCst) == 0;
        if dozing.all_but_watcher && expects_nothing {
            self.idle.hurry();
        }
        if dozing.all && expects_nothing && !self.has_work() {
            if !self.idle.undisturbed(dozing) {
                return self.idle.rouse(worker);
            }
            assert_eq!(self.n_done.load(Ordering::Acquire), self.n_total);
            self.stopping.store(1, Ordering::Release);
            self.idle.wake_all();
            return;
        }
        self.idle.park(worker);
    }

    fn push(&self) {
        self.work.fetch_add(1, Ordering::AcqRel);
        self.idle.notify();
        // As `Scheduler::settle` does.
        if self.pending.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.idle.notify();
        }
    }
}

fn bounded(body: impl Fn() + Sync + Send + 'static) {
    bounded_by(2, body);
}

fn bounded_by(n_preemptions: usize, body: impl Fn() + Sync + Send + 'static) {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(n_preemptions);
    model.max_branches = 20_000;
    model.check(body);
}

#[test]
fn loom_work_from_outside_wakes_a_worker() {
    bounded(|| {
        let world = World::new(1, 2, 2);
        let pusher = world.clone();
        let pushing = thread::spawn(move || {
            pusher.push();
            pusher.push();
        });
        world.work(0, Job::Plain);
        pushing.join().expect("the pusher does not panic");
        assert_eq!(world.n_done.load(Ordering::Acquire), 2);
    });
}

/// Two pushers and a worker: the second push may rely on the first one's wake.
#[test]
fn loom_pushers_rely_on_each_other() {
    bounded(|| {
        let world = World::new(1, 2, 2);
        let pushers: Vec<_> = (0..2)
            .map(|_| {
                let world = world.clone();
                thread::spawn(move || world.push())
            })
            .collect();
        world.work(0, Job::Plain);
        for pusher in pushers {
            pusher.join().expect("the pusher does not panic");
        }
    });
}

/// A worker makes work without a word, and another sleeps, watches or is about to do either.
#[test]
fn loom_a_worker_that_never_yields_is_watched() {
    bounded(|| {
        let world = World::new(2, 1, 2);
        let other = world.clone();
        let working = thread::spawn(move || other.work(1, Job::Hogs));
        let pusher = world.clone();
        let pushing = thread::spawn(move || pusher.push());
        // The one that does what was pushed never ends, so the other has to do what that makes.
        world.work(0, Job::Hogs);
        pushing.join().expect("the pusher does not panic");
        working.join().expect("the other worker does not panic");
        assert_eq!(world.n_done.load(Ordering::Acquire), 2);
    });
}

/// Two workers come to rest once, and only when all is done.
#[test]
fn loom_rest_is_seen_when_all_is_done() {
    // Two take minutes.
    bounded_by(1, || {
        let world = World::new(2, 1, 2);
        let other = world.clone();
        let working = thread::spawn(move || other.work(1, Job::Makes));
        let pusher = world.clone();
        let pushing = thread::spawn(move || pusher.push());
        world.work(0, Job::Makes);
        pushing.join().expect("the pusher does not panic");
        working.join().expect("the other worker does not panic");
        assert_eq!(world.n_done.load(Ordering::Acquire), 2);
    });
}
