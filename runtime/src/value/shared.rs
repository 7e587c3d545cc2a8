//! `Shared<T>`: a field whose type contains itself, kept behind a counted pointer. It is
//! a value like any other; that copies share storage cannot be observed.

use std::ops::Deref;

use super::Show;
use super::memory::{Counted, Maybe, compared};

/// A value behind a pointer, copied when it is changed while shared.
#[derive(Clone, Debug, Default)]
pub struct Shared<T: 'static>(Counted<T>);

compared!(Shared);

impl<T> Shared<T> {
    /// Moves the value behind a pointer.
    #[inline]
    pub fn new(value: T) -> Self {
        Self(Counted::new(value))
    }
}

impl<T: Clone> Shared<T> {
    /// The value, to change in place.
    pub fn make_mut(&mut self) -> &mut T {
        self.0.make_mut()
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Show> Show for Shared<T> {
    fn show(&self, out: &mut String) {
        (**self).show(out);
    }
}

/// `Shared<Option<T>>` where null needs no memory: a nullable field whose type contains itself.
#[derive(Clone, Debug, Default)]
pub struct Link<T: 'static>(Maybe<T>);

compared!(Link);

impl<T> Link<T> {
    /// Moves the value behind a pointer, if there is one.
    #[inline]
    pub fn new(value: Option<T>) -> Self {
        Self(Maybe::new(value))
    }
}

impl<T: Clone> Link<T> {
    /// The value, to change in place.
    pub fn make_mut(&mut self) -> &mut Option<T> {
        self.0.make_mut()
    }
}

impl<T> Deref for Link<T> {
    type Target = Option<T>;

    #[inline]
    fn deref(&self) -> &Option<T> {
        &self.0
    }
}

impl<T: Show> Show for Link<T> {
    fn show(&self, out: &mut String) {
        (**self).show(out);
    }
}

#[cfg(test)]
mod tests {
    use super::Shared;

    #[test]
    fn a_copy_keeps_its_value_when_the_other_changes() {
        let mut first = Shared::new(1);
        let copy = first.clone();
        *first.make_mut() = 2;
        assert_eq!((*first, *copy), (2, 1));
    }
}
