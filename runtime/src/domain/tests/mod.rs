//! Tests of admission and of turns: ordinary ones, and models that loom explores under `cfg(loom)`.

#[cfg(not(loom))]
mod kept;
#[cfg(loom)]
mod loom_admission;
#[cfg(not(loom))]
mod order;
