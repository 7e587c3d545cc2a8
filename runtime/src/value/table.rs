//! The table behind `Dict` and `Set`: open addressing, and an order that is that of insertion.
//! It does not count references; its owners wrap it in a counted handle.
//!
//! A search reads one byte for each slot that it looks at, its *tag*, and then the entry. Where entries are
//! small they stand at the numbers of their slots, so that the processor fetches tag and entry at the same time,
//! and the order is a list of those numbers. Larger ones, for which free slots would cost too much memory, stand
//! in order, and there is a list of where the entry of each slot is.

use std::cell::Cell;
use std::hash::Hash;

use super::entries::Entries;
use super::hashing::hash_of;

/// The tag of a slot that never had an entry since the last growth.
const EMPTY: u8 = 0;
/// That of one whose entry was removed; a search goes on behind it.
const GONE: u8 = 1;
/// Those of entries have this bit.
const LIVE: u8 = 0x80;

thread_local! {
    /// Where `contains` has last found a key: the address of the tags, and the number of the entry. Who asks for
    /// a key mostly wants its value next.
    static FOUND: Cell<(usize, usize)> = const { Cell::new((0, 0)) };
}

/// Keys with values, in insertion order.
#[derive(Clone, Debug)]
pub(super) struct Table<K, V> {
    /// A power of two of them, or none; at most three quarters are not `EMPTY`.
    tags: Vec<u8>,
    /// Those that were removed keep their places until the next growth.
    entries: Entries<K, V>,
    /// Of small entries: the slots in order, those of removed ones included. Of others: the number of the
    /// entry of each slot.
    links: Vec<u32>,
    n_live: usize,
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self {
            tags: Vec::new(),
            entries: Entries::default(),
            links: Vec::new(),
            n_live: 0,
        }
    }
}

/// The tag of an entry: some bits of the hash that do not say where it is.
fn tag(hash: u64) -> u8 {
    (hash >> 57) as u8 | LIVE
}

impl<K, V> Table<K, V> {
    /// Whether entries stand in their slots.
    const IN_SLOTS: bool = Entries::<K, V>::ARE_SMALL;

    pub(super) fn len(&self) -> usize {
        self.n_live
    }

    /// How many were inserted since the last growth, and not only replaced.
    fn n_inserted(&self) -> usize {
        if Self::IN_SLOTS { self.links.len() } else { self.entries.len() }
    }

    /// The `n`-th that was inserted, if it was not removed.
    fn nth(&self, n: usize) -> Option<&(K, V)> {
        self.entry(if Self::IN_SLOTS { self.links[n] as usize } else { n })
    }

    /// The entry with a number, if it is there and was not removed.
    #[inline]
    fn entry(&self, at: usize) -> Option<&(K, V)> {
        if self.is_there(at) { self.entries.get(at) } else { None }
    }

    /// Whether the entry with a number was not removed, if the slots tell.
    #[inline]
    fn is_there(&self, at: usize) -> bool {
        !Self::IN_SLOTS || self.tags.get(at).is_some_and(|tag| tag & LIVE != 0)
    }

    /// The number of the entry of a slot.
    #[inline]
    fn entry_of(&self, slot: usize) -> usize {
        if Self::IN_SLOTS { slot } else { self.links[slot] as usize }
    }

    /// The entries in insertion order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &(K, V)> {
        (0..self.n_inserted()).filter_map(|n| self.nth(n))
    }

    /// The first entry at `*at` or behind it; moves `at` past it.
    pub(super) fn next(&self, at: &mut usize) -> Option<&(K, V)> {
        while *at < self.n_inserted() {
            *at += 1;
            let entry = self.nth(*at - 1);
            if entry.is_some() {
                return entry;
            }
        }
        None
    }
}

impl<K: Hash + Eq, V> Table<K, V> {
    /// Whether it is worth while to look where `contains` has found a key: numbers are found as fast.
    const IS_REMEMBERED: bool = std::mem::needs_drop::<K>();

    /// The number of the entry of `key`.
    #[inline]
    fn find(&self, key: &K) -> Option<usize> {
        let slot = self.find_slot(key, hash_of(key)).ok()?;
        Some(self.entry_of(slot))
    }

    /// The slot of a key with this hash, or the empty one at which the search has ended, if there are slots.
    #[inline]
    fn find_slot(&self, key: &K, hash: u64) -> Result<usize, Option<usize>> {
        let Some(mask) = self.tags.len().checked_sub(1) else { return Err(None) };
        let mut slot = hash as usize & mask;
        loop {
            let found = self.tags[slot];
            if found == tag(hash)
                && let Some((own, _)) = self.entries.get(self.entry_of(slot))
                && own == key
            {
                return Ok(slot);
            }
            if found == EMPTY {
                return Err(Some(slot));
            }
            slot = (slot + 1) & mask;
        }
    }

    pub(super) fn contains(&self, key: &K) -> bool {
        let found = self.find(key);
        if Self::IS_REMEMBERED
            && let Some(at) = found
        {
            FOUND.set((self.tags.as_ptr().addr(), at));
        }
        found.is_some()
    }

    /// The number of the entry of `key`, about which `contains` may just have been asked.
    #[inline]
    fn find_again(&self, key: &K) -> Option<usize> {
        if !Self::IS_REMEMBERED {
            return self.find(key);
        }
        let (tags, at) = FOUND.get();
        if tags == self.tags.as_ptr().addr()
            && let Some((own, _)) = self.entry(at)
            && own == key
        {
            return Some(at);
        }
        self.find(key)
    }

    #[inline]
    pub(super) fn get(&self, key: &K) -> Option<&V> {
        let entry = self.entries.get(self.find_again(key)?);
        entry.map(|(_, value)| value)
    }

