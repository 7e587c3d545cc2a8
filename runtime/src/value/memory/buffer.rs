//! Elements that handles share, and that are copied when one of them changes meanwhile. A handle is a
//! pointer to the first element and their number, so that reading needs nothing else. How they stand in
//! memory is in `rows.rs`.

use std::mem::needs_drop;
use std::ops::{Deref, Range};

use super::deep::printed;
use super::header::MOST;
use super::rows::Rows;

/// A handle to elements that are shared with its clones, and copied when they change meanwhile.
pub(in crate::value) struct Buffer<T: 'static>(pub(super) Rows<T>);

impl<T> Buffer<T> {
    #[inline]
    pub(in crate::value) const fn new() -> Self {
        Self(Rows::EMPTY)
    }

    pub(in crate::value) fn with_capacity(capacity: usize) -> Self {
        let mut rows = Rows::EMPTY;
        if capacity > 0 {
            rows.make_room(capacity);
        }
        Self(rows)
    }

    fn of(n: usize, item: impl FnMut(usize) -> T) -> Self {
        let mut buffer = Self::with_capacity(n);
        buffer.0.fill(n, item);
        buffer
    }
}

/// The capacity to grow to from `old` for `needed` elements, so that adding costs little on average.
pub(super) fn grown(old: usize, needed: usize, least: usize) -> usize {
    needed.max((old * 2).min(MOST)).max(least)
}

/// The elements, to change in place; if others have them too, those that `copy` makes. It is given, since rustc makes
/// 5 % slower loops (quicksort) of a call that it knows.
#[inline]
fn make_mut<T>(rows: &mut Rows<T>, copy: fn(&mut Rows<T>) -> &mut [T]) -> &mut [T] {
    let n = rows.len();
    match rows.alone() {
        Ok(elements) => elements,
        // So rustc knows that they are as many.
        Err(shared) => &mut copy(shared)[..n],
    }
}

/// Puts clones in the place of elements that others have too.
#[cold]
#[inline(never)]
fn copy<T: Clone>(rows: &mut Rows<T>) -> &mut [T] {
    *rows = Buffer::from(&**rows).0;
    rows.alone().ok().expect("a copy is no longer shared")
}

impl<T: Clone> Buffer<T> {
    /// `n` times the same.
    pub(in crate::value) fn filled(value: T, n: usize) -> Self {
        Self::of(n, |_| value.clone())
    }

    /// The elements in a vector of their own.
    pub(in crate::value) fn into_vec(self) -> Vec<T> {
        Items::new(self).collect()
    }

    /// The elements, to change in place; copied before if others hold them too.
    #[inline]
    pub(in crate::value) fn make_mut(&mut self) -> &mut [T] {
        make_mut(&mut self.0, copy)
    }

    /// Makes this handle alone, with room for `more` elements behind those that it has.
    #[cold]
    #[inline(never)]
    fn reserve(&mut self, more: usize) {
        let least = if size_of::<T>() <= 16 { 4 } else { 2 };
        let capacity = grown(self.len(), self.len() + more, least);
        if !self.0.make_room(capacity) {
            let mut larger = Self::with_capacity(capacity);
            larger.0.fill(self.len(), |at| self[at].clone());
            *self = larger;
        }
    }

    #[inline]
    pub(in crate::value) fn push(&mut self, item: T) {
        let mut item = Some(item);
        let mut once = |_| item.take().expect("one is added");
        if !self.0.fill(1, &mut once) {
            self.reserve(1);
            self.0.fill(1, once);
        }
    }

    pub(in crate::value) fn extend_from_slice(&mut self, items: &[T]) {
        let item = |at: usize| items[at].clone();
        if !self.0.fill(items.len(), item) {
            self.reserve(items.len());
            self.0.fill(items.len(), item);
        }
    }

    /// Takes the last element.
    #[inline]
    pub(in crate::value) fn pop(&mut self) -> Option<T> {
        let last = self.len().checked_sub(1)?;
        self.make_mut();
        self.0.cut(last)
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
        self.make_mut();
        drop(self.0.cut(len));
    }

    /// Removes all; the room stays if nobody else holds the elements.
    pub(in crate::value) fn clear(&mut self) {
        if self.0.is_alone() {
            drop(self.0.cut(0));
        } else {
            *self = Self::new();
        }
    }
}

printed!(Buffer);

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
        let mut items = items.into_iter();
        Self::of(items.len(), |_| items.next().expect("there are as many"))
    }
}

impl<T: Clone> From<&[T]> for Buffer<T> {
    fn from(items: &[T]) -> Self {
        Self::of(items.len(), |at| items[at].clone())
    }
}

impl<T: Clone> FromIterator<T> for Buffer<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let items = items.into_iter();
        let mut buffer = Self::with_capacity(items.size_hint().0);
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

#[cfg(all(test, not(loom)))]
#[path = "tests.rs"]
mod tests;
