//! A sleeper for models: a thread that parks until its waker is called.
//! A lost wake leaves it parked, which loom reports as a deadlock.

use std::sync::Arc;
use std::task::{Wake, Waker};

use crate::mailbox::waiters::WaitPool;
use crate::mailbox::{Mailbox, Took};
use crate::sync::Bed;

pub(crate) struct Sleeper(Bed);

impl Wake for Sleeper {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.wake();
    }
}

impl Sleeper {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(Bed::new()))
    }

    pub(crate) fn sleep(&self) {
        self.0.sleep();
    }
}

/// Takes the next message as a future does: `None` when it is over.
pub(crate) fn receive<T, E: Clone>(mailbox: &Mailbox<T, E>) -> Option<T> {
    let sleeper = Sleeper::new();
    let mut pool = WaitPool::new(Waker::from(sleeper.clone()));
    loop {
        match mailbox.take(false) {
            Took::Item(value) => return Some(value),
            Took::Over => return None,
            Took::Empty | Took::Busy => {}
        }
        pool.begin();
        loop {
            let armed = mailbox.arm(&mut pool);
            match mailbox.take(true) {
                Took::Item(value) => return Some(value),
                Took::Over => return None,
                Took::Busy => break,
                Took::Empty if armed => break,
                Took::Empty => {}
            }
        }
        sleeper.sleep();
    }
}