    #[inline]
    pub(super) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let at = self.find_again(key)?;
        self.entries.value_mut(at)
    }
}

impl<K: Hash + Eq + Clone, V: Clone> Table<K, V> {
    /// Adds the key, or replaces its value and gives the old one back.
    pub(super) fn insert(&mut self, key: K, value: V) -> Option<V> {
        let hash = hash_of(&key);
        let free = match self.find_slot(&key, hash) {
            Ok(slot) => {
                let at = self.entry_of(slot);
                let old = self.entries.value_mut(at)?;
                return Some(std::mem::replace(old, value));
            }
            Err(free) => free,
        };
        let entry = (key, value);
        // Slots that are not empty are as many as entries, removed ones included.
        let has_room = (self.n_inserted() + 1) * 4 <= self.tags.len() * 3;
        let slot = match free {
            Some(slot) if has_room => slot,
            _ => {
                self.grow(&entry);
                self.free_slot(hash)
            }
        };
        self.put(slot, hash, entry);
        self.n_live += 1;
        None
    }

    /// Removes the key; the order of the others stays.
    pub(super) fn remove(&mut self, key: &K) -> Option<V> {
        let slot = self.find_slot(key, hash_of(key)).ok()?;
        self.tags[slot] = GONE;
        let at = self.entry_of(slot);
        let (_, value) = self.entries.take(at)?;
        self.n_live -= 1;
        if self.n_live == 0 {
            *self = Self::default();
        }
        Some(value)
    }

    /// Where an entry with this hash goes that is new.
    fn free_slot(&self, hash: u64) -> usize {
        let mask = self.tags.len() - 1;
        let mut slot = hash as usize & mask;
        while self.tags[slot] != EMPTY {
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn put(&mut self, slot: usize, hash: u64, entry: (K, V)) {
        self.tags[slot] = tag(hash);
        if Self::IN_SLOTS {
            self.entries.put(slot, entry);
            self.links.push(slot as u32);
        } else {
            self.links[slot] = self.entries.len() as u32;
            self.entries.push(entry);
        }
    }

    /// Makes room for as many entries again as are alive, and for a new one, and drops the removed ones.
    #[cold]
    fn grow(&mut self, new: &(K, V)) {
        let n_slots = ((self.n_live + 1) * 2).next_power_of_two().max(8);
        let n_entries = n_slots / 4 * 3;
        let mut old = std::mem::take(self);
        self.n_live = old.n_live;
        self.tags.resize(n_slots, EMPTY);
        if Self::IN_SLOTS {
            self.links.reserve_exact(n_entries);
            self.entries = Entries::free(n_slots, new);
        } else {
            self.links.resize(n_slots, 0);
            self.entries.reserve(n_entries);
        }
        for n in 0..old.n_inserted() {
            let at = if Self::IN_SLOTS { old.links[n] as usize } else { n };
            if old.is_there(at)
                && let Some(entry) = old.entries.take(at)
            {
                let hash = hash_of(&entry.0);
                self.put(self.free_slot(hash), hash, entry);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_insertion_order_through_removal_and_growth() {
        // In their slots, bare or not, and in order beside them.
        keeps_insertion_order(|n| n);
        keeps_insertion_order(|n| n.to_string());
        keeps_insertion_order(|n| [n; 20]);
    }

    fn keeps_insertion_order<V: Clone + PartialEq + std::fmt::Debug>(
        value: impl Fn(i32) -> V,
    ) {
        let mut table = Table::default();
        for n in 0..1000 {
            assert_eq!(table.insert(n, value(n * 2)), None);
        }
        for n in (0..1000).filter(|n| n % 3 == 0) {
            assert_eq!(table.remove(&n), Some(value(n * 2)));
        }
        for n in 1000..3000 {
            table.insert(n, value(n * 2));
        }
        assert_eq!(table.insert(1, value(7)), Some(value(2)));
        let keys: Vec<i32> = table.iter().map(|(key, _)| *key).collect();
        let expected: Vec<i32> =
            (0..1000).filter(|n| n % 3 != 0).chain(1000..3000).collect();
        assert_eq!(keys, expected);
        assert_eq!(table.len(), expected.len());
        assert_eq!(table.get(&1), Some(&value(7)));
        assert_eq!(table.get_mut(&4), Some(&mut value(8)));
        let mut at = 2;
        assert_eq!(table.next(&mut at).map(|(key, _)| *key), Some(4));
        assert_eq!(table.get(&3), None);
    }

    #[test]
    fn what_was_found_is_looked_at_again() {
        let mut table: Table<i32, i32> = (0..9).fold(Table::default(), |mut all, n| {
            all.insert(n, n);
            all
        });
        let other = table.clone();
        assert!(table.contains(&3));
        assert_eq!(
            (table.get(&3), table.get(&4), other.get(&3)),
            (Some(&3), Some(&4), Some(&3))
        );
        assert_eq!(table.remove(&3), Some(3));
        assert_eq!(table.get(&3), None);
        assert_eq!(table.get_mut(&3), None);
        assert!(table.contains(&8));
        for n in 10..1000 {
            table.insert(n, n);
        }
        assert_eq!(table.get(&8), Some(&8));
        assert_eq!(table.get_mut(&9), None);
    }

    #[test]
    fn endures_one_key_coming_and_going() {
        let mut table = Table::default();
        table.insert(-1, 0);
        for n in 0..10_000 {
            table.insert(n, n);
            assert_eq!(table.remove(&n), Some(n));
        }
        assert!(table.tags.len() <= 16);
        assert_eq!(table.len(), 1);
        assert_eq!(table.remove(&-1), Some(0));
        assert!(!table.contains(&-1));
    }
}
