//! A counted pointer to one value, and one to a value that may be missing; what is missing needs no
//! memory. They do not know arrays and text, whose handles know their length.

use std::ops::Deref;

use super::deep::{self, printed};
use crate::pool::Handle;

/// A handle to a value or to nothing, which leaves when it goes.
struct One<T: 'static>(Handle<T>);

const THERE: &str = "a handle has a value";

impl<T> One<T> {
    #[inline]
    fn of(value: T) -> Self {
        let [one] = Handle::to(value);
        Self(one)
    }
}

impl<T: Clone> One<T> {
    /// The value, to change in place; copied before if others hold it too.
    #[inline]
    fn make_mut(&mut self) -> &mut T {
        self.0.alone().unwrap_or_else(copy)
    }
}

/// Puts a copy in the place of a value that others hold too.
#[cold]
#[inline(never)]
fn copy<T: Clone + 'static>(handle: &mut Handle<T>) -> &mut T {
    let [own] = Handle::to(handle.get().expect(THERE).clone());
    drop(One(std::mem::replace(handle, own)));
    handle.alone().ok().expect(THERE)
}

impl<T> Clone for One<T> {
    #[inline]
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Drop for One<T> {
    #[inline]
    fn drop(&mut self) {
        #[inline(never)]
        fn leave<T: 'static>(handle: &mut Handle<T>) {
            if let Some(last) = handle.leave() {
                deep::end(move || last.end());
            }
        }
        if self.0.get().is_some() {
            leave(&mut self.0);
        }
    }
}

/// A handle to a value that is shared with its clones.
pub(in crate::value) struct Counted<T: 'static>(
    /// Never to nothing.
    One<T>,
);

impl<T> Counted<T> {
    #[inline]
    pub(in crate::value) fn new(value: T) -> Self {
        Self(One::of(value))
    }
}

impl<T: Clone> Counted<T> {
    /// The value, to change in place; copied before if others hold it too.
    #[inline]
    pub(in crate::value) fn make_mut(&mut self) -> &mut T {
        self.0.make_mut()
    }
}

printed!(Counted);

impl<T> Deref for Counted<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        self.0.0.get().expect(THERE)
    }
}

impl<T> Clone for Counted<T> {
    #[inline]
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: Default> Default for Counted<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

/// A handle to an `Option<T>` that is shared with its clones.
pub(in crate::value) struct Maybe<T: 'static>(
    /// To nothing for `None`; else to `Some`, unless that was taken out by `make_mut`.
    One<Option<T>>,
);

impl<T> Maybe<T> {
    #[inline]
    pub(in crate::value) fn new(value: Option<T>) -> Self {
        Self(if value.is_none() { One(Handle::NOTHING) } else { One::of(value) })
    }
}

impl<T: Clone> Maybe<T> {
    /// The value, to change in place; copied before if others hold it too.
    pub(in crate::value) fn make_mut(&mut self) -> &mut Option<T> {
        if self.0.0.get().is_none() {
            self.0 = One::of(None);
        }
        self.0.make_mut()
    }
}

printed!(Maybe);

impl<T> Deref for Maybe<T> {
    type Target = Option<T>;

    #[inline]
    fn deref(&self) -> &Option<T> {
        self.0.0.get().unwrap_or(const { &None })
    }
}

impl<T> Clone for Maybe<T> {
    #[inline]
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Default for Maybe<T> {
    fn default() -> Self {
        Self::new(None)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_shared_value_is_copied_when_it_changes() {
        let mut first = Counted::new(vec![1]);
        let second = first.clone();
        assert!(first.0.0.alone().is_err());
        first.make_mut().push(2);
        assert_eq!((&*first, &*second), (&vec![1, 2], &vec![1]));
        let before = first.as_ptr();
        first.make_mut()[0] = 5;
        assert_eq!((first.as_ptr(), first[0]), (before, 5));
        drop(second);
        assert!(first.0.0.alone().is_ok());
    }

    #[test]
    fn the_last_handle_drops_the_value() {
        let token = std::sync::Arc::new(());
        let first = Counted::new(std::sync::Arc::clone(&token));
        let second = first.clone();
        drop(first);
        assert_eq!(std::sync::Arc::strong_count(&token), 2);
        std::thread::spawn(move || drop(second)).join().expect("drops");
        assert_eq!(std::sync::Arc::strong_count(&token), 1);
    }

    #[test]
    fn nothing_needs_no_memory_and_can_become_something() {
        assert_eq!(size_of::<Option<Maybe<u8>>>(), size_of::<usize>());
        let mut first: Maybe<String> = Maybe::new(None);
        let second = first.clone();
        assert_eq!((&*first, second.0.0.get().is_none()), (&None, true));
        *first.make_mut() = Some("a".to_owned());
        let third = first.clone();
        first.make_mut().as_mut().expect("it is there").push('b');
        assert_eq!(
            (&*first, &*second, &*third),
            (&Some("ab".to_owned()), &None, &Some("a".to_owned()))
        );
        *first.make_mut() = None;
        assert_eq!(*first.clone(), None);
    }
}
