//! Which activities of a strand are ready, and whether anybody is to run it: one word.
//! It does not poll, and knows nodes only.
//!
//! | word | means | the first activity wakes | another wakes |
//! |---|---|---|---|
//! | idle | nobody runs the strand, or is about to | *taken*; the waker schedules it | its node; the waker schedules it |
//! | taken | it is scheduled or runs | *marked* | its node |
//! | marked | the same, and the first is ready | *marked* | its node, before the mark |
//! | a node | the same, and so are these, newest first; beside them what was there before | sets a flag, writes the word again | its node, before those |
//! | over | the strand has ended | nothing | nothing |
//!
//! So an activity that is alone in its strand is woken by one compare-and-swap and, if it then waits again, put
//! to rest by another. That it was the first activity that had the strand scheduled is said nowhere: it is so if
//! it was not another, beside whose node *idle* then stays ([`Since`]).
//!
//! Every wake is a read-modify-write, and so is what takes marks and nodes out and what makes the word idle: if the
//! wake comes first, the runner sees what the waker did before; if it comes second, the waker finds
//! that the word is taken again, or idle. A wake that finds the mark writes it again for this reason. So does one
//! that finds nodes, after it has set the flag: who takes them looks at the flag next. If that is before the
//! wake has written the word, the first activity has been found ready, and the wake finds another word.
//! Idle is written with release, and the wake that undoes it acquires that and hands it on through a queue of
//! the scheduler: so what one worker did to the strand is seen by the next.

use std::fmt;

use super::runner::Gives;
use crate::mailbox::chain::Chain;
use crate::mailbox::stack::{Stack, Top};
use crate::sync::{AtomicBool, Mark, Ordering};

/// What a wake finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// The waker schedules the strand.
    Idle,
    /// Somebody runs it, or will; or it is over.
    Taken,
}

const TAKEN: Mark = 0;
const IDLE: Mark = 1;
const OVER: Mark = 3;
const MARKED: Mark = 4;

/// The word.
pub(crate) struct Ready<T>(Stack<T>);

impl<T> fmt::Debug for Ready<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Ready")
    }
}

/// What the word was before nodes were put there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Since {
    /// Idle: the oldest of the others had the strand scheduled.
    Idle,
    /// Taken: at the beginning of a slice the first activity is ready, unless there was a slice before that
    /// was left with more to do.
    Taken,
    /// Marked: the first activity is ready.
    Marked,
}

/// What was ready.
#[derive(Debug)]
pub(crate) struct Taken<T> {
    pub(crate) since: Since,
    /// In the order in which they became ready.
    pub(crate) others: Chain<T>,
}

impl<T> Taken<T> {
    /// Puts what came out of the word into order.
    fn of((chain, mark): (Chain<T>, Mark)) -> Self {
        let since = match mark {
            IDLE => Since::Idle,
            MARKED => Since::Marked,
            _ => Since::Taken,
        };
        Self { since, others: chain.reversed() }
    }

    fn without_others(since: Since) -> Self {
        Self { since, others: Chain::empty() }
    }
}

impl<T> Ready<T> {
    /// Of a strand that has not started: as if it were scheduled.
    pub(crate) fn new() -> Self {
        Self(Stack::new(TAKEN))
    }

    /// The first activity is ready; `among` is the flag that says so where others are, too.
    #[inline]
    pub(crate) fn mark(&self, among: &AtomicBool) -> Found {
        let mut top = self.0.top();
        loop {
            let (from, to) = match top {
                Top::Node => match self.mark_among(among) {
                    Ok(()) => return Found::Taken,
                    Err(now) => {
                        top = now;
                        continue;
                    }
                },
                // What is over stays over.
                Top::Mark(OVER) => return Found::Taken,
                Top::Mark(IDLE) => (IDLE, TAKEN),
                Top::Mark(from) => (from, MARKED),
            };
            match self.0.change(from, to) {
                Ok(()) if from == IDLE => return Found::Idle,
                Ok(()) => return Found::Taken,
                Err(now) => top = now,
            }
        }
    }

    #[cold]
    fn mark_among(&self, among: &AtomicBool) -> Result<(), Top> {
        // Acquire and release, and a read-modify-write: who takes the flag back sees what all have done
        // who set it.
        among.swap(true, Ordering::AcqRel);
        self.0.confirm()
    }

    /// An activity is ready that hangs nowhere.
    pub(crate) fn push(&self, value: T) -> Found {
        match self.0.push(value, Some(OVER)) {
            Ok(Top::Mark(IDLE)) => Found::Idle,
            _ => Found::Taken,
        }
    }

    /// Takes what is ready; `among` as for [`Ready::mark`]. For the one who runs the strand.
    pub(crate) fn take(&self, among: &AtomicBool) -> Taken<T> {
        loop {
            match self.0.top() {
                Top::Node => {
                    if let Some(nodes) = self.0.take(TAKEN) {
                        let taken = Taken::of(nodes);
                        let first = among.swap(false, Ordering::AcqRel);
                        let since = if first { Since::Marked } else { taken.since };
                        return Taken { since, ..taken };
                    }
                }
                Top::Mark(MARKED) => {
                    if self.0.change(MARKED, TAKEN).is_ok() {
                        return Taken::without_others(Since::Marked);
                    }
                }
                Top::Mark(_) => return Taken::without_others(Since::Taken),
            }
        }
    }

    /// A slice of the first activity begins, or goes on, in which nothing else was ready; `false` if something
    /// else is. For the one who runs the strand.
    #[inline]
    pub(crate) fn begin(&self) -> bool {
        // Relaxed: the queue from which the strand was taken has ordered what comes before; the mark is taken
        // out by the change.
        match self.0.top() {
            Top::Mark(TAKEN) => true,
            Top::Mark(MARKED) => self.0.change(MARKED, TAKEN).is_ok(),
            _ => false,
        }
    }

    /// Nobody runs the strand any more; `false` if something is ready. For the one who ran it.
    #[inline]
    pub(crate) fn rest(&self, _: Gives) -> bool {
        self.0.change(TAKEN, IDLE).is_ok()
    }

    /// Makes an idle strand one's own; `false` if it is not idle. Who then schedules it has woken the first
    /// activity by that.
    #[inline(always)]
    pub(crate) fn seize(&self) -> bool {
        self.0.change(IDLE, TAKEN).is_ok()
    }

    /// The strand is over; gives what was ready. For the one who runs it.
    pub(crate) fn finish(&self) -> Taken<T> {
        Taken::of(self.0.take_always(OVER))
    }
}
