//! Atomics that the worker that is alone changes without locking them, and all others as usual. To those who use them
//! they are the standard library's: each change is one read-modify-write. Loads are loads.
//!
//! A thread that has not entered, as those beside the workers, enters for each change.
//! Under loom they are loom's: that changes are not lost when the bias goes is a model of its own ([`super::bias`]).

use std::cell::Cell;
use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, AtomicUsize, Ordering};

use super::barrier;
use super::bias::{Bias, Section};

/// The process's.
static BIAS: Bias = Bias::new();

/// Numbers, so that one comparison tells which it is.
type Here = i8;
/// This thread enters for each change.
const OUTSIDE: Here = -1;
/// It has entered, and changes words by locking them.
const ENTERED: Here = 0;
/// It has entered and took the bias, and has it still, as far as it knows.
const TOOK: Here = 1;

thread_local! {
    static HERE: Cell<Here> = const { Cell::new(OUTSIDE) };
}

/// From now on a thread may take the bias. Called before the process has other threads: see [`barrier::register`].
pub(crate) fn allow() {
    barrier::register();
}

/// The calling thread will change many words.
pub(crate) fn enter() {
    if HERE.get() == OUTSIDE {
        BIAS.enter();
        HERE.set(ENTERED);
    }
}

/// The calling thread waits, or watches: whoever else is at work may be alone with that.
pub(crate) fn leave() {
    match HERE.replace(OUTSIDE) {
        TOOK => BIAS.leave_with(),
        ENTERED => BIAS.leave(),
        _ => {}
    }
}

/// Whether the calling thread has entered, and is alone with that though it has not taken the bias.
#[inline(always)]
pub(crate) fn could_take() -> bool {
    HERE.get() == ENTERED && BIAS.is_alone()
}

/// Takes the bias, if this thread is alone with having entered, and if it can be taken away again.
#[cold]
pub(crate) fn take() {
    if could_take() && barrier::is_there() && BIAS.take() {
        HERE.set(TOOK);
    }
}

/// How a change is made.
enum Way<'a> {
    Plainly(Section<'a>),
    Locked,
    /// As `Locked`, after entering.
    FromOutside,
}

#[inline(always)]
fn way() -> Way<'static> {
    let here = HERE.get();
    if here > ENTERED {
        if let Some(section) = BIAS.section() {
            return Way::Plainly(section);
        }
        HERE.set(ENTERED);
    } else if here < ENTERED {
        return Way::FromOutside;
    }
    Way::Locked
}

/// Enters for what `change` does.
fn from_outside<R>(change: impl FnOnce() -> R) -> R {
    BIAS.enter();
    let changed = change();
    BIAS.leave();
    changed
}

macro_rules! biased {
    ($name:ident, $atomic:ty, $number:ty) => {
        #[derive(Debug)]
        pub(crate) struct $name($atomic);

        /// As the methods of the same names of the standard library.
        impl $name {
            pub(crate) const fn new(value: $number) -> Self {
                Self(<$atomic>::new(value))
            }

            #[inline(always)]
            pub(crate) fn load(&self, ordering: Ordering) -> $number {
                self.0.load(ordering)
            }
        }
    };
}

/// A change if the number is what it was expected to be.
macro_rules! exchange {
    ($name:ident, $number:ty) => {
        impl $name {
            #[inline(always)]
            pub(crate) fn compare_exchange(
                &self,
                from: $number,
                to: $number,
                done: Ordering,
                failed: Ordering,
            ) -> Result<$number, $number> {
                match way() {
                    Way::Plainly(_section) => {
                        let before = self.0.load(Ordering::Acquire);
                        if before != from {
                            return Err(before);
                        }
                        self.0.store(to, Ordering::Release);
                        Ok(before)
                    }
                    Way::Locked => self.0.compare_exchange(from, to, done, failed),
                    Way::FromOutside => self.exchange_from_outside(from, to),
                }
            }

            #[cold]
            #[inline(never)]
            fn exchange_from_outside(
                &self,
                from: $number,
                to: $number,
            ) -> Result<$number, $number> {
                const SEQ: Ordering = Ordering::SeqCst;
                from_outside(|| self.0.compare_exchange(from, to, SEQ, SEQ))
            }
        }
    };
}

