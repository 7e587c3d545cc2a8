//! The turns that this thread holds: they last no longer than the poll of an activity.
//! It does not wait; `Entering` does.
//!
//! A turn that ends leaves its handle to the admission where it was. The next turn of the thread is mostly
//! one at the same domain, and finds it there: so neither counts, nor allocates.

use std::cell::{Cell, RefCell};
use std::mem::ManuallyDrop;
use std::sync::Arc;

use super::admission::{Admission, Way};
use crate::scheduler::current;

/// What a thread holds.
struct Held {
    /// How many of `turns` are held; the others were.
    n_held: Cell<usize>,
    /// Those of outer domains first.
    turns: RefCell<Vec<Turn>>,
}

/// A turn that this thread holds, or held last in this place.
struct Turn {
    /// `None` only while the turn is being ended.
    of: Option<Arc<Admission>>,
    way: Way,
    /// How many readers use the state now, or -1 for a writer.
    uses: isize,
}

thread_local! {
    /// Never dropped, so that no use of it has to ask whether it was.
    static HELD: ManuallyDrop<Held> = const {
        ManuallyDrop::new(Held { n_held: Cell::new(0), turns: RefCell::new(Vec::new()) })
    };
}

impl Turn {
    fn is_of(&self, admission: &Admission) -> bool {
        self.of.as_ref().is_some_and(|of| std::ptr::eq(&raw const **of, admission))
    }
}

impl Held {
    /// Which of the turns is that of `admission`.
    #[inline]
    fn find(&self, turns: &[Turn], admission: &Admission) -> Option<usize> {
        turns[..self.n_held.get()].iter().rposition(|turn| turn.is_of(admission))
    }

    #[inline]
    fn hold(&self, of: &Arc<Admission>, way: Way) {
        let at = self.n_held.get();
        let mut turns = self.turns.borrow_mut();
        match turns.get_mut(at) {
            Some(turn) if turn.is_of(of) => (turn.way, turn.uses) = (way, 0),
            _ => {
                turns.truncate(at);
                turns.push(Turn { of: Some(of.clone()), way, uses: 0 });
            }
        }
        self.n_held.set(at + 1);
    }

    /// Ends the last turn.
    fn end_last(&self) {
        let at = self.n_held.get() - 1;
        let (of, way) = {
            let turn = &mut self.turns.borrow_mut()[at];
            // Its closure is still running, and would go on with what it was lent.
            assert!(turn.uses == 0, "a turn ends while the state of the domain is used");
            (turn.of.take(), turn.way)
        };
        self.n_held.set(at);
        if let Some(of) = of {
            of.leave(way);
            // Ending a turn wakes others, but runs nobody.
            self.turns.borrow_mut()[at].of = Some(of);
        }
    }
}

/// Whether this thread holds a turn.
#[inline]
pub(crate) fn holds_turn() -> bool {
    HELD.with(|held| held.n_held.get() > 0)
}

/// Whether this thread holds the turn of `admission`.
#[inline]
pub(super) fn holds(admission: &Admission) -> bool {
    HELD.with(|held| {
        held.n_held.get() > 0 && held.find(&held.turns.borrow(), admission).is_some()
    })
}

/// Takes part in a turn for the rest of this poll.
#[inline]
pub(super) fn hold(of: &Arc<Admission>, way: Way) {
    HELD.with(|held| held.hold(of, way));
}

/// Has the turn afterwards, if that needs no waiting. Only where this thread holds no other.
#[inline]
pub(super) fn take(of: &Arc<Admission>, writes: bool) -> bool {
    HELD.with(|held| {
        let Some(way) = of.try_enter(writes, current::on()) else { return false };
        held.hold(of, way);
        true
    })
}

/// Ends all turns that this thread holds.
#[inline]
pub(crate) fn end_turns() {
    if holds_turn() {
        end_held_turns();
    }
}

#[inline(never)]
fn end_held_turns() {
    HELD.with(|held| {
        // Innermost first.
        while held.n_held.get() > 0 {
            held.end_last();
        }
    });
}

/// Ends the turn of `admission` only.
pub(super) fn end_turn_of(admission: &Admission) {
    HELD.with(|held| {
        let turn = {
            let mut turns = held.turns.borrow_mut();
            let Some(at) = held.find(&turns, admission) else { return };
            held.n_held.set(held.n_held.get() - 1);
            turns.remove(at)
        };
        if let Some(of) = turn.of {
            of.leave(turn.way);
        }
    });
}

/// A use of a domain's state within a closure.
pub(super) struct Use {
    /// Which of the thread's turns it is of.
    at: usize,
    before: isize,
}

impl Use {
    /// A use in the turn of `admission`. Panics if this thread does not have it, or if it does not allow
    /// that; the compiler does not emit such code.
    #[inline]
    pub(super) fn of(admission: &Admission, writes: bool) -> Self {
        let begun = HELD.with(|held| {
            let mut turns = held.turns.borrow_mut();
            let at = held.find(&turns, admission)?;
            let turn = &mut turns[at];
            let before = turn.uses;
            turn.uses = match writes {
                true if turn.way.writes() && before == 0 => -1,
                false if before >= 0 => before + 1,
                _ => return None,
            };
            Some(Self { at, before })
        });
        match begun {
            Some(begun) => begun,
            None => panic!("the state of a domain is used without a turn that allows it"),
        }
    }
}

impl Drop for Use {
    #[inline]
    fn drop(&mut self) {
        HELD.with(|held| {
            // No turn ends while it is used, so those before it are where they were.
            if let Some(turn) = held.turns.borrow_mut().get_mut(self.at) {
                turn.uses = self.before;
            }
        });
    }
}
