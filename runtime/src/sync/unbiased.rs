//! Under loom the atomics that are changed plainly by who has the bias are loom's, and nobody has it.

pub(crate) use loom::sync::atomic::{
    AtomicU8 as BiasedU8, AtomicU32 as BiasedU32, AtomicU64 as BiasedU64,
    AtomicUsize as BiasedUsize,
};

pub(crate) fn allow() {}

pub(crate) fn enter() {}

pub(crate) fn leave() {}

pub(crate) fn could_take() -> bool {
    false
}

pub(crate) fn take() {}
