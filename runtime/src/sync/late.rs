//! Values that are made when they are first needed.

#[cfg(not(loom))]
use once_cell::race::OnceBox;
#[cfg(loom)]
use watched::OnceBox;

/// A value that is made once, by whoever needs it first. One word.
#[derive(Debug)]
pub(crate) struct Late<T>(OnceBox<T>);

impl<T> Late<T> {
    /// With a value from the beginning, or without.
    #[inline(always)]
    pub(crate) fn new(value: Option<T>) -> Self {
        Self(match value {
            Some(value) => OnceBox::with_value(Box::new(value)),
            None => OnceBox::new(),
        })
    }

    /// The value, if it has been made.
    #[inline(always)]
    pub(crate) fn get(&self) -> Option<&T> {
        self.0.get()
    }

    /// The value, made now if nobody has before; what is made goes if another was first.
    #[inline(never)]
    pub(crate) fn get_or_make(&self, make: impl FnOnce() -> T) -> &T {
        self.0.get_or_init(|| Box::new(make()))
    }
}

/// What orders as `once_cell`'s box does, and is seen by loom.
#[cfg(loom)]
mod watched {
    use std::sync::OnceLock;

    use crate::sync::{AtomicBool, Ordering};

    #[derive(Debug)]
    pub(super) struct OnceBox<T> {
        value: OnceLock<Box<T>>,
        /// Loom runs nobody else between this and the setting of the value.
        is_set: AtomicBool,
    }

    impl<T> OnceBox<T> {
        pub(super) fn new() -> Self {
            Self { value: OnceLock::new(), is_set: AtomicBool::new(false) }
        }

        pub(super) fn with_value(value: Box<T>) -> Self {
            Self { value: value.into(), is_set: AtomicBool::new(true) }
        }

        pub(super) fn get(&self) -> Option<&T> {
            // Acquire pairs with the release of who set it.
            self.is_set.load(Ordering::Acquire).then(|| self.there())
        }

        pub(super) fn get_or_init(&self, make: impl FnOnce() -> Box<T>) -> &T {
            if let Some(value) = self.get() {
                return value;
            }
            let value = make();
            let (release, acquire) = (Ordering::Release, Ordering::Acquire);
            // Acquire pairs with the release of who was first.
            match self.is_set.compare_exchange(false, true, release, acquire) {
                Ok(_) => self.value.get_or_init(|| value),
                Err(_) => self.there(),
            }
        }

        fn there(&self) -> &T {
            self.value.get().expect("it is set with the mark")
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
