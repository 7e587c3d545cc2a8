//! Counts of who has something: one more, one less.

use crate::sync::{BiasedU32, Ordering};

/// More than this are not meant: some code forgets them.
const MOST: u32 = u32::MAX / 2;

/// One more, for somebody who has one.
#[inline]
pub(crate) fn count_up(count: &BiasedU32) {
    // Relaxed: there is nothing to be ordered after; who has one keeps what is counted alive.
    if count.fetch_add(1, Ordering::Relaxed) > MOST {
        std::process::abort();
    }
}

/// One less; whether it was the last. What all others did before is visible then.
#[inline]
pub(crate) fn count_down(count: &BiasedU32) -> bool {
    // Acquire pairs with the release of all others, release with the last one's acquire.
    count.fetch_sub(1, Ordering::AcqRel) == 1
}

/// The same where nobody looks at the count once it is zero: the last one stays in it. Who finds itself alone has
/// the only one, of which nobody can make another meanwhile.
#[inline]
pub(crate) fn count_down_for_good(count: &BiasedU32) -> bool {
    // Acquire pairs with the release of all others.
    count.load(Ordering::Acquire) == 1 || count_down(count)
}
