//! The table behind `Dict` and `Set`: open addressing over entries kept in insertion order.
//! It does not count references; its owners wrap it in `Arc`.

use std::hash::Hash;

use super::hashing::hash_of;

/// A key's place: the upper half of its hash, and where its entry is.
#[derive(Clone, Copy, Debug)]
struct Slot {
    tag: u32,
    index: u32,
}

const EMPTY: u32 = u32::MAX;
/// An entry was here; a search goes on behind it.
const GONE: u32 = u32::MAX - 1;

/// Keys with values, in insertion order.
#[derive(Clone, Debug)]
pub(super) struct Table<K, V> {
    /// A power of two of them, or none; at most three quarters are not `EMPTY`.
    slots: Vec<Slot>,
    /// Removed ones leave `None`, which the next growth drops.
    entries: Vec<Option<(K, V)>>,
    n_live: usize,
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self { slots: Vec::new(), entries: Vec::new(), n_live: 0 }
    }
}

fn tag(hash: u64) -> u32 {
    (hash >> 32) as u32
}

impl<K, V> Table<K, V> {
    pub(super) fn len(&self) -> usize {
        self.n_live
    }

    /// The entries in insertion order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &(K, V)> {
        self.entries.iter().flatten()
    }

    /// The first entry at `*at` or behind it; moves `at` past it.
    pub(super) fn next(&self, at: &mut usize) -> Option<&(K, V)> {
        while let Some(entry) = self.entries.get(*at) {
            *at += 1;
            if entry.is_some() {
                return entry.as_ref();
            }
        }
        None
    }
}

impl<K: Hash + Eq, V> Table<K, V> {
    /// The slot of `key`.
    #[inline]
    fn find(&self, key: &K) -> Option<usize> {
        if self.slots.is_empty() {
            return None;
        }
        self.find_hashed(key, hash_of(key))
    }

    /// The slot of a key with this hash; there are slots.
    #[inline]
    fn find_hashed(&self, key: &K, hash: u64) -> Option<usize> {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot.index == EMPTY {
                return None;
            }
            if slot.index != GONE
                && slot.tag == tag(hash)
                && let Some((found, _)) = &self.entries[slot.index as usize]
                && found == key
            {
                return Some(at);
            }
            at = (at + 1) & mask;
        }
    }

    pub(super) fn contains(&self, key: &K) -> bool {
        self.find(key).is_some()
    }

    pub(super) fn get(&self, key: &K) -> Option<&V> {
        let slot = self.find(key)?;
        let entry = self.entries[self.slots[slot].index as usize].as_ref();
        entry.map(|(_, value)| value)
    }

    pub(super) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let slot = self.find(key)?;
        let entry = self.entries[self.slots[slot].index as usize].as_mut();
        entry.map(|(_, value)| value)
    }

    /// Adds the key, or replaces its value and gives the old one back.
    pub(super) fn insert(&mut self, key: K, value: V) -> Option<V> {
        let hash = hash_of(&key);
        if !self.slots.is_empty()
            && let Some(slot) = self.find_hashed(&key, hash)
            && let Some((_, old)) = &mut self.entries[self.slots[slot].index as usize]
        {
            return Some(std::mem::replace(old, value));
        }
        // Entries, removed ones included, are as many as slots that are not empty.
        if (self.entries.len() + 1) * 4 > self.slots.len() * 3 {
            self.grow();
        }
        let index = self.entries.len() as u32;
        self.place(hash, index);
        self.entries.push(Some((key, value)));
        self.n_live += 1;
        None
    }

    /// Removes the key; the order of the others stays.
    pub(super) fn remove(&mut self, key: &K) -> Option<V> {
        let slot = self.find(key)?;
        let index = self.slots[slot].index as usize;
        self.slots[slot].index = GONE;
        let (_, value) = self.entries[index].take()?;
        self.n_live -= 1;
        if self.n_live == 0 {
            *self = Self::default();
        }
        Some(value)
    }

    fn place(&mut self, hash: u64, index: u32) {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while self.slots[at].index != EMPTY {
            at = (at + 1) & mask;
        }
        self.slots[at] = Slot { tag: tag(hash), index };
    }

    /// Makes room for as many entries again as are alive, and drops the removed ones.
    fn grow(&mut self) {
        let n_slots = ((self.n_live + 1) * 2).next_power_of_two().max(8);
        self.entries.retain(Option::is_some);
        self.slots.clear();
        self.slots.resize(n_slots, Slot { tag: 0, index: EMPTY });
        for index in 0..self.entries.len() {
            if let Some((key, _)) = &self.entries[index] {
                let hash = hash_of(key);
                self.place(hash, index as u32);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_insertion_order_through_removal_and_growth() {
        let mut table = Table::default();
        for n in 0..1000 {
            assert_eq!(table.insert(n, n * 2), None);
        }
        for n in (0..1000).filter(|n| n % 3 == 0) {
            assert_eq!(table.remove(&n), Some(n * 2));
        }
        for n in 1000..3000 {
            table.insert(n, n * 2);
        }
        assert_eq!(table.insert(1, 7), Some(2));
        let keys: Vec<i32> = table.iter().map(|(key, _)| *key).collect();
        let expected: Vec<i32> =
            (0..1000).filter(|n| n % 3 != 0).chain(1000..3000).collect();
        assert_eq!(keys, expected);
        assert_eq!(table.len(), expected.len());
        assert_eq!(table.get(&1), Some(&7));
        assert_eq!(table.get(&3), None);
    }

    #[test]
    fn endures_one_key_coming_and_going() {
        let mut table = Table::default();
        table.insert(-1, 0);
        for n in 0..10_000 {
            table.insert(n, n);
            assert_eq!(table.remove(&n), Some(n));
        }
        assert!(table.slots.len() <= 16);
        assert_eq!(table.len(), 1);
        assert_eq!(table.remove(&-1), Some(0));
        assert!(!table.contains(&-1));
    }
}
