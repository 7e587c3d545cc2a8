//! A suspended operation is asked what it waits for, when the program is at rest: its activity is polled, and the
//! operation, which that poll comes to, tells instead of going on.
//! It does not know who asks, nor what is told.
//!
//! A poll of a suspended activity goes straight to where it is suspended. Those operations that have noted that the
//! program waits there ([`Waiting`](super::waiting::Waiting)) begin the slower part of their polls with [`tell`], and do
//! nothing before that but look whether they may use the waiting state, which nobody may while one is asked.

use std::cell::RefCell;

use super::current;
use super::waits::{Origin, Tells, WaitPlace};
use crate::port::outlook::Outlook;

/// What an operation tells: where it waits and what for, the rest of that, and whether it can still come.
pub(super) type Told = (WaitPlace, Vec<Origin>, Outlook);

/// What this thread does.
enum Asks {
    /// It asks nobody.
    Nobody,
    /// It asks, and has been told this.
    Somebody(Option<Told>),
}

thread_local! {
    static ASKS: RefCell<Asks> = const { RefCell::new(Asks::Nobody) };
}

/// What the operation tells that `poll` comes to. For the code of its strand.
pub(super) fn ask(poll: impl FnOnce()) -> Option<Told> {
    ASKS.set(Asks::Somebody(None));
    poll();
    match ASKS.replace(Asks::Nobody) {
        Asks::Somebody(told) => told,
        Asks::Nobody => None,
    }
}

/// Whether the calling operation is only asked: then its poll gives `Pending`.
pub(crate) fn tell(operation: &dyn Tells) -> bool {
    let is_asked = is_asked();
    if is_asked {
        ASKS.set(Asks::Somebody(told(operation)));
    }
    is_asked
}

/// Whether what is polled is only asked.
pub(crate) fn is_asked() -> bool {
    ASKS.with_borrow(|asks| matches!(asks, Asks::Somebody(_)))
}

fn told(operation: &dyn Tells) -> Option<Told> {
    let mut origins = Vec::new();
    operation.origins(&mut origins);
    let more = origins.split_off(1.min(origins.len()));
    let origin = origins.pop()?;
    let serving = current::strand().is_some_and(|strand| operation.is_own(&strand));
    let place = WaitPlace { at: operation.at(), origin, serving };
    Some((place, more, operation.outlook()))
}
