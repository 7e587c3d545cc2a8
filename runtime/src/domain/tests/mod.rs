//! Models of admission that loom explores under `cfg(loom)`.

mod loom_admission;
