//! Atomics and cells of the runtime: the standard library's, or loom's under `cfg(loom)`.
//! It holds no protocol; each room says which operation pairs with which.

#[cfg(loom)]
pub(crate) use loom::sync::atomic::{
    AtomicBool, AtomicPtr, AtomicU8, AtomicU64, AtomicUsize, Ordering, fence,
};
#[cfg(not(loom))]
pub(crate) use std::sync::atomic::{
    AtomicBool, AtomicPtr, AtomicU8, AtomicU64, AtomicUsize, Ordering, fence,
};

/// A cell that loom watches for concurrent access when it explores a model.
#[derive(Debug)]
pub(crate) struct Cell<T>(
    #[cfg(loom)] loom::cell::UnsafeCell<T>,
    #[cfg(not(loom))] std::cell::UnsafeCell<T>,
);

impl<T> Cell<T> {
    pub(crate) fn new(value: T) -> Self {
        #[cfg(loom)]
        return Self(loom::cell::UnsafeCell::new(value));
        #[cfg(not(loom))]
        return Self(std::cell::UnsafeCell::new(value));
    }

    /// Reads through a raw pointer; whoever dereferences it answers for exclusion.
    pub(crate) fn with<R>(&self, read: impl FnOnce(*const T) -> R) -> R {
        #[cfg(loom)]
        return self.0.with(read);
        #[cfg(not(loom))]
        return read(self.0.get());
    }

    /// Writes through a raw pointer; whoever dereferences it answers for exclusion.
    pub(crate) fn with_mut<R>(&self, write: impl FnOnce(*mut T) -> R) -> R {
        #[cfg(loom)]
        return self.0.with_mut(write);
        #[cfg(not(loom))]
        return write(self.0.get());
    }
}

/// The one lock of the runtime, for what happens seldom: linking networks, failing, ending.
/// No send, receive, wake, steal or turn goes through it.
#[derive(Debug, Default)]
pub(crate) struct Seldom<T>(
    #[expect(clippy::disallowed_types, reason = "off the message path")]
    std::sync::Mutex<T>,
);

impl<T> Seldom<T> {
    /// Runs `body` alone with the value. A panic in an earlier body leaves the value as it was.
    pub(crate) fn with<R>(&self, body: impl FnOnce(&mut T) -> R) -> R {
        let mut guard = match self.0.lock() {
            Ok(guard) => guard,
            Err(poisoned) => poisoned.into_inner(),
        };
        body(&mut guard)
    }
}
