//! What is in a block that hangs in a list.

use std::ptr::NonNull;

/// The next block of the list. Loom sees whether it is taken out after it was put in.
pub(super) struct Link {
    pub(super) next: Option<NonNull<Link>>,
    #[cfg(loom)]
    _seen: Box<crate::sync::Cell<()>>,
}

impl Link {
    #[inline(always)]
    pub(super) fn to(next: Option<NonNull<Link>>) -> Self {
        Self {
            next,
            #[cfg(loom)]
            _seen: Box::new(crate::sync::Cell::new(())),
        }
    }
}
