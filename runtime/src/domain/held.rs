//! The turns that this thread holds: they last no longer than the poll of an activity.
//! It does not wait; `Entering` does.
//!
//! A turn that ends leaves its handle to the admission where it was. The next turn of the thread is mostly
//! one at the same domain, and finds it there: so neither counts, nor allocates. The outermost turn, mostly the
//! only one, has a place of its own.

use std::cell::{Cell, RefCell};
use std::mem::ManuallyDrop;
use std::sync::Arc;

use super::admission::{Admission, Way};
use crate::scheduler::current;

/// What a thread holds.
struct Held {
    /// How many turns are held; others were.
    n_held: Cell<usize>,
    outermost: Turn,
    /// The turns of inner domains, outer ones first.
    inner: RefCell<Vec<Turn>>,
}

/// A turn that this thread holds, or held last in this place.
struct Turn {
    of: RefCell<Option<Arc<Admission>>>,
    /// The address of that; 0 if there is none.
    at: Cell<usize>,
    way: Cell<Way>,
    /// How many readers use the state now, or -1 for a writer.
    uses: Cell<isize>,
}

thread_local! {
    /// Never dropped, so that no use of it has to ask whether it was.
    static HELD: ManuallyDrop<Held> = const {
        ManuallyDrop::new(Held {
            n_held: Cell::new(0),
            outermost: Turn::none(),
            inner: RefCell::new(Vec::new()),
        })
    };
}

fn address(admission: &Admission) -> usize {
    std::ptr::from_ref(admission).addr()
}

impl Turn {
    const fn none() -> Self {
        Self {
            of: RefCell::new(None),
            at: Cell::new(0),
            way: Cell::new(Way::Counted),
            uses: Cell::new(0),
        }
    }

    /// Begins a turn in this place.
    #[inline]
    fn begin(&self, of: &Arc<Admission>, way: Way) {
        if self.at.get() != address(of) {
            self.change_to(of);
        }
        self.way.set(way);
        self.uses.set(0);
    }

    #[cold]
    #[inline(never)]
    fn change_to(&self, of: &Arc<Admission>) {
        self.at.set(address(of));
        let before = self.of.replace(Some(of.clone()));
        drop(before);
    }

    /// Begins a use of the state in this turn; what `uses` was before, if it is allowed.
    #[inline(always)]
    fn use_state(&self, writes: bool) -> Option<isize> {
        let before = self.uses.get();
        let is_allowed =
            if writes { before == 0 && self.way.get().writes() } else { before >= 0 };
        if !is_allowed {
            return None;
        }
        self.uses.set(if writes { -1 } else { before + 1 });
        Some(before)
    }

    #[inline]
    fn assert_unused(&self) {
        // Its closure is still running, and would go on with what it was lent.
        assert!(
            self.uses.get() == 0,
            "a turn ends while the state of the domain is used"
        );
    }

    #[inline]
    fn leave(&self) {
        // Ending a turn wakes others, but runs nobody, so nobody changes `of` meanwhile.
        if let Some(of) = &*self.of.borrow() {
            of.leave(self.way.get());
        }
    }
}

impl Held {
    /// Which of the turns is that of `admission`.
    #[inline]
    fn find(&self, admission: &Admission) -> Option<usize> {
        match self.n_held.get() {
            0 => None,
            1 => (self.outermost.at.get() == address(admission)).then_some(0),
            n_held => self.find_inside(n_held, admission),
        }
    }

    /// Begins a use in the turn of `admission`, if that is the only one.
    #[inline(always)]
    fn use_only(&self, admission: &Admission, writes: bool) -> Option<isize> {
        let is_it =
            self.n_held.get() == 1 && self.outermost.at.get() == address(admission);
        if is_it { self.outermost.use_state(writes) } else { None }
    }

    #[inline(never)]
    fn find_inside(&self, n_held: usize, admission: &Admission) -> Option<usize> {
        let inner = self.inner.borrow();
        let is_it = |turn: &Turn| turn.at.get() == address(admission);
        match inner[..n_held - 1].iter().rposition(is_it) {
            Some(at) => Some(at + 1),
            None => is_it(&self.outermost).then_some(0),
        }
    }

