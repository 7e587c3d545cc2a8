//! Values in blocks of the pool.

use std::mem::{ManuallyDrop, MaybeUninit};
use std::ops::{Deref, DerefMut};
use std::{fmt, ptr};

use super::block;

/// A value in a block of its own, which is a box. [`into_inner`](Self::into_inner) and [`end`](Self::end) give the block
/// back to the pool; if it is just dropped, the system gets it.
pub(crate) struct Pooled<T>(pub(super) Box<Held<T>>);

/// A block with room for a `T`.
pub(super) type Room<T> = Box<MaybeUninit<T>>;

/// What is in the block. Loom sees whether it ever goes.
#[repr(C)]
pub(super) struct Held<T> {
    value: T,
    #[cfg(loom)]
    _seen: loom::alloc::Track<()>,
}

impl<T> Held<T> {
    #[inline(always)]
    fn new(value: T) -> Self {
        Self {
            value,
            #[cfg(loom)]
            _seen: loom::alloc::Track::new(()),
        }
    }
}

impl<T> Pooled<T> {
    #[inline(always)]
    pub(crate) fn new(value: T) -> Self {
        // Nothing drops it if there is no memory: so it is put together where it goes, not elsewhere before.
        let value = ManuallyDrop::new(value);
        let room = super::get();
        Self(Box::write(room, Held::new(ManuallyDrop::into_inner(value))))
    }

    #[inline(always)]
    pub(crate) fn into_inner(self) -> T {
        let (held, room) = block::take(self.0);
        super::put(room);
        held.value
    }

    /// The value goes, where it is.
    pub(crate) fn end(self) {
        super::put(block::empty(self.0));
    }
}

impl<T> Deref for Pooled<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        &self.0.value
    }
}

impl<T> DerefMut for Pooled<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0.value
    }
}

impl<T> fmt::Debug for Pooled<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Pooled({:?})", ptr::from_ref(&**self))
    }
}
