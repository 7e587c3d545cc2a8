//! The waiting state of an activity: what it has noted of its wait, what holds it back, what it is to throw.
//! It is lent to whoever waits by [`current`](super::current).

use std::cell::Cell;
use std::mem;
use std::ops::Deref;
use std::sync::Arc;

use super::asked::Told;
use super::handle::ActivityRef;
use super::strand::Strand;
use super::waits::{Place, WaitPlace, What};
use crate::mailbox::waiters::{Rare, WaitPool};
use crate::port::outlook::Outlook;
use crate::value::Exception;

/// The waiting state of an activity.
#[derive(Default)]
pub(crate) struct Waiting {
    /// A handle of the activity, set aside for the next head of a queue at which it waits.
    pub(super) spare: Cell<Option<ActivityRef>>,
    pub(super) rare: Rare,
}

/// What most activities never have.
#[derive(Debug, Default)]
struct MoreWaiting {
    /// The program was at rest, and the wait in vain: it throws this.
    verdict: Option<Exception>,
    /// Full lines that the activity has sent to: it waits for room before it goes on (decision 63).
    held_back: Vec<Arc<dyn HoldsBack>>,
    /// It waits for that at this place in the program.
    held_at: Option<Place>,
}

impl Waiting {
    /// Keeps a handle of the activity for its next wait.
    #[inline(always)]
    pub(super) fn keep(&self, handle: ActivityRef) {
        drop(self.spare.replace(Some(handle)));
    }

    /// Nobody waits any more.
    pub(super) fn clear(&self) {
        drop(self.spare.take());
        if let Some(rare) = self.rare.get() {
            drop(rare.take());
        }
    }

    fn make_more<R>(&self, body: impl FnOnce(&mut MoreWaiting) -> R) -> R {
        let more = &mut self.rare.get_or_init(Default::default).borrow_mut().more;
        let more = more.get_or_insert_with(|| Box::new(MoreWaiting::default()));
        match more.downcast_mut() {
            Some(more) => body(more),
            None => unreachable!("only this function sets it"),
        }
    }

    fn more<R>(&self, body: impl FnOnce(&MoreWaiting) -> Option<R>) -> Option<R> {
        body(self.rare.get()?.borrow().more.as_ref()?.downcast_ref()?)
    }

    fn has(&self, what: impl FnOnce(&MoreWaiting) -> bool) -> bool {
        self.more(|more| what(more).then_some(())).is_some()
    }

    /// The wait ends with this exception.
    pub(super) fn decide(&self, verdict: Exception) {
        self.make_more(|more| more.verdict = Some(verdict));
    }

    /// Whether it is to throw.
    #[inline(always)]
    pub(crate) fn has_verdict(&self) -> bool {
        self.rare.get().is_some() && self.has(|more| more.verdict.is_some())
    }

    pub(super) fn take_verdict(&self) -> Option<Exception> {
        if self.has_verdict() { self.make_more(|more| more.verdict.take()) } else { None }
    }

    pub(super) fn hold_back(&self, by: Arc<dyn HoldsBack>) {
        self.make_more(|more| more.held_back.push(by));
    }

    pub(super) fn take_held_back(&self) -> Vec<Arc<dyn HoldsBack>> {
        self.make_more(|more| mem::take(&mut more.held_back))
    }

    /// These still hold it back, at this place in the program if it waits in the program's own code.
    pub(super) fn hold_back_again(&self, by: Vec<Arc<dyn HoldsBack>>, at: Option<Place>) {
        self.make_more(|more| {
            more.held_at = if by.is_empty() { None } else { at };
            more.held_back = by;
        });
    }

    #[inline(always)]
    pub(super) fn is_held_back(&self) -> bool {
        self.rare.get().is_some() && self.has(|more| !more.held_back.is_empty())
    }

    /// Whether it is held back in the program's own code.
    pub(super) fn is_held(&self) -> bool {
        self.has(|more| more.held_at.is_some())
    }

    /// Where the activity waits that is held back, and what for.
    pub(super) fn held_place(&self) -> Option<Told> {
        self.more(|more| {
            let origin = more.held_back.first()?.what().into();
            let place = WaitPlace { at: more.held_at?, origin, serving: false };
            Some((place, Vec::new(), Outlook::Free))
        })
    }
}

/// The waiting state of the activity that is being polled, and what its block begins with.
#[derive(Clone, Copy)]
pub(crate) struct Lent<'a> {
    front: &'a Strand,
    waiting: &'a Waiting,
}

impl<'a> Lent<'a> {
    #[inline(always)]
    pub(super) fn new(front: &'a Strand, waiting: &'a Waiting) -> Self {
        Self { front, waiting }
    }

    /// A handle of the activity.
    pub(super) fn handle(self) -> ActivityRef {
        self.front.block()
    }

    /// The poll ends in a wait of the program's own, at an operation that can be asked.
    #[inline(always)]
    pub(crate) fn note(self) {
        self.front.first().noted.set(true);
    }

    /// Makes the activity run again.
    pub(super) fn run_again(self) {
        self.front.run_again();
    }

    /// For waiting at queues and lists.
    #[inline(always)]
    pub(crate) fn pool(self) -> WaitPool<'a> {
        WaitPool::new(self.front, &self.waiting.spare, &self.waiting.rare)
    }
}

impl Deref for Lent<'_> {
    type Target = Waiting;

    #[inline(always)]
    fn deref(&self) -> &Waiting {
        self.waiting
    }
}

/// Something that holds senders back.
pub(crate) trait HoldsBack: Send + Sync + std::fmt::Debug {
    /// Whether there is room; if not, the owner of `pool` is woken when there is.
    fn poll(&self, pool: &mut WaitPool) -> bool;

    /// For reports.
    fn what(&self) -> What;
}
