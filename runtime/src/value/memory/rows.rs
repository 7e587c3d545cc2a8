//! Elements behind a count, in one allocation, which handles share. However it is used, elements change
//! only while there is one handle, and there are never more than an `int` can count. What to copy when
//! they are shared, and how much room to make, is decided in `buffer.rs`.

use std::alloc::{alloc, dealloc, handle_alloc_error, realloc};
use std::ops::Deref;
use std::{hint::assert_unchecked, ptr::NonNull};

use super::deep;
use super::header::{Header, MOST};

/// A handle: where the elements are, and how many.
pub(in crate::value) struct Rows<T: 'static> {
    /// Behind a header; dangling while there is no room, at a lower address than any that is behind something.
    data: NonNull<T>,
    len: usize,
}

// SAFETY: as `Arc`: `&T` for every thread with a handle, `&mut T` and `T` for the one with the last.
unsafe impl<T: Send + Sync> Send for Rows<T> {}
// SAFETY: as above; a handle can be made from `&Rows`.
unsafe impl<T: Send + Sync> Sync for Rows<T> {}

impl<T> Rows<T> {
    pub(super) const EMPTY: Self = Self { data: NonNull::dangling(), len: 0 };

    /// Of these rustc is told that an `int` can count them: a loop over them then needs no check of its
    /// indices.
    #[inline]
    fn elements(&self) -> NonNull<[T]> {
        // SAFETY: there is no room for more.
        unsafe { assert_unchecked(self.len <= MOST) };
        NonNull::slice_from_raw_parts(self.data, self.len)
    }

    #[inline]
    fn header(&self) -> Option<&Header> {
        let is_there = !self.is_empty() || self.data != NonNull::dangling();
        // SAFETY: a header stands there, and only `make_room` changes it, for the only handle.
        is_there
            .then(|| unsafe { self.data.byte_sub(Header::offset::<T>()).cast().as_ref() })
    }

    /// Whether this is the only handle, or there is nothing to share.
    #[inline]
    pub(super) fn is_alone(&mut self) -> bool {
        self.is_empty() || self.header().is_some_and(|it| it.count.is_one())
    }

    /// The elements, to change in place, if this is the only handle; else the handle.
    #[inline]
    pub(super) fn alone(&mut self) -> Result<&mut [T], &mut Self> {
        let mut elements = self.elements();
        if !self.is_alone() {
            return Err(self);
        }
        // SAFETY: nobody else has them, and this handle is borrowed for as long as the result.
        Ok(unsafe { elements.as_mut() })
    }

    /// Makes room for `capacity` elements, if this is the only handle and had no more.
    #[inline]
    pub(super) fn make_room(&mut self, capacity: usize) -> bool {
        let (layout, offset) = (Header::layout::<T>(capacity), Header::offset::<T>());
        let old = self.header().map(|it| (it.count.is_one(), it.capacity as usize));
        if old.is_some_and(|(is_alone, old)| !is_alone || old > capacity) {
            return false;
        }
        // SAFETY: a layout has a header, and so is not empty. The header is the beginning of an allocation, and
        // tells its layout; the elements are at their offset.
        unsafe {
            let start = match old {
                None => alloc(layout),
                Some((_, old)) => {
                    let start = self.data.byte_sub(offset).cast().as_ptr();
                    realloc(start, Header::layout::<T>(old), layout.size())
                }
            };
            let Some(start) = NonNull::new(start) else { handle_alloc_error(layout) };
            start.cast().write(Header::new(capacity));
            self.data = start.byte_add(offset).cast();
        }
        true
    }

    /// Adds `n` elements that `item` makes, if this is the only handle and has room for them.
    #[inline]
    pub(super) fn fill(&mut self, n: usize, mut item: impl FnMut(usize) -> T) -> bool {
        let alone = self.header().filter(|it| it.count.is_one());
        if alone.map_or(0, |it| it.capacity as usize - self.len) < n {
            return false;
        }
        for at in 0..n {
            // SAFETY: there is room, and nobody else has it. If `item` panics, what is not counted yet is
            // never dropped.
            unsafe { self.data.add(self.len + at).write(item(at)) };
        }
        self.len += n;
        true
    }

