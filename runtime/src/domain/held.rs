//! The turns that this thread holds: they last no longer than the poll of an activity.
//! It does not wait; `Entering` does.
//!
//! A turn may be *kept* over a `yield;` that changes nothing else ([`keep_turns`]): it is not held then, and its next
//! use begins with `Entering` as that of any other; but it is there still, and ends as others do.
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
    /// How many readers use the state now, or -1 for a writer. 0 if the turn is not held.
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

    /// Whether this is, or was last, a turn of `admission`.
    #[inline(always)]
    fn is_of(&self, admission: &Admission) -> bool {
        self.at.get() == address(admission)
    }

    /// Begins a turn in this place.
    #[inline(always)]
    fn begin(&self, of: &Arc<Admission>, way: Way) {
        if !self.is_of(of) {
            self.change_to(of);
        }
        self.way.set(way);
    }

    #[cold]
    #[inline(never)]
    fn change_to(&self, of: &Arc<Admission>) {
        self.at.set(address(of));
        let before = self.of.replace(Some(of.clone()));
        drop(before);
    }

    /// Begins a use of the state in this turn, if that is allowed.
    #[inline(always)]
    fn use_state(&self, writes: bool) -> bool {
        let uses = self.uses.get();
        let is_allowed = match writes {
            true => uses == 0 && self.way.get().writes(),
            false => uses >= 0,
        };
        if is_allowed {
            self.uses.set(if writes { -1 } else { uses + 1 });
        }
        is_allowed
    }

    #[inline(always)]
    fn end_use(&self, writes: bool) {
        self.uses.set(if writes { 0 } else { self.uses.get() - 1 });
    }

    #[inline]
    fn assert_unused(&self) {
        // Its closure is still running, and would go on with what it was lent.
        assert!(
            self.uses.get() == 0,
            "a turn ends while the state of the domain is used"
        );
    }

    /// Leaves if nobody waits.
    #[inline(always)]
    fn leave_quickly(&self) -> bool {
        match &*self.of.borrow() {
            Some(of) => of.leave_quickly(self.way.get()),
            None => false,
        }
    }

    /// Whether somebody waits whom it keeps out.
    #[inline(always)]
    fn is_wanted(&self) -> bool {
        match &*self.of.borrow() {
            Some(of) => of.is_wanted(self.way.get()),
            None => false,
        }
    }

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
            1 => self.outermost.is_of(admission).then_some(0),
            n_held => self.find_inside(n_held, admission),
        }
    }

    /// Begins a use in the turn of `admission`, if that is the only one.
    #[inline(always)]
    fn use_only(&self, admission: &Admission, writes: bool) -> bool {
        let is_it = self.n_held.get() == 1 && self.outermost.is_of(admission);
        is_it && self.outermost.use_state(writes)
    }

    #[inline(never)]
    fn find_inside(&self, n_held: usize, admission: &Admission) -> Option<usize> {
        let inner = self.inner.borrow();
        let is_it = |turn: &Turn| turn.is_of(admission);
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

    fn hold(&self, of: &Arc<Admission>, way: Way) {
        let at = self.n_held.get();
        if at == 0 {
            self.end_kept();
            self.outermost.begin(of, way);
        } else {
            self.hold_inside(at - 1, of, way);
        }
        self.set_n_held(at + 1);
    }

    #[inline(always)]
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

    /// Ends the turn, if it is the only one, or kept, and nobody waits for it.
    #[inline(always)]
    fn end_only(&self) -> bool {
        let it = &self.outermost;
        let has_ended =
            self.n_held.get() <= 1 && it.uses.get() == 0 && it.leave_quickly();
        if has_ended {
            self.set_n_held(0);
        }
        has_ended
    }

    /// Whether nothing is held, but the turn in the outermost place is kept.
    #[inline(always)]
    fn keeps(&self) -> bool {
        self.n_held.get() == 0 && current::has_turns()
    }

    /// Keeps the turn, if it is the only one, and nobody wants it.
    #[inline(always)]
    fn keep_only(&self) -> bool {
        let it = &self.outermost;
        let is_kept = self.n_held.get() <= 1 && it.uses.get() == 0 && !it.is_wanted();
        if is_kept {
            self.n_held.set(0);
        }
        is_kept
    }

    /// Ends all turns but the first `n_left`, innermost first.
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

    fn end_kept(&self) {
        if self.keeps() {
            self.end_behind(0);
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
    current::has_turns() && HELD.with(|held| held.n_held.get() > 0)
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

/// Takes a turn, if this thread holds none and can have it without waiting, and without more ado.
#[inline(always)]
pub(super) fn take_quickly(of: &Admission, writes: bool) -> bool {
    HELD.with(
        #[inline(always)]
        |held| {
            let it = &held.outermost;
            if held.n_held.get() != 0 || !it.is_of(of) {
                return false;
            }
            if held.keeps() {
                let suits = it.way.get().writes() || !writes;
                if suits {
                    held.n_held.set(1)
                }
                return suits;
            }
            let Some(way) = of.try_quickly(writes, current::worker()) else {
                return false;
            };
            it.way.set(way);
            held.set_n_held(1);
            true
        },
    )
}

/// Whether this thread has the turn afterwards, since it holds that one alone, or since it holds none and can have it
/// without waiting.
pub(super) fn take(of: &Arc<Admission>, writes: bool) -> bool {
    HELD.with(|held| {
        if held.n_held.get() > 0 {
            return held.n_held.get() == 1 && held.outermost.is_of(of);
        }
        held.end_kept();
        let Some(way) = of.try_enter(writes, current::on()) else { return false };
        held.outermost.begin(of, way);
        held.set_n_held(1);
        true
    })
}

/// Ends all turns that this thread holds, or keeps.
#[inline(always)]
pub(crate) fn end_turns() {
    if current::has_turns() {
        end_held_turns();
    }
}

/// At a suspension that is none but for the turns: they end where others want them.
#[inline(always)]
pub(crate) fn keep_turns() {
    if current::has_turns() {
        let is_kept = HELD.with(
            #[inline(always)]
            |held| held.keep_only(),
        );
        if !is_kept {
            end_held_turns();
        }
    }
}

/// Ends the turn that this thread keeps.
pub(super) fn end_kept() {
    HELD.with(|held| held.end_kept());
}

#[inline(never)]
fn end_held_turns() {
    let has_ended = HELD.with(
        #[inline(always)]
        |held| held.end_only(),
    );
    if !has_ended {
        end_all();
    }
}

#[inline(never)]
fn end_all() {
    HELD.with(|held| held.end_behind(0));
}

/// Ends the turn of `admission`, and what was begun inside it.
pub(super) fn end_turn_of(admission: &Admission) {
    HELD.with(|held| match held.find(admission) {
        Some(at) => held.end_behind(at),
        None if held.outermost.is_of(admission) => held.end_kept(),
        None => {}
    });
}

/// A use of a domain's state within a closure.
pub(super) struct Use<const WRITES: bool> {
    /// Which of the thread's turns it is of.
    at: usize,
}

impl<const WRITES: bool> Use<WRITES> {
    /// A use in the turn of `admission`. Panics if this thread does not have it, or if it does not allow
    /// that; the compiler does not emit such code.
    #[inline(always)]
    pub(super) fn of(admission: &Admission) -> Self {
        // In two steps, so that the first is inlined where it is called.
        match HELD.with(|held| held.use_only(admission, WRITES)) {
            true => Self { at: 0 },
            false => Self { at: use_any(admission, WRITES) },
        }
    }
}

impl<const WRITES: bool> Drop for Use<WRITES> {
    #[inline(always)]
    fn drop(&mut self) {
        match self.at {
            0 => HELD.with(|held| held.outermost.end_use(WRITES)),
            at => end_use_inside(at, WRITES),
        }
    }
}

/// Begins a use in the turn of `admission`; which of the thread's turns that is.
#[cold]
#[inline(never)]
fn use_any(admission: &Admission, writes: bool) -> usize {
    let at = HELD.with(|held| {
        let at = held.find(admission)?;
        held.with(at, |turn| turn.use_state(writes)).then_some(at)
    });
    match at {
        Some(at) => at,
        None => panic!("the state of a domain is used without a turn that allows it"),
    }
}

/// No turn ends while it is used, so those before it are where they were.
#[cold]
#[inline(never)]
fn end_use_inside(at: usize, writes: bool) {
    HELD.with(|held| held.with(at, |turn| turn.end_use(writes)));
}
