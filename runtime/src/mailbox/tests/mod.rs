//! Tests of queues, gates and waiters: ordinary ones, and models that loom explores under `cfg(loom)`
//! (`RUSTFLAGS="--cfg loom" cargo test -p axum-rt --lib loom_`).

#[cfg(loom)]
mod loom_close;
#[cfg(loom)]
mod loom_push_pop;
#[cfg(loom)]
pub(crate) mod loom_sleep;
#[cfg(not(loom))]
mod order;

use std::ptr::NonNull;
use std::sync::Arc;

use super::chain::Pointer;

impl super::Reason for () {
    fn is_plain(&self) -> bool {
        true
    }
}

// SAFETY: an `Arc` keeps what it points to where it is, behind two counts, so aligned to 8.
unsafe impl<T> Pointer for Arc<T> {
    type Node = T;

    fn into_raw(self) -> NonNull<T> {
        // SAFETY: a pointer out of an `Arc` is not null.
        unsafe { NonNull::new_unchecked(Arc::into_raw(self).cast_mut()) }
    }

    unsafe fn from_raw(node: NonNull<T>) -> Self {
        // SAFETY: as the caller says.
        unsafe { Self::from_raw(node.as_ptr()) }
    }
}
