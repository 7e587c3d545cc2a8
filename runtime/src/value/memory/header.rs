//! What stands in front of shared elements, and where they all stand in an allocation. It does not know
//! who holds them.

use std::alloc::Layout;

use crate::sync::count::Count;

/// The most elements that there is room for.
pub(super) const MOST: usize = i32::MAX as usize;

/// The beginning of an allocation.
pub(super) struct Header {
    pub(super) count: Count,
    pub(super) capacity: u32,
}

impl Header {
    /// That of an allocation with one handle; `capacity` is not more than `MOST`.
    pub(super) fn new(capacity: usize) -> Self {
        Self { count: Count::of(1), capacity: capacity as u32 }
    }

    /// From the beginning of an allocation to the first element.
    pub(super) const fn offset<T>() -> usize {
        size_of::<Self>().next_multiple_of(align_of::<T>())
    }

    /// A header, and as many elements at their offset.
    pub(super) fn layout<T>(capacity: usize) -> Layout {
        assert!(capacity <= MOST, "a collection cannot have more than {MOST} elements");
        let elements = Layout::array::<T>(capacity).ok();
        let all = elements.and_then(|it| Layout::new::<Self>().extend(it).ok());
        all.expect("a collection fits into the address space").0.pad_to_align()
    }
}
