//! Models of sending and receiving: nothing is lost, nothing comes twice, no wake is missed.

use std::sync::Arc;

use loom::thread;

use super::loom_sleep::{receive, select};
use crate::mailbox::{Look, Mailbox, Took};
use crate::scheduler::tests::sleeping;
use crate::sync::Cell;

type Box2 = Mailbox<u32, ()>;

/// Models with more than two threads are cut at this many preemptions.
fn bounded(body: impl Fn() + Sync + Send + 'static) {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(2);
    sleeping::check(model, body);
}

#[test]
fn loom_one_sender_wakes_the_receiver() {
    sleeping::check(loom::model::Builder::new(), || {
        let mailbox = Arc::new(Box2::new());
        let sender = mailbox.clone();
        let sending = thread::spawn(move || {
            assert!(sender.push(1).is_ok());
            assert!(sender.push(2).is_ok());
        });
        assert_eq!(receive(&mailbox), Some(1));
        assert_eq!(receive(&mailbox), Some(2));
        sending.join().expect("the sender does not panic");
    });
}

#[test]
fn loom_two_senders_keep_their_orders() {
    bounded(|| {
        let mailbox = Arc::new(Box2::new());
        let senders: Vec<_> = [10, 20]
            .into_iter()
            .map(|first| {
                let mailbox = mailbox.clone();
                thread::spawn(move || {
                    assert!(mailbox.push(first).is_ok());
                    assert!(mailbox.push(first + 1).is_ok());
                })
            })
            .collect();
        let got: Vec<u32> = (0..4).filter_map(|_| receive(&mailbox)).collect();
        for first in [10, 20] {
            let own: Vec<u32> =
                got.iter().copied().filter(|n| n / 10 * 10 == first).collect();
            assert_eq!(own, [first, first + 1]);
        }
        for sender in senders {
            sender.join().expect("the sender does not panic");
        }
    });
}

/// Two receivers, the other one of this kind, share two messages.
fn share(other_receives: fn(&Box2) -> Option<u32>) {
    bounded(move || {
        let mailbox = Arc::new(Box2::new());
        let other = mailbox.clone();
        let receiving = thread::spawn(move || other_receives(&other));
        let sender = mailbox.clone();
        let sending = thread::spawn(move || {
            assert!(sender.push(1).is_ok());
            assert!(sender.push(2).is_ok());
        });
        let here = receive(&mailbox).unwrap_or(0);
        let there = receiving.join().expect("the receiver does not panic").unwrap_or(0);
        assert_eq!(here + there, 3);
        sending.join().expect("the sender does not panic");
    });
}

#[test]
fn loom_two_receivers_get_one_message_each() {
    share(receive);
}

/// One takes at once, the other in the turn.
#[test]
fn loom_receivers_of_two_kinds_get_one_message_each() {
    share(select);
}

/// What one has seen in the turn, another does not take at once.
#[test]
fn loom_what_is_seen_in_the_turn_stays_there() {
    bounded(|| {
        let mailbox = Arc::new(Box2::new());
        let other = mailbox.clone();
        let receiving = thread::spawn(move || receive(&other));
        assert!(mailbox.push(1).is_ok());
        if let Some(mut head) = mailbox.enter(false)
            && head.look(0) == Look::Ready
        {
            assert_eq!(head.pop(), Some(1));
            assert!(mailbox.push(2).is_ok());
        }
        assert!(receiving.join().expect("the receiver does not panic").is_some());
    });
}

/// One receiver refuses the first message and sleeps; when another has taken it, it is woken.
#[test]
fn loom_a_refused_head_that_goes_wakes() {
    use super::loom_sleep::Sleeper;

    bounded(|| {
        let mailbox = Arc::new(Box2::new());
        assert!(mailbox.push(1).is_ok());
        assert!(mailbox.push(2).is_ok());
        let other = mailbox.clone();
        let receiving = thread::spawn(move || receive(&other));
        let sleeper = Sleeper::new();
        let mut owner = sleeper.pool();
        let mut pool = owner.pool();
        loop {
            pool.begin();
            mailbox.arm(&mut pool);
            if let Some(mut head) = mailbox.enter(true) {
                assert_eq!(head.look(0), Look::Ready);
                if head.peek(0) == Some(&2) {
                    assert_eq!(head.pop(), Some(2));
                    break;
                }
                head.guard();
            }
            sleeper.sleep();
        }
        assert_eq!(receiving.join().expect("the receiver does not panic"), Some(1));
        assert!(matches!(mailbox.take(false), Took::Empty));
    });
}

/// What the sender did before its send is seen by who has received: what `cfg(weak)` gives up, so
/// that this model must fail there.
#[test]
fn loom_a_message_shows_what_was_done_before_it() {
    sleeping::check(loom::model::Builder::new(), || {
        let mailbox = Arc::new(Box2::new());
        let done = Arc::new(Cell::new(0));
        let (sender, before) = (mailbox.clone(), done.clone());
        let sending = thread::spawn(move || {
            // SAFETY: the other thread looks when it has the message.
            before.with_mut(|it| unsafe { *it = 7 });
            assert!(sender.push(1).is_ok());
        });
        assert_eq!(receive(&mailbox), Some(1));
        // SAFETY: the sender has the cell no more: its message is here.
        assert_eq!(done.with(|it| unsafe { *it }), 7);
        sending.join().expect("the sender does not panic");
    });
}
