//! Elements behind a count, in one allocation, which handles share. However it is used, elements change
//! only while there is one handle, and there are never more than an `int` can count. What to copy when
//! they are shared, and how much room to make, is decided in `buffer.rs`.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error, realloc};
use std::hint;
use std::marker::PhantomData;
use std::ops::Deref;
use std::ptr::{self, NonNull};

use super::{count::Count, deep};

/// The most elements that there is room for.
pub(super) const MOST: usize = i32::MAX as usize;

struct Header {
    count: Count,
    capacity: u32,
}

/// A handle: where the elements are, and how many.
pub(super) struct Rows<T: 'static> {
    /// Behind a header; dangling while there is no room, at a lower address than any that is behind something.
    data: NonNull<T>,
    len: usize,
    owns: PhantomData<T>,
}

// SAFETY: as `Arc`: `&T` for every thread with a handle, `&mut T` and `T` for the one with the last.
unsafe impl<T: Send + Sync> Send for Rows<T> {}
// SAFETY: as above; a handle can be made from `&Rows<T>`.
unsafe impl<T: Send + Sync> Sync for Rows<T> {}

impl<T> Rows<T> {
    /// From the beginning of an allocation to the first element.
    const OFFSET: usize = size_of::<Header>().next_multiple_of(align_of::<T>());

    pub(super) const EMPTY: Self =
        Self { data: NonNull::dangling(), len: 0, owns: PhantomData };

    fn layout(capacity: usize) -> Layout {
        assert!(capacity <= MOST, "a collection cannot have more than {MOST} elements");
        let elements = Layout::array::<T>(capacity).ok();
        let all = elements.and_then(|it| Layout::new::<Header>().extend(it).ok());
        all.expect("a collection fits into the address space").0.pad_to_align()
    }

    /// No element, with room for `capacity`.
    pub(super) fn with_capacity(capacity: usize) -> Self {
        let layout = Self::layout(capacity);
        // SAFETY: a layout with a header is not empty; it begins with the header, and the elements
        // begin `OFFSET` behind, as `Layout::extend` has it.
        let data = unsafe {
            let Some(start) = NonNull::new(alloc(layout)) else {
                handle_alloc_error(layout)
            };
            start.cast().write(Header { count: Count::one(), capacity: capacity as u32 });
            start.add(Self::OFFSET).cast()
        };
        Self { data, len: 0, owns: PhantomData }
    }

    #[inline]
    fn header(&self) -> Option<&Header> {
        let is_there = self.len > 0 || self.data != NonNull::dangling();
        // SAFETY: a header stands there, and only `enlarge` changes it, for the only handle.
        is_there.then(|| unsafe { self.data.byte_sub(Self::OFFSET).cast().as_ref() })
    }

    /// Whether this is the only handle, or there is nothing to share.
    #[inline]
    pub(super) fn is_alone(&mut self) -> bool {
        self.len == 0 || self.header().is_some_and(|it| it.count.is_one())
    }

    /// How many elements can be added.
    #[inline]
    pub(super) fn room(&mut self) -> usize {
        let alone = self.header().filter(|it| it.count.is_one());
        alone.map_or(0, |it| it.capacity as usize - self.len)
    }

    /// Makes the room larger where it is, if this is the only handle.
    pub(super) fn enlarge(&mut self, capacity: usize) -> bool {
        let Some(old) = self.header().filter(|it| it.count.is_one()) else {
            return false;
        };
        let (old, new) = (Self::layout(old.capacity as usize), Self::layout(capacity));
        assert!(new.size() >= old.size(), "room does not become smaller");
        // SAFETY: the allocation has the old layout, and is this handle's alone. See `with_capacity`.
        unsafe {
            let start = self.data.byte_sub(Self::OFFSET).cast().as_ptr();
            let start = NonNull::new(realloc(start, old, new.size()));
            let Some(start) = start else { handle_alloc_error(new) };
            start.cast::<Header>().as_mut().capacity = capacity as u32;
            self.data = start.add(Self::OFFSET).cast();
        }
        true
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
        if len < self.len && self.is_alone() {
            let n = self.len - len;
            self.len = len;
            // SAFETY: nobody else has them, and they are no longer counted.
            unsafe {
                ptr::slice_from_raw_parts_mut(self.data.add(len).as_ptr(), n)
                    .drop_in_place()
            };
        }
    }

