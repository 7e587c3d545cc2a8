//! The order of messages, and what ends do to them, on one thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Wake, Waker};

use crate::mailbox::waiters::WaitPool;
use crate::mailbox::{Look, Mailbox, Took};

#[derive(Default)]
struct Count(AtomicUsize);

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

fn item<T>(took: Took<T>) -> Option<T> {
    match took {
        Took::Item(value) => Some(value),
        Took::Empty | Took::Busy | Took::Over => None,
    }
}

#[test]
fn messages_come_out_in_the_order_in_which_they_were_pushed() {
    let mailbox = Mailbox::<i32, ()>::new();
    for n in 0..3 {
        assert_eq!(mailbox.push(n), Ok(()));
    }
    assert_eq!(item(mailbox.take(false)), Some(0));
    assert_eq!(mailbox.push(3), Ok(()));
    let rest: Vec<_> = std::iter::from_fn(|| item(mailbox.take(false))).collect();
    assert_eq!(rest, [1, 2, 3]);
    assert!(matches!(mailbox.take(false), Took::Empty));
}

#[test]
fn completion_lets_out_what_is_queued_and_takes_nothing_more() {
    let mailbox = Mailbox::<i32, &str>::new();
    assert_eq!(mailbox.push(1), Ok(()));
    mailbox.complete("done");
    assert_eq!(mailbox.push(2), Err(2));
    assert_eq!(item(mailbox.take(false)), Some(1));
    assert!(matches!(mailbox.take(false), Took::Over));
    assert_eq!(mailbox.ending(), Some("done"));
    assert_eq!(mailbox.n_dropped(), 1);
}

#[test]
fn shutting_drops_what_is_queued() {
    let mailbox = Mailbox::<Arc<()>, ()>::new();
    let message = Arc::new(());
    for _ in 0..3 {
        assert!(mailbox.push(message.clone()).is_ok());
    }
    // One is in order already when it shuts.
    assert!(item(mailbox.take(false)).is_some());
    mailbox.shut(());
    assert_eq!(Arc::strong_count(&message), 1);
    assert!(matches!(mailbox.take(false), Took::Over));
}

#[test]
fn a_push_wakes_who_has_armed_and_nobody_else() {
    let count = Arc::new(Count::default());
    let mut pool = WaitPool::new(Waker::from(count.clone()));
    let mailbox = Mailbox::<i32, ()>::new();
    assert_eq!(mailbox.push(1), Ok(()));
    pool.begin();
    assert!(!mailbox.arm(&mut pool), "there is something to take");
    assert_eq!(item(mailbox.take(true)), Some(1));
    assert!(mailbox.arm(&mut pool));
    assert_eq!(mailbox.push(2), Ok(()));
    assert_eq!(mailbox.push(3), Ok(()));
    assert_eq!(count.0.load(Ordering::Relaxed), 1);
}

#[test]
fn a_change_of_the_head_wakes_who_refused_it() {
    let count = Arc::new(Count::default());
    let mut pool = WaitPool::new(Waker::from(count.clone()));
    let mailbox = Mailbox::<i32, ()>::new();
    for n in 0..2 {
        assert_eq!(mailbox.push(n), Ok(()));
    }
    pool.begin();
    mailbox.arm(&mut pool);
    if let Some(mut head) = mailbox.enter(true) {
        assert_eq!(head.look(1), Look::Ready);
        assert_eq!(head.look(2), Look::Empty);
        assert_eq!(head.peek(0), Some(&0));
        head.guard();
    }
    assert_eq!(item(mailbox.take(false)), Some(0));
    assert_eq!(count.0.load(Ordering::Relaxed), 1);
}

#[test]
fn waiting_for_what_never_happens_leaves_one_node_for_each_sleeper() {
    let mailbox = Mailbox::<i32, ()>::new();
    let count = Arc::new(Count::default());
    for _ in 0..10_000 {
        let mut pool = WaitPool::new(Waker::from(count.clone()));
        pool.begin();
        mailbox.arm(&mut pool);
        pool.begin();
        mailbox.arm(&mut pool);
    }
    // Each node holds the waker; those of sleepers that have gone are swept.
    assert!(Arc::strong_count(&count) < 100, "{}", Arc::strong_count(&count));
}
