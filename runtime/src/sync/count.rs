//! Counts of handles: one more, one less.

use crate::sync::{AtomicU32, Ordering};

/// More handles than this are not meant: some code forgets them.
const MOST: u32 = u32::MAX / 2;

/// One more, for somebody who has one.
#[inline]
pub(crate) fn count_up(count: &AtomicU32) {
    // Relaxed: who has a handle keeps what it names alive.
    if count.fetch_add(1, Ordering::Relaxed) > MOST {
        std::process::abort();
    }
}

/// One less; `true` for the last. What all others did before is visible then.
#[inline]
pub(crate) fn count_down(count: &AtomicU32) -> bool {
    // Acquire pairs with the release of all others. Who finds itself alone has the only handle, of which
    // nobody can make another meanwhile.
    count.load(Ordering::Acquire) == 1 || {
        // Acquire and release: what all have done comes before the end.
        count.fetch_sub(1, Ordering::AcqRel) == 1
    }
}
