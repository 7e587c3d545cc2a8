//! A model of a strand's list: whoever undoes the arming runs what is ready, alone.

use std::sync::Arc;

use loom::thread;

use crate::mailbox::inbox::{Before, Claimed, Inbox, Link, Linked};
use crate::sync::{AtomicUsize, Cell, Ordering};

struct Activity {
    link: Link<Activity>,
    /// Set before a wake, taken by the poll.
    n_wanted: AtomicUsize,
}

// SAFETY: names the one field.
unsafe impl Linked for Activity {
    fn link(&self) -> &Link<Self> {
        &self.link
    }
}

struct Strand {
    ready: Inbox<Claimed<Activity>>,
    /// What only the one who runs the strand touches; loom sees if two do.
    n_polled: Cell<usize>,
}

// SAFETY: that nobody else touches the cell is what the model is to show.
unsafe impl Sync for Strand {}
// SAFETY: as above.
unsafe impl Send for Strand {}

fn wake(strand: &Strand, activity: &Arc<Activity>) {
    activity.n_wanted.fetch_add(1, Ordering::Relaxed);
    let Some(claimed) = Claimed::claim(activity) else { return };
    if strand.ready.push(claimed) == Before::Armed {
        run(strand);
    }
}

fn run(strand: &Strand) {
    loop {
        let fresh = strand.ready.take();
        if fresh.is_empty() {
            if strand.ready.arm() {
                return;
            }
            continue;
        }
        for claimed in fresh.reversed() {
            let activity = claimed.release();
            let n_wanted = activity.n_wanted.swap(0, Ordering::Relaxed);
            // SAFETY: only the one who runs the strand comes here.
            strand.n_polled.with_mut(|n_polled| unsafe { *n_polled += n_wanted });
        }
    }
}

#[test]
fn loom_one_runs_the_strand_and_no_wake_is_lost() {
    loom::model(|| {
        let strand =
            Arc::new(Strand { ready: Inbox::new_armed(), n_polled: Cell::new(0) });
        let activity =
            Arc::new(Activity { link: Link::new(), n_wanted: AtomicUsize::new(0) });
        let (other, same) = (strand.clone(), activity.clone());
        let waking = thread::spawn(move || wake(&other, &same));
        wake(&strand, &activity);
        waking.join().expect("the waker does not panic");
        // SAFETY: the other thread has ended.
        assert_eq!(strand.n_polled.with(|n_polled| unsafe { *n_polled }), 2);
    });
}

#[test]
fn loom_two_activities_are_polled_by_one() {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(3);
    model.check(|| {
        let strand =
            Arc::new(Strand { ready: Inbox::new_armed(), n_polled: Cell::new(0) });
        let wakers: Vec<_> = (0..2)
            .map(|_| {
                let strand = strand.clone();
                let activity = Arc::new(Activity {
                    link: Link::new(),
                    n_wanted: AtomicUsize::new(0),
                });
                thread::spawn(move || {
                    wake(&strand, &activity);
                    wake(&strand, &activity);
                })
            })
            .collect();
        for waker in wakers {
            waker.join().expect("the waker does not panic");
        }
        // SAFETY: the other threads have ended.
        assert_eq!(strand.n_polled.with(|n_polled| unsafe { *n_polled }), 4);
    });
}
