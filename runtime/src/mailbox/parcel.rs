//! Nodes that carry one value each, in blocks of the runtime's pool: messages, and what hangs in lists.

use std::ptr;

use super::chain::Handle;
use crate::pool::Pooled;
use crate::sync::AtomicPtr;

/// A node that carries one value.
#[derive(Debug)]
pub(crate) struct Parcel<T> {
    next: AtomicPtr<Parcel<T>>,
    value: T,
}

/// A parcel that is owned.
pub(crate) type Parceled<T> = Pooled<Parcel<T>>;

impl<T> Parcel<T> {
    #[inline(always)]
    pub(crate) fn new(value: T) -> Parceled<T> {
        Pooled::new(Self { next: AtomicPtr::new(ptr::null_mut()), value })
    }

    pub(super) fn value(&self) -> &T {
        &self.value
    }
}

impl<T> Parceled<T> {
    #[inline(always)]
    pub(crate) fn into_value(self) -> T {
        self.into_inner().value
    }
}

// SAFETY: one field of a node that is owned alone.
unsafe impl<T> Handle for Parceled<T> {
    #[inline(always)]
    fn next(node: &Parcel<T>) -> &AtomicPtr<Parcel<T>> {
        &node.next
    }
}
