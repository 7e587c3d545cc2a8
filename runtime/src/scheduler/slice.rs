//! A slice of a strand: its activities are polled one after the other until nothing is ready, or others are to
//! have their turn. What a strand is, and what is ready, is said in [`strand`](super::strand).

use std::mem::{self, ManuallyDrop};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;

use super::activity::Ended;
use super::block::ActivityRef;
use super::current::{self, Left};
use super::panics;
use super::strand::StrandRef;
use crate::value::{Exception, Result};

/// How many polls a strand gets before it goes to the end of the queue.
const POLLS_PER_SLICE: usize = 32;

/// What is polled next.
pub(super) enum Next {
    First,
    Added(ActivityRef),
    /// Nothing is ready, and the strand is idle: its runner may not touch it any more. If it `gave` its
    /// handle away, it does not have that any more either.
    Idle {
        gave: bool,
    },
    Over,
}

/// How a slice ends.
enum Slice {
    Again,
    Over,
    /// As in [`Next`].
    Idle {
        gave: bool,
    },
}

/// Does the work of a thread that runs strands, until it returns. A panic in a strand ends that strand.
pub(super) fn guarded(mut work: impl FnMut()) {
    while let Err(panic) = catch_unwind(AssertUnwindSafe(&mut work)) {
        let Some(strand) = current::running() else { std::process::abort() };
        strand.panicked(panics::to_exception(&*panic));
        drop(current::end_strand(strand));
    }
}

/// The end of a slice in which the only activity was polled once, with this outcome.
#[inline(never)]
fn slice_over(
    running: ManuallyDrop<StrandRef>,
    outcome: Result<()>,
) -> Option<StrandRef> {
    current::end_poll();
    let ended = running.first().done(outcome);
    if let (Ended::Done, true) = (&ended, running.is_lone()) {
        running.end_lone();
        drop(current::end_strand(running));
        return None;
    }
    end_slice(running, |running| running.slice_after(Err(ended), 1))
}

#[inline(never)]
fn end_slice(
    running: ManuallyDrop<StrandRef>,
    slice: impl FnOnce(&StrandRef) -> Slice,
) -> Option<StrandRef> {
    let after = slice(&running);
    let strand = current::end_strand(running);
    match after {
        Slice::Again => Some(strand),
        Slice::Over => None,
        Slice::Idle { gave } => end_idle(strand, gave),
    }
}

/// The strand is idle, and its runner has a handle of it, unless that was given away.
#[inline(always)]
fn end_idle(strand: StrandRef, gave: bool) -> Option<StrandRef> {
    if gave {
        mem::forget(strand);
    } else {
        let_go(strand);
    }
    None
}

#[inline(never)]
fn let_go(strand: StrandRef) {
    drop(strand);
}

impl StrandRef {
    /// Runs what is ready; gives the strand back if it has more to do. Only the worker that took it from a
    /// queue calls it, within [`guarded`].
    #[inline(always)]
    pub(crate) fn run(self) -> Option<Self> {
        // After a panic `guarded` lets it go.
        let running = current::begin_strand(self);
        // Most slices are one poll of an activity that is alone in its strand, and then waits again.
        if !running.is_lone() || !running.ready.begin() {
            return end_slice(running, |running| running.slice_of_any());
        }
        if !running.first().begin_poll() {
            return end_slice(running, |running| running.slice_of_any());
        }
        match running.first().poll_begun() {
            Poll::Pending => {}
            Poll::Ready(outcome) => return slice_over(running, outcome),
        }
        let left = current::end_poll();
        if left.is_plain()
            && running.is_lone()
            && let Some(gave) = running.rest()
        {
            let strand = current::end_strand(running);
            return end_idle(strand, gave);
        }
        end_slice(running, |running| running.slice_of_lone(Ok(left)))
    }

    fn slice_of_any(&self) -> Slice {
        match self.is_lone() && self.ready.begin() {
            true => {
                let polled = self.first().poll();
                self.slice_of_lone(polled)
            }
            false => self.slice(),
        }
    }

