//! A counted pointer to a value, or to nothing. However it is used, a value changes only while there is
//! one handle to it. What is copied otherwise is decided in `counted.rs`.

use std::marker::PhantomData;
use std::ptr::NonNull;

use super::{count::Count, deep};

struct Inner<T> {
    count: Count,
    value: T,
}

pub(super) struct Handle<T: 'static> {
    /// From a box; dangling for nothing, at a lower address than any in which something is.
    inner: NonNull<Inner<T>>,
    owns: PhantomData<Inner<T>>,
}

// SAFETY: as `Arc`: `&T` for every thread with a handle, `&mut T` and `T` for the one with the last.
unsafe impl<T: Send + Sync> Send for Handle<T> {}
// SAFETY: as above; a handle can be made from `&Handle<T>`.
unsafe impl<T: Send + Sync> Sync for Handle<T> {}

impl<T> Handle<T> {
    pub(super) const NOTHING: Self =
        Self { inner: NonNull::dangling(), owns: PhantomData };

    #[inline]
    pub(super) fn new(value: T) -> Self {
        let inner = Box::new(Inner { count: Count::one(), value });
        Self { inner: NonNull::from(Box::leak(inner)), owns: PhantomData }
    }

    #[inline]
    fn inner(&self) -> Option<&Inner<T>> {
        if self.inner == NonNull::dangling() {
            return None;
        }
        // SAFETY: it lives as long as a handle, and `make_mut` gives it away only while borrowed.
        Some(unsafe { self.inner.as_ref() })
    }

    #[inline]
    pub(super) fn get(&self) -> Option<&T> {
        self.inner().map(|it| &it.value)
    }

    #[inline]
    pub(super) fn is_alone(&mut self) -> bool {
        self.inner().is_some_and(|it| it.count.is_one())
    }

    /// The value, to change in place; if others have it too or there is none, that which `detach` leaves.
    #[inline]
    pub(super) fn make_mut(&mut self, detach: fn(&mut Self)) -> &mut T {
        if !self.is_alone() {
            detach(self);
            assert!(self.is_alone(), "a copy is no longer shared");
        }
        // SAFETY: nobody else has it, and this handle is borrowed for as long as the result.
        unsafe { &mut self.inner.as_mut().value }
    }
}

impl<T> Clone for Handle<T> {
    #[inline]
    fn clone(&self) -> Self {
        if let Some(inner) = self.inner() {
            inner.count.add();
        }
        Self { ..*self }
    }
}

impl<T> Drop for Handle<T> {
    #[inline]
    fn drop(&mut self) {
        #[inline(never)]
        fn free<T: 'static>(it: &Handle<T>) {
            // SAFETY: it came from a box, and there is no handle any more.
            deep::end(unsafe { Box::from_raw(it.inner.as_ptr()) }, drop);
        }
        if self.inner().is_some_and(|it| it.count.leave()) {
            free(self);
        }
    }
}