    /// Works with the turn in a place, without ending it or beginning others.
    #[inline]
    fn with<R>(&self, at: usize, body: impl FnOnce(&Turn) -> R) -> R {
        match at.checked_sub(1) {
            None => body(&self.outermost),
            Some(at) => body(&self.inner.borrow()[at]),
        }
    }

    #[inline]
    fn hold(&self, of: &Arc<Admission>, way: Way) {
        let at = self.n_held.get();
        if at == 0 {
            self.outermost.begin(of, way);
        } else {
            self.hold_inside(at - 1, of, way);
        }
        self.set_n_held(at + 1);
    }

    #[inline]
    fn set_n_held(&self, n_held: usize) {
        self.n_held.set(n_held);
        current::hold_turns(n_held > 0);
    }

    #[inline(never)]
    fn hold_inside(&self, at: usize, of: &Arc<Admission>, way: Way) {
        let mut inner = self.inner.borrow_mut();
        if inner.len() == at {
            inner.push(Turn::none());
        }
        inner[at].begin(of, way);
    }

    /// Ends all turns but the first `n_left`, innermost first.
    #[inline(always)]
    fn end_behind(&self, n_left: usize) {
        if self.n_held.get() > 1 {
            self.end_inside(n_left.max(1));
        }
        if n_left == 0 {
            self.outermost.assert_unused();
            self.set_n_held(0);
            self.outermost.leave();
        }
    }

    #[inline(never)]
    fn end_inside(&self, n_left: usize) {
        let inner = self.inner.borrow();
        for at in (n_left..self.n_held.get()).rev() {
            let turn = &inner[at - 1];
            turn.assert_unused();
            self.set_n_held(at);
            turn.leave();
        }
    }
}

/// Whether this thread holds a turn.
#[inline]
pub(crate) fn holds_turn() -> bool {
    current::holds_turn()
}

/// Whether this thread holds the turn of `admission`.
#[inline]
pub(super) fn holds(admission: &Admission) -> bool {
    HELD.with(|held| held.find(admission).is_some())
}

/// Takes part in a turn for the rest of this poll.
#[inline]
pub(super) fn hold(of: &Arc<Admission>, way: Way) {
    HELD.with(|held| held.hold(of, way));
}

/// Whether this thread has the turn afterwards, since it holds that one alone, or since it holds none and can have it
/// without waiting.
#[inline]
pub(super) fn take(of: &Arc<Admission>, writes: bool) -> bool {
    HELD.with(|held| {
        if held.n_held.get() > 0 {
            return held.n_held.get() == 1 && held.outermost.at.get() == address(of);
        }
        let Some(way) = of.try_enter(writes, current::on) else { return false };
        held.outermost.begin(of, way);
        held.set_n_held(1);
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
    HELD.with(|held| held.end_behind(0));
}

/// Ends the turn of `admission`, and what was begun inside it.
pub(super) fn end_turn_of(admission: &Admission) {
    HELD.with(|held| {
        if let Some(at) = held.find(admission) {
            held.end_behind(at);
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
        // In two steps, so that the first is inlined where it is called.
        match HELD.with(|held| held.use_only(admission, writes)) {
            Some(before) => Self { at: 0, before },
            None => Self::of_any(admission, writes),
        }
    }

    #[inline(never)]
    fn of_any(admission: &Admission, writes: bool) -> Self {
        let begun = HELD.with(|held| {
            let at = held.find(admission)?;
            let before = held.with(at, |turn| turn.use_state(writes))?;
            Some(Self { at, before })
        });
        match begun {
            Some(begun) => begun,
            None => without_turn(),
        }
    }

    /// No turn ends while it is used, so those before it are where they were.
    #[inline(never)]
    fn end_inside(&self) {
        HELD.with(|held| held.with(self.at, |turn| turn.uses.set(self.before)));
    }
}

#[cold]
#[inline(never)]
fn without_turn() -> ! {
    panic!("the state of a domain is used without a turn that allows it")
}

impl Drop for Use {
    #[inline]
    fn drop(&mut self) {
        match self.at {
            0 => HELD.with(|held| held.outermost.uses.set(self.before)),
            _ => self.end_inside(),
        }
    }
}
