//! What a thread runs, and what it may do by that. Safe code, on which the safety of others rests: a strand is said to
//! run while its [`Runnable`] is borrowed, and an activity while its strand runs.

use std::ptr;

use super::current;
use super::handle::ActivityRef;
use super::runner::{OfStrand, Runnable};
use super::strand::Strand;
use crate::sync::{OfThread, Scoped};

pub(crate) struct Runs {
    /// A strand that the thread has the right to run.
    strand: Scoped<Strand>,
    /// What the block of an activity of that begins with, while it is polled.
    activity: Scoped<Strand>,
}

struct TheStrand;

impl OfThread<Strand> for TheStrand {
    #[inline(always)]
    fn with<R>(body: impl FnOnce(&Scoped<Strand>) -> R) -> R {
        current::with_runs(|runs| body(&runs.strand))
    }
}

struct TheActivity;

impl OfThread<Strand> for TheActivity {
    #[inline(always)]
    fn with<R>(body: impl FnOnce(&Scoped<Strand>) -> R) -> R {
        current::with_runs(|runs| body(&runs.activity))
    }
}

impl Runs {
    pub(super) const fn nothing() -> Self {
        Self { strand: Scoped::nothing(), activity: Scoped::nothing() }
    }

    /// Lends the strand.
    #[inline(always)]
    pub(super) fn with_strand<R>(body: impl FnOnce(&Strand) -> R) -> Option<R> {
        Scoped::with::<TheStrand, _>(body)
    }

    /// Lends what the block of the activity begins with.
    #[inline(always)]
    pub(super) fn with_activity<R>(body: impl FnOnce(&Strand) -> R) -> Option<R> {
        Scoped::with::<TheActivity, _>(body)
    }

    /// Whether what is at an address is in a block that the thread runs.
    #[inline(always)]
    pub(super) fn has(address: usize) -> bool {
        let has = |it: &Strand| it.has(address);
        Self::with_activity(has) == Some(true) || Self::with_strand(has) == Some(true)
    }

    /// Whether this thread runs the strand.
    #[inline(always)]
    pub(crate) fn runs(strand: &Strand) -> bool {
        Self::with_strand(|it| ptr::eq(it, strand)) == Some(true)
    }

    /// Panics unless this thread may run the activity whose block begins with this.
    #[inline(always)]
    pub(super) fn check(front: &Strand) {
        // The first is that of a strand's first activity.
        let is_run = Self::runs(front)
            || Self::with_activity(|it| ptr::eq(it, front)) == Some(true)
            || current::is_on(front.main());
        assert!(is_run, "another may run it");
    }
}

impl<T> OfStrand<T> {
    /// Lends the value. Panics unless this thread runs what has it.
    #[inline(always)]
    pub(crate) fn with<R>(&self, body: impl FnOnce(&T) -> R) -> R {
        match self.lend(body) {
            Some(done) => done,
            None => panic!("the state of an agent is used outside of the agent"),
        }
    }
}

impl Runnable {
    /// Runs `body` as code of the strand.
    #[inline(always)]
    pub(super) fn within<R>(&self, body: impl FnOnce() -> R) -> R {
        Scoped::during::<TheStrand, _>(self, body)
    }
}

impl ActivityRef {
    /// Runs `body` as code of the activity.
    #[inline(always)]
    pub(super) fn within<R>(&self, body: impl FnOnce() -> R) -> R {
        Runs::check(self.front());
        Scoped::during::<TheActivity, _>(self.front(), body)
    }
}
