//! When the oldest of a worker's new strands goes before newer ones. They run newest first, so it might wait for ever; but
//! where they are a tree that grows in depth, it begins another branch before the one above has ended. With a branch for
//! each so many strands, memory would grow with the tree. So the next goes when the stack is as low again as it was then:
//! what the last one has made has run. If that never comes, it goes after a second.
//! It knows no strands.

use std::time::{Duration, Instant};

const LONGEST: Duration = Duration::from_secs(1);

/// How the stack was when its oldest strand was taken last.
#[derive(Debug)]
pub(super) struct Oldest {
    /// `None` if it was empty since then.
    last: Option<Last>,
    n_emptied: usize,
}

#[derive(Clone, Copy, Debug)]
struct Last {
    height: usize,
    at: Instant,
}

impl Oldest {
    pub(super) fn new() -> Self {
        Self { last: None, n_emptied: 0 }
    }

    /// Whether the oldest is to be taken now, from a stack of this height that was emptied so often.
    pub(super) fn is_due(&mut self, stack: (usize, usize), now: Instant) -> bool {
        let (height, n_emptied) = stack;
        let last = self.last.filter(|_| n_emptied == self.n_emptied);
        let is_due = height > 0
            && last.is_none_or(|it| height <= it.height || now - it.at >= LONGEST);
        if is_due {
            self.last = Some(Last { height, at: now });
            self.n_emptied = n_emptied;
        }
        is_due
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn what_the_last_has_made_runs_before_the_next() {
        let (mut oldest, now) = (Oldest::new(), Instant::now());
        assert!(!oldest.is_due((0, 0), now));
        assert!(oldest.is_due((20, 0), now));
        assert!(!oldest.is_due((40, 0), now) && !oldest.is_due((21, 0), now));
        assert!(oldest.is_due((20, 0), now) && oldest.is_due((19, 0), now));
        assert!(!oldest.is_due((20, 0), now));
        // All have run meanwhile.
        assert!(oldest.is_due((20, 1), now));
    }

    #[test]
    fn a_tree_without_an_end_keeps_nobody_from_running() {
        let (mut oldest, begin) = (Oldest::new(), Instant::now());
        let ms = |ms| begin + Duration::from_millis(ms);
        let taken =
            (0..3_500).filter(|it| oldest.is_due((10 + *it as usize, 0), ms(*it)));
        assert_eq!(taken.collect::<Vec<_>>(), [0, 1_000, 2_000, 3_000]);
    }
}
