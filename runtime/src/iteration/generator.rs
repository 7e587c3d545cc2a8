//! Iterator bodies: an async block that hands over one element each time it is polled.
//! It does not know where the elements go (`seq`), and it never touches the scheduler.
//!
//! The body of an iterator becomes a future that nothing but [`Body`] polls. `yield return` is
//! `give`: it leaves the element at the enumeration's place and is pending once.
//!
//! Leaving a loop early resumes the body once more, and then every `give` answers that it is to stop:
//! the generated code returns, and pending `finally` blocks run on the way.

use super::handoff::{Enumeration, Running};
use crate::stack;
use crate::value::Result;

/// One enumeration of an iterator's elements.
pub struct Body<T: 'static> {
    /// `None` once it has ended.
    running: Option<Enumeration>,
    /// The first element was asked for.
    started: bool,
    elements: std::marker::PhantomData<fn() -> T>,
}

impl<T: Send + Sync> Body<T> {
    pub(super) fn new(running: Running) -> Self {
        Self {
            running: Some(Enumeration::new::<T>(running)),
            started: false,
            elements: std::marker::PhantomData,
        }
    }
}

impl<T> Iterator for Body<T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        // A body that is left by unwinding is gone.
        let mut running = self.running.take()?;
        self.started = true;
        if let Err(thrown) = stack::deep() {
            return Some(Err(thrown));
        }
        let next = running.resume(false);
        if matches!(next, Some(Ok(_))) {
            self.running = Some(running);
        }
        next
    }
}

impl<T> Drop for Body<T> {
    fn drop(&mut self) {
        if let (true, Some(running)) = (self.started, &mut self.running) {
            // What a `finally` block throws here has nobody left to catch it.
            let _ = stack::caught(|| running.resume::<T>(true));
        }
    }
}

impl<T> std::fmt::Debug for Body<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Body").field("started", &self.started).finish_non_exhaustive()
    }
}
