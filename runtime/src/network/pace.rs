//! Whether a link works on its messages itself, one after the other, or has others work on several at
//! a time: by what a message costs, as measured. It works on none.
//!
//! | state | messages are worked on | until |
//! |---|---|---|
//! | trying | by others, one for each worker | the first result: what it cost decides |
//! | alone | by the link; one of 32 is timed | a timed one was dear |
//! | parallel | by others, eight for each worker | a window of messages was cheap |
//!
//! A stage whose cost varies would go to and fro, so the window doubles each time. With one worker
//! nothing is gained by others.

use crate::clock;

/// What it costs to have another work on a message, many times over: below, the link does it itself.
/// All times are in nanoseconds.
const DEAR: u64 = 10_000;

/// So many messages are worked on in parallel, for each worker.
const MAX_FLYING: usize = 8;

/// At least one of so many messages is timed.
const MAX_INTERVAL: u32 = 32;

/// So many messages in parallel are looked at together.
const WINDOW: u32 = 16;
const MAX_WINDOW: u32 = 4096;

/// After this time others have their turn.
const SLICE: u64 = 200_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Trying,
    Alone,
    Parallel,
}

/// See the top.
#[derive(Debug)]
pub(super) struct Pace {
    state: State,
    n_workers: usize,
    /// Alone: each how-many-th message is timed, and how many come before the next.
    interval: u32,
    n_untimed: u32,
    /// Alone: what the last timed message cost.
    cost: u64,
    /// Alone: about how long the link has worked without a pause.
    slice: u64,
    /// In parallel: how many messages make a window; how many of them have been seen, and their cost.
    window: u32,
    n_seen: u32,
    seen: u64,
}

impl Pace {
    pub(super) fn new(n_workers: usize) -> Self {
        Self {
            state: if n_workers > 1 { State::Trying } else { State::Alone },
            n_workers,
            interval: 1,
            n_untimed: 0,
            cost: 0,
            slice: 0,
            window: 1,
            n_seen: 0,
            seen: 0,
        }
    }

    /// How many messages others may work on; 0: the link does it itself.
    #[inline]
    pub(super) fn max_flying(&self) -> usize {
        match self.state {
            State::Trying => self.n_workers,
            State::Alone => 0,
            State::Parallel => MAX_FLYING * self.n_workers,
        }
    }

    /// Works on a message alone.
    #[inline]
    pub(super) fn work<R>(&mut self, work: impl FnOnce() -> R) -> R {
        if self.n_untimed > 0 {
            self.n_untimed -= 1;
            self.slice = self.slice.saturating_add(self.cost);
            return work();
        }
        let (result, cost) = timed(work);
        self.worked_alone(cost);
        result
    }

    fn worked_alone(&mut self, cost: u64) {
        self.cost = cost;
        self.slice = self.slice.saturating_add(cost);
        if cost < DEAR {
            self.interval = (self.interval * 2).min(MAX_INTERVAL);
            self.n_untimed = self.interval - 1;
            return;
        }
        self.interval = 1;
        if self.n_workers > 1 {
            self.state = State::Parallel;
            self.begin_window();
        }
    }

    /// Another has worked on a message for so long.
    pub(super) fn worked(&mut self, cost: u64) {
        self.n_seen += 1;
        self.seen = self.seen.saturating_add(cost);
        if self.n_seen < self.window {
            return;
        }
        if self.seen >= u64::from(self.n_seen) * (DEAR / 2) {
            self.window = self.window.max(WINDOW);
            self.state = State::Parallel;
        } else {
            self.window = (self.window * 2).clamp(WINDOW, MAX_WINDOW);
            self.state = State::Alone;
            self.interval = 1;
            self.n_untimed = 0;
        }
        self.begin_window();
    }

    fn begin_window(&mut self) {
        self.n_seen = 0;
        self.seen = 0;
    }

    /// Whether the link has worked for so long that others are to have their turn.
    #[inline]
    pub(super) fn is_slice_over(&self) -> bool {
        self.slice >= SLICE
    }

    /// The link waits, or gives way.
    #[inline]
    pub(super) fn pause(&mut self) {
        self.slice = 0;
    }
}

/// What `work` gives, and how long it took: nothing where time is virtual.
pub(super) fn timed<R>(work: impl FnOnce() -> R) -> (R, u64) {
    let begun = clock::now();
    let result = work();
    let time = clock::now() - begun;
    (result, u64::try_from(time.as_nanos()).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: u64 = 100;

    #[test]
    fn the_first_cost_decides() {
        let mut pace = Pace::new(2);
        assert_eq!(pace.max_flying(), 2);
        pace.worked(CHEAP);
        assert_eq!(pace.max_flying(), 0);
        let mut pace = Pace::new(2);
        pace.worked(DEAR);
        assert_eq!(pace.max_flying(), 16);
        assert_eq!(Pace::new(1).max_flying(), 0);
    }

    #[test]
    fn a_dear_message_leads_to_parallel_work_and_a_window_of_cheap_ones_back() {
        let mut pace = Pace::new(4);
        pace.worked(CHEAP);
        let mut last_window = 0;
        for _ in 0..3 {
            pace.worked_alone(DEAR);
            assert_eq!(pace.max_flying(), 32);
            let window = (1..).take_while(|_| {
                pace.worked(CHEAP);
                pace.max_flying() > 0
            });
            let window = window.count() + 1;
            assert!(window >= WINDOW as usize && window > last_window);
            last_window = window;
        }
    }

    #[test]
    fn cheap_messages_are_seldom_timed() {
        let mut pace = Pace::new(1);
        let mut n_timed = 0;
        for _ in 0..1000 {
            n_timed += u32::from(pace.n_untimed == 0);
            if pace.n_untimed == 0 {
                pace.worked_alone(CHEAP);
            } else {
                pace.work(|| ());
            }
        }
        assert!(n_timed < 50, "{n_timed}");
        assert!(!pace.is_slice_over());
        pace.worked_alone(SLICE);
        assert!(pace.is_slice_over());
        pace.pause();
        assert!(!pace.is_slice_over());
        assert_eq!(pace.max_flying(), 0);
    }
}
