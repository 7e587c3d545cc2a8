//! Elements while a loop changes them. It does not know what keeps them.

use std::fmt;
use std::ops::Deref;

use super::buffer::{Buffer, copy};
use super::rows;

/// Elements of a buffer while a loop changes them: whether they are shared is asked once.
pub(in crate::value) struct Edit<'a, T: 'static>(rows::Edit<'a, T>);

impl<'a, T: Clone> Edit<'a, T> {
    #[inline]
    pub(in crate::value) fn new(whole: &'a mut Buffer<T>) -> Self {
        Self(rows::Edit::new(&mut whole.0))
    }

    /// The elements, to change in place; copied before if others hold them too.
    #[inline]
    pub(in crate::value) fn make_mut(&mut self) -> &mut [T] {
        self.0.make_mut(copy)
    }
}

impl<T> Deref for Edit<'_, T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        self.0.as_slice()
    }
}

impl<T: fmt::Debug> fmt::Debug for Edit<'_, T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(out)
    }
}
