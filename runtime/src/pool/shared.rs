//! A value that handles share. It does not know what the value is for.

use std::ops::Deref;
use std::ptr::NonNull;

use super::Pooled;
use crate::sync::count::{count_down_for_good, count_up};
use crate::sync::{BiasedU32, Pointer};

/// A value in a block of its own, which goes with the last handle.
#[derive(Debug)]
pub(crate) struct Shared<T>(NonNull<Counted<T>>);

struct Counted<T> {
    n_handles: BiasedU32,
    value: T,
}

// SAFETY: it gives out `&T`, and who has the last one drops the value.
unsafe impl<T: Send + Sync> Send for Shared<T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Sync for Shared<T> {}

impl<T> Shared<T> {
    /// Two handles.
    #[inline(always)]
    pub(crate) fn two(value: T) -> (Self, Self) {
        let counted = Counted { n_handles: BiasedU32::new(2), value };
        let block = Pooled::new(counted).into_raw();
        (Self(block), Self(block))
    }

    #[inline(always)]
    fn counted(&self) -> &Counted<T> {
        // SAFETY: this handle is counted, so it is there; the handles have it together, only to read it.
        unsafe { self.0.as_ref() }
    }
}

impl<T> Clone for Shared<T> {
    #[inline(always)]
    fn clone(&self) -> Self {
        count_up(&self.counted().n_handles);
        Self(self.0)
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        &self.counted().value
    }
}

impl<T> Drop for Shared<T> {
    #[inline(always)]
    fn drop(&mut self) {
        if count_down_for_good(&self.counted().n_handles) {
            // SAFETY: this is the last handle, and goes.
            unsafe { Pooled::from_raw(self.0) }.end();
        }
    }
}
