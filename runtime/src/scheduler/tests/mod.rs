//! Tests of the run queues, of parking, of strands' lists and blocks: models that loom explores under `cfg(loom)`.

#[cfg(loom)]
pub(crate) mod loom_block;
#[cfg(loom)]
mod loom_deque;
#[cfg(loom)]
mod loom_idle;
#[cfg(loom)]
mod loom_living;
#[cfg(loom)]
mod loom_strand;
#[cfg(not(loom))]
mod right;
#[cfg(not(loom))]
mod size;
pub(crate) mod sleeping;
