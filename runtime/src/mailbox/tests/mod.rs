//! Tests of queues, gates and waiters: ordinary ones, and models that loom explores under `cfg(loom)`.

#[cfg(not(loom))]
mod order;
