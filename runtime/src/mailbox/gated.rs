//! A value behind a gate: whoever has the turn has the value alone. Nobody waits for it.

use super::gate::Gate;
use crate::sync::Cell;

/// A value that is touched only within the turn of its gate.
#[derive(Debug)]
pub(crate) struct Gated<T> {
    gate: Gate,
    value: Cell<T>,
}

// SAFETY: the gate lets in one thread at a time, and orders what they do; the value goes from one to the other.
unsafe impl<T: Send> Sync for Gated<T> {}

impl<T> Gated<T> {
    pub(crate) fn new(value: T) -> Self {
        Self { gate: Gate::new(), value: Cell::new(value) }
    }

    /// The turn, if it is free.
    pub(crate) fn try_enter(&self) -> Option<Entered<'_, T>> {
        // Not `then_some`: a turn that is made is given back.
        if self.gate.try_enter() { Some(Entered(self)) } else { None }
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
        self.0.gate.leave();
    }
}
