//! Values that are made when they are first needed.

use super::word::Keeping;
use crate::pool::Pooled;

/// A value that is made once, by whoever needs it first.
#[derive(Debug)]
pub(crate) struct Late<T>(Keeping<T>);

impl<T> Late<T> {
    /// With a value from the beginning, or without.
    #[inline(always)]
    pub(crate) fn new(value: Option<T>) -> Self {
        let late = Self(Keeping::nothing());
        if let Some(value) = value {
            late.get_or_make(|| value);
        }
        late
    }

    /// The value, if it has been made.
    #[inline(always)]
    pub(crate) fn get(&self) -> Option<&T> {
        self.0.get()
    }

    /// The value, made now if nobody has before.
    #[inline(never)]
    pub(crate) fn get_or_make(&self, make: impl FnOnce() -> T) -> &T {
        if self.get().is_none() {
            // It is given back if another was first.
            drop(self.0.keep(Pooled::new(make())));
        }
        self.get().expect("it is made")
    }

    /// The value goes, which nobody else has any more.
    #[inline(never)]
    fn end(&mut self) {
        if let Some(value) = self.0.take() {
            value.end();
        }
    }
}

impl<T> Drop for Late<T> {
    #[inline(always)]
    fn drop(&mut self) {
        if self.get().is_some() {
            self.end();
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
                loom::thread::spawn(move || *late.get_or_make(|| 7_usize))
            };
            let made = *late.get_or_make(|| 5);
            assert_eq!(made, other.join().expect("the model does not panic"));
            assert_eq!(late.get(), Some(&made));
        });
    }
}