/// Changes that give the number that was there, and what takes its place.
macro_rules! changes {
    ($name:ident, $number:ty; $($change:ident = $to:expr;)*) => {
        impl $name {
            $(
                #[inline(always)]
                pub(crate) fn $change(&self, by: $number, ordering: Ordering) -> $number {
                    #[cold]
                    #[inline(never)]
                    fn outside(it: &$name, by: $number) -> $number {
                        from_outside(|| it.0.$change(by, Ordering::SeqCst))
                    }
                    match way() {
                        Way::Plainly(_section) => {
                            let before = self.0.load(Ordering::Acquire);
                            let to: fn($number, $number) -> $number = $to;
                            self.0.store(to(before, by), Ordering::Release);
                            before
                        }
                        Way::Locked => self.0.$change(by, ordering),
                        Way::FromOutside => outside(self, by),
                    }
                }
            )*
        }
    };
}

biased!(BiasedU8, AtomicU8, u8);
biased!(BiasedU32, AtomicU32, u32);
biased!(BiasedU64, AtomicU64, u64);
biased!(BiasedUsize, AtomicUsize, usize);

impl BiasedUsize {
    /// Where nobody else changes it meanwhile.
    #[inline(always)]
    pub(crate) fn store(&self, value: usize, ordering: Ordering) {
        self.0.store(value, ordering);
    }
}

exchange!(BiasedU64, u64);
exchange!(BiasedUsize, usize);

changes! { BiasedU8, u8;
    fetch_or = |now, bits| now | bits;
}
changes! { BiasedU32, u32;
    fetch_add = u32::wrapping_add;
    fetch_sub = u32::wrapping_sub;
    fetch_or = |now, bits| now | bits;
}
changes! { BiasedU64, u64;
    fetch_add = u64::wrapping_add;
    fetch_sub = u64::wrapping_sub;
    fetch_or = |now, bits| now | bits;
}

impl BiasedU64 {
    /// As the method of the same name of the standard library. It fails where the thread has not entered; so nothing is
    /// called here.
    #[inline(always)]
    pub(crate) fn compare_exchange_weak(
        &self,
        from: u64,
        to: u64,
        done: Ordering,
        failed: Ordering,
    ) -> Result<u64, u64> {
        match way() {
            Way::Plainly(_section) => {
                let before = self.0.load(Ordering::Acquire);
                if before != from {
                    return Err(before);
                }
                self.0.store(to, Ordering::Release);
                Ok(before)
            }
            Way::Locked => self.0.compare_exchange(from, to, done, failed),
            Way::FromOutside => Err(from),
        }
    }

    /// As the method of the same name of the standard library.
    pub(crate) fn fetch_update(
        &self,
        done: Ordering,
        failed: Ordering,
        mut to: impl FnMut(u64) -> Option<u64>,
    ) -> Result<u64, u64> {
        let mut now = self.load(failed);
        while let Some(next) = to(now) {
            match self.compare_exchange(now, next, done, failed) {
                Err(found) => now = found,
                changed => return changed,
            }
        }
        Err(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Threads that take turns at having the bias and at changing from outside.
    #[test]
    fn no_change_is_lost() {
        const N: u32 = 20_000;
        allow();
        let number = BiasedU64::new(0);
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    for at in 0..N {
                        match at % 64 {
                            0 => enter(),
                            1..8 => take(),
                            48 => leave(),
                            _ => {}
                        }
                        number.fetch_add(1, Ordering::Relaxed);
                        let _ = number.fetch_update(
                            Ordering::AcqRel,
                            Ordering::Acquire,
                            |it| Some(it + 1),
                        );
                    }
                    leave();
                });
            }
            scope.spawn(|| {
                for _ in 0..N {
                    number.fetch_add(1, Ordering::Relaxed);
                }
            });
        });
        assert_eq!(number.load(Ordering::Relaxed), u64::from(5 * N));
    }
}
