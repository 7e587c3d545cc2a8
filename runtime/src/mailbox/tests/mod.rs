//! Tests of queues, gates and waiters: ordinary ones, and models that loom explores under `cfg(loom)`
//! (`RUSTFLAGS="--cfg loom" cargo test -p axum-rt --lib loom_`).

#[cfg(loom)]
mod loom_close;
#[cfg(loom)]
mod loom_kept;
#[cfg(loom)]
mod loom_push_pop;
#[cfg(loom)]
pub(crate) mod loom_sleep;
#[cfg(not(loom))]
mod order;

use std::ptr::NonNull;
use std::sync::Arc;

use crate::sync::Pointer;

impl super::Reason for () {
    fn is_plain(&self) -> bool {
        true
    }
}

// SAFETY: an `Arc` keeps what it points to where it is, behind two counts and aligned as they are.
unsafe impl<T> Pointer for Arc<T> {
    type Node = usize;

    fn into_raw(self) -> NonNull<usize> {
        // SAFETY: a pointer out of an `Arc` is not null.
        unsafe { NonNull::new_unchecked(Arc::into_raw(self).cast_mut().cast()) }
    }

    unsafe fn from_raw(node: NonNull<usize>) -> Self {
        // SAFETY: as the caller says.
        unsafe { Self::from_raw(node.as_ptr().cast()) }
    }
}
