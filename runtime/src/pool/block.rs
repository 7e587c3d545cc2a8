//! Blocks in which nothing is, in lists. A block is a box, so it serves all types of its layout, and nothing depends on
//! where it goes: to a list or to the system. It does not know who keeps them, nor how many, nor which sizes there are.

use std::cell::Cell;
use std::ptr::NonNull;

use super::link::Link;
use super::pooled::{Pooled, Room};
use crate::sync::Pointer;

/// Moves a value out of its block.
#[inline(always)]
pub(super) fn take<T>(it: Box<T>) -> (T, Room<T>) {
    let it = Box::into_raw(it);
    // SAFETY: it was a box, with a value that moves out once.
    unsafe { (it.read(), Box::from_raw(it.cast())) }
}

/// Drops a value where it is.
#[inline(always)]
pub(super) fn empty<T>(it: Box<T>) -> Room<T> {
    let it = Box::into_raw(it);
    // SAFETY: it was a box, with a value that goes once.
    unsafe {
        it.drop_in_place();
        Box::from_raw(it.cast())
    }
}

// SAFETY: the value stays in its block, at the beginning.
unsafe impl<T> Pointer for Pooled<T> {
    type Node = T;

    #[inline(always)]
    fn into_raw(self) -> NonNull<T> {
        NonNull::from(Box::leak(self.0)).cast()
    }

    #[inline(always)]
    unsafe fn from_raw(node: NonNull<T>) -> Self {
        // SAFETY: as the caller says.
        Self(unsafe { Box::from_raw(node.as_ptr().cast()) })
    }
}

/// A stack of blocks of one size, aligned as links are. Those that are in it when it goes stay there for good.
pub(super) struct List {
    size: usize,
    first: Cell<Option<NonNull<Link>>>,
}

// SAFETY: it owns its blocks, in which nothing is but links.
unsafe impl Send for List {}

impl List {
    pub(super) const fn new(size: usize) -> Self {
        assert!(size >= size_of::<Link>(), "there is room for a link");
        Self { size, first: Cell::new(None) }
    }

    #[inline(always)]
    fn check<T>(&self) {
        let is_same =
            size_of::<T>() == self.size && align_of::<T>() == align_of::<Link>();
        assert!(is_same, "a list has blocks of one size");
    }

    #[inline(always)]
    pub(super) fn pop<T>(&self) -> Option<Room<T>> {
        self.check::<T>();
        let block = self.first.get()?;
        // SAFETY: `push` has written the link, which is read once.
        self.first.set(unsafe { block.read() }.next());
        // SAFETY: it was a box for such a value, and is in no list any more.
        Some(unsafe { Box::from_raw(block.as_ptr().cast()) })
    }

    #[inline(always)]
    pub(super) fn push<T>(&self, room: Room<T>) {
        let block = NonNull::from(Box::leak(room)).cast();
        self.check::<T>();
        // SAFETY: there is room for a link, and nobody else has the block.
        unsafe { block.write(Link::to(self.first.get())) };
        self.first.set(Some(block));
    }

    pub(super) fn exchange(&self, other: &Self) {
        assert!(self.size == other.size, "a list has blocks of one size");
        self.first.swap(&other.first);
    }
}
