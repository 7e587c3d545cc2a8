//! How a handle knows the number of its elements, which is what it says here: `rows.rs` relies on that.
//! It does not know where they are.

/// What a handle says about the number of its elements: that, or nothing if it is one or there is no room.
pub(in crate::value) trait Length:
    Copy + 'static + sealed::Sealed
{
    const NONE: Self;

    fn or_one(self, is_room: bool) -> usize;
}

/// Nothing outside of this file is a length.
mod sealed {
    pub(in crate::value) trait Sealed {}

    impl Sealed for usize {}
    impl Sealed for () {}
}

impl Length for usize {
    const NONE: Self = 0;

    #[inline]
    fn or_one(self, _: bool) -> usize {
        self
    }
}

impl Length for () {
    const NONE: Self = ();

    #[inline]
    fn or_one(self, is_room: bool) -> usize {
        usize::from(is_room)
    }
}
