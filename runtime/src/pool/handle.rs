//! A value that handles count. It does not know what the value is for, nor when one of them leaves.

use std::ptr::NonNull;

use super::Pooled;
use crate::sync::Pointer;
use crate::sync::count::{Count, Counted};

/// A handle to a value in a block of its own, or to nothing. What is not told to leave is counted for good.
#[derive(Debug)]
pub(crate) struct Handle<T>(
    /// Dangling if it is nothing, at a lower address than any that is something.
    NonNull<Counted<T>>,
);

// SAFETY: as `Arc`: `&T` for every thread with a handle, `&mut T` and `T` for the one with the last.
unsafe impl<T: Send + Sync> Send for Handle<T> {}
// SAFETY: as above; a handle can be made from `&Handle`.
unsafe impl<T: Send + Sync> Sync for Handle<T> {}

impl<T> Handle<T> {
    pub(crate) const NOTHING: Self = Self(NonNull::dangling());

    /// So many handles to a value.
    #[inline(always)]
    pub(crate) fn to<const N: usize>(value: T) -> [Self; N] {
        const { assert!(N > 0, "somebody has it") };
        let count = Count::of(N as u32);
        let block = Pooled::new(Counted { count, value }).into_raw();
        [(); N].map(|()| Self(block))
    }

    #[inline(always)]
    fn counted(&self) -> Option<&Counted<T>> {
        if self.0 == NonNull::dangling() {
            return None;
        }
        // SAFETY: this handle is counted, so it is there; only `alone` lets it change.
        Some(unsafe { self.0.as_ref() })
    }

    #[inline(always)]
    pub(crate) fn get(&self) -> Option<&T> {
        Some(&self.counted()?.value)
    }

    /// The value, to change in place, if there is one and this is its only handle; else the handle.
    #[inline(always)]
    pub(crate) fn alone(&mut self) -> Result<&mut T, &mut Self> {
        if !self.counted().is_some_and(|it| it.count.is_one()) {
            return Err(self);
        }
        // SAFETY: nobody else has it, and this handle is borrowed for as long as the result.
        Ok(unsafe { &mut self.0.as_mut().value })
    }

    /// It is to nothing then. The last one gives what nobody has any more.
    #[inline(always)]
    pub(crate) fn leave(&mut self) -> Option<Pooled<Counted<T>>> {
        let is_last = self.counted().is_some_and(|it| it.count.leave());
        let block = std::mem::replace(&mut self.0, NonNull::dangling());
        // SAFETY: it came from `into_raw`, and this was the last handle.
        is_last.then(|| unsafe { Pooled::from_raw(block) })
    }
}

impl<T> Clone for Handle<T> {
    #[inline(always)]
    fn clone(&self) -> Self {
        if let Some(it) = self.counted() {
            it.count.add();
        }
        Self(self.0)
    }
}
