//! Models of requests, which loom explores under `cfg(loom)`. What programs do with ports is tested by whole
//! programs.

#[cfg(loom)]
pub(crate) mod loom_request;
