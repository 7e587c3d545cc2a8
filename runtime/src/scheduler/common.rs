//! The common list: strands from threads that are no workers, and what did not fit a worker's queue.
//! Anybody pushes; one worker at a time takes. It wakes nobody.
//!
//! What was pushed is put into order once and kept so: taking a few of many strands costs no more than
//! those few.

use super::strand::StrandRef;
use crate::mailbox::gated::Gated;
use crate::mailbox::inbox::{Chain, Inbox};
use crate::sync::{AtomicBool, Ordering};

#[derive(Debug)]
pub(crate) struct Common {
    pushed: Inbox<StrandRef>,
    /// Taken from `pushed` and put into order.
    ordered: Gated<Chain<StrandRef>>,
    /// Whether `ordered` has strands.
    has_ordered: AtomicBool,
}

impl Common {
    pub(super) fn new() -> Self {
        Self {
            pushed: Inbox::new(),
            ordered: Gated::new(Chain::empty()),
            has_ordered: AtomicBool::new(false),
        }
    }

    #[inline(never)]
    pub(super) fn push(&self, strand: StrandRef) {
        // A strand is queued once, by the wake that found it idle, so it hangs in no other list.
        let _ = self.pushed.push(strand);
    }

    pub(super) fn has_strands(&self) -> bool {
        // Acquire pairs with the release in `take`. In this order: what leaves the one list is in the
        // other before, or in the hands of a worker that does not sleep.
        self.pushed.has_nodes() || self.has_ordered.load(Ordering::Acquire)
    }

    /// Takes the `n_most` oldest, in order, as far as there are so many. Nothing if another worker takes
    /// now: that one goes on taking until there is nothing left.
    pub(super) fn take(&self, n_most: usize, mut give: impl FnMut(StrandRef)) {
        if !self.has_strands() {
            return;
        }
        let Some(mut ordered) = self.ordered.try_enter() else { return };
        ordered.with(|ordered| {
            for _ in 0..n_most {
                if ordered.is_empty() {
                    *ordered = self.pushed.take().reversed();
                }
                let Some(strand) = ordered.next() else { break };
                give(strand);
            }
            self.has_ordered.store(!ordered.is_empty(), Ordering::Release);
        });
    }
}
