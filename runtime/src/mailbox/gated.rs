//! A value behind a gate: whoever has the turn has the value alone. Nobody waits for it.

use crate::sync::{AtomicBool, Cell, Ordering};

/// A value that is touched only within the turn of its gate.
#[derive(Debug)]
pub(crate) struct Gated<T> {
    is_taken: AtomicBool,
    value: Cell<T>,
}

// SAFETY: the gate lets in one thread at a time, and orders what they do; the value goes from one to the other.
unsafe impl<T: Send> Sync for Gated<T> {}

impl<T> Gated<T> {
    pub(crate) fn new(value: T) -> Self {
        Self { is_taken: AtomicBool::new(false), value: Cell::new(value) }
    }

    /// The turn, if it is free.
    pub(crate) fn try_enter(&self) -> Option<Entered<'_, T>> {
        // Acquire pairs with the release of who leaves.
        let was_taken = self.is_taken.swap(true, Ordering::Acquire);
        // Not `then_some`: a turn that is made is given back.
        if was_taken { None } else { Some(Entered(self)) }
    }
}

/// The turn; it ends when this goes.
#[derive(Debug)]
pub(crate) struct Entered<'a, T>(&'a Gated<T>);

impl<T> Entered<'_, T> {
    pub(crate) fn with<R>(&mut self, body: impl FnOnce(&mut T) -> R) -> R {
        // SAFETY: only `try_enter` makes this, for one at a time, and it is borrowed uniquely here.
        self.0.value.with_mut(|value| body(unsafe { &mut *value }))
    }
}

impl<T> Drop for Entered<'_, T> {
    fn drop(&mut self) {
        self.0.is_taken.store(false, Ordering::Release);
    }
}
