//! A counted pointer to one value. It does not know arrays and text, whose handles know their length.

use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::ptr::NonNull;

use super::count::Count;
use super::deep;

pub(super) struct Inner<T> {
    count: Count,
    pub(super) value: T,
}

/// A handle to a value that is shared with its clones.
pub(in crate::value) struct Counted<T> {
    inner: NonNull<Inner<T>>,
    owns: PhantomData<Inner<T>>,
}

// SAFETY: a handle gives `&T` to any thread that has a clone, and `&mut T` or `T` to the thread
// that has the last one, as `Arc` does.
unsafe impl<T: Send + Sync> Send for Counted<T> {}
// SAFETY: as above; a clone can be made through `&Counted<T>`.
unsafe impl<T: Send + Sync> Sync for Counted<T> {}

impl<T> Counted<T> {
    #[inline]
    pub(in crate::value) fn new(value: T) -> Self {
        let inner = Box::new(Inner { count: Count::one(), value });
        Self { inner: NonNull::from(Box::leak(inner)), owns: PhantomData }
    }

    /// The handle as a pointer, which still counts.
    #[inline]
    pub(super) fn into_raw(self) -> NonNull<Inner<T>> {
        ManuallyDrop::new(self).inner
    }

    #[inline]
    pub(super) fn as_raw(&self) -> NonNull<Inner<T>> {
        self.inner
    }

    /// # Safety
    /// The pointer came from `into_raw` or `as_raw`, and stands for one handle.
    #[inline]
    pub(super) unsafe fn from_raw(inner: NonNull<Inner<T>>) -> Self {
        Self { inner, owns: PhantomData }
    }

    #[inline]
    fn inner(&self) -> &Inner<T> {
        // SAFETY: the allocation lives as long as a handle, and only a handle that is alone gives
        // out `&mut` to the value, borrowed from itself.
        unsafe { self.inner.as_ref() }
    }

    /// The value, to change in place, if this is the only handle.
    #[cfg(test)]
    pub(in crate::value) fn get_mut(&mut self) -> Option<&mut T> {
        if self.inner().count.is_one() {
            // SAFETY: there is no other handle, and this one is borrowed for as long as the result.
            Some(unsafe { &mut self.inner.as_mut().value })
        } else {
            None
        }
    }

    #[inline(never)]
    fn free(&mut self) {
        // SAFETY: `leave` said that this was the last handle, and it is not used again.
        unsafe { deep::free(self.inner, 1, drop_inner::<T>) };
    }
}

/// # Safety
/// The pointer is to an `Inner<T>` that was leaked by `new`, and nobody uses it any more.
unsafe fn drop_inner<T>(inner: NonNull<()>, _: usize) {
    // SAFETY: the caller says so.
    drop(unsafe { Box::from_raw(inner.cast::<Inner<T>>().as_ptr()) });
}

impl<T: Clone> Counted<T> {
    /// The value, to change in place; copied before if others hold it too.
    #[inline]
    pub(in crate::value) fn make_mut(&mut self) -> &mut T {
        if !self.inner().count.is_one() {
            self.detach();
        }
        // SAFETY: this handle is alone, and borrowed for as long as the result.
        unsafe { &mut self.inner.as_mut().value }
    }

    #[cold]
    #[inline(never)]
    fn detach(&mut self) {
        *self = Self::new(T::clone(self));
    }
}

impl<T> Deref for Counted<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.inner().value
    }
}

impl<T> Clone for Counted<T> {
    #[inline]
    fn clone(&self) -> Self {
        self.inner().count.add();
        Self { inner: self.inner, owns: PhantomData }
    }
}

impl<T> Drop for Counted<T> {
    #[inline]
    fn drop(&mut self) {
        if self.inner().count.leave() {
            self.free();
        }
    }
}

impl<T: Default> Default for Counted<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_shared_value_is_copied_when_it_changes() {
        let mut first = Counted::new(vec![1]);
        let second = first.clone();
        assert!(first.get_mut().is_none());
        first.make_mut().push(2);
        assert_eq!((&*first, &*second), (&vec![1, 2], &vec![1]));
        let before = first.as_ptr();
        first.make_mut()[0] = 5;
        assert_eq!((first.as_ptr(), first[0]), (before, 5));
        drop(second);
        assert!(first.get_mut().is_some());
    }

    #[test]
    fn the_last_handle_drops_the_value() {
        let token = std::sync::Arc::new(());
        let first = Counted::new(std::sync::Arc::clone(&token));
        let second = first.clone();
        drop(first);
        assert_eq!(std::sync::Arc::strong_count(&token), 2);
        std::thread::spawn(move || drop(second)).join().expect("drops");
        assert_eq!(std::sync::Arc::strong_count(&token), 1);
    }
}
