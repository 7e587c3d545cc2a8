//! Models of a request's slot: the reply arrives, whoever receives it, and whoever does not is told so.

use std::panic::Location;
use std::sync::Arc;

use loom::thread;

use crate::channel::declared::PortAt;
use crate::channel::{Kind, NoChannel};
use crate::mailbox::queue::Quick;
use crate::mailbox::tests::loom_sleep::Sleeper;
use crate::mailbox::waiters::WaitPool;
use crate::port::Value;
use crate::port::request::{Asked, Correlator, Request};
use crate::port::source::{Ending, Receive, Supply, Take};
use crate::scheduler::tests::sleeping;

fn request() -> (Request<u32, u32>, Correlator<u32>) {
    let port = PortAt { kind: Kind::of::<NoChannel>(), index: 0, strand: 0 };
    Request::new(1, Asked { port, at: Location::caller() })
}

/// Takes the reply as a future does; `None` if there is none.
fn receive(supply: &dyn Supply<u32>) -> Option<u32> {
    let sleeper = Sleeper::new();
    let mut owner = sleeper.pool();
    let mut pool = owner.pool();
    loop {
        match supply.quick(Some(&mut pool)) {
            Quick::Item(value) => return Some(value),
            Quick::Armed => {
                sleeper.sleep();
                continue;
            }
            Quick::Empty | Quick::InTurn => {}
        }
        match take_or_wait(supply, &sleeper, &mut pool) {
            Take::Item(item) => return Some(item.value),
            Take::Over(_) => return None,
            Take::Empty | Take::Busy => {}
        }
    }
}

/// Takes the next message, or sleeps until the next wake.
pub(crate) fn take_or_wait<T: Value>(
    supply: &dyn Supply<T>,
    sleeper: &Sleeper,
    pool: &mut WaitPool,
) -> Take<T> {
    match supply.take(false) {
        Take::Empty | Take::Busy => {}
        taken => return taken,
    }
    pool.begin();
    loop {
        let armed = supply.arm(pool);
        match supply.take(true) {
            Take::Empty if !armed => {}
            taken @ (Take::Empty | Take::Busy) => {
                sleeper.sleep();
                return taken;
            }
            taken => return taken,
        }
    }
}

/// The asker takes the one reply, and learns that there is no second.
#[test]
fn loom_a_reply_arrives_once() {
    sleeping::check(loom::model::Builder::new(), || {
        let (request, correlator) = request();
        let answering = thread::spawn(move || {
            request.reply(5).expect("nobody else answers");
        });
        assert_eq!(receive(&correlator), Some(5));
        // Also for who does not try the quick way first.
        assert!(matches!(correlator.take(false), Take::Over(Ending::Replied)));
        assert_eq!(receive(&correlator), None);
        answering.join().expect("it does not panic");
    });
}

/// The asker goes, perhaps while it waits, when the reply is on its way: all that they share goes with the last.
#[test]
fn loom_an_asker_goes_before_its_reply() {
    for waits in [false, true] {
        sleeping::check(loom::model::Builder::new(), move || {
            let (request, correlator) = request();
            let answering = thread::spawn(move || {
                request.reply(5).expect("nobody else answers");
            });
            if waits {
                let sleeper = Sleeper::new();
                let quick = Supply::quick(&correlator, Some(&mut sleeper.pool().pool()));
                assert!(matches!(quick, Quick::Armed | Quick::Item(5)));
            }
            drop(correlator);
            answering.join().expect("it does not panic");
        });
    }
}

/// Two wait for one reply: one gets it, and the other sleeps no longer than until then.
#[test]
fn loom_two_wait_for_one_reply() {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(1);
    sleeping::check(model, || {
        let (request, correlator) = request();
        let source = Receive::source(&correlator);
        let other = thread::spawn(move || receive(&*source.supply));
        let answering = thread::spawn(move || {
            request.reply(5).expect("nobody else answers");
        });
        let mut replies = [receive(&correlator), None];
        replies[1] = other.join().expect("it does not panic");
        replies.sort_unstable();
        assert_eq!(replies, [None, Some(5)]);
        answering.join().expect("it does not panic");
    });
}

/// Two answer by one right, as the ends of a network may that share a message: one does.
#[test]
fn loom_one_right_answers_once() {
    sleeping::check(loom::model::Builder::new(), || {
        let (request, correlator) = request();
        let one = Arc::new(request);
        let other = one.clone();
        let answering = thread::spawn(move || other.reply(6).is_ok());
        let first = one.reply(5).is_ok();
        drop(one);
        let second = answering.join().expect("it does not panic");
        assert!(first != second);
        assert_eq!(receive(&correlator), Some(if first { 5 } else { 6 }));
        assert_eq!(receive(&correlator), None);
    });
}

/// Of two who may answer one does so, or neither; the asker learns which.
#[test]
fn loom_one_of_two_answers_or_none() {
    for answers in [false, true] {
        sleeping::check(loom::model::Builder::new(), move || {
            let (request, correlator) = request();
            let other = request.clone();
            let answering = thread::spawn(move || answers && other.reply(6).is_ok());
            let first = answers && request.reply(5).is_ok();
            drop(request);
            let reply = receive(&correlator);
            let second = answering.join().expect("it does not panic");
            let expected = match (first, second) {
                (true, _) => Some(5),
                (_, true) => Some(6),
                (false, false) => None,
            };
            assert_eq!((reply, first && second), (expected, false));
        });
    }
}
