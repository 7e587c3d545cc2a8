//! How many `yield;` follow each other before a worker goes on with another strand. Each ends the turns, as
//! every suspension does; but where a few of them take no time, to change the strand costs more than what is
//! done in between, and those that wait for the worker do not notice.
//! It knows no strands: the pace is the worker's.

use std::cell::Cell;
use std::time::{Duration, Instant};

use super::current;

/// So many in a row at most.
const MOST: i32 = 8;

/// Those that wait may wait so much longer.
const SHORT: Duration = Duration::from_micros(10);

/// After a row that took longer, so many times the worker goes on with another at once.
const PENALTY: i32 = 64;

struct Pace {
    /// How many more of this row go on.
    left: Cell<i32>,
    /// The length of a row; below 1, how often it stays 1.
    most: Cell<i32>,
    /// When the last row ended.
    ended: Cell<Option<Instant>>,
}

thread_local! {
    static PACE: Pace = const {
        Pace { left: Cell::new(0), most: Cell::new(1), ended: Cell::new(None) }
    };
}

/// Whether the activity goes on without giving its worker away.
#[inline]
pub(crate) fn go_on() -> bool {
    PACE.with(|pace| {
        let left = pace.left.get();
        pace.left.set(left - 1);
        left > 0 || pace.end_row()
    })
}

impl Pace {
    /// Looks how long the row took, and decides on the next. Gives `false`.
    #[inline(never)]
    fn end_row(&self) -> bool {
        // What the systematic scheduler does depends on no clock.
        if current::scheduler().systematic().is_none() {
            let now = Instant::now();
            let before = self.ended.replace(Some(now));
            self.judge(before.map_or(Duration::MAX, |it| now - it));
        }
        self.left.set(self.most.get().max(1) - 1);
        false
    }

    fn judge(&self, took: Duration) {
        let most = self.most.get();
        self.most.set(match took <= SHORT {
            true => (most + 1).min(MOST),
            false => 1 - PENALTY,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_grow_while_they_are_short() {
        let pace =
            Pace { left: Cell::new(0), most: Cell::new(1), ended: Cell::new(None) };
        for _ in 0..20 {
            pace.judge(Duration::from_micros(1));
        }
        assert_eq!(pace.most.get(), MOST);
        pace.judge(Duration::from_micros(50));
        for _ in 0..PENALTY {
            assert!(pace.most.get() <= 1);
            pace.judge(Duration::from_micros(1));
        }
        pace.judge(Duration::from_micros(1));
        assert_eq!(pace.most.get(), 2);
    }
}
