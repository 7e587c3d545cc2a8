//! A value that is shared. It does not know what the value is for.

use std::ops::Deref;

use super::handle::Handle;

/// A value in a block of its own, which goes with the last of these.
#[derive(Debug)]
pub(crate) struct Shared<T>(
    /// Never to nothing.
    Handle<T>,
);

impl<T> Shared<T> {
    /// Two for the same value.
    #[inline(always)]
    pub(crate) fn two(value: T) -> (Self, Self) {
        let [one, other] = Handle::to(value);
        (Self(one), Self(other))
    }
}

impl<T> Clone for Shared<T> {
    #[inline(always)]
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        self.0.get().expect("it has a value")
    }
}

impl<T> Drop for Shared<T> {
    #[inline(always)]
    fn drop(&mut self) {
        if let Some(last) = self.0.leave() {
            last.end();
        }
    }
}
