//! How a handle knows the number of its elements. It does not know where they are.

/// What a handle says about the number of its elements: that, or nothing if it is one or there is no room.
pub(super) trait Length: Copy + 'static {
    const NONE: Self;

    fn known(self) -> Option<usize>;
}

impl Length for usize {
    const NONE: Self = 0;

    #[inline]
    fn known(self) -> Option<usize> {
        Some(self)
    }
}

impl Length for () {
    const NONE: Self = ();

    #[inline]
    fn known(self) -> Option<usize> {
        None
    }
}
