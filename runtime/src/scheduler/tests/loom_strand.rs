//! A model of a strand's word: whoever finds it idle runs what is ready, alone, and no wake is lost.

use std::sync::Arc;

use loom::thread;

use crate::mailbox::inbox::{Claimed, Hanging};
use crate::pool::Pooled;
use crate::scheduler::ready::{Ready, Since};
use crate::sync::{AtomicBool, AtomicUsize, Cell, Ordering};

/// How often it is wanted: added to before a wake, taken by the poll.
type Activity = Hanging<AtomicUsize>;

fn activity() -> Arc<Activity> {
    Hanging::new(AtomicUsize::new(0))
}

/// To run the strand: there is one.
type Right = Pooled<u64>;

struct Strand {
    ready: Ready<Claimed<AtomicUsize>, Right>,
    among: AtomicBool,
    first: Arc<Activity>,
    /// What only the one who runs the strand touches; loom sees if two do.
    n_polled: Cell<usize>,
}

// SAFETY: that nobody else touches the cell is what the model is to show.
unsafe impl Sync for Strand {}
// SAFETY: as above.
unsafe impl Send for Strand {}

impl Strand {
    /// One that waits.
    fn idle() -> Arc<Self> {
        let ready = Ready::new();
        assert!(ready.rest(Pooled::new(0)).is_ok());
        let (among, first) = (AtomicBool::new(false), activity());
        Arc::new(Self { ready, among, first, n_polled: Cell::new(0) })
    }

    fn wake_first(&self) {
        self.first.fetch_add(1, Ordering::Relaxed);
        if let Some(right) = self.ready.mark(&self.among) {
            self.run(right);
        }
    }

    fn wake(&self, activity: &Arc<Activity>) {
        activity.fetch_add(1, Ordering::Relaxed);
        self.hang_up(activity);
    }

    fn hang_up(&self, activity: &Arc<Activity>) {
        let Some(claimed) = activity.claim() else { return };
        if let Some(right) = self.ready.push(claimed) {
            self.run(right);
        }
    }

    /// As a strand does that has nothing but its first activity.
    fn run_lone(&self, mut right: Right) {
        loop {
            assert!(self.ready.begin());
            self.poll(&self.first);
            match self.ready.rest(right) {
                Ok(()) => return,
                Err(back) => right = back,
            }
        }
    }

    fn wake_lone(&self) {
        self.first.fetch_add(1, Ordering::Relaxed);
        if let Some(right) = self.ready.mark(&self.among) {
            self.run_lone(right);
        }
    }

    fn run(&self, mut right: Right) {
        let mut begins = true;
        loop {
            let ready = self.ready.take(&self.among);
            let mut any = match ready.since {
                Since::Idle => false,
                Since::Taken => begins,
                Since::Marked => true,
            };
            begins = false;
            if any {
                self.poll(&self.first);
            }
            for claimed in ready.others {
                self.poll(&claimed.release());
                any = true;
            }
            if any {
                continue;
            }
            match self.ready.rest(right) {
                Ok(()) => return,
                Err(back) => right = back,
            }
        }
    }

    fn poll(&self, activity: &Activity) {
        let n_wanted = activity.swap(0, Ordering::Relaxed);
        // SAFETY: only the one who runs the strand comes here.
        self.n_polled.with_mut(|n_polled| unsafe { *n_polled += n_wanted });
    }

    fn n_polled(&self) -> usize {
        // SAFETY: the other threads have ended.
        self.n_polled.with(|n_polled| unsafe { *n_polled })
    }
}

#[test]
fn loom_the_first_alone_loses_no_wake() {
    loom::model(|| {
        let strand = Strand::idle();
        let waking = strand.clone();
        let waker = thread::spawn(move || waking.wake_first());
        strand.wake_first();
        strand.wake_first();
        waker.join().expect("the waker does not panic");
        assert_eq!(strand.n_polled(), 3);
    });
}

#[test]
fn loom_a_lone_first_loses_no_wake() {
    loom::model(|| {
        let strand = Strand::idle();
        let waking = strand.clone();
        let waker = thread::spawn(move || waking.wake_lone());
        strand.wake_lone();
        strand.wake_lone();
        waker.join().expect("the waker does not panic");
        assert_eq!(strand.n_polled(), 3);
    });
}

#[test]
fn loom_the_first_and_another_lose_no_wake() {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(3);
    model.check(|| {
        let strand = Strand::idle();
        let other = activity();
        let (waking, woken) = (strand.clone(), other.clone());
        let waker = thread::spawn(move || {
            waking.wake_first();
            waking.wake(&woken);
        });
        strand.wake(&other);
        strand.wake_first();
        waker.join().expect("the waker does not panic");
        assert_eq!(strand.n_polled(), 4);
    });
}

#[test]
fn loom_two_activities_are_polled_by_one() {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(3);
    model.check(|| {
        let strand = Strand::idle();
        let wakers: Vec<_> = (0..2)
            .map(|_| {
                let strand = strand.clone();
                let activity = activity();
                thread::spawn(move || {
                    strand.wake(&activity);
                    strand.wake(&activity);
                })
            })
            .collect();
        for waker in wakers {
            waker.join().expect("the waker does not panic");
        }
        assert_eq!(strand.n_polled(), 4);
    });
}

#[test]
fn loom_what_is_over_wakes_nobody_and_keeps_nothing() {
    loom::model(|| {
        let strand = Strand::idle();
        let other = activity();
        let (ending, woken) = (strand.clone(), other.clone());
        let waker = thread::spawn(move || ending.wake(&woken));
        // As who runs the strand, if nobody else does.
        if let Some(right) = strand.ready.seize() {
            drop(strand.ready.finish());
            right.end();
        }
        waker.join().expect("the waker does not panic");
        strand.wake_first();
        // The other handle went with what was over.
        assert_eq!(Arc::strong_count(&other), 1);
    });
}
