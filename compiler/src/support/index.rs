//! Typed ids, vectors indexed by them, and side tables. It holds no items of its own.

use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// A `u32` newtype that names an item in an [`IdVec`].
pub trait Id: Copy + Ord + std::fmt::Debug {
    /// The id of the item at `index`.
    fn from_index(index: usize) -> Self;
    /// Position of the item.
    fn index(self) -> usize;
}

/// Declares id types: `define_ids! { /// doc  AgentId; … }`.
#[macro_export]
macro_rules! define_ids {
    ($($(#[$meta:meta])* $name:ident;)*) => { $(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);
        impl $crate::support::index::Id for $name {
            fn from_index(index: usize) -> Self {
                Self(u32::try_from(index).expect("fewer than 2^32 items"))
            }
            fn index(self) -> usize {
                self.0 as usize
            }
        }
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "#{}"), self.0)
            }
        }
    )* };
}

/// A vector indexed by its own id type.
#[derive(Clone, Debug, PartialEq)]
pub struct IdVec<I, T> {
    items: Vec<T>,
    marker: PhantomData<fn(I)>,
}

impl<I, T> Default for IdVec<I, T> {
    fn default() -> Self {
        Self { items: Vec::new(), marker: PhantomData }
    }
}

impl<I: Id, T> IdVec<I, T> {
    /// An empty vector.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
    /// Appends `item` and names it.
    pub fn push(&mut self, item: T) -> I {
        self.items.push(item);
        I::from_index(self.items.len() - 1)
    }
    /// The id that the next `push` will give.
    #[must_use]
    pub fn next_id(&self) -> I {
        I::from_index(self.items.len())
    }
    /// Number of items.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }
    /// Whether there are no items.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
    /// The item, if the id is in range.
    #[must_use]
    pub fn get(&self, id: I) -> Option<&T> {
        self.items.get(id.index())
    }
    /// Items in order.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }
    /// Ids in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = I> + use<I, T> {
        (0..self.items.len()).map(I::from_index)
    }
    /// Ids and items in order.
    pub fn enumerate(&self) -> impl DoubleEndedIterator<Item = (I, &T)> {
        self.items.iter().enumerate().map(|(i, item)| (I::from_index(i), item))
    }
}

impl<I: Id, T> Index<I> for IdVec<I, T> {
    type Output = T;
    fn index(&self, id: I) -> &T {
        &self.items[id.index()]
    }
}

impl<I: Id, T> IndexMut<I> for IdVec<I, T> {
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.items[id.index()]
    }
}

/// A side table: a fact for some ids. Missing entries read as `None`.
#[derive(Clone, Debug, PartialEq)]
pub struct IdMap<I, T> {
    items: Vec<Option<T>>,
    marker: PhantomData<fn(I)>,
}

impl<I, T> Default for IdMap<I, T> {
    fn default() -> Self {
        Self { items: Vec::new(), marker: PhantomData }
    }
}

impl<I: Id, T> IdMap<I, T> {
    /// An empty table.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
    /// Records `fact` for `id`; gives what was there before.
    pub fn insert(&mut self, id: I, fact: T) -> Option<T> {
        let index = id.index();
        if index >= self.items.len() {
            self.items.resize_with(index + 1, || None);
        }
        self.items[index].replace(fact)
    }
    /// Forgets the fact for `id` and gives it.
    pub fn remove(&mut self, id: I) -> Option<T> {
        self.items.get_mut(id.index()).and_then(Option::take)
    }
    /// The fact for `id`.
    #[must_use]
    pub fn get(&self, id: I) -> Option<&T> {
        self.items.get(id.index()).and_then(Option::as_ref)
    }
    /// The fact for `id`, to change.
    pub fn get_mut(&mut self, id: I) -> Option<&mut T> {
        self.items.get_mut(id.index()).and_then(Option::as_mut)
    }
    /// Whether there is a fact for `id`.
    #[must_use]
    pub fn contains(&self, id: I) -> bool {
        self.get(id).is_some()
    }
    /// Ids that have a fact, with it, in order.
    pub fn iter(&self) -> impl Iterator<Item = (I, &T)> {
        self.items
            .iter()
            .enumerate()
            .filter_map(|(i, item)| item.as_ref().map(|item| (I::from_index(i), item)))
    }
}
