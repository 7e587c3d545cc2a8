//! Models of messages that one strand keeps to itself: it takes them in their order wherever it is at home, and others
//! once it shares them.

use std::sync::{Arc, Mutex};

use loom::thread::{self, ThreadId};

use crate::mailbox::kept::{Beside, Kept};
use crate::mailbox::queue::Quick;
use crate::mailbox::{Mailbox, Took};
use crate::sync::{AtomicUsize, BiasedU8, Cell, Ordering};

/// Where the strand is that may keep messages: that thread says so before it asks for any.
struct At {
    thread: Mutex<Option<ThreadId>>,
    kept: Cell<Kept<Watched>>,
    ended: BiasedU8,
}

// SAFETY: the models see to it that a thread comes home after it has seen what the one before did; loom checks.
unsafe impl Sync for At {}

impl Default for At {
    fn default() -> Self {
        let (thread, kept) = (Mutex::new(None), Cell::new(Kept::default()));
        Self { thread, kept, ended: BiasedU8::new(0) }
    }
}

impl At {
    fn thread(&self) -> std::sync::MutexGuard<'_, Option<ThreadId>> {
        self.thread.lock().expect("nobody panics with it")
    }

    fn come_home(&self) {
        *self.thread() = Some(thread::current().id());
    }
}

impl Beside<Watched> for At {
    fn ended(&self) -> &BiasedU8 {
        &self.ended
    }

    fn at_home<R>(&self, with: impl FnOnce(&Kept<Watched>) -> R) -> Option<R> {
        // SAFETY: as above.
        self.keeps().then(|| self.kept.with_mut(|it| with(unsafe { &*it })))
    }

    fn keeps(&self) -> bool {
        *self.thread() == Some(thread::current().id())
    }
}

type Box2 = Mailbox<Watched, (), (), At>;

/// A message that loom watches.
struct Watched(Cell<u32>);

impl Watched {
    fn new(n: u32) -> Self {
        Self(Cell::new(n))
    }

    fn get(self) -> u32 {
        // SAFETY: who has a message has it alone, which loom checks.
        self.0.with_mut(|it| unsafe { *it })
    }
}

fn push(to: &Box2, numbers: impl IntoIterator<Item = u32>) {
    for n in numbers {
        assert!(to.push(Watched::new(n)).is_ok());
    }
}

fn take(from: &Box2) -> u32 {
    loop {
        match from.quick(None) {
            Quick::Item(it) => return it.get(),
            _ => thread::yield_now(),
        }
    }
}

#[test]
fn loom_kept_messages_come_in_order_while_others_arrive() {
    loom::model(|| {
        let mailbox = Arc::new(Box2::new());
        push(&mailbox, [1, 2]);
        let sender = mailbox.clone();
        let sending = thread::spawn(move || push(&sender, [3, 4]));
        mailbox.own().come_home();
        assert_eq!([0; 4].map(|_| take(&mailbox)), [1, 2, 3, 4]);
        sending.join().expect("the sender does not panic");
    });
}

#[test]
fn loom_kept_messages_go_where_their_strand_goes() {
    loom::model(|| {
        let mailbox = Arc::new(Box2::new());
        push(&mailbox, [1, 2, 3]);
        mailbox.own().come_home();
        let is_free = Arc::new(AtomicUsize::new(0));
        let there = {
            let (mailbox, is_free) = (mailbox.clone(), is_free.clone());
            thread::spawn(move || {
                // Acquire pairs with the release below.
                while is_free.load(Ordering::Acquire) == 0 {
                    thread::yield_now();
                }
                mailbox.own().come_home();
                [0; 2].map(|_| take(&mailbox))
            })
        };
        assert_eq!(take(&mailbox), 1);
        is_free.store(1, Ordering::Release);
        assert_eq!(there.join().expect("it does not panic"), [2, 3]);
    });
}

#[test]
fn loom_others_take_what_is_shared_and_nothing_before() {
    loom::model(|| {
        let mailbox = Arc::new(Box2::new());
        push(&mailbox, [1, 2, 3]);
        mailbox.own().come_home();
        assert_eq!(take(&mailbox), 1);
        let other = mailbox.clone();
        let there = thread::spawn(move || match other.quick(None) {
            Quick::Item(it) => it.get(),
            _ => 0,
        });
        mailbox.share();
        let mut got = vec![there.join().expect("it does not panic")];
        // Another's turn is over now.
        while let Took::Item(it) = mailbox.take(false) {
            got.push(it.get());
        }
        got.retain(|it| *it != 0);
        assert_eq!(got, [2, 3]);
    });
}

#[test]
fn loom_what_was_kept_comes_before_what_arrived_later() {
    loom::model(|| {
        let mailbox = Arc::new(Box2::new());
        push(&mailbox, [1, 2, 3]);
        mailbox.own().come_home();
        assert_eq!(take(&mailbox), 1);
        push(&mailbox, [4]);
        mailbox.share();
        let twice = |mailbox: &Box2| {
            let got = [0; 2].map(|_| match mailbox.quick(None) {
                Quick::Item(it) => it.get(),
                _ => 0,
            });
            got.into_iter().filter(|it| *it != 0).collect::<Vec<_>>()
        };
        let other = mailbox.clone();
        let there = thread::spawn(move || twice(&other));
        for got in [twice(&mailbox), there.join().expect("it does not panic")] {
            assert!(got.is_sorted(), "{got:?}");
        }
    });
}
