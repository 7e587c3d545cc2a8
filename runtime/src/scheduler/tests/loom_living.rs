//! Models of the list of the living: each worker's own list is touched by nobody else but by one who looks while it
//! sleeps, and whoever is in it is there. (A dropped `Cell` is to loom a written one, and the blocks of the pool
//! are loom's allocations.)

use std::cell::RefCell;
use std::sync::Arc;

use loom::thread;

use crate::scheduler::idle::Idle;
use crate::scheduler::living::{Here, List, Living};
use crate::scheduler::strand::Runnable;
use crate::scheduler::tests::loom_block::Race;
use crate::scheduler::tests::sleeping::Nobody;
use crate::sync::{AtomicBool, Ordering};

struct World {
    idle: Idle,
    living: Living,
    /// The lists were looked at.
    seen: AtomicBool,
    race: Race,
}

impl World {
    /// Of two workers that search.
    fn new() -> Arc<Self> {
        let (idle, living) = (Idle::new(2), Living::new(2));
        for _ in 0..2 {
            idle.start_searching();
        }
        Arc::new(Self { idle, living, seen: AtomicBool::new(false), race: Race::new() })
    }

    /// An agent is made on a worker.
    fn make(&self, worker: &Worker) -> Runnable {
        self.race.run();
        let agent = Runnable::of_new(Nobody, async { Ok(()) });
        self.living.enter(Some(worker.here()), agent.handle());
        agent
    }

    /// An agent ends on a worker.
    fn end(&self, worker: &Worker, agent: Runnable) {
        self.race.run();
        agent.within(|| agent.first().finish());
        agent.end_lone_by(|agent| self.living.leave(Some(worker.here()), agent));
    }

    /// How many are in the lists, if all sleep; as `Scheduler::look_for_quiescence` does.
    fn look(&self, is_quiet: impl FnOnce() -> bool) -> Option<usize> {
        self.living.all(is_quiet).map(|all| all.len())
    }

    /// As `Worker::sleep` does, again and again until one has looked: at so many agents.
    fn sleep(&self, worker: &Worker, n_agents: usize) {
        let number = worker.number;
        while !self.seen.load(Ordering::Acquire) {
            self.living.leave_list(worker.here());
            if let Some(dozing) = self.idle.doze(number) {
                let is_quiet = || self.idle.all_asleep() && self.idle.undisturbed(dozing);
                match dozing.all.then(|| self.look(is_quiet)) {
                    None => self.idle.park(number),
                    Some(None) => self.idle.rouse(number),
                    Some(Some(n_seen)) => {
                        assert_eq!(n_seen, n_agents);
                        self.seen.store(true, Ordering::Release);
                        self.idle.wake_all();
                    }
                }
            }
            self.living.take_list(worker.here());
        }
    }
}

/// One worker, on its thread.
struct Worker {
    number: usize,
    list: RefCell<List>,
}

impl Worker {
    fn new(number: usize, world: &World) -> Self {
        let worker = Self { number, list: RefCell::new(List::new()) };
        world.living.take_list(worker.here());
        worker
    }

    fn here(&self) -> Here<'_> {
        Here { worker: self.number, list: &self.list }
    }
}

fn check(model: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(2);
    builder.check(model);
}

#[test]
fn loom_who_ends_elsewhere_is_handed_back() {
    check(|| {
        let world = World::new();
        let worker = Worker::new(0, &world);
        let (first, second) = (world.make(&worker), world.make(&worker));
        let elsewhere = world.clone();
        let ending = thread::spawn(move || {
            let worker = Worker::new(1, &elsewhere);
            elsewhere.end(&worker, first);
            elsewhere.end(&worker, second);
            elsewhere.living.leave_list(worker.here());
        });
        let third = world.make(&worker);
        world.end(&worker, third);
        ending.join().expect("it does not panic");
        // This takes out what was handed back.
        let last = world.make(&worker);
        world.living.leave_list(worker.here());
        assert_eq!(world.look(|| true), Some(1));
        world.living.take_list(worker.here());
        world.end(&worker, last);
    });
}

#[test]
fn loom_who_looks_sees_all_that_were_made_and_may_be_over() {
    check(|| {
        let world = World::new();
        let worker = Worker::new(0, &world);
        let ends = world.make(&worker);
        let other = world.clone();
        let working = thread::spawn(move || {
            let worker = Worker::new(1, &other);
            other.end(&worker, ends);
            let lives = other.make(&worker);
            other.sleep(&worker, 2);
            other.end(&worker, lives);
        });
        world.sleep(&worker, 2);
        working.join().expect("it does not panic");
    });
}

#[test]
fn loom_who_wakes_lets_the_other_look() {
    check(|| {
        let world = World::new();
        let first = Worker::new(0, &world);
        let lives = world.make(&first);
        world.living.leave_list(first.here());
        assert!(world.idle.doze(0).is_some_and(|dozing| !dozing.all));
        let sleeping = world.clone();
        let worker = thread::spawn(move || {
            sleeping.idle.park(0);
            sleeping.living.take_list(first.here());
            let made = sleeping.make(&first);
            sleeping.end(&first, lives);
            sleeping.end(&first, made);
        });
        let outside = world.clone();
        let waker = thread::spawn(move || outside.idle.notify());
        // Its own list lies there as long as it has not begun.
        let dozing = world.idle.doze(1).expect("it is the last");
        let is_quiet = || world.idle.all_asleep() && world.idle.undisturbed(dozing);
        assert!(dozing.all && world.look(is_quiet).is_none_or(|n_seen| n_seen == 1));
        world.idle.wake_all();
        waker.join().expect("it does not panic");
        worker.join().expect("it does not panic");
    });
}
