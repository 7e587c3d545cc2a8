//! Tests of admission: ordinary ones, and models that loom explores under `cfg(loom)`.

#[cfg(loom)]
mod loom_admission;
#[cfg(not(loom))]
mod order;
