//! Elements that handles share. A handle is a pointer to the first element and their number, so that
//! reading needs nothing else; all handles to the same elements have the same length.

use std::fmt;
use std::hint;
use std::marker::PhantomData;
use std::ops::{Deref, Range};
use std::ptr::{self, NonNull};
use std::slice;

use super::block;
use super::deep;

/// A handle to elements that are shared with its clones, and copied when they change meanwhile.
pub(in crate::value) struct Buffer<T> {
    /// Dangling while there is no room.
    data: NonNull<T>,
    len: usize,
    owns: PhantomData<T>,
}

// SAFETY: a handle gives `&T` to any thread that has a clone, and `&mut T` or `T` to the thread
// that has the last one, as `Arc` does.
unsafe impl<T: Send + Sync> Send for Buffer<T> {}
// SAFETY: as above; a clone can be made through `&Buffer<T>`.
unsafe impl<T: Send + Sync> Sync for Buffer<T> {}

/// A number of elements, of which rustc is told that it is an `int`: a loop that counts up to it then
/// needs no check of its indices.
///
/// # Safety
/// It is the length of a buffer.
#[inline]
unsafe fn length(len: usize) -> usize {
    // SAFETY: there is never room for more.
    unsafe { hint::assert_unchecked(len <= block::MOST) };
    len
}

/// # Safety
/// As for `slice::from_raw_parts`, and `len` is the length of a buffer.
#[inline]
unsafe fn elements<'a, T>(data: NonNull<T>, len: usize) -> &'a [T] {
    // SAFETY: as the caller says.
    unsafe { slice::from_raw_parts(data.as_ptr(), length(len)) }
}

/// # Safety
/// As for `slice::from_raw_parts_mut`, and `len` is the length of a buffer.
#[inline]
unsafe fn elements_mut<'a, T>(data: NonNull<T>, len: usize) -> &'a mut [T] {
    // SAFETY: as the caller says.
    unsafe { slice::from_raw_parts_mut(data.as_ptr(), length(len)) }
}

impl<T> Buffer<T> {
    #[inline]
    pub(in crate::value) const fn new() -> Self {
        Self { data: NonNull::dangling(), len: 0, owns: PhantomData }
    }

    pub(in crate::value) fn with_capacity(capacity: usize) -> Self {
        let data = match capacity {
            0 => NonNull::dangling(),
            _ => block::allocate(capacity),
        };
        Self { data, len: 0, owns: PhantomData }
    }

    /// Whether there is an allocation. The first element of one lies behind a header, and so at no
    /// address as low as a dangling pointer has.
    #[inline]
    fn has_room(&self) -> bool {
        self.data != NonNull::dangling()
    }

    /// Whether this is the only handle to these elements.
    #[inline]
    fn is_alone(&self) -> bool {
        // SAFETY: with an element there is an allocation, which has a header.
        self.len == 0 || unsafe { block::header(self.data).as_ref() }.count.is_one()
    }

    fn capacity(&self) -> usize {
        if !self.has_room() {
            return 0;
        }
        // SAFETY: an allocation has a header.
        unsafe { block::header(self.data).as_ref() }.capacity as usize
    }

    /// The elements in a vector of their own.
    pub(in crate::value) fn into_vec(mut self) -> Vec<T>
    where
        T: Clone,
    {
        if !self.is_alone() {
            return self.to_vec();
        }
        let mut items = Vec::with_capacity(self.len);
        // SAFETY: the vector has room for them, and `self`, which is alone, forgets them.
        unsafe {
            ptr::copy_nonoverlapping(self.data.as_ptr(), items.as_mut_ptr(), self.len);
            items.set_len(self.len);
        }
        self.len = 0;
        items
    }

    #[inline(never)]
    fn release(&mut self) {
        // SAFETY: called for an allocation, which has a header, and only when the handle goes; the
        // last one drops the elements, of which there are `len`, and what they stood in.
        unsafe {
            if block::header(self.data).as_ref().count.leave() {
                deep::free(self.data, self.len, drop_items::<T>);
            }
        }
    }
}

/// # Safety
/// The pointer is to the room of `len` elements, and nobody uses it any more.
unsafe fn drop_items<T>(data: NonNull<()>, len: usize) {
    let data = data.cast::<T>();
    let room = Room(data);
    // SAFETY: the caller says so.
    unsafe { ptr::drop_in_place(ptr::slice_from_raw_parts_mut(data.as_ptr(), len)) };
    drop(room);
}

/// Frees the room even if dropping an element panics.
struct Room<T>(NonNull<T>);

impl<T> Drop for Room<T> {
    fn drop(&mut self) {
        // SAFETY: made of room that nobody uses any more.
        unsafe { block::free(self.0) };
    }
}

