//! Members of arrays and lists that search with a function, or in sorted elements.
//! What else they have in common is in `sequence.rs`.

use super::sequence::length_of;
use super::{Array, Exception, Func1, List, Result, total_cmp};

macro_rules! search {
    ($name:ident) => {
        impl<T: Clone> $name<T> {
            fn first_place(&self, predicate: &Func1<T, bool>) -> Result<Option<usize>> {
                for (at, item) in self.as_slice().iter().enumerate() {
                    if predicate(item.clone())? {
                        return Ok(Some(at));
                    }
                }
                Ok(None)
            }

            fn last_place(&self, predicate: &Func1<T, bool>) -> Result<Option<usize>> {
                for (at, item) in self.as_slice().iter().enumerate().rev() {
                    if predicate(item.clone())? {
                        return Ok(Some(at));
                    }
                }
                Ok(None)
            }

            /// The first element that `predicate` accepts, or null.
            pub fn find(&self, predicate: Func1<T, bool>) -> Result<Option<T>> {
                let at = self.first_place(&predicate)?;
                Ok(at.map(|at| self.as_slice()[at].clone()))
            }

            /// The last element that `predicate` accepts, or null.
            pub fn find_last(&self, predicate: Func1<T, bool>) -> Result<Option<T>> {
                let at = self.last_place(&predicate)?;
                Ok(at.map(|at| self.as_slice()[at].clone()))
            }

            /// Where the first element is that `predicate` accepts, or -1.
            pub fn find_index(&self, predicate: Func1<T, bool>) -> Result<i32> {
                Ok(self.first_place(&predicate)?.map_or(-1, length_of))
            }

            /// Where the last element is that `predicate` accepts, or -1.
            pub fn find_last_index(&self, predicate: Func1<T, bool>) -> Result<i32> {
                Ok(self.last_place(&predicate)?.map_or(-1, length_of))
            }

            /// The elements that `predicate` accepts.
            pub fn find_all(&self, predicate: Func1<T, bool>) -> Result<Self> {
                let mut found = Vec::new();
                for item in self.as_slice() {
                    if predicate(item.clone())? {
                        found.push(item.clone());
                    }
                }
                Ok(Self::from_vec(found))
            }

            /// Whether `predicate` accepts an element.
            pub fn exists(&self, predicate: Func1<T, bool>) -> Result<bool> {
                Ok(self.first_place(&predicate)?.is_some())
            }

            /// Whether `predicate` accepts every element.
            pub fn true_for_all(&self, predicate: Func1<T, bool>) -> Result<bool> {
                for item in self.as_slice() {
                    if !predicate(item.clone())? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }

            /// Calls `action` with each element.
            pub fn for_each(&self, action: Func1<T, ()>) -> Result<()> {
                self.as_slice().iter().try_for_each(|item| action(item.clone()))
            }

            /// Where `item` is in sorted elements, or -1 minus the place for it.
            pub fn binary_search(&self, item: T) -> i32
            where
                T: PartialOrd,
            {
                match self.as_slice().binary_search_by(|own| total_cmp(own, &item)) {
                    Ok(at) => length_of(at),
                    Err(at) => -1 - length_of(at),
                }
            }
        }
    };
}

search!(Array);
search!(List);

impl<T: Clone> List<T> {
    /// `count` elements from `index` on.
    #[track_caller]
    pub fn get_range(&self, index: i32, count: i32) -> Result<Self> {
        let end = index.checked_add(count);
        let range = (usize::try_from(index).ok())
            .zip(end.and_then(|it| usize::try_from(it).ok()))
            .and_then(|(start, end)| self.as_slice().get(start..end));
        match range {
            Some(range) => Ok(Self::from_vec(range.to_vec())),
            None => Err(self.no_range(index, count)),
        }
    }

    /// Puts every element before the one at `index`, or at the end.
    #[track_caller]
    pub fn insert_range(&mut self, index: i32, items: Self) -> Result<()> {
        let parts = usize::try_from(index)
            .ok()
            .and_then(|at| self.as_slice().split_at_checked(at));
        let Some((before, behind)) = parts else { return Err(self.no_range(index, 0)) };
        *self = Self::from_vec([before, items.as_slice(), behind].concat());
        Ok(())
    }

    #[track_caller]
    #[cold]
    fn no_range(&self, index: i32, count: i32) -> Exception {
        let length = self.count();
        Exception::new(
            "ArgumentOutOfRangeException",
            format!(
                "{count} elements from index {index} are outside a list of length {length}"
            ),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::func1;

    #[test]
    fn finds() {
        let list = List::from_vec(vec![1, 5, 7]);
        let over = |least: i32| func1(move |n: i32| Ok(n > least));
        assert_eq!(
            (list.find(over(2)), list.find_last(over(2))),
            (Ok(Some(5)), Ok(Some(7)))
        );
        assert_eq!(
            (list.find_index(over(2)), list.find_last_index(over(9))),
            (Ok(1), Ok(-1))
        );
        assert_eq!(list.find_all(over(2)).unwrap().count(), 2);
        assert_eq!(
            (list.exists(over(6)), list.true_for_all(over(6))),
            (Ok(true), Ok(false))
        );
        assert_eq!((list.binary_search(7), list.binary_search(0)), (2, -1));
        assert_eq!(list.binary_search(9), -4);
    }

    #[test]
    fn takes_and_puts_ranges() {
        let mut list = List::from_vec(vec![1, 4]);
        list.insert_range(1, List::from_vec(vec![2, 3])).unwrap();
        assert_eq!(list.as_slice(), [1, 2, 3, 4]);
        assert_eq!(list.get_range(1, 2).unwrap().as_slice(), [2, 3]);
        assert!(list.get_range(3, 2).is_err() && list.get_range(1, -1).is_err());
        assert!(list.insert_range(5, List::new()).is_err());
    }
}
