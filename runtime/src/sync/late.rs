//! A value in a box that is made when it is first needed, in one word; and two marks beside it, which can
//! be set before. It does not know what they mean.

use std::marker::PhantomData;
use std::ptr;

use super::{AtomicPtr, Ordering};

/// Room for the marks in the pointer.
const MARKS: usize = 3;

/// A value that is made once, by whoever needs it first, and two marks, which are set once each.
#[derive(Debug)]
pub(crate) struct Late<T> {
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
        const { assert!(align_of::<T>() > MARKS, "there is room for marks") };
        let word = value.map_or(ptr::null_mut(), |it| Box::into_raw(Box::new(it)));
        Self { word: AtomicPtr::new(word), owns: PhantomData }
    }

    fn split(&self, word: *mut T) -> (Option<&T>, usize) {
        // SAFETY: a pointer other than null came from a box, which lives as long as this; callers
        // have it from `word` with acquire, which pairs with the release of who made it.
        let value = unsafe { word.map_addr(|it| it & !MARKS).as_ref() };
        (value, word.addr() & MARKS)
    }

    fn change(&self, from: *mut T, to: *mut T) -> Result<*mut T, *mut T> {
        // Release publishes the box, acquire sees it; of a mark and a box each sees the other, or
        // comes first.
        self.word.compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire)
    }

    /// The value, if it has been made.
    pub(crate) fn get(&self) -> Option<&T> {
        self.split(self.word.load(Ordering::Acquire)).0
    }

    /// The value, made now if nobody has before.
    pub(crate) fn get_or_make(&self, make: impl FnOnce() -> T) -> &T {
        self.get_or_make_marked(make).0
    }

    /// As `get_or_make`; and the marks before, for the one that makes it.
    pub(crate) fn get_or_make_marked(
        &self,
        make: impl FnOnce() -> T,
    ) -> (&T, Option<usize>) {
        let mut now = self.word.load(Ordering::Acquire);
        if let (Some(value), _) = self.split(now) {
            return (value, None);
        }
        let made = Box::into_raw(Box::new(make()));
        loop {
            let (other, marks) = self.split(now);
            if let Some(other) = other {
                // SAFETY: another was first, so nobody has seen this box.
                drop(unsafe { Box::from_raw(made) });
                return (other, None);
            }
            match self.change(now, made.map_addr(|it| it | marks)) {
                // SAFETY: it was a box until now, and lives as long as this.
                Ok(_) => return (unsafe { &*made }, Some(marks)),
                Err(other) => now = other,
            }
        }
    }

    /// Sets a mark; `Err` if it was set. Gives the value if it had been made: who makes it later is given
    /// the mark.
    pub(crate) fn mark(&self, mark: usize) -> Result<Option<&T>, ()> {
        debug_assert!(mark & !MARKS == 0, "there is room for it");
        let mut now = self.word.load(Ordering::Acquire);
        loop {
            let (value, marks) = self.split(now);
            if marks & mark != 0 {
                return Err(());
            }
            match self.change(now, now.map_addr(|it| it | mark)) {
                Ok(_) => return Ok(value),
                Err(other) => now = other,
            }
        }
    }
}

impl<T> Drop for Late<T> {
    fn drop(&mut self) {
        // Relaxed: nobody else has it any more.
        let word = self.word.load(Ordering::Relaxed).map_addr(|it| it & !MARKS);
        if !word.is_null() {
            // SAFETY: it came from a box, and nobody reads it any more.
            drop(unsafe { Box::from_raw(word) });
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn it_is_made_once_beside_its_marks() {
        let late = Late::new(None);
        assert_eq!((late.get(), late.mark(1)), (None, Ok(None)));
        assert_eq!(late.get_or_make_marked(|| 5), (&5, Some(1)));
        assert_eq!(late.get_or_make_marked(|| 6), (&5, None));
        assert_eq!((late.mark(1), late.mark(2)), (Err(()), Ok(Some(&5))));
        assert_eq!((late.get(), late.get_or_make(|| 7)), (Some(&5), &5));
        assert_eq!(Late::new(Some(4)).get(), Some(&4));
    }
}

#[cfg(all(test, loom))]
mod loom_tests {
    use super::*;

    #[test]
    fn loom_a_value_is_made_once_and_meets_a_mark() {
        loom::model(|| {
            let late = loom::sync::Arc::new(Late::new(None));
            let other = {
                let late = late.clone();
                loom::thread::spawn(move || {
                    let told = late.mark(1).expect("nobody else marks").copied();
                    (told, *late.get_or_make(|| 7))
                })
            };
            let (made, marks) = late.get_or_make_marked(|| 5);
            let made = *made;
            let (told, seen) = other.join().expect("the model does not panic");
            assert_eq!(made, seen);
            // Exactly one of the two learns of the other.
            assert_eq!(
                told.is_some(),
                marks != Some(1) && seen == 5,
                "{told:?} {marks:?}"
            );
        });
    }
}
