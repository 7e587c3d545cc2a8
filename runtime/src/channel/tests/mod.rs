//! Models of conversations under a protocol and of the counts of a channel, which loom explores under
//! `cfg(loom)`. What programs do with channels is tested by whole programs.

#[cfg(loom)]
mod alone;
#[cfg(loom)]
mod loom_conversation;
#[cfg(loom)]
mod loom_counts;
#[cfg(loom)]
mod loom_parts;
