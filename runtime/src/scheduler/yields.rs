//! How many `yield;` follow each other before a worker goes on with another strand. Each ends the turns, as
//! every suspension does; but where a few of them take no time, to change the strand costs more than what is
//! done in between, and those that wait for the worker do not notice.
//! It knows no strands: the pace is the worker's.

use std::cell::Cell;
use std::time::{Duration, Instant};

use super::current;

/// So many in a row at most.
const MOST: i32 = 32;

/// Those that wait may wait so much longer.
const SHORT: Duration = Duration::from_micros(10);

/// After a row that took longer, so many times the worker goes on with another at once.
const PENALTY: i32 = 64;

/// Rows of full length are measured so many at a time: a look at the clock takes as long as some yields.
const TOGETHER: u32 = 4;

struct Pace {
    /// How many more of this row go on.
    left: Cell<i32>,
    /// The length of a row; below 1, how often it stays 1.
    most: Cell<i32>,
    /// How many more rows end before the clock is looked at.
    unmeasured: Cell<u32>,
    /// How many rows are measured together next.
    together: Cell<u32>,
    /// When the last row ended that was measured.
    ended: Cell<Option<Instant>>,
}

thread_local! {
    static PACE: Pace = const { Pace::new() };
}

/// Whether the activity goes on in the middle of a row.
#[inline(always)]
pub(crate) fn goes_on() -> bool {
    PACE.with(|pace| {
        let left = pace.left.get();
        if left > 0 {
            pace.left.set(left - 1);
        }
        left > 0
    })
}

/// Whether the activity goes on without giving its worker away.
pub(crate) fn go_on() -> bool {
    PACE.with(|pace| {
        let left = pace.left.get();
        pace.left.set(left - 1);
        left > 0 || pace.end_row()
    })
}

impl Pace {
    const fn new() -> Self {
        Self {
            left: Cell::new(0),
            most: Cell::new(1),
            unmeasured: Cell::new(0),
            together: Cell::new(1),
            ended: Cell::new(None),
        }
    }

    /// Looks how long the row took, and decides on the next. Gives `false`.
    #[inline(never)]
    fn end_row(&self) -> bool {
        match self.unmeasured.get().checked_sub(1) {
            Some(unmeasured) => self.unmeasured.set(unmeasured),
            // What the systematic scheduler does depends on no clock.
            None if current::scheduler().systematic().is_some() => {}
            None => {
                let now = Instant::now();
                let before = self.ended.replace(Some(now));
                self.judge(before.map_or(Duration::MAX, |it| now - it));
            }
        }
        self.left.set(self.most.get().max(1) - 1);
        false
    }

    /// So long took the rows that were measured together.
    fn judge(&self, took: Duration) {
        let most = match took <= SHORT * self.together.get() {
            true => (self.most.get() + 1).min(MOST),
            false => 1 - PENALTY,
        };
        self.most.set(most);
        self.together.set(if most == MOST { TOGETHER } else { 1 });
        self.unmeasured.set(self.together.get() - 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_grow_while_they_are_short() {
        let pace = Pace::new();
        for _ in 0..2 * MOST {
            pace.judge(Duration::from_micros(1));
        }
        assert_eq!((pace.most.get(), pace.unmeasured.get()), (MOST, TOGETHER - 1));
        pace.judge(SHORT * TOGETHER);
        assert_eq!(pace.most.get(), MOST);
        pace.judge(SHORT * TOGETHER + Duration::from_micros(1));
        assert_eq!((pace.most.get(), pace.unmeasured.get()), (1 - PENALTY, 0));
        for _ in 0..PENALTY {
            assert!(pace.most.get() <= 1);
            pace.judge(Duration::from_micros(1));
        }
        pace.judge(Duration::from_micros(1));
        assert_eq!(pace.most.get(), 2);
    }
}
