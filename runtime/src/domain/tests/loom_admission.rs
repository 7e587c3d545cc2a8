//! Writers are alone, readers see what writers wrote, and everybody gets in.

use std::sync::Arc;
use std::task::Waker;

use loom::thread;

use crate::domain::admission::{Admission, On, Ticket, Way};
use crate::mailbox::tests::loom_sleep::Sleeper;
use crate::sync::Cell;

struct World {
    admission: Admission,
    state: Cell<u32>,
}

// SAFETY: that the state is touched in turns is what the models are to show.
unsafe impl Sync for World {}
// SAFETY: as above.
unsafe impl Send for World {}

impl World {
    fn new() -> Arc<Self> {
        Arc::new(Self { admission: Admission::new(), state: Cell::new(0) })
    }

    /// With a flag for each of two workers.
    fn flagged() -> Arc<Self> {
        let world = Self::new();
        world.admission.make_flags(2);
        world
    }

    fn enter(&self, writes: bool, worker: Option<u32>) -> Way {
        let on = worker.map(|worker| On { worker, n_workers: 2 });
        if let Some(way) = self.admission.try_enter(writes, on) {
            return way;
        }
        let sleeper = Sleeper::new();
        let ticket = Ticket::new(writes, Waker::from(sleeper.clone()));
        self.admission.queue_up(ticket.clone());
        loop {
            if let Some(way) = self.admission.enter_by(&ticket) {
                return way;
            }
            sleeper.sleep();
        }
    }

    fn leave(&self, way: Way) {
        if !self.admission.leave_quickly(way) {
            self.admission.leave(way);
        }
    }

    fn add(&self) {
        let way = self.enter(true, None);
        // SAFETY: in a writer's turn.
        self.state.with_mut(|state| unsafe { *state += 1 });
        self.leave(way);
    }

    fn get(&self) -> u32 {
        self.get_on(None)
    }

    fn get_on(&self, worker: Option<u32>) -> u32 {
        let way = self.enter(false, worker);
        // SAFETY: in a reader's turn.
        let value = self.state.with(|state| unsafe { *state });
        self.leave(way);
        value
    }
}

fn bounded(n_preemptions: usize, body: impl Fn() + Sync + Send + 'static) {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(n_preemptions);
    model.check(body);
}

#[test]
fn loom_two_writers_take_turns() {
    bounded(3, || {
        let world = World::new();
        let other = world.clone();
        let adding = thread::spawn(move || other.add());
        world.add();
        adding.join().expect("the writer does not panic");
        assert_eq!(world.get(), 2);
    });
}

#[test]
fn loom_a_reader_and_two_writers() {
    bounded(2, || {
        let world = World::new();
        let writers: Vec<_> = (0..2)
            .map(|_| {
                let world = world.clone();
                thread::spawn(move || world.add())
            })
            .collect();
        assert!(world.get() <= 2);
        for writer in writers {
            writer.join().expect("the writer does not panic");
        }
        assert_eq!(world.get(), 2);
    });
}

/// One who gives up, before or after it was let in, is in nobody's way.
#[test]
fn loom_giving_up_lets_others_in() {
    bounded(2, || {
        let world = World::new();
        let way = world.enter(true, None);
        let other = world.clone();
        let adding = thread::spawn(move || other.add());
        let ticket = Ticket::new(true, Waker::noop().clone());
        world.admission.queue_up(ticket.clone());
        let leaver = world.clone();
        let leaving = thread::spawn(move || leaver.admission.leave(way));
        world.admission.give_up(&ticket);
        leaving.join().expect("the holder does not panic");
        adding.join().expect("the writer does not panic");
        assert_eq!(world.get(), 1);
    });
}

/// A reader with a flag and two writers.
#[test]
fn loom_a_flag_keeps_writers_out() {
    bounded(2, || {
        let world = World::flagged();
        let writers: Vec<_> = (0..2)
            .map(|_| {
                let world = world.clone();
                thread::spawn(move || world.add())
            })
            .collect();
        assert!(world.get_on(Some(0)) <= 2);
        for writer in writers {
            writer.join().expect("the writer does not panic");
        }
        assert_eq!(world.get_on(Some(1)), 2);
    });
}

/// Readers with flags on two workers, twice on one of them, and a writer that waits for both.
#[test]
fn loom_a_writer_waits_for_all_flags() {
    bounded(2, || {
        let world = World::flagged();
        let other = world.clone();
        let reading = thread::spawn(move || other.get_on(Some(1)));
        let other = world.clone();
        let adding = thread::spawn(move || other.add());
        let first = world.get_on(Some(0));
        assert!(first <= world.get_on(Some(0)));
        assert!(reading.join().expect("the reader does not panic") <= 1);
        adding.join().expect("the writer does not panic");
        assert_eq!(world.get(), 1);
    });
}

/// Flags are made while readers are counted and a writer comes.
#[test]
fn loom_flags_are_made_while_others_enter() {
    bounded(2, || {
        let world = World::new();
        let other = world.clone();
        let adding = thread::spawn(move || other.add());
        let other = world.clone();
        let making = thread::spawn(move || {
            other.admission.make_flags(2);
            other.get_on(Some(1))
        });
        assert!(world.get_on(Some(0)) <= 1);
        adding.join().expect("the writer does not panic");
        assert!(making.join().expect("the reader does not panic") <= 1);
        assert_eq!(world.get_on(Some(0)), 1);
    });
}
