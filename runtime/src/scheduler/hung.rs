//! Activities that hang in the list of their strand. It does not know why they do.

use super::handle::ActivityRef;
use super::strand::StrandRef;
use crate::sync::Ordering;

/// An activity that hangs in the list of its strand, or has just been taken out. `None` only while it goes.
pub(super) struct Hung(Option<ActivityRef>);

impl Hung {
    fn take(&mut self) -> ActivityRef {
        match self.0.take() {
            Some(activity) => activity,
            None => unreachable!("it is there until it goes"),
        }
    }

    /// Which of its strand's it is.
    pub(super) fn index(&self) -> u32 {
        self.0.as_ref().map_or(0, |activity| activity.index())
    }

    fn strand(&self) -> Option<StrandRef> {
        self.0.as_ref()?.of().cloned()
    }

    /// `None` if the activity hangs in the list already. What the caller did before is then visible to the
    /// one who takes it out.
    pub(super) fn hang(activity: ActivityRef) -> Option<Self> {
        // Acquire-release pairs with itself and with `take_down`: whoever finds the flag set has its
        // writes seen by the `take_down` that follows.
        let was_hung = activity.is_hung.swap(true, Ordering::AcqRel);
        (!was_hung).then(|| Self(Some(activity)))
    }

    /// From now on it may be hung up again.
    pub(super) fn take_down(mut self) -> ActivityRef {
        let activity = self.take();
        activity.is_hung.swap(false, Ordering::AcqRel);
        activity
    }
}

impl Drop for Hung {
    fn drop(&mut self) {
        if let Some(activity) = &self.0 {
            activity.is_hung.swap(false, Ordering::AcqRel);
        }
    }
}

impl ActivityRef {
    /// Hangs the activity into the list of its strand, unless it hangs there. It is not the first.
    pub(super) fn hang_up(self) {
        let Some(hung) = Hung::hang(self) else { return };
        // Who takes the activity out of the list may let it go with all that it keeps.
        let Some(strand) = hung.strand() else { return };
        if let Some(runnable) = strand.ready.push(hung) {
            runnable.wake_with(strand.into_first());
        }
    }
}
