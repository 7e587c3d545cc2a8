//! Models of sleeping workers: work that is pushed is found, and quiescence is not seen too early.

use std::sync::Arc;

use loom::thread;

use crate::scheduler::idle::Idle;
use crate::sync::{AtomicUsize, Ordering};

struct World {
    idle: Idle,
    /// Work that waits, as a number.
    work: AtomicUsize,
    /// Pushers that have not pushed yet.
    pending: AtomicUsize,
    n_done: AtomicUsize,
    n_total: usize,
}

impl World {
    fn new(n_workers: usize, n_total: usize) -> Arc<Self> {
        Arc::new(Self {
            idle: Idle::new(n_workers),
            work: AtomicUsize::new(0),
            pending: AtomicUsize::new(n_total),
            n_done: AtomicUsize::new(0),
            n_total,
        })
    }

    fn has_work(&self) -> bool {
        self.work.load(Ordering::Acquire) > 0
    }

    fn take(&self) -> bool {
        self.work
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |work| work.checked_sub(1))
            .is_ok()
    }

    /// A worker's loop, until quiescence.
    fn work(&self, worker: usize) {
        self.idle.enlist(worker);
        self.idle.start_searching();
        let mut searching = true;
        loop {
            if self.take() {
                if searching && self.idle.stop_searching() && self.has_work() {
                    self.idle.notify();
                }
                searching = false;
                self.n_done.fetch_add(1, Ordering::AcqRel);
                continue;
            }
            if !searching {
                self.idle.start_searching();
                searching = true;
            }
            let dozing = self.idle.doze(worker);
            if self.has_work() {
                self.idle.rouse(worker);
                continue;
            }
            // As `Scheduler::look_for_quiescence` does.
            if dozing.all && self.pending.load(Ordering::SeqCst) == 0 && !self.has_work()
            {
                if self.idle.undisturbed(dozing) {
                    assert_eq!(self.n_done.load(Ordering::Acquire), self.n_total);
                    return;
                }
                self.idle.rouse(worker);
                continue;
            }
            self.idle.park(worker);
        }
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
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(2);
    model.check(body);
}

#[test]
fn loom_work_from_outside_wakes_a_worker() {
    bounded(|| {
        let world = World::new(1, 2);
        let pusher = world.clone();
        let pushing = thread::spawn(move || {
            pusher.push();
            pusher.push();
        });
        world.work(0);
        pushing.join().expect("the pusher does not panic");
        assert_eq!(world.n_done.load(Ordering::Acquire), 2);
    });
}

/// Two pushers and a worker: the second push may rely on the first one's wake.
#[test]
fn loom_pushers_rely_on_each_other() {
    bounded(|| {
        let world = World::new(1, 2);
        let pushers: Vec<_> = (0..2)
            .map(|_| {
                let world = world.clone();
                thread::spawn(move || world.push())
            })
            .collect();
        world.work(0);
        for pusher in pushers {
            pusher.join().expect("the pusher does not panic");
        }
    });
}
