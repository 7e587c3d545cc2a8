//! Writers are alone, readers see what writers wrote, and everybody gets in.

use std::sync::Arc;
use std::task::Waker;

use loom::thread;

use crate::domain::admission::{Admission, Ticket};
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

    fn enter(&self, writes: bool) {
        if self.admission.try_enter(writes) {
            return;
        }
        let sleeper = Sleeper::new();
        let ticket = Ticket::new(writes, Waker::from(sleeper.clone()));
        self.admission.queue_up(ticket.clone());
        while !ticket.is_granted() {
            sleeper.sleep();
        }
    }

    fn add(&self) {
        self.enter(true);
        // SAFETY: in a writer's turn.
        self.state.with_mut(|state| unsafe { *state += 1 });
        self.admission.leave(true);
    }

    fn get(&self) -> u32 {
        self.enter(false);
        // SAFETY: in a reader's turn.
        let value = self.state.with(|state| unsafe { *state });
        self.admission.leave(false);
        value
    }
}

fn bounded(body: impl Fn() + Sync + Send + 'static) {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(3);
    model.check(body);
}

#[test]
fn loom_two_writers_take_turns() {
    bounded(|| {
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
    bounded(|| {
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
    bounded(|| {
        let world = World::new();
        world.enter(true);
        let other = world.clone();
        let adding = thread::spawn(move || other.add());
        let ticket = Ticket::new(true, Waker::noop().clone());
        world.admission.queue_up(ticket.clone());
        let leaver = world.clone();
        let leaving = thread::spawn(move || leaver.admission.leave(true));
        world.admission.give_up(&ticket);
        leaving.join().expect("the holder does not panic");
        adding.join().expect("the writer does not panic");
        assert_eq!(world.get(), 1);
    });
}
