//! `Array`: the `T[]` of the language, a shared vector whose length stays.
//! What it has in common with `List` is in `sequence.rs`.

use super::memory::Items;
use super::sequence::uses::*;

/// `T[]`.
pub struct Array<T: 'static>(pub(super) Buffer<T>);

sequence!(Array, ArrayEdit, length, "array", "IndexOutOfRangeException");

impl<T> Array<T> {
    /// `new T[n]`: `n` default values.
    #[track_caller]
    pub fn filled(n: i32) -> Result<Self>
    where
        T: Default + Clone,
    {
        Self::filled_with(n, T::default())
    }

    /// `new T[n]` of values that have no default of Rust's.
    #[track_caller]
    pub fn filled_with(n: i32, value: T) -> Result<Self>
    where
        T: Clone,
    {
        match usize::try_from(n) {
            Ok(n) => Ok(Self(Buffer::filled(value, n))),
            Err(_) => Err(Exception::new(
                "OverflowException",
                format!("an array cannot have {n} elements"),
            )),
        }
    }

    /// The number of elements.
    #[inline]
    pub fn length(&self) -> i32 {
        // There is no room for more than that.
        self.0.len() as i32
    }
}

impl<T: Clone> Array<T> {
    /// Stores `value` in every element.
    pub fn fill(&mut self, value: T) {
        self.0.make_mut().fill(value);
    }
}

/// The elements of a collection as they were when the iteration began.
#[derive(Clone, Debug)]
pub struct Values<T: Clone + 'static>(Items<T>);

impl<T: Clone> Values<T> {
    #[inline]
    pub(super) fn new(items: Buffer<T>) -> Self {
        Self(Items::new(items))
    }
}

impl<T: Clone> Iterator for Values<T> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        self.0.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<T: Clone> ExactSizeIterator for Values<T> {}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::value::{Str, to_str};

    #[test]
    fn copies_are_values() {
        let mut numbers = Array::from_vec(vec![1, 2, 3]);
        let copy = numbers.clone();
        *numbers.at_mut(1).unwrap() += 40;
        numbers.set(0, 9).unwrap();
        assert_eq!(numbers.as_slice(), [9, 42, 3]);
        assert_eq!(copy.as_slice(), [1, 2, 3]);
    }

    #[test]
    fn changes_in_place_when_alone() {
        let mut numbers = Array::from_vec(vec![1, 2, 3]);
        let before = numbers.as_slice().as_ptr();
        numbers.set(0, 9).unwrap();
        numbers.sort();
        numbers.fill(7);
        assert_eq!(numbers.as_slice().as_ptr(), before);
    }

    #[test]
    fn checks_bounds() {
        let mut numbers = Array::<i32>::filled(2).unwrap();
        for index in [-1, 2, i32::MAX, i32::MIN] {
            let thrown = numbers.at(index).unwrap_err();
            assert_eq!(thrown.kind(), "IndexOutOfRangeException");
            assert_eq!(thrown.location().line(), line!() - 2);
            assert!(numbers.at_mut(index).is_err());
            let line = line!() + 1;
            let thrown = numbers.set(index, 1).unwrap_err();
            assert_eq!(thrown.location().line(), line);
        }
        let thrown = numbers.slice(Some(1), Some(3)).unwrap_err();
        assert_eq!(thrown.kind(), "ArgumentOutOfRangeException");
        assert!(numbers.slice(Some(2), Some(1)).is_err());
        assert_eq!(numbers.slice(Some(2), None).unwrap().length(), 0);
        assert_eq!(Array::<i32>::filled(-1).unwrap_err().kind(), "OverflowException");
    }

    #[test]
    fn an_edit_copies_at_once_what_others_hold_and_nothing_else() {
        let mut words = Array::from_vec(vec![Str::lit("a"), Str::lit("b")]);
        let place = words.as_slice().as_ptr();
        let mut edit = words.edit();
        edit.set(0, Str::lit("c")).unwrap();
        assert_eq!((edit.length(), edit.at(1).unwrap().as_str()), (2, "b"));
        let thrown = edit.set(2, Str::lit("d")).unwrap_err();
        assert_eq!(thrown.kind(), "IndexOutOfRangeException");
        assert_eq!(words.as_slice().as_ptr(), place);
        let other = words.clone();
        let _ = words.edit();
        assert_ne!(words.as_slice().as_ptr(), place);
        words.edit().at_mut(1).unwrap().clone_from(&Str::lit("e"));
        assert_eq!(to_str(&words).as_str(), "[c, e]");
        assert_eq!(
            (to_str(&other).as_str(), other.as_slice().as_ptr()),
            ("[c, b]", place)
        );
        assert_eq!(Array::<i32>::from_vec(vec![]).edit().length(), 0);
    }

    #[test]
    fn iterates_over_the_value_at_entry() {
        let mut words = Array::from_vec(vec![Str::lit("a"), Str::lit("b")]);
        let entered = words.iter_values();
        words.set(1, Str::lit("c")).unwrap();
        assert_eq!(entered.collect::<Vec<_>>(), [Str::lit("a"), Str::lit("b")]);
        assert_eq!(to_str(&words).as_str(), "[a, c]");
    }

    #[test]
    fn has_the_members_of_sequences() {
        let numbers = Array::from_vec(vec![3, 1, 2, 3]);
        assert!(numbers.contains(2) && !numbers.contains(5));
        assert_eq!((numbers.index_of(3), numbers.last_index_of(3)), (0, 3));
        assert_eq!(numbers.index_of(7), -1);
        assert_eq!(numbers.to_list().to_array(), numbers);
        let mut sorted = numbers.clone();
        sorted.sort_by(Arc::new(|a, b| Ok(b - a))).unwrap();
        sorted.reverse();
        assert_eq!(sorted.as_slice(), [1, 2, 3, 3]);
    }
}
