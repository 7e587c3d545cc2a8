//! A value in a box that is made when it is first needed, in one word.

use std::marker::PhantomData;
use std::ptr;

use super::{AtomicPtr, Ordering};

/// A value that is made once, by whoever needs it first.
#[derive(Debug)]
pub(crate) struct Late<T> {
    /// Null, or from a box; it does not change any more then.
    word: AtomicPtr<T>,
    owns: PhantomData<T>,
}

// SAFETY: shared access gives out `&T`, and may make the value, which another thread drops.
unsafe impl<T: Send + Sync> Sync for Late<T> {}
// SAFETY: it owns its value.
unsafe impl<T: Send> Send for Late<T> {}

impl<T> Late<T> {
    /// With a value from the beginning, or without.
    pub(crate) fn new(value: Option<T>) -> Self {
        let word = value.map_or(ptr::null_mut(), |it| Box::into_raw(Box::new(it)));
        Self { word: AtomicPtr::new(word), owns: PhantomData }
    }

    /// The value, if it has been made.
    #[inline(always)]
    pub(crate) fn get(&self) -> Option<&T> {
        // SAFETY: acquire pairs with the release of who has made it; it lives as long as this.
        unsafe { self.word.load(Ordering::Acquire).as_ref() }
    }

    /// The value, made now if nobody has before.
    #[inline(never)]
    pub(crate) fn get_or_make(&self, make: impl FnOnce() -> T) -> &T {
        if let Some(value) = self.get() {
            return value;
        }
        let (none, made) = (ptr::null_mut(), Box::into_raw(Box::new(make())));
        // Release publishes the box, acquire sees that of another.
        match self.word.compare_exchange(none, made, Ordering::AcqRel, Ordering::Acquire)
        {
            // SAFETY: it was a box until now, and lives as long as this.
            Ok(_) => unsafe { &*made },
            Err(other) => {
                // SAFETY: nobody has seen this box; the other is as `get` says.
                unsafe {
                    drop(Box::from_raw(made));
                    &*other
                }
            }
        }
    }
}

impl<T> Drop for Late<T> {
    fn drop(&mut self) {
        // Relaxed: nobody else has it any more.
        let word = self.word.load(Ordering::Relaxed);
        if !word.is_null() {
            // SAFETY: it came from a box, and nobody reads it any more.
            drop(unsafe { Box::from_raw(word) });
        }
    }
}

#[cfg(all(test, loom))]
mod loom_tests {
    use super::*;

    #[test]
    fn loom_a_value_is_made_once() {
        loom::model(|| {
            let late = loom::sync::Arc::new(Late::new(None));
            let other = {
                let late = late.clone();
                loom::thread::spawn(move || *late.get_or_make(|| 7))
            };
            let made = *late.get_or_make(|| 5);
            assert_eq!(made, other.join().expect("the model does not panic"));
            assert_eq!(late.get(), Some(&made));
        });
    }
}