    /// The elements, to change in place; if others have them too, those that `detach` leaves.
    #[inline]
    pub(super) fn make_mut(&mut self, detach: fn(&mut Self)) -> &mut [T] {
        if !self.is_alone() {
            self.detached(detach);
        }
        // SAFETY: nobody else has them, and this handle is borrowed for as long as the result.
        unsafe { elements(self.data, self.len).as_mut() }
    }

    /// Where as many elements are once they are this handle's alone.
    #[cold]
    #[inline(never)]
    fn detached(&mut self, detach: fn(&mut Self)) -> NonNull<T> {
        let len = self.len;
        detach(self);
        assert!(self.is_alone() && self.len == len, "a copy is no longer shared");
        self.data
    }

    /// Takes the last element, if this is the only handle.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<T> {
        if self.len == 0 || !self.is_alone() {
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

impl<T> Deref for Rows<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        // SAFETY: so many are there, and nobody changes them while this handle is borrowed.
        unsafe { elements(self.data, self.len).as_ref() }
    }
}

impl<T> Clone for Rows<T> {
    #[inline]
    fn clone(&self) -> Self {
        if let Some(header) = self.header() {
            header.count.add();
        }
        Self { ..*self }
    }
}

impl<T> Drop for Rows<T> {
    #[inline]
    fn drop(&mut self) {
        #[inline(never)]
        fn leave<T>(all: &Rows<T>) {
            if all.header().is_some_and(|it| it.count.leave()) {
                deep::end(Last { data: all.data, len: all.len }, drop);
            }
        }
        if self.data != NonNull::dangling() {
            leave(self);
        }
    }
}

/// An allocation to which there is no handle any more, with its elements.
struct Last<T: 'static> {
    data: NonNull<T>,
    len: usize,
}

impl<T> Drop for Last<T> {
    fn drop(&mut self) {
        let all = ptr::slice_from_raw_parts_mut(self.data.as_ptr(), self.len);
        // SAFETY: nobody has the elements, nor what they stand in, of which the header tells the layout.
        unsafe {
            all.drop_in_place();
            let start = self.data.byte_sub(Rows::<T>::OFFSET).cast::<Header>();
            dealloc(
                start.as_ptr().cast(),
                Rows::<T>::layout(start.as_ref().capacity as usize),
            );
        }
    }
}

/// The elements of a handle while a loop changes them: whether they are shared is asked once.
pub(in crate::value) struct Edit<'a, T: 'static> {
    data: NonNull<T>,
    len: usize,
    alone: bool,
    whole: &'a mut Rows<T>,
}

// SAFETY: it stands for the `&mut Rows<T>` that it holds.
unsafe impl<T: Send + Sync> Send for Edit<'_, T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Sync for Edit<'_, T> {}

impl<'a, T> Edit<'a, T> {
    #[inline]
    pub(super) fn new(whole: &'a mut Rows<T>) -> Self {
        Self { data: whole.data, len: whole.len, alone: whole.is_alone(), whole }
    }

    /// The elements, to change in place; if they are shared, those that `detach` leaves.
    #[inline]
    pub(super) fn make_mut(&mut self, detach: fn(&mut Rows<T>)) -> &mut [T] {
        if !self.alone {
            // By value, so that this can be kept in registers.
            self.data = self.whole.detached(detach);
            self.alone = true;
        }
        // SAFETY: there is one handle, which stays borrowed, and so keeps its elements.
        unsafe { elements(self.data, self.len).as_mut() }
    }
}

impl<T> Deref for Edit<'_, T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        // SAFETY: the elements stay those of the handle that is borrowed.
        unsafe { elements(self.data, self.len).as_ref() }
    }
}
