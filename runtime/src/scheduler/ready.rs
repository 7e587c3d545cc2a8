//! Which activities of a strand are ready, and whether anybody is to run it: one word.
//! It does not poll, and knows nodes only. While nobody has the right to run the strand, the word owns it: so there is one.
//!
//! | word | means | the first activity wakes | another wakes |
//! |---|---|---|---|
//! | idle, with the right to run the strand | nobody runs it, or is about to | *taken*; the waker schedules it | its node; the waker schedules it |
//! | taken | it is scheduled or runs | *marked* | its node |
//! | marked | the same, and the first is ready | *marked* | its node, before the mark |
//! | a node | the same, and so are these, newest first; beside them what was there before | sets a flag, writes the word again | its node, before those |
//! | over | the strand has ended | nothing | nothing |
//!
//! So an activity that is alone in its strand is woken by one compare-and-swap and, if it then waits again, put
//! to rest by another. That it was the first activity that had the strand scheduled is said nowhere: it is so if
//! it was not another, beside whose node there is then a mark for that ([`Since`]).
//!
//! Every wake is a read-modify-write, and so is what takes marks and nodes out and what makes the word idle: if the
//! wake comes first, the runner sees what the waker did before; if it comes second, the waker finds
//! that the word is taken again, or idle. A wake that finds the mark writes it again for this reason. So does one
//! that finds nodes, after it has set the flag: who takes them looks at the flag next. If that is before the
//! wake has written the word, the first activity has been found ready, and the wake finds another word.
//! Idle is written with release, and the wake that undoes it acquires that and hands it on through a queue of
//! the scheduler: so what one worker did to the strand is seen by the next.

use std::fmt;

use crate::mailbox::chain::{Chain, Nodes, Parceled};
use crate::sync::{AtomicBool, Mark, OTHER, Ordering, Pointer, Seen};

const TAKEN: Mark = 0;
/// Beside nodes only.
const WAS_IDLE: Mark = 1;
/// Beside the right to run the strand.
const IDLE: Mark = OTHER;
const OVER: Mark = 3;
const MARKED: Mark = 4;

/// The word. `P` is the right to run the strand.
pub(crate) struct Ready<T, P: Pointer>(Nodes<T, P>);

impl<T, P: Pointer> fmt::Debug for Ready<T, P> {
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
    fn of(chain: Chain<T>, mark: Mark) -> Self {
        let since = match mark {
            WAS_IDLE => Since::Idle,
            MARKED => Since::Marked,
            _ => Since::Taken,
        };
        Self { since, others: chain.reversed() }
    }

    fn without_others(since: Since) -> Self {
        Self { since, others: Chain::empty() }
    }
}

impl<T, P: Pointer> Ready<T, P> {
    /// Of a strand that has not started: as if it were scheduled.
    pub(crate) fn new() -> Self {
        Self(Nodes::new(TAKEN))
    }

    /// The first activity is ready; `among` is the flag that says so where others are, too. If the strand was idle, the
    /// waker gets it, and schedules it.
    #[inline]
    pub(crate) fn mark(&self, among: &AtomicBool) -> Option<P> {
        // Relaxed, here and below: the change does the ordering.
        let mut seen = self.0.see(Ordering::Relaxed);
        loop {
            let done = match seen.marks() {
                IDLE => match self.0.take(seen, TAKEN) {
                    Ok(content) => return content.other(),
                    Err(now) => Err(now),
                },
                _ if seen.has_pointer() => self.mark_among(among),
                // What is over stays over.
                OVER => Ok(()),
                _ => self.0.mark(seen, MARKED),
            };
            match done {
                Ok(()) => return None,
                Err(now) => seen = now,
            }
        }
    }

    #[cold]
    fn mark_among(&self, among: &AtomicBool) -> Result<(), Seen> {
        // Acquire and release, and a read-modify-write: who takes the flag back sees what all have done
        // who set it.
        among.swap(true, Ordering::AcqRel);
        let seen = self.0.see(Ordering::Relaxed);
        match seen.marks() {
            IDLE => Err(seen),
            _ if seen.has_pointer() => self.0.mark(seen, seen.marks()),
            _ => Err(seen),
        }
    }

    /// An activity is ready that hangs nowhere. If the strand was idle, the waker gets it, and schedules it.
    pub(crate) fn push(&self, value: T) -> Option<P> {
        let mut node = Parceled::hold(value);
        let mut seen = self.0.see(Ordering::Relaxed);
        loop {
            let done = match seen.marks() {
                OVER => {
                    drop(node.into_value());
                    return None;
                }
                IDLE => self.0.replace(seen, node, WAS_IDLE).map(|before| before.other()),
                marks => self.0.push(seen, node, marks).map(|()| None),
            };
            match done {
                Ok(right) => return right,
                Err((back, now)) => (node, seen) = (back, now),
            }
        }
    }

    /// Takes what is ready; `among` as for [`Ready::mark`]. For the one who runs the strand.
    pub(crate) fn take(&self, among: &AtomicBool) -> Taken<T> {
        let mut seen = self.0.see(Ordering::Acquire);
        loop {
            let taken = match seen.marks() {
                marks if seen.has_pointer() => self.0.take(seen, TAKEN).map(|content| {
                    let taken = Taken::of(content.nodes(), marks);
                    let first = among.swap(false, Ordering::AcqRel);
                    let since = if first { Since::Marked } else { taken.since };
                    Taken { since, ..taken }
                }),
                MARKED => {
                    let done = self.0.mark(seen, TAKEN);
                    done.map(|()| Taken::without_others(Since::Marked))
                }
                _ => Ok(Taken::without_others(Since::Taken)),
            };
            match taken {
                Ok(taken) => return taken,
                Err(now) => seen = now,
            }
        }
    }

    /// A slice of the first activity begins, or goes on, in which nothing else was ready; `false` if something
    /// else is. For the one who runs the strand.
    #[inline]
    pub(crate) fn begin(&self) -> bool {
        // Relaxed: the queue from which the strand was taken has ordered what comes before; the mark is taken
        // out by the change.
        let seen = self.0.see(Ordering::Relaxed);
        seen == Seen::bare(TAKEN)
            || seen == Seen::bare(MARKED) && self.0.mark(seen, TAKEN).is_ok()
    }

    /// Nobody runs the strand any more; gives the right to run it back if something is ready.
    #[inline(always)]
    pub(crate) fn rest(&self, right: P) -> Result<(), P> {
        self.0.put_other(Seen::bare(TAKEN), right, IDLE).map_err(|(right, _)| right)
    }

    /// Makes an idle strand one's own. Who then schedules it has woken the first activity by that.
    #[inline(always)]
    pub(crate) fn seize(&self) -> Option<P> {
        let seen = self.0.see(Ordering::Relaxed);
        if seen.marks() != IDLE {
            return None;
        }
        self.0.take(seen, TAKEN).ok()?.other()
    }

    /// The strand is over; gives what was ready. For the one who runs it.
    pub(crate) fn finish(&self) -> Taken<T> {
        let mut seen = self.0.see(Ordering::Relaxed);
        loop {
            // Always a read-modify-write: whoever pushes later sees what the caller did before.
            match self.0.take(seen, OVER) {
                Ok(content) => return Taken::of(content.nodes(), seen.marks()),
                Err(now) => seen = now,
            }
        }
    }
}
