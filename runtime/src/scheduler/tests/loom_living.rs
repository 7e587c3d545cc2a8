//! Models of the list of the living: each worker's own list is touched by nobody else but by one who looks while it
//! sleeps, and whoever is in it is there. (A dropped `Cell` is to loom a written one, and the blocks of the pool
//! are loom's allocations.)

use std::sync::Arc;

use loom::thread;

use crate::scheduler::idle::Idle;
use crate::scheduler::living::Living;
use crate::scheduler::strand::{Owner, Strand, StrandRef};
use crate::scheduler::tests::loom_block::Race;
use crate::sync::{AtomicBool, Ordering};
use crate::value::Exception;

struct Nobody;

impl Owner for Nobody {
    const NAME: &'static str = "Nobody";

    type Share = ();

    fn end(&self, (): &(), _: &Strand, _: Option<Exception>, _: bool) {}
}

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
    fn make(&self, worker: usize) -> StrandRef {
        self.race.run();
        let agent = StrandRef::new(Nobody, async { Ok(()) });
        self.living.enter(Some(worker), &agent);
        agent
    }

    /// An agent ends on a worker.
    fn end(&self, worker: usize, agent: StrandRef) {
        self.race.run();
        agent.first().finish();
        agent.end_lone_by(|agent| self.living.leave(Some(worker), agent));
    }

    /// How many are in the lists, if all sleep; as `Scheduler::look_for_quiescence` does.
    fn look(&self, is_quiet: impl FnOnce() -> bool) -> Option<usize> {
        self.living.all(is_quiet).map(|(_, all)| all.len())
    }

    /// As `Worker::sleep` does, again and again until one has looked: at so many agents.
    fn sleep(&self, worker: usize, n_agents: usize) {
        while !self.seen.load(Ordering::Acquire) {
            if let Some(dozing) = self.idle.doze(worker) {
                let is_quiet = || self.idle.all_asleep() && self.idle.undisturbed(dozing);
                match dozing.all.then(|| self.look(is_quiet)) {
                    None => self.idle.park(worker),
                    Some(None) => self.idle.rouse(worker),
                    Some(Some(n_seen)) => {
                        assert_eq!(n_seen, n_agents);
                        self.seen.store(true, Ordering::Release);
                        self.idle.wake_all();
                    }
                }
            }
            self.living.let_look();
        }
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
        let (first, second) = (world.make(0), world.make(0));
        let elsewhere = world.clone();
        let ending = thread::spawn(move || {
            elsewhere.end(1, first);
            elsewhere.end(1, second);
        });
        let third = world.make(0);
        world.end(0, third);
        ending.join().expect("it does not panic");
        // This takes out what was handed back.
        let last = world.make(0);
        assert_eq!(world.look(|| true), Some(1));
        world.end(0, last);
    });
}

#[test]
fn loom_who_looks_sees_all_that_were_made_and_may_be_over() {
    check(|| {
        let world = World::new();
        let ends = world.make(0);
        let other = world.clone();
        let working = thread::spawn(move || {
            other.end(1, ends);
            let lives = other.make(1);
            other.sleep(1, 2);
            other.end(1, lives);
        });
        world.sleep(0, 2);
        working.join().expect("it does not panic");
    });
}

#[test]
fn loom_who_wakes_lets_the_other_look() {
    check(|| {
        let world = World::new();
        let lives = world.make(0);
        assert!(world.idle.doze(0).is_some_and(|dozing| !dozing.all));
        let sleeping = world.clone();
        let worker = thread::spawn(move || {
            sleeping.idle.park(0);
            sleeping.living.let_look();
            let made = sleeping.make(0);
            sleeping.end(0, lives);
            sleeping.end(0, made);
        });
        let outside = world.clone();
        let waker = thread::spawn(move || outside.idle.notify());
        let dozing = world.idle.doze(1).expect("it is the last");
        let is_quiet = || world.idle.all_asleep() && world.idle.undisturbed(dozing);
        assert!(dozing.all && world.look(is_quiet).is_none_or(|n_seen| n_seen == 1));
        world.idle.wake_all();
        waker.join().expect("it does not panic");
        worker.join().expect("it does not panic");
    });
}
