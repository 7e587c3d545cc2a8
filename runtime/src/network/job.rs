//! A message that another strand works on, for a link that has several in work at a time.
//! It keeps no order; the feed does.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::pace::timed;
use crate::port::Value;
use crate::port::event::Event;
use crate::scheduler::strand::{Owner, Runnable};
use crate::scheduler::{current, panics};
use crate::value::Result;

struct PureStage;

impl Owner for PureStage {
    const NAME: &'static str = "a pure stage";

    type Part = ();
}

/// A message at work on a strand of its own.
pub(super) struct Job<U> {
    /// What it gives, and what that has cost in nanoseconds.
    pub(super) result: Arc<Event<(Result<U>, u64)>>,
}

impl<U: Value> Job<U> {
    /// Begins to work on `message`.
    pub(super) fn start<T: Value, F>(function: &Arc<F>, message: T) -> Self
    where
        F: Fn(T) -> Result<U> + Send + Sync + 'static,
    {
        let result = Event::new("a stage");
        if let Some(own) = current::strand() {
            own.count_jobs(|n_jobs| n_jobs + 1);
        }
        let (function, event) = (function.clone(), result.clone());
        let work = async move {
            // Nobody else sets it.
            let _ = event.set(timed(|| caught(|| function(message))));
            Ok(())
        };
        Runnable::of_new(PureStage, work).start();
        Self { result }
    }
}

impl<U> Drop for Job<U> {
    /// Its result has been taken, or nobody wants it any more.
    fn drop(&mut self) {
        if let Some(own) = current::strand() {
            own.count_jobs(|n_jobs| n_jobs.saturating_sub(1));
        }
    }
}

/// What `work` gives; a panic is an exception.
#[inline]
pub(super) fn caught<U>(work: impl FnOnce() -> Result<U>) -> Result<U> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|panic| Err(panics::to_exception(&*panic)))
}
