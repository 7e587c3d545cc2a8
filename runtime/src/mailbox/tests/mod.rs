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

impl super::Reason for () {
    fn is_plain(&self) -> bool {
        true
    }
}
