//! Elements behind a count, in one allocation, which handles share. However it is used, elements change
//! only while there is one handle, and there are never more than an `int` can count. What to copy when
//! they are shared, and how much room to make, is decided in `buffer.rs` and `counted.rs`.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error, realloc};
use std::hint;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::ptr::NonNull;

use super::{count::Count, deep, length::Length};

/// The most elements that there is room for.
pub(super) const MOST: usize = i32::MAX as usize;

struct Header {
    count: Count,
    capacity: u32,
}

/// A handle: where the elements are, and how many.
pub(super) struct Rows<T: 'static, L: Length = usize> {
    /// Behind a header; dangling while there is no room, at a lower address than any that is behind something.
    data: NonNull<T>,
    len: L,
    owns: PhantomData<T>,
}

// SAFETY: as `Arc`: `&T` for every thread with a handle, `&mut T` and `T` for the one with the last.
unsafe impl<T: Send + Sync, L: Length> Send for Rows<T, L> {}
// SAFETY: as above; a handle can be made from `&Rows`.
unsafe impl<T: Send + Sync, L: Length> Sync for Rows<T, L> {}

impl<T, L: Length> Rows<T, L> {
    /// From the beginning of an allocation to the first element.
    const OFFSET: usize = size_of::<Header>().next_multiple_of(align_of::<T>());

    pub(super) const EMPTY: Self =
        Self { data: NonNull::dangling(), len: L::NONE, owns: PhantomData };

    fn layout(capacity: usize) -> Layout {
        assert!(capacity <= MOST, "a collection cannot have more than {MOST} elements");
        let elements = Layout::array::<T>(capacity).ok();
        let all = elements.and_then(|it| Layout::new::<Header>().extend(it).ok());
        all.expect("a collection fits into the address space").0.pad_to_align()
    }

    /// Room for elements: new, or that of this handle made larger, which must be the only one.
    #[inline]
    fn make_room(&mut self, capacity: usize, old: Option<usize>) {
        let layout = Self::layout(capacity);
        // SAFETY: a layout with a header is not empty. An old allocation has the layout of its capacity. The
        // header stands at the beginning, and the elements `OFFSET` behind, as `Layout::extend` has it.
        unsafe {
            let start = match old {
                None => alloc(layout),
                Some(old) => {
                    let start = self.data.byte_sub(Self::OFFSET).cast().as_ptr();
                    realloc(start, Self::layout(old), layout.size())
                }
            };
            let Some(start) = NonNull::new(start) else { handle_alloc_error(layout) };
            start.cast().write(Header { count: Count::one(), capacity: capacity as u32 });
            self.data = start.add(Self::OFFSET).cast();
        }
    }

    #[inline]
    fn header(&self) -> Option<&Header> {
        let is_there = self.n_elements() > 0 || self.data != NonNull::dangling();
        // SAFETY: a header stands there, and only `make_room` changes it, for the only handle.
        is_there.then(|| unsafe { self.data.byte_sub(Self::OFFSET).cast().as_ref() })
    }

    /// Whether this is the only handle, or there is nothing to share.
    #[inline]
    pub(super) fn is_alone(&mut self) -> bool {
        self.n_elements() == 0 || self.header().is_some_and(|it| it.count.is_one())
    }

    /// The elements, to change in place; if others have them too, those that `detach` leaves.
    #[inline]
    pub(super) fn make_mut(&mut self, detach: fn(&mut Self)) -> &mut [T] {
        if !self.is_alone() {
            self.detached(detach);
        }
        // SAFETY: nobody else has them, and this handle is borrowed for as long as the result.
        unsafe { elements(self.data, self.n_elements()).as_mut() }
    }

    /// Where as many elements are once they are this handle's alone.
    #[cold]
    #[inline(never)]
    fn detached(&mut self, detach: fn(&mut Self)) -> NonNull<T> {
        let len = self.len();
        detach(self);
        assert!(self.is_alone() && self.len() == len, "a copy is no longer shared");
        self.data
    }

    #[inline]
    fn n_elements(&self) -> usize {
        let one = usize::from(self.data != NonNull::dangling());
        self.len.known().unwrap_or(one)
    }
}

impl<T> Rows<T, ()> {
    #[inline]
    pub(super) fn of(item: T) -> Self {
        #[repr(C)]
        struct One<T>(Header, T);
        let one = Box::new(One(Header { count: Count::one(), capacity: 1 }, item));
        let start = NonNull::from(Box::leak(one));
        // SAFETY: `repr(C)` has it laid out as room for one element is.
        let data = unsafe { start.byte_add(Self::OFFSET).cast() };
        Self { data, len: (), owns: PhantomData }
    }
}

impl<T> Rows<T> {
    /// No element, with room for `capacity`.
    pub(super) fn with_capacity(capacity: usize) -> Self {
        let mut rows = Self::EMPTY;
        rows.make_room(capacity, None);
        rows
    }

    /// How many elements can be added.
    #[inline]
    pub(super) fn room(&mut self) -> usize {
        let alone = self.header().filter(|it| it.count.is_one());
        alone.map_or(0, |it| it.capacity as usize - self.len())
    }

    /// Makes the room larger where it is, if this is the only handle.
    pub(super) fn enlarge(&mut self, capacity: usize) -> bool {
        let old = self.header().filter(|it| it.count.is_one());
        let old = old.map(|it| it.capacity as usize);
        assert!(old.is_none_or(|old| old <= capacity), "room does not become smaller");
        if old.is_some() {
            self.make_room(capacity, old);
        }
        old.is_some()
    }

