//! The waiting state of an activity: what it has noted of its wait, what holds it back, what it is to throw.
//! It is lent to whoever waits by [`current`](super::current).

use std::mem;
use std::sync::Arc;

use super::asked::Told;
use super::block::ActivityRef;
use super::waits::{Place, WaitPlace, What};
use crate::mailbox::waiters::{RareWaits, WaitPool};
use crate::port::outlook::Outlook;
use crate::value::Exception;

/// The waiting state of an activity: its own between polls, the thread's during one.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    /// A handle of the activity, set aside for the next head of a queue at which it waits.
    pub(super) spare: Option<ActivityRef>,
    /// Made when it is first needed.
    pub(super) rare: Option<Box<RareWaits>>,
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
    fn make_more(&mut self) -> &mut MoreWaiting {
        let more = &mut self.rare.get_or_insert_default().more;
        let more = more.get_or_insert_with(|| Box::new(MoreWaiting::default()));
        match more.downcast_mut() {
            Some(more) => more,
            None => unreachable!("only this function sets it"),
        }
    }

    fn more(&self) -> Option<&MoreWaiting> {
        self.rare.as_ref()?.more.as_ref()?.downcast_ref()
    }

    /// The wait ends with this exception.
    pub(super) fn decide(&mut self, verdict: Exception) {
        self.make_more().verdict = Some(verdict);
    }

    /// Whether it is to throw.
    #[inline(always)]
    pub(crate) fn has_verdict(&self) -> bool {
        self.rare.is_some() && self.more().is_some_and(|more| more.verdict.is_some())
    }

    pub(super) fn take_verdict(&mut self) -> Option<Exception> {
        if self.has_verdict() { self.make_more().verdict.take() } else { None }
    }

    pub(super) fn hold_back(&mut self, by: Arc<dyn HoldsBack>) {
        self.make_more().held_back.push(by);
    }

    pub(super) fn take_held_back(&mut self) -> Vec<Arc<dyn HoldsBack>> {
        mem::take(&mut self.make_more().held_back)
    }

    /// These still hold it back, at this place in the program if it waits in the program's own code.
    pub(super) fn hold_back_again(
        &mut self,
        by: Vec<Arc<dyn HoldsBack>>,
        at: Option<Place>,
    ) {
        let more = self.make_more();
        more.held_at = if by.is_empty() { None } else { at };
        more.held_back = by;
    }

    #[inline(always)]
    pub(super) fn is_held_back(&self) -> bool {
        self.rare.is_some() && self.more().is_some_and(|more| !more.held_back.is_empty())
    }

    /// Whether it is held back in the program's own code.
    pub(super) fn is_held(&self) -> bool {
        self.more().is_some_and(|more| more.held_at.is_some())
    }

    /// Where the activity waits that is held back, and what for.
    pub(super) fn held_place(&self) -> Option<Told> {
        let more = self.more()?;
        let origin = more.held_back.first()?.what().into();
        let place = WaitPlace { at: more.held_at?, origin, serving: false };
        Some((place, Vec::new(), Outlook::Free))
    }
}

/// Something that holds senders back.
pub(crate) trait HoldsBack: Send + Sync + std::fmt::Debug {
    /// Whether there is room; if not, the owner of `pool` is woken when there is.
    fn poll(&self, pool: &mut WaitPool) -> bool;

    /// For reports.
    fn what(&self) -> What;
}
