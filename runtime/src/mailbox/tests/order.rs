//! The order of messages, and what ends do to them, on one thread.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use crate::mailbox::Sleeper;
use crate::mailbox::queue::Quick;
use crate::mailbox::waiters::Owner;
use crate::mailbox::{Look, Mailbox, Reason, Took};
use crate::scheduler::tests::sleeping;

/// Counts how often a sleeper is woken.
struct Count {
    sleeper: Sleeper,
    n_wakes: Rc<Cell<usize>>,
}

impl Count {
    fn new() -> Self {
        let n_wakes = Rc::new(Cell::new(0));
        let heard = n_wakes.clone();
        let sleeper = sleeping::sleeper(move || heard.set(heard.get() + 1));
        Self { sleeper, n_wakes }
    }

    fn pool(&self) -> Owner {
        Owner::new(self.sleeper.clone())
    }

    fn get(&self) -> usize {
        self.n_wakes.get()
    }

    /// How many handles there are beside those of a sleeper that was just made.
    fn n_more(&self) -> u32 {
        self.sleeper.n_handles() - Self::new().sleeper.n_handles()
    }
}

impl Reason for &str {
    fn is_plain(&self) -> bool {
        self.is_empty()
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
    let count = Count::new();
    let mut owner = count.pool();
    let mut pool = owner.pool();
    let mailbox = Mailbox::<i32, ()>::new();
    assert_eq!(mailbox.push(1), Ok(()));
    pool.begin();
    assert!(!mailbox.arm(&mut pool), "there is something to take");
    assert_eq!(item(mailbox.take(true)), Some(1));
    assert!(mailbox.arm(&mut pool));
    assert_eq!(mailbox.push(2), Ok(()));
    assert_eq!(mailbox.push(3), Ok(()));
    // Once in the head, and once for the node that hangs from the first attempt.
    assert_eq!(count.get(), 2);
}

#[test]
fn a_change_of_the_head_wakes_who_refused_it() {
    let count = Count::new();
    let mut owner = count.pool();
    let mut pool = owner.pool();
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
    assert_eq!(count.get(), 1);
}

#[test]
fn waiting_for_what_never_happens_leaves_one_node_for_each_sleeper() {
    let mailbox = Mailbox::<i32, ()>::new();
    let count = Count::new();
    for _ in 0..10_000 {
        let mut owner = count.pool();
        let mut pool = owner.pool();
        pool.begin();
        mailbox.arm(&mut pool);
        pool.begin();
        mailbox.arm(&mut pool);
    }
    // Each node holds the waker; those of sleepers that have gone are swept.
    assert!(count.n_more() < 100, "{}", count.n_more());
}

#[test]
fn what_is_alone_is_taken_at_once_and_what_is_not_there_is_waited_for() {
    let count = Count::new();
    let mut owner = count.pool();
    let mut pool = owner.pool();
    let mailbox = Mailbox::<i32, ()>::new();
    assert!(matches!(mailbox.quick(None), Quick::Empty));
    assert!(matches!(mailbox.quick(Some(&mut pool)), Quick::Armed));
    assert!(matches!(mailbox.quick(None), Quick::Empty));
    assert!(matches!(mailbox.quick(Some(&mut pool)), Quick::Armed));
    assert_eq!(mailbox.push(1), Ok(()));
    assert_eq!(count.get(), 1);
    assert!(matches!(mailbox.quick(Some(&mut pool)), Quick::Item(1)));
    for n in 2..5 {
        assert_eq!(mailbox.push(n), Ok(()));
    }
    for n in 2..5 {
        assert!(matches!(mailbox.quick(Some(&mut pool)), Quick::Item(it) if it == n));
    }
    assert!(matches!(mailbox.quick(Some(&mut pool)), Quick::Armed));
    mailbox.complete(());
    assert_eq!(count.get(), 2);
    assert!(matches!(mailbox.quick(Some(&mut pool)), Quick::InTurn));
    assert!(matches!(mailbox.take(false), Took::Over));
}

#[test]
fn all_who_wait_are_woken() {
    let (mailbox, counts) = (Mailbox::<i32, ()>::new(), [(); 3].map(|()| Count::new()));
    let mut pools = counts.each_ref().map(Count::pool);
    for round in 1..4 {
        for owner in &mut pools {
            let mut pool = owner.pool();
            pool.begin();
            assert!(mailbox.arm(&mut pool));
        }
        match round {
            1 => assert_eq!(mailbox.push(1), Ok(())),
            2 => mailbox.wake(),
            _ => mailbox.shut(()),
        }
        assert_eq!(counts.each_ref().map(|it| it.get()), [round; 3]);
        let _ = mailbox.take(false);
    }
    drop((mailbox, pools));
    assert_eq!(counts.each_ref().map(Count::n_more), [0; 3], "a count is lost");
}

#[test]
fn an_idle_mailbox_is_small() {
    assert!(size_of::<Mailbox<[u64; 8], ()>>() <= 32);
}

/// Also in the list that was put into order.
#[test]
fn what_is_queued_goes_with_the_mailbox() {
    let value = Arc::new(());
    let mailbox = Mailbox::<Arc<()>, ()>::new();
    let n = 100_000;
    for _ in 0..n {
        assert!(mailbox.push(value.clone()).is_ok());
    }
    assert!(item(mailbox.take(false)).is_some());
    assert!(mailbox.push(value.clone()).is_ok());
    assert_eq!(Arc::strong_count(&value), n + 1);
    drop(mailbox);
    assert_eq!(Arc::strong_count(&value), 1);
}