    /// Adds an element, or gives it back if there is no room.
    #[inline]
    pub(super) fn push(&mut self, item: T) -> Option<T> {
        if self.room() == 0 {
            return Some(item);
        }
        // SAFETY: there is room, and this is the only handle.
        unsafe { self.data.add(self.len).write(item) };
        self.len += 1;
        None
    }

    /// Adds elements while there is room.
    #[inline]
    pub(super) fn extend(&mut self, items: impl Iterator<Item = T>) {
        let room = self.room();
        let mut n = 0;
        for item in items.take(room) {
            // SAFETY: there is room, and this is the only handle. If the iterator panics, what is not
            // counted yet is never dropped.
            unsafe { self.data.add(self.len + n).write(item) };
            n += 1;
        }
        self.len += n;
    }

    /// Adds all of these, if there is room.
    #[inline]
    pub(super) fn append(&mut self, items: &[T]) -> bool
    where
        T: Copy,
    {
        if self.room() < items.len() {
            return false;
        }
        // SAFETY: there is room, and this is the only handle, so that `items` are not there.
        unsafe {
            let end = self.data.add(self.len).as_ptr();
            match items {
                // A call would take longer.
                [a] => end.write(*a),
                [a, b] => end.cast::<[T; 2]>().write([*a, *b]),
                [a, b, c] => end.cast::<[T; 3]>().write([*a, *b, *c]),
                [a, b, c, d] => end.cast::<[T; 4]>().write([*a, *b, *c, *d]),
                _ => end.copy_from_nonoverlapping(items.as_ptr(), items.len()),
            }
        }
        self.len += items.len();
        true
    }

    /// Drops the elements behind the first `len`, if this is the only handle.
    #[inline]
    pub(super) fn truncate(&mut self, len: usize) {
        if len < self.len() && self.is_alone() {
            let n = self.len() - len;
            self.len = len;
            // SAFETY: nobody else has them, and they are no longer counted.
            unsafe { elements(self.data.add(len), n).drop_in_place() };
        }
    }

    /// Takes the last element, if this is the only handle.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<T> {
        if self.is_empty() || !self.is_alone() {
            return None;
        }
        self.len -= 1;
        // SAFETY: nobody else has it, and it is no longer counted.
        Some(unsafe { self.data.add(self.len).read() })
    }
}

/// As many elements as some handle has, of which rustc is told that an `int` can count them: a loop up to
/// there then needs no check of its indices.
#[inline]
unsafe fn elements<T>(data: NonNull<T>, len: usize) -> NonNull<[T]> {
    // SAFETY: there is no room for more.
    unsafe { hint::assert_unchecked(len <= MOST) };
    NonNull::slice_from_raw_parts(data, len)
}

impl<T, L: Length> Deref for Rows<T, L> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        // SAFETY: so many are there, and nobody changes them while this handle is borrowed.
        unsafe { elements(self.data, self.n_elements()).as_ref() }
    }
}

impl<T, L: Length> Clone for Rows<T, L> {
    #[inline]
    fn clone(&self) -> Self {
        if let Some(header) = self.header() {
            header.count.add();
        }
        Self { ..*self }
    }
}

impl<T, L: Length> Drop for Rows<T, L> {
    #[inline]
    fn drop(&mut self) {
        #[inline(never)]
        fn leave<T, L: Length>(all: &Rows<T, L>) {
            if all.header().is_some_and(|it| it.count.leave()) {
                deep::end(Last { data: all.data, len: all.len });
            }
        }
        if self.data != NonNull::dangling() {
            leave(self);
        }
    }
}

/// An allocation to which there is no handle any more, with its elements.
struct Last<T: 'static, L: Length> {
    data: NonNull<T>,
    len: L,
}

impl<T, L: Length> Drop for Last<T, L> {
    fn drop(&mut self) {
        // SAFETY: nobody has the elements, nor what they stand in, of which the header tells the layout.
        unsafe {
            let start = self.data.byte_sub(Rows::<T, L>::OFFSET).cast::<Header>();
            let capacity = if let Some(len) = self.len.known() {
                elements(self.data, len).drop_in_place();
                start.as_ref().capacity as usize
            } else {
                self.data.drop_in_place();
                1
            };
            dealloc(start.as_ptr().cast(), Rows::<T, L>::layout(capacity));
        }
    }
}

/// The elements of a handle while a loop changes them: whether they are shared is asked once.
pub(in crate::value) struct Edit<'a, T: 'static> {
    /// Where `whole` has its elements.
    view: ManuallyDrop<Rows<T>>,
    alone: bool,
    whole: &'a mut Rows<T>,
}

impl<'a, T> Edit<'a, T> {
    #[inline]
    pub(super) fn new(whole: &'a mut Rows<T>) -> Self {
        let view = ManuallyDrop::new(Rows { ..*whole });
        Self { view, alone: whole.is_alone(), whole }
    }

    /// The elements, to change in place; if they are shared, those that `detach` leaves.
    #[inline]
    pub(super) fn make_mut(&mut self, detach: fn(&mut Rows<T>)) -> &mut [T] {
        if !self.alone {
            // By value, so that this can be kept in registers; there are as many as before.
            self.view.data = self.whole.detached(detach);
            self.alone = true;
        }
        // SAFETY: there is one handle, which stays borrowed, and so keeps its elements.
        unsafe { elements(self.view.data, self.view.len).as_mut() }
    }
}

impl<T> Deref for Edit<'_, T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        &self.view
    }
}
