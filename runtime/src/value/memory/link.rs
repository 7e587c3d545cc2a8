//! A counted pointer to a value that may be missing; what is missing needs no memory. It does not
//! know for what recursive type it is used.

use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::ptr::NonNull;

use super::counted::{Counted, Inner};

/// A handle to an `Option<T>` that is shared with its clones.
pub(in crate::value) struct Maybe<T> {
    /// Dangling for `None`; else always `Some`, unless somebody took it out by `make_mut`.
    inner: NonNull<Inner<Option<T>>>,
    owns: PhantomData<Counted<Option<T>>>,
}

// SAFETY: it is a `Counted<Option<T>>`, or nothing.
unsafe impl<T: Send + Sync> Send for Maybe<T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Sync for Maybe<T> {}

impl<T> Maybe<T> {
    #[inline]
    pub(in crate::value) fn new(value: Option<T>) -> Self {
        match value {
            None => Self { inner: NonNull::dangling(), owns: PhantomData },
            some => Self { inner: Counted::new(some).into_raw(), owns: PhantomData },
        }
    }

    /// Whether there is an allocation; none has an address as low as a dangling pointer.
    #[inline]
    fn is_kept(&self) -> bool {
        self.inner != NonNull::dangling()
    }

    /// The pointer as a handle, which must not be dropped.
    ///
    /// # Safety
    /// There is an allocation.
    #[inline]
    unsafe fn counted(&self) -> ManuallyDrop<Counted<Option<T>>> {
        // SAFETY: the pointer came from `into_raw`, and the handle that it stands for is this one.
        ManuallyDrop::new(unsafe { Counted::from_raw(self.inner) })
    }
}

impl<T: Clone> Maybe<T> {
    /// The value, to change in place; copied before if others hold it too.
    pub(in crate::value) fn make_mut(&mut self) -> &mut Option<T> {
        if !self.is_kept() {
            self.inner = Counted::new(None).into_raw();
        }
        // SAFETY: there is an allocation now. The handle may have moved to a copy, which `self` then
        // stands for, and which nobody else holds while `self` is borrowed.
        unsafe {
            let mut counted = self.counted();
            counted.make_mut();
            self.inner = counted.as_raw();
            &mut self.inner.as_mut().value
        }
    }
}

impl<T: 'static> Deref for Maybe<T> {
    type Target = Option<T>;

    #[inline]
    fn deref(&self) -> &Option<T> {
        if self.is_kept() {
            // SAFETY: there is an allocation, which lives as long as this handle.
            unsafe { &self.inner.as_ref().value }
        } else {
            const { &None }
        }
    }
}

impl<T> Clone for Maybe<T> {
    #[inline]
    fn clone(&self) -> Self {
        if self.is_kept() {
            // SAFETY: there is an allocation; the clone is a handle of its own.
            let inner = unsafe { Counted::clone(&self.counted()) }.into_raw();
            return Self { inner, owns: PhantomData };
        }
        Self { inner: self.inner, owns: PhantomData }
    }
}

impl<T> Drop for Maybe<T> {
    #[inline]
    fn drop(&mut self) {
        if self.is_kept() {
            // SAFETY: there is an allocation, and the handle goes.
            drop(ManuallyDrop::into_inner(unsafe { self.counted() }));
        }
    }
}

impl<T> Default for Maybe<T> {
    fn default() -> Self {
        Self::new(None)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn nothing_needs_no_memory_and_can_become_something() {
        assert_eq!(size_of::<Option<Maybe<u8>>>(), size_of::<usize>());
        let mut first: Maybe<String> = Maybe::new(None);
        let second = first.clone();
        assert_eq!((&*first, second.is_kept()), (&None, false));
        *first.make_mut() = Some("a".to_owned());
        let third = first.clone();
        first.make_mut().as_mut().expect("it is there").push('b');
        assert_eq!(
            (&*first, &*second, &*third),
            (&Some("ab".to_owned()), &None, &Some("a".to_owned()))
        );
        *first.make_mut() = None;
        assert_eq!(*first.clone(), None);
    }
}
