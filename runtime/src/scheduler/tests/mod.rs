//! Tests of the run queues, of parking and of strands' lists: models that loom explores under `cfg(loom)`.

#[cfg(loom)]
mod loom_deque;
#[cfg(loom)]
mod loom_idle;
#[cfg(loom)]
mod loom_strand;
#[cfg(not(loom))]
mod size;
