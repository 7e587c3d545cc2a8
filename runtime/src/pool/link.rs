//! What is in a block that hangs in a list.

use std::ptr::NonNull;

/// The next block of the list, in one word. Loom sees whether it is taken out after it was put in, and whether it ever
/// is.
pub(super) struct Link(
    #[cfg(not(loom))] Option<NonNull<Link>>,
    #[cfg(loom)] Box<loom::alloc::Track<Seen>>,
);

#[cfg(loom)]
struct Seen {
    next: Option<NonNull<Link>>,
    _cell: crate::sync::Cell<()>,
}

impl Link {
    #[inline(always)]
    pub(super) fn to(next: Option<NonNull<Self>>) -> Self {
        #[cfg(not(loom))]
        return Self(next);
        #[cfg(loom)]
        {
            let _cell = crate::sync::Cell::new(());
            Self(Box::new(loom::alloc::Track::new(Seen { next, _cell })))
        }
    }

    #[inline(always)]
    pub(super) fn next(self) -> Option<NonNull<Self>> {
        #[cfg(not(loom))]
        return self.0;
        #[cfg(loom)]
        self.0.get_ref().next
    }
}
