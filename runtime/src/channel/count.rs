//! Counts of who holds something of a channel: one more, one less.

use crate::sync::{AtomicU32, Ordering};

/// Counts one more, for somebody who has one.
#[inline]
pub(super) fn add(count: &AtomicU32) {
    // Relaxed: there is nothing to be ordered after. As many handles as that would overflow the count.
    if count.fetch_add(1, Ordering::Relaxed) > u32::MAX / 2 {
        std::process::abort();
    }
}

/// Counts one less; whether it was the last. What all others did before is visible then.
#[inline]
pub(super) fn leave(count: &AtomicU32) -> bool {
    count.fetch_sub(1, Ordering::AcqRel) == 1
}

/// The same where nobody looks at the count once it is zero: the last one stays in it.
#[inline]
pub(super) fn leave_for_good(count: &AtomicU32) -> bool {
    // Acquire pairs with the release of all others.
    count.load(Ordering::Acquire) == 1 || leave(count)
}