impl<T: Clone> Buffer<T> {
    /// `n` times the same.
    pub(in crate::value) fn filled(value: T, n: usize) -> Self {
        let mut buffer = Self::with_capacity(n);
        for _ in 0..n {
            buffer.push_within(value.clone());
        }
        buffer
    }

    /// The elements, to change in place; copied before if others hold them too.
    #[inline]
    pub(in crate::value) fn make_mut(&mut self) -> &mut [T] {
        if !self.is_alone() {
            self.detach();
        }
        // SAFETY: this handle is alone, and borrowed for as long as the result.
        unsafe { elements_mut(self.data, self.len) }
    }

    #[cold]
    #[inline(never)]
    fn detach(&mut self) {
        *self = Self::from(&**self);
    }

    /// Makes this handle alone, with room for `more` elements behind those that it has.
    #[cold]
    #[inline(never)]
    fn reserve(&mut self, more: usize) {
        let least = if size_of::<T>() <= 16 { 4 } else { 2 };
        let capacity = block::grown(self.len, self.len + more, least);
        if self.has_room() && self.is_alone() {
            // SAFETY: nobody else uses the elements.
            self.data = unsafe { block::enlarge(self.data, capacity) };
            return;
        }
        let mut larger = Self::with_capacity(capacity);
        for item in self.iter() {
            larger.push_within(item.clone());
        }
        *self = larger;
    }

    /// Makes sure that this handle is alone and has room for `more` elements more.
    #[inline]
    fn prepare(&mut self, more: usize) {
        // A shared allocation without elements may not be written to either.
        let alone = self.has_room()
            // SAFETY: an allocation has a header.
            && unsafe { block::header(self.data).as_ref() }.count.is_one();
        if !alone || self.capacity() - self.len < more {
            self.reserve(more);
        }
    }

    #[inline]
    pub(in crate::value) fn push(&mut self, item: T) {
        self.prepare(1);
        self.push_within(item);
    }

    pub(in crate::value) fn extend_from_slice(&mut self, items: &[T]) {
        self.prepare(items.len().max(1));
        for item in items {
            self.push_within(item.clone());
        }
    }

    /// Takes the last element.
    #[inline]
    pub(in crate::value) fn pop(&mut self) -> Option<T> {
        if self.len == 0 {
            return None;
        }
        self.make_mut();
        self.len -= 1;
        // SAFETY: the element was the last one, and is no longer counted.
        Some(unsafe { self.data.add(self.len).read() })
    }

    /// Puts an element before that at `at`, or at the end.
    pub(in crate::value) fn insert(&mut self, at: usize, item: T) {
        assert!(at <= self.len, "an element is put within the others");
        self.prepare(1);
        // SAFETY: there is room for one more, and the handle is alone; the element at `at` and those
        // behind it move up.
        unsafe {
            let place = self.data.add(at);
            ptr::copy(place.as_ptr(), place.add(1).as_ptr(), self.len - at);
            place.write(item);
        }
        self.len += 1;
    }

    /// Removes these elements.
    pub(in crate::value) fn remove(&mut self, range: Range<usize>) {
        assert!(range.start <= range.end && range.end <= self.len, "they are there");
        self.make_mut()[range.start..].rotate_left(range.end - range.start);
        self.truncate(self.len - (range.end - range.start));
    }

    /// Removes the elements behind the first `len`.
    pub(in crate::value) fn truncate(&mut self, len: usize) {
        if len >= self.len {
            return;
        }
        self.make_mut();
        let n_removed = self.len - len;
        self.len = len;
        // SAFETY: the elements are no longer counted, and the handle is alone.
        unsafe {
            let removed = self.data.add(len).as_ptr();
            ptr::drop_in_place(ptr::slice_from_raw_parts_mut(removed, n_removed));
        }
    }

    /// Removes all; the room stays if nobody else holds the elements.
    pub(in crate::value) fn clear(&mut self) {
        if self.is_alone() {
            self.truncate(0);
        } else {
            *self = Self::new();
        }
    }
}

impl<T> Buffer<T> {
    /// Adds an element for which there is room; the handle is alone.
    #[inline]
    fn push_within(&mut self, item: T) {
        debug_assert!(self.len < self.capacity(), "there is room");
        // SAFETY: callers made room and are alone.
        unsafe { self.data.add(self.len).write(item) };
        self.len += 1;
    }
}

impl<T> Deref for Buffer<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        // SAFETY: there are `len` elements, which nobody changes while a handle that is not alone, or
        // this one, is borrowed.
        unsafe { elements(self.data, self.len) }
    }
}

impl<T> Clone for Buffer<T> {
    #[inline]
    fn clone(&self) -> Self {
        if self.len == 0 {
            return Self::new();
        }
        // SAFETY: with an element there is an allocation, which has a header.
        unsafe { block::header(self.data).as_ref() }.count.add();
        Self { data: self.data, len: self.len, owns: PhantomData }
    }
}

