//! `List`: the growing sequence.
//! What it has in common with `Array` is in `sequence.rs`.

use super::sequence::uses::*;
use super::{Array, Values};

/// `List<T>`.
pub struct List<T: 'static>(pub(super) Buffer<T>);

sequence!(List, ListEdit, count, "list", "ArgumentOutOfRangeException");

impl<T> List<T> {
    /// An empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty list with room for `capacity` elements.
    pub fn with_capacity(capacity: i32) -> Self {
        Self(Buffer::with_capacity(usize::try_from(capacity).unwrap_or(0)))
    }

    /// The number of elements.
    #[inline]
    pub fn count(&self) -> i32 {
        // There is no room for more than that.
        self.0.len() as i32
    }
}

impl<T: Clone> List<T> {
    /// Adds to the end.
    #[inline]
    pub fn add(&mut self, item: T) {
        self.0.push(item);
    }

    /// Adds every element of `items` to the end.
    pub fn add_range(&mut self, items: List<T>) {
        self.0.extend_from_slice(items.as_slice());
    }

    /// Adds every element of an array to the end.
    pub fn add_array(&mut self, items: Array<T>) {
        self.0.extend_from_slice(items.as_slice());
    }

    /// Puts `item` before the element at `index`, or at the end.
    #[track_caller]
    pub fn insert(&mut self, index: i32, item: T) -> Result<()> {
        match usize::try_from(index) {
            Ok(at) if at <= self.0.len() => self.0.insert(at, item),
            _ => return Err(self.no_element(index)),
        }
        Ok(())
    }

    /// Removes the first element equal to `item`; whether there was one.
    pub fn remove(&mut self, item: T) -> bool
    where
        T: PartialEq,
    {
        let found = self.0.iter().position(|own| *own == item);
        if let Some(at) = found {
            self.0.remove(at..at + 1);
        }
        found.is_some()
    }

    /// Removes the element at `index`.
    #[track_caller]
    pub fn remove_at(&mut self, index: i32) -> Result<()> {
        match usize::try_from(index) {
            Ok(at) if at < self.0.len() => {
                self.0.remove(at..at + 1);
                Ok(())
            }
            _ => Err(self.no_element(index)),
        }
    }

    /// Removes `count` elements from `index` on.
    #[track_caller]
    pub fn remove_range(&mut self, index: i32, count: i32) -> Result<()> {
        let end = index.checked_add(count.max(-1));
        match end.and_then(|end| bounds(Some(index), Some(end), self.0.len())) {
            Some((start, end)) => {
                self.0.remove(start..end);
                Ok(())
            }
            None => Err(outside(
                "ArgumentOutOfRangeException",
                &format!("{count} elements from index {index}"),
                self.0.len(),
            )),
        }
    }

    /// Removes what `predicate` accepts, and gives how many that were.
    pub fn remove_all(&mut self, predicate: Func1<T, bool>) -> Result<i32> {
        let mut kept = Vec::new();
        for item in self.0.iter() {
            if !predicate(item.clone())? {
                kept.push(item.clone());
            }
        }
        let n_removed = self.0.len() - kept.len();
        self.0 = kept.into();
        Ok(length_of(n_removed))
    }

    /// Removes all.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::value::to_str;

    #[test]
    fn grows_and_shrinks() {
        let mut list = List::new();
        list.add(2);
        list.insert(0, 1).unwrap();
        list.insert(2, 3).unwrap();
        let copy = list.clone();
        list.add_range(copy.clone());
        list.add_array(Array::from_vec(vec![9]));
        assert_eq!(list.as_slice(), [1, 2, 3, 1, 2, 3, 9]);
        list.remove_at(6).unwrap();
        list.remove_range(3, 3).unwrap();
        assert_eq!(list, copy);
        assert!(list.remove(2) && !list.remove(2));
        assert_eq!(list.remove_all(Arc::new(|n| Ok(n > 2))), Ok(1));
        assert_eq!(to_str(&list).as_str(), "[1]");
        list.clear();
        assert_eq!((list.count(), copy.count()), (0, 3));
        let mut shared = copy.clone();
        shared.clear();
        assert_eq!((shared.count(), copy.count()), (0, 3));
        assert_eq!(List::<i32>::with_capacity(-1).count(), 0);
    }

    #[test]
    fn adding_alone_copies_nothing() {
        let mut list = List::with_capacity(100);
        list.add(0);
        let before = list.as_slice().as_ptr();
        for n in 1..100 {
            list.add(n);
        }
        assert_eq!(list.as_slice().as_ptr(), before);
    }

    #[test]
    fn checks_bounds() {
        let mut list = List::from_vec(vec![1]);
        let line = line!() + 1;
        let thrown = list.at(1).unwrap_err();
        assert_eq!(thrown.location().line(), line);
        for thrown in [
            thrown,
            list.set(-1, 0).unwrap_err(),
            list.insert(2, 0).unwrap_err(),
            list.remove_at(1).unwrap_err(),
            list.remove_range(0, 2).unwrap_err(),
            list.remove_range(0, -1).unwrap_err(),
            list.remove_range(1, i32::MAX).unwrap_err(),
            list.slice(Some(-1), None).unwrap_err(),
        ] {
            assert_eq!(thrown.kind(), "ArgumentOutOfRangeException");
        }
        assert_eq!(list.as_slice(), [1]);
    }
}
