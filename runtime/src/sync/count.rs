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

/// How many have something. `std::sync::Arc` also counts weak handles, which makes asking whether one is alone cost
/// two atomic exchanges. There are none here, so asking is a load, and so is letting go of the last one.
#[derive(Debug)]
pub(crate) struct Count(BiasedU32);

/// A value, and how many have it.
#[derive(Debug)]
pub(crate) struct Counted<T> {
    pub(crate) count: Count,
    pub(crate) value: T,
}

impl Count {
    #[inline(always)]
    pub(crate) fn of(n: u32) -> Self {
        Self(BiasedU32::new(n))
    }

    /// Counts one more.
    #[inline]
    pub(crate) fn add(&self) {
        count_up(&self.0);
    }

    /// Whether the one that asks is alone. What others did before they went is then visible here.
    #[inline]
    pub(crate) fn is_one(&self) -> bool {
        // Acquire pairs with the release of `leave`. Nobody can add one meanwhile: that takes the one that is asking.
        self.0.load(Ordering::Acquire) == 1
    }

    /// Counts one less; whether it was the last, which may then free what is shared.
    #[inline]
    pub(crate) fn leave(&self) -> bool {
        count_down_for_good(&self.0)
    }
}
