//! Tests of the run queues and of parking: ordinary ones, and models that loom explores under `cfg(loom)`.
