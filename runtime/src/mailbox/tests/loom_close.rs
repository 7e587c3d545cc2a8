//! Models of ending while sending: each message is delivered or given back, never both and never lost.

use std::sync::Arc;

use loom::thread;

use super::loom_sleep::{receive, select};
use crate::mailbox::{Mailbox, Quick, Took};
use crate::scheduler::tests::sleeping;

#[test]
fn loom_completing_races_with_sending() {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(3);
    sleeping::check(model, || {
        let mailbox = Arc::new(Mailbox::<u32, ()>::new());
        let sender = mailbox.clone();
        let sending = thread::spawn(move || sender.push(1).is_ok());
        let closer = mailbox.clone();
        let closing = thread::spawn(move || closer.complete(()));
        let got = receive(&mailbox);
        let sent = sending.join().expect("the sender does not panic");
        closing.join().expect("the closer does not panic");
        if got.is_some() {
            assert!(sent);
            assert_eq!(receive(&mailbox), None);
        } else {
            assert!(!sent, "a message was taken in after the receiver saw the end");
        }
    });
}

#[test]
fn loom_shutting_races_with_sending() {
    sleeping::check(loom::model::Builder::new(), || {
        let message = Arc::new(());
        let mailbox = Arc::new(Mailbox::<Arc<()>, ()>::new());
        let sender = mailbox.clone();
        let sent = message.clone();
        let sending = thread::spawn(move || {
            drop(sender.push(sent));
        });
        mailbox.shut(());
        sending.join().expect("the sender does not panic");
        assert_eq!(
            Arc::strong_count(&message),
            1,
            "the mailbox keeps a message for ever"
        );
        assert!(matches!(mailbox.take(false), Took::Over));
    });
}

/// All who sleep at a mailbox learn that it is over, the one in its head and those in its list.
#[test]
fn loom_completing_wakes_all() {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(2);
    sleeping::check(model, || {
        let mailbox = Arc::new(Mailbox::<u32, ()>::new());
        let waiting: Vec<_> = [receive, select]
            .into_iter()
            .map(|wait: fn(&Mailbox<u32, ()>) -> Option<u32>| {
                let mailbox = mailbox.clone();
                thread::spawn(move || wait(&mailbox))
            })
            .collect();
        mailbox.complete(());
        for waiter in waiting {
            assert_eq!(waiter.join().expect("the waiter does not panic"), None);
        }
    });
}

/// The mailbox is shut while another takes: what that one has put into order is dropped as well.
#[test]
fn loom_shutting_races_with_taking() {
    sleeping::check(loom::model::Builder::new(), || {
        let message = Arc::new(());
        let mailbox = Arc::new(Mailbox::<Arc<()>, ()>::new());
        for _ in 0..2 {
            assert!(mailbox.push(message.clone()).is_ok());
        }
        let taker = mailbox.clone();
        let taking = thread::spawn(move || drop(taker.take(false)));
        mailbox.shut(());
        taking.join().expect("the taker does not panic");
        assert_eq!(
            Arc::strong_count(&message),
            1,
            "the mailbox keeps a message for ever"
        );
    });
}

/// The senders go while two take: each message arrives once, in order, also the one that is alone by then.
#[test]
fn loom_completing_races_with_taking() {
    for n in 1..=2 {
        sleeping::check(loom::model::Builder::new(), move || {
            let mailbox = Arc::new(Mailbox::<usize, ()>::new());
            (0..n).for_each(|it| assert!(mailbox.push(it).is_ok()));
            let quick = |mailbox: &Mailbox<usize, ()>| match mailbox.quick(None) {
                Quick::Item(it) => vec![it],
                _ => vec![],
            };
            let other = mailbox.clone();
            let taking = thread::spawn(move || quick(&other));
            mailbox.complete(());
            let mut taken = quick(&mailbox);
            taken.extend(taking.join().expect("the taker does not panic"));
            while let Took::Item(it) = mailbox.take(false) {
                taken.push(it);
            }
            taken.sort_unstable();
            assert_eq!(taken, Vec::from_iter(0..n));
            assert!(matches!(mailbox.take(false), Took::Over));
        });
    }
}