    /// Takes all from `at` on, if this is the only handle: gives the first of them, and drops the others.
    #[inline]
    pub(super) fn cut(&mut self, at: usize) -> Option<T> {
        let n = self.is_alone().then_some(self.len)?.checked_sub(at)?.checked_sub(1)?;
        self.len = at;
        // SAFETY: nobody else has them, and they are no longer counted.
        unsafe {
            NonNull::slice_from_raw_parts(self.data.add(at + 1), n).drop_in_place();
            Some(self.data.add(at).read())
        }
    }
}

impl<T> Deref for Rows<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        // SAFETY: so many are there, and nobody changes them while this handle is borrowed.
        unsafe { self.elements().as_ref() }
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
        fn leave<T: 'static>(data: NonNull<T>, len: usize) {
            // SAFETY: a header stands there. Without a handle nobody has the elements, nor what they stand in.
            unsafe {
                let start = data.byte_sub(Header::offset::<T>()).cast::<Header>();
                if start.as_ref().count.leave() {
                    deep::end(move || {
                        NonNull::slice_from_raw_parts(data, len).drop_in_place();
                        let layout =
                            Header::layout::<T>(start.as_ref().capacity as usize);
                        dealloc(start.cast().as_ptr(), layout);
                    });
                }
            }
        }
        if self.data != NonNull::dangling() {
            leave(self.data, self.len);
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn numbers(n: usize) -> Rows<String> {
        let mut rows = Rows::EMPTY;
        assert!(rows.make_room(n) && rows.fill(n, |at| at.to_string()));
        rows
    }

    #[test]
    fn make_room_keeps_the_elements_and_needs_the_only_handle() {
        let mut rows = numbers(3);
        assert!(rows.make_room(3) && rows.make_room(1000) && !rows.make_room(3));
        assert_eq!(rows[..], ["0", "1", "2"]);
        let other = rows.clone();
        assert!(!rows.make_room(2000));
        drop(other);
        assert!(rows.make_room(2000));
        assert!(rows.fill(1997, |_| String::new()) && !rows.fill(1, |_| String::new()));
    }

    #[test]
    fn fill_adds_all_or_nothing_and_needs_the_only_handle() {
        let mut rows: Rows<String> = Rows::EMPTY;
        assert!(rows.fill(0, |_| unreachable!()) && !rows.fill(1, |_| unreachable!()));
        assert!(rows.make_room(2) && !rows.fill(3, |_| unreachable!()));
        let other = rows.clone();
        assert!(!rows.fill(1, |_| unreachable!()));
        drop(other);
        assert!(rows.fill(1, |_| "a".to_owned()) && rows.fill(1, |at| at.to_string()));
        assert_eq!(rows[..], ["a", "0"]);
    }

    #[test]
    fn what_a_panic_interrupts_is_not_counted() {
        let mut rows = numbers(1);
        rows.make_room(4);
        let filled = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            rows.fill(3, |at| if at == 2 { panic!("third") } else { at.to_string() })
        }));
        assert!(filled.is_err());
        assert_eq!(rows[..], ["0"]);
        assert!(rows.fill(3, |at| at.to_string()));
        assert_eq!(rows[..], ["0", "0", "1", "2"]);
    }

    #[test]
    fn cut_gives_the_first_drops_the_others_and_needs_the_only_handle() {
        let token = Arc::new(());
        let mut rows = Rows::EMPTY;
        assert!(rows.make_room(5) && rows.fill(5, |_| Arc::clone(&token)));
        let other = rows.clone();
        assert!(rows.cut(0).is_none() && rows.len() == 5);
        drop(other);
        assert!(rows.cut(5).is_none() && rows.cut(usize::MAX).is_none());
        let first = rows.cut(2);
        assert_eq!((rows.len(), Arc::strong_count(&token)), (2, 4));
        drop(first);
        drop(rows);
        assert_eq!(Arc::strong_count(&token), 1);
    }

    #[test]
    fn alone_gives_the_elements_to_the_only_handle() {
        let mut rows = numbers(2);
        let other = rows.clone();
        assert_eq!(rows.alone().err().unwrap()[..], ["0", "1"]);
        drop(other);
        rows.alone().ok().unwrap()[0].push('x');
        assert_eq!(rows[..], ["0x", "1"]);
        rows.cut(0);
        assert!(rows.alone().is_ok_and(|it| it.is_empty()));
    }
}
