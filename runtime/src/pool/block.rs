//! Blocks in which nothing is, in lists. A block is a box, so it serves all types of its layout, and nothing depends on
//! where it goes: to a list or to the system. It does not know who keeps them, nor how many, nor which layouts there are.

use std::alloc::{Layout, dealloc};
use std::cell::Cell;
use std::mem::MaybeUninit;
use std::ptr::NonNull;

use super::link::Link;
use super::pooled::Pooled;
use crate::sync::Pointer;

/// A block with room for a `T`.
pub(super) type Room<T> = Box<MaybeUninit<T>>;

/// Moves a value out of its block.
#[inline(always)]
pub(super) fn take<T>(it: Box<T>) -> (T, Room<T>) {
    let it = Box::into_raw(it).cast::<MaybeUninit<T>>();
    // SAFETY: it was a box, with a value that moves out once.
    unsafe { (it.read().assume_init(), Box::from_raw(it)) }
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

/// A stack of blocks of one layout.
pub(super) struct List {
    layout: Layout,
    first: Cell<Option<NonNull<Link>>>,
}

// SAFETY: it owns its blocks, in which nothing is but links.
unsafe impl Send for List {}

impl List {
    pub(super) const fn new(layout: Layout) -> Self {
        assert!(layout.size() >= size_of::<Link>(), "there is room for a link");
        assert!(layout.align() == align_of::<Link>(), "it would not be looked at");
        Self { layout, first: Cell::new(None) }
    }

    #[inline(always)]
    fn check(&self, layout: Layout) {
        let is_same =
            layout.align() == align_of::<Link>() && layout.size() == self.layout.size();
        assert!(is_same, "a list has blocks of one layout");
    }

    #[inline(always)]
    fn take(&self) -> Option<NonNull<Link>> {
        let block = self.first.get()?;
        // SAFETY: `push` has written the link, and the block is the list's until now.
        self.first.set(unsafe { block.read() }.next());
        Some(block)
    }

    #[inline(always)]
    pub(super) fn pop<T>(&self) -> Option<Room<T>> {
        self.check(Layout::new::<T>());
        // SAFETY: it was a box of this layout.
        self.take().map(|block| unsafe { Box::from_raw(block.as_ptr().cast()) })
    }

    #[inline(always)]
    pub(super) fn push<T>(&self, room: Room<T>) {
        let block = NonNull::from(Box::leak(room)).cast();
        self.check(Layout::new::<T>());
        // SAFETY: there is room for a link, and nobody else has the block.
        unsafe { block.write(Link::to(self.first.get())) };
        self.first.set(Some(block));
    }

    pub(super) fn exchange(&self, other: &Self) {
        self.check(other.layout);
        self.first.swap(&other.first);
    }
}

impl Drop for List {
    fn drop(&mut self) {
        while let Some(block) = self.take() {
            // SAFETY: it was the list's, so a box of this layout.
            unsafe { dealloc(block.as_ptr().cast(), self.layout) };
        }
    }
}