    /// The slice of a strand that has nothing but its first activity, after the first poll of that.
    fn slice_of_lone(&self, mut polled: core::result::Result<Left, Ended>) -> Slice {
        let mut n_polls = 1;
        loop {
            let left = match polled {
                Ok(left) => left,
                Err(Ended::Done) if self.is_lone() => {
                    self.end_lone();
                    return Slice::Over;
                }
                Err(ended) => return self.slice_after(Err(ended), n_polls),
            };
            if !self.is_lone() {
                return self.slice_after(Ok(left), n_polls);
            }
            if left.yielded() {
                return Slice::Again;
            }
            if let Some(gave) = self.rest() {
                return Slice::Idle { gave };
            }
            // It was woken meanwhile.
            if n_polls == POLLS_PER_SLICE || !self.ready.begin() {
                return Slice::Again;
            }
            n_polls += 1;
            polled = self.first().poll();
        }
    }

    /// The rest of a slice that was one of the first activity alone.
    #[inline(never)]
    fn slice_after(
        &self,
        polled: core::result::Result<Left, Ended>,
        n_polls: usize,
    ) -> Slice {
        match self.after(self.first(), polled) {
            Some(after) => after,
            None => self.slice_on(n_polls),
        }
    }

    #[inline(never)]
    fn slice(&self) -> Slice {
        if !self.has_ready() {
            self.refill(true);
        }
        self.slice_on(0)
    }

    fn slice_on(&self, mut n_polls: usize) -> Slice {
        while n_polls < POLLS_PER_SLICE && !self.is_over() {
            n_polls += 1;
            let added;
            let activity = match self.next_ready() {
                Next::First => self.first(),
                Next::Added(it) => {
                    added = it;
                    &added
                }
                Next::Idle { gave } => return Slice::Idle { gave },
                Next::Over => return Slice::Over,
            };
            if let Some(exception) = self.failed() {
                self.end(Some(exception));
                return Slice::Over;
            }
            if let Some(after) = self.after(activity, activity.poll()) {
                return after;
            }
        }
        if self.is_over() { Slice::Over } else { Slice::Again }
    }

    /// What follows from a poll; how the slice ends if it does.
    fn after(
        &self,
        activity: &ActivityRef,
        polled: core::result::Result<Left, Ended>,
    ) -> Option<Slice> {
        match polled {
            Ok(left) => {
                if left.alone() {
                    self.wait_alone(activity.index());
                } else {
                    self.go_on();
                }
                if left.yielded() {
                    return Some(Slice::Again);
                }
            }
            Err(Ended::Before) => {}
            Err(Ended::Done) => self.remove(activity),
            Err(Ended::Failed(exception)) => self.end(Some(exception)),
        }
        None
    }

    /// Makes the strand idle, if nothing is ready, and tells whether its handle was given away. Its runner may
    /// not touch it any more then.
    #[inline(always)]
    fn rest(&self) -> Option<bool> {
        // The first activity needs a handle for the next wait: it gets that of the runner. Not later:
        // an idle strand is not the runner's any more.
        let gave = self.lend();
        if self.ready.rest() {
            return Some(gave);
        }
        if gave {
            self.take_back();
        }
        None
    }

    fn next_ready(&self) -> Next {
        loop {
            if let Some(next) = self.next_allowed() {
                return next;
            }
            if self.refill(false) {
                continue;
            }
            if let Some(exception) = self.failed_at_rest() {
                self.end(Some(exception));
                return Next::Over;
            }
            if let Some(gave) = self.rest() {
                return Next::Idle { gave };
            }
        }
    }

    /// An activity has panicked, or something between two polls. What that leaves half done is the
    /// activity's own, and goes with it.
    fn panicked(&self, exception: Exception) {
        current::end_poll();
        self.end(Some(exception));
    }
}
