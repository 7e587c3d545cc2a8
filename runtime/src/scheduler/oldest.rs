//! When the oldest of a worker's new strands goes before newer ones. They run newest first, so it might wait for ever; but
//! where they are a tree that grows in depth, each that is taken from below begins another branch before the one above
//! has ended. With a branch for each so many strands, memory would grow with the tree. So the time until the next doubles
//! as long as there are new ones.
//! It knows no strands.

use std::time::{Duration, Instant};

const SHORTEST: Duration = Duration::from_millis(2);
const LONGEST: Duration = Duration::from_secs(1);

/// When the next is due.
#[derive(Debug)]
pub(super) struct Oldest {
    /// Since when there are new ones; `None` if there were none.
    since: Option<usize>,
    wait: Duration,
    due: Option<Instant>,
}

impl Oldest {
    pub(super) fn new() -> Self {
        Self { since: None, wait: SHORTEST, due: None }
    }

    /// Whether the oldest is to be taken now; then it waits twice as long for the next. `since` is a number that
    /// changes when there are no new ones any more, and `None` then.
    pub(super) fn is_due(&mut self, since: Option<usize>, now: Instant) -> bool {
        if since.is_none() || since != self.since {
            *self = Self { since, wait: SHORTEST, due: Some(now + SHORTEST) };
            return false;
        }
        let is_due = self.due.is_none_or(|due| now >= due);
        if is_due {
            self.wait = (self.wait * 2).min(LONGEST);
            self.due = Some(now + self.wait);
        }
        is_due
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    /// After how many milliseconds the oldest was taken.
    fn taken(oldest: &mut Oldest, since: Option<usize>, ms: u64) -> Vec<u64> {
        let begin = Instant::now();
        let at = |ms| begin + Duration::from_millis(ms);
        (0..ms).filter(|ms| oldest.is_due(since, at(*ms))).collect()
    }

    #[test]
    fn who_waits_for_a_tree_is_taken_less_and_less_often() {
        let times = taken(&mut Oldest::new(), Some(0), 5_000);
        assert_eq!(times[..9], [2, 6, 14, 30, 62, 126, 254, 510, 1_022]);
        assert_eq!(times[9..], [2_022, 3_022, 4_022]);
    }

    #[test]
    fn it_begins_anew_when_all_have_run() {
        let mut oldest = Oldest::new();
        assert_eq!(taken(&mut oldest, Some(0), 20), [2, 6, 14]);
        assert_eq!(taken(&mut oldest, Some(1), 20), [2, 6, 14]);
        assert!(taken(&mut oldest, None, 20).is_empty());
        assert_eq!(taken(&mut oldest, Some(1), 20), [2, 6, 14]);
    }
}
