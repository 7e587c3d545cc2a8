//! A sleeper for models: a thread that parks until its waker is called, or an activity that stands for it.
//! A lost wake leaves it parked, which loom reports as a deadlock.

use std::sync::Arc;
use std::task::Wake;

use crate::mailbox::queue::Quick;
use crate::mailbox::waiters::{Owner, WaitPool};
use crate::mailbox::{Mailbox, Reason, Took};
use crate::scheduler::tests::sleeping;
use crate::sync::Bed;

pub(crate) struct Sleeper(Bed);

impl Wake for Sleeper {
    fn wake(self: Arc<Self>) {
        self.0.wake();
    }
}

impl Sleeper {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(Bed::new()))
    }

    pub(crate) fn pool(self: &Arc<Self>) -> Owner {
        let heard = self.clone();
        Owner::new(sleeping::sleeper(move || heard.0.wake()))
    }

    pub(crate) fn sleep(&self) {
        self.0.sleep();
    }
}

/// Takes the next message as a `receive` does: `None` when it is over.
pub(crate) fn receive<T, E: Reason>(mailbox: &Mailbox<T, E>) -> Option<T> {
    let sleeper = Sleeper::new();
    let mut owner = sleeper.pool();
    let mut pool = owner.pool();
    loop {
        match mailbox.quick(Some(&mut pool)) {
            Quick::Item(value) => return Some(value),
            Quick::Armed => sleeper.sleep(),
            Quick::Empty | Quick::InTurn => {
                match take_or_wait(mailbox, &sleeper, &mut pool) {
                    Took::Item(value) => return Some(value),
                    Took::Over => return None,
                    Took::Empty | Took::Busy => {}
                }
            }
        }
    }
}

/// Takes the next message as a `select` does: `None` when it is over.
pub(crate) fn select<T, E: Reason>(mailbox: &Mailbox<T, E>) -> Option<T> {
    let sleeper = Sleeper::new();
    let mut owner = sleeper.pool();
    let mut pool = owner.pool();
    loop {
        match take_or_wait(mailbox, &sleeper, &mut pool) {
            Took::Item(value) => return Some(value),
            Took::Over => return None,
            Took::Empty | Took::Busy => {}
        }
    }
}

/// Takes the next message, or sleeps until the next wake.
fn take_or_wait<T, E: Reason>(
    mailbox: &Mailbox<T, E>,
    sleeper: &Sleeper,
    pool: &mut WaitPool,
) -> Took<T> {
    match mailbox.take(false) {
        Took::Empty | Took::Busy => {}
        took => return took,
    }
    pool.begin();
    loop {
        let armed = mailbox.arm(pool);
        match mailbox.take(true) {
            Took::Empty if !armed => {}
            took @ (Took::Empty | Took::Busy) => {
                sleeper.sleep();
                return took;
            }
            took => return took,
        }
    }
}