impl<T> Drop for Buffer<T> {
    #[inline]
    fn drop(&mut self) {
        if self.has_room() {
            self.release();
        }
    }
}

impl<T> Default for Buffer<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> From<Vec<T>> for Buffer<T> {
    fn from(mut items: Vec<T>) -> Self {
        let mut buffer = Self::with_capacity(items.len());
        // SAFETY: there is room for them, and the vector forgets them before it is dropped.
        unsafe {
            let data = buffer.data.as_ptr();
            ptr::copy_nonoverlapping(items.as_ptr(), data, items.len());
            buffer.len = items.len();
            items.set_len(0);
        }
        buffer
    }
}

impl<T: Clone> From<&[T]> for Buffer<T> {
    fn from(items: &[T]) -> Self {
        let mut buffer = Self::with_capacity(items.len());
        for item in items {
            buffer.push_within(item.clone());
        }
        buffer
    }
}

impl<T: Clone> FromIterator<T> for Buffer<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let items = items.into_iter();
        let mut buffer = Self::with_capacity(items.size_hint().0);
        for item in items {
            if buffer.len == buffer.capacity() {
                buffer.reserve(1);
            }
            buffer.push_within(item);
        }
        buffer
    }
}

/// The elements one after the other, as they were when the iteration began. If the iterator holds
/// the only handle it gives the elements away instead of clones.
pub(in crate::value) struct Items<T> {
    items: Buffer<T>,
    at: usize,
    /// Elements are given away; `items.len` is then how many are left to drop, from `at` on.
    gives: bool,
}

impl<T> Items<T> {
    #[inline]
    pub(in crate::value) fn new(items: Buffer<T>) -> Self {
        let gives = items.is_alone();
        Self { items, at: 0, gives }
    }

    #[inline]
    pub(in crate::value) fn left(&self) -> usize {
        self.items.len - self.at
    }
}

impl<T: Clone> Iterator for Items<T> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        if self.at == self.items.len {
            return None;
        }
        self.at += 1;
        // SAFETY: the element is one of `len`. Where it is given away no other handle exists, and
        // `drop` leaves out what lies before `at`.
        let item = unsafe { self.items.data.add(self.at - 1) };
        if self.gives {
            // SAFETY: as above.
            return Some(unsafe { item.read() });
        }
        // SAFETY: as above.
        Some(unsafe { item.as_ref() }.clone())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left(), Some(self.left()))
    }
}

impl<T> Drop for Items<T> {
    #[inline]
    fn drop(&mut self) {
        if self.gives && self.items.len > 0 {
            let (at, n_left) = (self.at, self.left());
            // The room is freed with no element in it.
            self.items.len = 0;
            // SAFETY: these have not been given away, and nothing counts them any more.
            unsafe {
                let left = self.items.data.add(at).as_ptr();
                ptr::drop_in_place(ptr::slice_from_raw_parts_mut(left, n_left));
            }
        }
    }
}

impl<T: Clone> Clone for Items<T> {
    fn clone(&self) -> Self {
        Self::new(Buffer::from(&self.items[self.at..]))
    }
}

impl<T: fmt::Debug> fmt::Debug for Items<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.items[self.at..].fmt(out)
    }
}

/// Elements of a buffer while a loop changes them: whether they are shared is asked once.
pub(in crate::value) struct Edit<'a, T> {
    data: NonNull<T>,
    len: usize,
    alone: bool,
    whole: &'a mut Buffer<T>,
}

// SAFETY: it stands for the `&mut Buffer<T>` that it holds.
unsafe impl<T: Send + Sync> Send for Edit<'_, T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Sync for Edit<'_, T> {}

impl<'a, T: Clone> Edit<'a, T> {
    #[inline]
    pub(in crate::value) fn new(whole: &'a mut Buffer<T>) -> Self {
        Self { data: whole.data, len: whole.len, alone: whole.is_alone(), whole }
    }

    /// The elements, to change in place; copied before if others hold them too.
    #[inline]
    pub(in crate::value) fn make_mut(&mut self) -> &mut [T] {
        if !self.alone {
            self.data = detached(self.whole);
            self.alone = true;
        }
        // SAFETY: the buffer is alone, stays so while it is borrowed mutably, and keeps its length.
        unsafe { elements_mut(self.data, self.len) }
    }
}

/// The first element of the buffer once it is alone. By value, so that the `Edit` itself can be kept
/// in registers.
#[cold]
#[inline(never)]
fn detached<T: Clone>(whole: &mut Buffer<T>) -> NonNull<T> {
    whole.make_mut();
    whole.data
}

impl<T> Deref for Edit<'_, T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        // SAFETY: as for the buffer, which is borrowed.
        unsafe { elements(self.data, self.len) }
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
