//! `Shared<T>`: a field whose type contains itself, kept behind a counted pointer. It is
//! a value like any other; that copies share storage cannot be observed.

use std::ops::Deref;

use super::Show;
use super::memory::Counted;

/// A value behind a pointer, copied when it is changed while shared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Shared<T>(Counted<T>);

impl<T> Shared<T> {
    /// Moves the value behind a pointer.
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
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Show> Show for Shared<T> {
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
