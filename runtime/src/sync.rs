//! Atomics and cells of the runtime: the standard library's, or loom's under `cfg(loom)`.
//! And words that own what their bits say. It holds no protocol; each room says which operation pairs with which.

#[cfg(not(loom))]
mod barrier;
mod bias;
#[cfg_attr(loom, path = "sync/unbiased.rs")]
mod biased;
pub(crate) mod count;
pub(crate) mod finally;
mod late;
#[cfg(all(
    not(loom),
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
mod membarrier;
#[cfg(all(
    not(loom),
    not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))
))]
#[path = "sync/no_membarrier.rs"]
mod membarrier;
mod scoped;
mod seen;
mod word;

#[cfg(loom)]
pub(crate) use loom::sync::atomic::{
    AtomicBool, AtomicU8, AtomicU32, AtomicU64, AtomicUsize, Ordering, fence,
};
#[cfg(not(loom))]
pub(crate) use std::sync::atomic::{
    AtomicBool, AtomicU8, AtomicU32, AtomicU64, AtomicUsize, Ordering, fence,
};

/// What the workers change with each message: see [`bias`].
pub(crate) use biased::{
    BiasedU8, BiasedU32, BiasedU64, BiasedUsize, allow, could_take, enter, leave, take,
};

pub(crate) use late::Late;
pub(crate) use scoped::{OfThread, Scoped};
pub(crate) use seen::{Content, KIND, Mark, OTHER, Parcel, Put, Seen};
pub(crate) use word::{Pointer, Word};

/// A number on which nothing depends but when to do some housekeeping. Loom does not follow it.
pub(crate) use std::sync::atomic::AtomicUsize as Tally;

/// What the caller did before is ordered with what it does next as all sequentially consistent accesses are.
/// They are by themselves; loom takes them for acquire and release only, but knows fences.
#[inline]
pub(crate) fn ordered() {
    #[cfg(loom)]
    fence(Ordering::SeqCst);
}

/// A flag that one at a time uses, as something else orders it. Loom does not follow it.
#[derive(Debug)]
pub(crate) struct Flag(std::sync::atomic::AtomicBool);

impl Flag {
    pub(crate) fn new(is_set: bool) -> Self {
        Self(std::sync::atomic::AtomicBool::new(is_set))
    }

    #[inline(always)]
    pub(crate) fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    #[inline(always)]
    pub(crate) fn set(&self, to: bool) {
        self.0.store(to, Ordering::Relaxed);
    }
}

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

/// To loom the end of a cell is a write: whatever others did with it comes before.
#[cfg(loom)]
impl<T> Drop for Cell<T> {
    fn drop(&mut self) {
        // A model that has failed is not watched any more.
        if !std::thread::panicking() {
            self.0.with_mut(|_| ());
        }
    }
}

/// Where one thread sleeps and others wake it. A wake before the sleep is kept.
#[derive(Debug)]
pub(crate) struct Bed {
    #[cfg(not(loom))]
    thread: std::sync::OnceLock<std::thread::Thread>,
    #[cfg(loom)]
    woken: (loom::sync::Mutex<bool>, loom::sync::Condvar),
}

impl Bed {
    pub(crate) fn new() -> Self {
        Self {
            #[cfg(not(loom))]
            thread: std::sync::OnceLock::new(),
            #[cfg(loom)]
            woken: (loom::sync::Mutex::new(false), loom::sync::Condvar::new()),
        }
    }

    /// Names the calling thread as the one that sleeps here; before it first does.
    pub(crate) fn claim(&self) {
        #[cfg(not(loom))]
        let _ = self.thread.set(std::thread::current());
    }

    /// Sleeps until the next wake; may end without one.
    pub(crate) fn sleep(&self) {
        #[cfg(not(loom))]
        std::thread::park();
        #[cfg(loom)]
        {
            let mut woken =
                self.woken.0.lock().expect("models do not panic while they wake");
            while !*woken {
                woken = self.woken.1.wait(woken).expect("as above");
            }
            *woken = false;
        }
    }

    /// As `sleep`, and no longer than `limit`.
    pub(crate) fn nap(&self, limit: std::time::Duration) {
        #[cfg(not(loom))]
        std::thread::park_timeout(limit);
        #[cfg(loom)]
        {
            // A nap may end at any time. The wake is used up if there was one.
            let _ = limit;
            loom::thread::yield_now();
            *self.woken.0.lock().expect("models do not panic while they wake") = false;
        }
    }

    /// Wakes the thread. One that has not claimed its bed yet has not slept yet either.
    pub(crate) fn wake(&self) {
        #[cfg(not(loom))]
        if let Some(thread) = self.thread.get() {
            thread.unpark();
        }
        #[cfg(loom)]
        {
            *self.woken.0.lock().expect("models do not panic while they sleep") = true;
            self.woken.1.notify_one();
        }
    }
}

/// Beside a cell of the library that is set once: the thread sanitizer does not see how that orders who reads it after who
/// has set it. It sees this. Nothing otherwise.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    #[cfg(sanitized)]
    is_set: AtomicBool,
}

impl Shown {
    /// Called before the cell is set.
    pub(crate) fn show(&self) {
        // Release pairs with the acquire in `see`.
        #[cfg(sanitized)]
        self.is_set.store(true, Ordering::Release);
    }

    /// Called when the cell was seen to be set.
    pub(crate) fn see(&self) {
        #[cfg(sanitized)]
        self.is_set.load(Ordering::Acquire);
    }
}

/// The one lock of the runtime, for what happens seldom: linking networks, failing, ending. No
/// receive, steal or turn goes through it, no send but those that a protocol orders, and no wake but of more strands
/// than a worker's queue has room for. Blocks of memory go through it by hundreds, where nobody waits for it.
#[derive(Debug, Default)]
pub(crate) struct Seldom<T> {
    lock: Lock<T>,
    /// The thread sanitizer does not see how the library's lock orders those who wait for it. It sees this.
    #[cfg(sanitized)]
    seen: AtomicUsize,
}

#[cfg(loom)]
type Lock<T> = loom::sync::Mutex<T>;
#[cfg(not(loom))]
#[expect(clippy::disallowed_types, reason = "off the message path")]
type Lock<T> = std::sync::Mutex<T>;

impl<T> Seldom<T> {
    #[cfg(not(loom))]
    pub(crate) const fn new(value: T) -> Self {
        Self {
            lock: Lock::new(value),
            #[cfg(sanitized)]
            seen: AtomicUsize::new(0),
        }
    }

    #[cfg(loom)]
    pub(crate) fn new(value: T) -> Self {
        Self { lock: Lock::new(value) }
    }

    /// Runs `body` alone with the value. A panic in an earlier body leaves the value as it was.
    pub(crate) fn with<R>(&self, body: impl FnOnce(&mut T) -> R) -> R {
        let mut guard = match self.lock.lock() {
            Ok(guard) => guard,
            Err(poisoned) => poisoned.into_inner(),
        };
        self.within(|| body(&mut guard))
    }

    /// What is done with the lock.
    fn within<R>(&self, body: impl FnOnce() -> R) -> R {
        // Acquire and release pair with those of all others.
        #[cfg(sanitized)]
        self.seen.fetch_add(1, Ordering::AcqRel);
        let done = body();
        #[cfg(sanitized)]
        self.seen.fetch_add(1, Ordering::AcqRel);
        done
    }

    /// The same if nobody else is at it.
    pub(crate) fn try_with<R>(&self, body: impl FnOnce(&mut T) -> R) -> Option<R> {
        let mut guard = self.lock.try_lock().ok()?;
        Some(self.within(|| body(&mut guard)))
    }
}
