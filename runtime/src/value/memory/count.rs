//! The number of handles to something shared. It does not know what that is.
//!
//! `std::sync::Arc` also counts weak handles, which makes asking whether a handle is alone cost two
//! atomic exchanges. There are none here, so asking is a load, and so is letting go of the last one.

use crate::sync::count::{count_down_for_good, count_up};
use crate::sync::{BiasedU32, Ordering};

/// A count that begins with one handle.
#[derive(Debug)]
pub(super) struct Count(BiasedU32);

impl Count {
    pub(super) fn one() -> Self {
        Self(BiasedU32::new(1))
    }

    /// Counts one handle more.
    #[inline]
    pub(super) fn add(&self) {
        count_up(&self.0);
    }

    /// Whether the asking handle is the only one. What other handles did before they went is then
    /// visible here.
    #[inline]
    pub(super) fn is_one(&self) -> bool {
        // Acquire pairs with the release of `leave`. Nobody can make a second handle meanwhile: that takes
        // the one that is asking.
        self.0.load(Ordering::Acquire) == 1
    }

    /// Counts one handle less; whether it was the last, which may then free what is shared.
    #[inline]
    pub(super) fn leave(&self) -> bool {
        count_down_for_good(&self.0)
    }
}

#[cfg(all(test, loom))]
mod loom_tests {
    use loom::cell::UnsafeCell;

    use super::super::rows::Rows;

    fn one() -> Rows<UnsafeCell<i32>> {
        let mut rows = Rows::EMPTY;
        assert!(rows.make_room(1) && rows.fill(1, |_| UnsafeCell::new(0)));
        rows
    }

    #[test]
    fn loom_the_last_of_two_handles_frees_and_sees_all() {
        loom::model(|| {
            let first = one();
            let second = first.clone();
            let other = loom::thread::spawn(move || {
                // SAFETY: loom reports what is not ordered with the write below.
                second[0].with(|it| unsafe { *it });
            });
            let mut first = first;
            if first.is_alone() {
                // SAFETY: as above.
                first[0].with_mut(|it| unsafe { *it = 1 });
            }
            drop(first);
            other.join().expect("the model does not panic");
        });
    }

    #[test]
    fn loom_handles_cloned_elsewhere_are_counted() {
        loom::model(|| {
            let mut first = one();
            let second = first.clone();
            let other = loom::thread::spawn(move || {
                let third = second.clone();
                drop(second);
                // SAFETY: loom reports what is not ordered with the write below.
                third[0].with(|it| unsafe { *it })
            });
            if first.is_alone() {
                // SAFETY: as above.
                first[0].with_mut(|it| unsafe { *it = 1 });
            }
            assert_eq!(other.join().expect("the model does not panic"), 0);
            assert!(first.is_alone());
        });
    }
}
