//! Models of conversations under a protocol, which loom explores under `cfg(loom)`. What programs do
//! with channels is tested by whole programs.

#[cfg(loom)]
mod loom_conversation;
