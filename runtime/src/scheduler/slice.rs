//! A slice of a strand: its activities are polled one after the other until nothing is ready, or others are to
//! have their turn. What a strand is, and what is ready, is said in [`strand`](super::strand).

use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::activity::Ended;
use super::current::{self, Left, Polled};
use super::handle::ActivityRef;
use super::panics;
use super::runner::Runnable;
use super::strand::StrandRef;
use crate::value::{Exception, Result};

/// How many polls a strand gets before it goes to the end of the queue.
const POLLS_PER_SLICE: usize = 32;

/// What is polled next.
pub(super) enum Next {
    First,
    Added(ActivityRef),
    /// Nothing is ready.
    Nothing,
    Over,
}

/// How a slice ends.
enum Slice {
    Again,
    Over,
    /// Nothing is ready, after so many polls.
    Done(usize),
}

/// Does the work of a thread that runs strands, until it returns. A panic in a strand ends that strand.
pub(super) fn guarded(mut work: impl FnMut()) {
    while let Err(panic) = catch_unwind(AssertUnwindSafe(&mut work)) {
        let Some(strand) = current::left_over() else { std::process::abort() };
        strand.within(|| strand.panicked(panics::to_exception(&*panic)));
    }
}

/// A strand while it runs. Left over for [`guarded`] if a panic goes through.
struct Running(Option<Runnable>);

impl Running {
    #[inline(always)]
    fn stop(mut self) -> Runnable {
        match self.0.take() {
            Some(strand) => strand,
            None => unreachable!("it is there until it stops"),
        }
    }
}

impl Deref for Running {
    type Target = Runnable;

    #[inline(always)]
    fn deref(&self) -> &Runnable {
        match &self.0 {
            Some(strand) => strand,
            None => unreachable!("it is there until it stops"),
        }
    }
}

impl Drop for Running {
    #[inline(always)]
    fn drop(&mut self) {
        if let Some(strand) = self.0.take() {
            current::leave_over(strand);
        }
    }
}

impl Runnable {
    /// Runs what is ready; gives the strand back if it has more to do. Called within [`guarded`].
    #[inline(always)]
    pub(crate) fn run(self) -> Option<Self> {
        let running = Running(Some(self));
        // Most slices are one poll of an activity that is alone in its strand, and then waits again.
        let first = running.within(
            #[inline(always)]
            || running.first_of_slice(),
        );
        match first {
            Ok(left) if left.is_plain() && running.is_lone() => {
                match running.stop().rest() {
                    Ok(()) => None,
                    Err(strand) => strand.run_again(1),
                }
            }
            Ok(left) => running.stop().run_on(|strand| strand.slice_of_lone(Ok(left), 1)),
            Err(Slice::Over) => {
                drop(running.stop());
                None
            }
            Err(after) => running.stop().end_slice(after),
        }
    }

    /// It was woken after so many polls.
    #[inline(never)]
    fn run_again(self, n_polls: usize) -> Option<Self> {
        self.run_on(|strand| strand.slice_again(n_polls))
    }

    #[inline(never)]
    fn run_on(self, slice: impl FnOnce(&StrandRef) -> Slice) -> Option<Self> {
        let running = Running(Some(self));
        let after = running.within(|| slice(&running));
        running.stop().end_slice(after)
    }

    #[inline(never)]
    fn end_slice(self, after: Slice) -> Option<Self> {
        match after {
            Slice::Again => Some(self),
            Slice::Over => None,
            Slice::Done(n_polls) => match self.rest() {
                Ok(()) => None,
                Err(strand) => strand.run_again(n_polls),
            },
        }
    }
}

impl StrandRef {
    /// Whether nothing is ready but the first activity, which is the only one.
    #[inline(always)]
    fn begins_alone(&self) -> bool {
        self.is_lone() && self.ready.begin()
    }

    /// How the first poll of the slice leaves the first activity, if it is alone and goes on; else the slice.
    #[inline(always)]
    fn first_of_slice(&self) -> core::result::Result<Left, Slice> {
        if !self.begins_alone() {
            return Err(self.slice());
        }
        match current::poll(self.first()) {
            Polled::Pending(left) => Ok(left),
            Polled::Ready(outcome) => Err(self.slice_over(outcome)),
            Polled::Gone => Err(self.slice()),
        }
    }

    /// The slice in which the only activity was polled once, with this outcome.
    #[inline(never)]
    fn slice_over(&self, outcome: Result<()>) -> Slice {
        let ended = self.first().done(outcome);
        if let (Ended::Done, true) = (&ended, self.is_lone()) {
            self.end_lone();
            return Slice::Over;
        }
        self.slice_after(Err(ended), 1)
    }

    /// The slice goes on after so many polls, when something has become ready.
    fn slice_again(&self, n_polls: usize) -> Slice {
        if n_polls == POLLS_PER_SLICE {
            return Slice::Again;
        }
        match self.begins_alone() {
            true => self.slice_of_lone(self.first().poll(), n_polls + 1),
            false => self.slice_on(n_polls),
        }
    }

    /// The slice of a strand that has nothing but its first activity, after a poll of that.
    fn slice_of_lone(
        &self,
        polled: core::result::Result<Left, Ended>,
        n_polls: usize,
    ) -> Slice {
        match polled {
            Err(Ended::Done) if self.is_lone() => {
                self.end_lone();
                Slice::Over
            }
            Ok(left) if self.is_lone() && left.yielded() => Slice::Again,
            Ok(_) if self.is_lone() => Slice::Done(n_polls),
            polled => self.slice_after(polled, n_polls),
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
                Next::Nothing => return Slice::Done(n_polls - 1),
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
            return Next::Nothing;
        }
    }

    /// An activity has panicked, or something between two polls. What that leaves half done is the
    /// activity's own, and goes with it.
    fn panicked(&self, exception: Exception) {
        current::end_poll();
        self.end(Some(exception));
    }
}
