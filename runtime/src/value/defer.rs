//! What `using` leaves behind: an action for the end of a block, on whichever way it ends.

use super::Result;

/// Runs its action when it is dropped.
pub struct Deferred<F: FnOnce()>(Option<F>);

impl<F: FnOnce()> std::fmt::Debug for Deferred<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Deferred")
    }
}

/// Runs `action` when the result goes out of scope.
#[must_use]
pub fn defer<F: FnOnce()>(action: F) -> Deferred<F> {
    Deferred(Some(action))
}

/// As [`defer`], of an action that may throw: at the end of a block nobody can catch it.
#[must_use]
pub fn defer_fallible(action: impl FnOnce() -> Result<()>) -> Deferred<impl FnOnce()> {
    defer(|| drop(action()))
}

impl<F: FnOnce()> Drop for Deferred<F> {
    fn drop(&mut self) {
        if let Some(action) = self.0.take() {
            action();
        }
    }
}
