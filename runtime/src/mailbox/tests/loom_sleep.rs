//! A sleeper for models: a thread that parks until its waker is called.
//! A lost wake leaves it parked, which loom reports as a deadlock.

use std::sync::Arc;
use std::task::Wake;

use crate::mailbox::queue::Quick;
use crate::mailbox::sleeper::{Calls, Face, Sleep, Sleeper as Counted};
use crate::mailbox::waiters::{Owner, WaitPool};
use crate::mailbox::{Mailbox, Reason, Took};
use crate::sync::Bed;

#[repr(C)]
pub(crate) struct Sleeper(Face, Bed);

impl Wake for Sleeper {
    fn wake(self: Arc<Self>) {
        self.1.wake();
    }
}

// SAFETY: the type is `repr(C)` and begins with its face.
unsafe impl Sleep for Arc<Sleeper> {
    fn wake(self) {
        self.1.wake();
    }
}

impl Sleeper {
    /// A sleeper that stays: loom does not know that memory is given out again only after whoever
    /// had it before is done, so it lets a new sleeper find its address in old values of heads.
    pub(crate) fn new() -> Arc<Self> {
        let sleeper =
            Arc::new(Self(Face::new(const { &Calls::of::<Arc<Self>>(()) }), Bed::new()));
        std::mem::forget(sleeper.clone());
        sleeper
    }

    pub(crate) fn pool(self: &Arc<Self>) -> Owner {
        Owner::new(Counted::of(self.clone()))
    }

    pub(crate) fn sleep(&self) {
        self.1.sleep();
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
