//! Elements that handles share, and that are copied when one of them changes meanwhile. A handle is a
//! pointer to the first element and their number, so that reading needs nothing else. How they stand in
//! memory is in `rows.rs`.

use std::fmt;
use std::iter::repeat_n;
use std::mem::needs_drop;
use std::ops::{Deref, Range};

use super::rows::{self, MOST, Rows};

/// A handle to elements that are shared with its clones, and copied when they change meanwhile.
pub(in crate::value) struct Buffer<T: 'static>(Rows<T>);

impl<T> Buffer<T> {
    #[inline]
    pub(in crate::value) const fn new() -> Self {
        Self(Rows::EMPTY)
    }

    pub(in crate::value) fn with_capacity(capacity: usize) -> Self {
        Self(if capacity == 0 { Rows::EMPTY } else { Rows::with_capacity(capacity) })
    }

    fn collected(items: impl ExactSizeIterator<Item = T>) -> Self {
        let mut buffer = Self::with_capacity(items.len());
        buffer.0.extend(items);
        buffer
    }
}

/// The capacity to grow to from `old` for `needed` elements, so that adding costs little on average.
pub(super) fn grown(old: usize, needed: usize, least: usize) -> usize {
    needed.max((old * 2).min(MOST)).max(least)
}

/// Makes `rows` the only handle to its elements.
#[cold]
#[inline(never)]
fn detach<T: Clone>(rows: &mut Rows<T>) {
    *rows = Buffer::from(&**rows).0;
}

impl<T: Clone> Buffer<T> {
    /// `n` times the same.
    pub(in crate::value) fn filled(value: T, n: usize) -> Self {
        Self::collected(repeat_n(value, n))
    }

    /// The elements in a vector of their own.
    pub(in crate::value) fn into_vec(self) -> Vec<T> {
        Items::new(self).collect()
    }

    /// The elements, to change in place; copied before if others hold them too.
    #[inline]
    pub(in crate::value) fn make_mut(&mut self) -> &mut [T] {
        self.0.make_mut(detach)
    }

    /// Makes this handle alone, with room for `more` elements behind those that it has.
    #[cold]
    #[inline(never)]
    fn reserve(&mut self, more: usize) {
        let least = if size_of::<T>() <= 16 { 4 } else { 2 };
        let capacity = grown(self.len(), self.len() + more, least);
        if !self.0.enlarge(capacity) {
            let mut larger = Rows::with_capacity(capacity);
            larger.extend(self.iter().cloned());
            self.0 = larger;
        }
    }

    #[inline]
    pub(in crate::value) fn push(&mut self, item: T) {
        if let Some(item) = self.0.push(item) {
            self.reserve(1);
            self.0.push(item);
        }
    }

    pub(in crate::value) fn extend_from_slice(&mut self, items: &[T]) {
        if self.0.room() < items.len() {
            self.reserve(items.len());
        }
        self.0.extend(items.iter().cloned());
    }

    /// Takes the last element.
    #[inline]
    pub(in crate::value) fn pop(&mut self) -> Option<T> {
        if self.is_empty() {
            return None;
        }
        if !self.0.is_alone() {
            detach(&mut self.0);
        }
        self.0.pop()
    }

    /// Puts an element before that at `at`, or at the end.
    pub(in crate::value) fn insert(&mut self, at: usize, item: T) {
        assert!(at <= self.len(), "an element is put within the others");
        self.push(item);
        self.make_mut()[at..].rotate_right(1);
    }

    /// Removes these elements.
    pub(in crate::value) fn remove(&mut self, range: Range<usize>) {
        let n = range.len();
        self.make_mut()[range.start..].rotate_left(n);
        self.truncate(self.len() - n);
    }

    /// Removes the elements behind the first `len`.
    fn truncate(&mut self, len: usize) {
        if !self.0.is_alone() {
            detach(&mut self.0);
        }
        self.0.truncate(len);
    }

    /// Removes all; the room stays if nobody else holds the elements.
    pub(in crate::value) fn clear(&mut self) {
        if self.0.is_alone() {
            self.0.truncate(0);
        } else {
            *self = Self::new();
        }
    }
}

impl<T> Deref for Buffer<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> Clone for Buffer<T> {
    #[inline]
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Default for Buffer<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> From<Vec<T>> for Buffer<T> {
    fn from(items: Vec<T>) -> Self {
        Self::collected(items.into_iter())
    }
}

impl<T: Clone> From<&[T]> for Buffer<T> {
    fn from(items: &[T]) -> Self {
        Self::collected(items.iter().cloned())
    }
}

impl<T: Clone> FromIterator<T> for Buffer<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut items = items.into_iter();
        let mut buffer = Self::with_capacity(items.size_hint().0);
        buffer.0.extend(&mut items);
        for item in items {
            buffer.push(item);
        }
        buffer
    }
}

/// The elements one after the other, as they were when the iteration began. If the iterator holds
/// the only handle it gives the elements away instead of clones: then the last is the next.
#[derive(Clone, Debug)]
pub(in crate::value) struct Items<T: 'static> {
    items: Buffer<T>,
    at: usize,
    gives: bool,
}

impl<T: Clone> Items<T> {
    #[inline]
    pub(in crate::value) fn new(mut items: Buffer<T>) -> Self {
        let mut gives = false;
        if needs_drop::<T>() && items.0.is_alone() {
            items.make_mut().reverse();
            gives = true;
        }
        Self { items, at: 0, gives }
    }
}

impl<T: Clone> Iterator for Items<T> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        if self.gives {
            return self.items.pop();
        }
        let item = self.items.get(self.at)?;
        self.at += 1;
        Some(item.clone())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let n_left = self.items.len() - self.at;
        (n_left, Some(n_left))
    }
}

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
        self.0.make_mut(detach)
    }
}

impl<T> Deref for Edit<'_, T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: fmt::Debug> fmt::Debug for Edit<'_, T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(out)
    }
}

#[cfg(all(test, not(loom)))]
#[path = "tests.rs"]
mod tests;
