//! `Set`: elements once each, in the order in which they came.
//! The searching is in `table.rs`.

use std::fmt;
use std::hash::{Hash, Hasher};

use super::hashing::hash_of;
use super::memory::Counted;
use super::sequence::length_of;
use super::table::Table;
use super::{Array, Func1, List, Result, Show, show_sequence};

/// `Set<T>`.
pub struct Set<T: 'static>(Counted<Table<T, ()>>);

impl<T> Set<T> {
    /// An empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of elements.
    pub fn count(&self) -> i32 {
        length_of(self.0.len())
    }

    /// The elements in order, borrowed.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|(item, ())| item)
    }
}

impl<T: Hash + Eq + Clone> Set<T> {
    /// From elements, of which equal ones count once.
    pub fn from_vec(items: Vec<T>) -> Self {
        let mut table = Table::default();
        for item in items {
            insert(&mut table, item);
        }
        Self(Counted::new(table))
    }

    /// Adds; whether it was new.
    pub fn add(&mut self, item: T) -> bool {
        let fresh = !self.0.contains(&item);
        if fresh {
            self.0.make_mut().insert(item, ());
        }
        fresh
    }

    /// Removes; whether it was there.
    pub fn remove(&mut self, item: T) -> bool {
        self.0.contains(&item) && self.0.make_mut().remove(&item).is_some()
    }

    /// Whether it is there.
    pub fn contains(&self, item: T) -> bool {
        self.0.contains(&item)
    }

    /// Removes all.
    pub fn clear(&mut self) {
        self.0 = Counted::default();
    }

    /// Adds every element of `other`.
    pub fn union_with(&mut self, other: Set<T>) {
        for item in other.iter() {
            self.add(item.clone());
        }
    }

    /// Keeps what is in `other` too.
    pub fn intersect_with(&mut self, other: Set<T>) {
        let both = self.iter().filter(|item| other.0.contains(item)).cloned();
        *self = Self::from_vec(both.collect());
    }

    /// Removes what is in `other`.
    pub fn except_with(&mut self, other: Set<T>) {
        let rest = self.iter().filter(|item| !other.0.contains(item)).cloned();
        *self = Self::from_vec(rest.collect());
    }

    /// Whether every element is in `other` too.
    pub fn is_subset_of(&self, other: Set<T>) -> bool {
        self.iter().all(|item| other.0.contains(item))
    }

    /// Keeps what is in one of the two only.
    pub fn symmetric_except_with(&mut self, other: Set<T>) {
        for item in other.iter() {
            if !self.remove(item.clone()) {
                self.add(item.clone());
            }
        }
    }

    /// Removes what `predicate` accepts, and gives how many that were.
    pub fn remove_where(&mut self, predicate: Func1<T, bool>) -> Result<i32> {
        let mut kept = Vec::new();
        for item in self.iter() {
            if !predicate(item.clone())? {
                kept.push(item.clone());
            }
        }
        let n_removed = self.count() - length_of(kept.len());
        *self = Self::from_vec(kept);
        Ok(n_removed)
    }

    /// Whether every element of `other` is in it too.
    pub fn is_superset_of(&self, other: Set<T>) -> bool {
        other.iter().all(|item| self.0.contains(item))
    }

    /// Whether both have the same elements.
    pub fn set_equals(&self, other: Set<T>) -> bool {
        self.count() == other.count() && self.is_superset_of(other)
    }

    /// Whether there is an element in both.
    pub fn overlaps(&self, other: Set<T>) -> bool {
        self.iter().any(|item| other.0.contains(item))
    }

    /// An owning iterator over the elements as they are now.
    pub fn iter_values(&self) -> Items<T> {
        Items { table: self.0.clone(), at: 0 }
    }

    /// The elements in an array.
    pub fn to_array(&self) -> Array<T> {
        Array::from_vec(self.iter().cloned().collect())
    }

    /// The elements in a list.
    pub fn to_list(&self) -> List<T> {
        List::from_vec(self.iter().cloned().collect())
    }
}

fn insert<T: Hash + Eq + Clone>(table: &mut Table<T, ()>, item: T) {
    // The first of equal elements stays.
    if !table.contains(&item) {
        table.insert(item, ());
    }
}

/// The elements of a set as they were when the iteration began.
#[derive(Clone, Debug)]
pub struct Items<T: 'static> {
    table: Counted<Table<T, ()>>,
    at: usize,
}

impl<T: Clone> Iterator for Items<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.table.next(&mut self.at).map(|(item, ())| item.clone())
    }
}

impl<T> Clone for Set<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self(Counted::default())
    }
}

impl<T: Show> Show for Set<T> {
    fn show(&self, out: &mut String) {
        show_sequence(out, self.iter());
    }
}

/// The same elements; the order does not count.
impl<T: Hash + Eq> PartialEq for Set<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && self.iter().all(|item| other.0.contains(item))
    }
}

impl<T: Hash + Eq> Eq for Set<T> {}

impl<T: Hash> Hash for Set<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // Added up, because the order does not count.
        state.write_u64(self.iter().map(hash_of).fold(0, u64::wrapping_add));
    }
}

impl<T: fmt::Debug> fmt::Debug for Set<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::to_str;

    #[test]
    fn holds_each_once() {
        let mut set = Set::from_vec(vec![3, 1, 3]);
        let copy = set.clone();
        assert!(set.add(2) && !set.add(1));
        assert_eq!(to_str(&set).as_str(), "[3, 1, 2]");
        assert!(set.contains(2) && !copy.contains(2));
        assert!(set.remove(3) && !set.remove(3));
        assert_eq!(set.iter_values().collect::<Vec<_>>(), [1, 2]);
        assert_eq!((set.count(), copy.count()), (2, 2));
        set.clear();
        assert_eq!(set, Set::new());
    }

    #[test]
    fn combines() {
        let mut set = Set::from_vec(vec![1, 2, 3]);
        let other = Set::from_vec(vec![3, 4]);
        assert!(set.overlaps(other.clone()) && !set.is_subset_of(other.clone()));
        set.union_with(other.clone());
        assert_eq!(set.to_array().as_slice(), [1, 2, 3, 4]);
        set.except_with(Set::from_vec(vec![1]));
        set.intersect_with(Set::from_vec(vec![4, 3, 9]));
        assert_eq!(set, Set::from_vec(vec![4, 3]));
        assert_eq!(hash_of(&set), hash_of(&other));
        assert_eq!(set.to_list().as_slice(), [3, 4]);
    }
}
