//! `Grouping`: what `GroupBy` gives for each key. How groups come about is in `whole`.

use crate::value::{List, Show, Values};

/// `IGrouping<K, T>`: a key with the elements that have it, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Grouping<K, T: Sync + 'static> {
    key: K,
    items: List<T>,
}

impl<K: Clone, T: Clone + Sync> Grouping<K, T> {
    pub(super) fn new(key: K, items: Vec<T>) -> Self {
        Self { key, items: List::from_vec(items) }
    }

    /// What its elements have in common.
    pub fn key(&self) -> K {
        self.key.clone()
    }

    /// Its elements.
    pub fn iter_values(&self) -> Values<T> {
        self.items.iter_values()
    }

    pub(super) fn items(&self) -> &List<T> {
        &self.items
    }
}

impl<K: Show, T: Show> Show for Grouping<K, T> {
    fn show(&self, out: &mut String) {
        self.key.show(out);
        out.push_str(": ");
        self.items.show(out);
    }
}
