//! `Dict`: keys with values, in the order in which the keys came.
//! The searching is in `table.rs`.

use std::fmt;
use std::hash::{Hash, Hasher};

use super::hashing::hash_of;
use super::memory::Counted;
use super::sequence::length_of;
use super::table::Table;
use super::{Array, Exception, List, Result, Show, to_str};

/// `Dictionary<K, V>`.
pub struct Dict<K: 'static, V: 'static>(Counted<Table<K, V>>);

/// What a `foreach` over a dictionary gives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd)]
pub struct KeyValue<K, V> {
    key: K,
    value: V,
}

impl<K: Clone, V: Clone> KeyValue<K, V> {
    /// From its parts.
    pub fn new(key: K, value: V) -> Self {
        Self { key, value }
    }

    /// The key.
    pub fn key(&self) -> K {
        self.key.clone()
    }

    /// The value.
    pub fn value(&self) -> V {
        self.value.clone()
    }

    /// Both, for `var (key, value)`.
    pub fn deconstruct(&self) -> (K, V) {
        (self.key(), self.value())
    }
}

impl<K: Show, V: Show> Show for KeyValue<K, V> {
    fn show(&self, out: &mut String) {
        self.key.show(out);
        out.push_str(": ");
        self.value.show(out);
    }
}

impl<K, V> Dict<K, V> {
    /// An empty dictionary.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of keys.
    pub fn count(&self) -> i32 {
        length_of(self.0.len())
    }

    /// The keys and values in order, borrowed.
    pub fn iter(&self) -> impl Iterator<Item = &(K, V)> {
        self.0.iter()
    }
}

impl<K: Hash + Eq + Clone, V: Clone> Dict<K, V> {
    /// From pairs; a later value of the same key wins.
    pub fn from_pairs(pairs: Vec<(K, V)>) -> Self {
        let mut table = Table::default();
        for (key, value) in pairs {
            table.insert(key, value);
        }
        Self(Counted::new(table))
    }

    /// The value of `key`, borrowed.
    #[track_caller]
    pub fn at_ref(&self, key: &K) -> Result<&V>
    where
        K: Show,
    {
        match self.0.get(key) {
            Some(value) => Ok(value),
            None => Err(missing(key)),
        }
    }

    /// The value of `key`.
    #[track_caller]
    pub fn at(&self, key: K) -> Result<V>
    where
        K: Show,
    {
        self.at_ref(&key).cloned()
    }

    /// The place of the value of `key`.
    #[track_caller]
    pub fn at_mut(&mut self, key: K) -> Result<&mut V>
    where
        K: Show,
    {
        match self.0.make_mut().get_mut(&key) {
            Some(value) => Ok(value),
            None => Err(missing(&key)),
        }
    }

    /// Stores the value of `key`, which comes last if it is new.
    pub fn set(&mut self, key: K, value: V) -> Result<()> {
        self.0.make_mut().insert(key, value);
        Ok(())
    }

    /// Adds a key that is not there yet.
    #[track_caller]
    pub fn add(&mut self, key: K, value: V) -> Result<()>
    where
        K: Show,
    {
        if self.0.contains(&key) {
            let key = to_str(&key);
            return Err(Exception::new(
                "InvalidOperationException",
                format!("the key `{key}` is already in the dictionary"),
            ));
        }
        self.set(key, value)
    }

    /// Adds the key unless it is there; whether it was added.
    pub fn try_add(&mut self, key: K, value: V) -> bool {
        let fresh = !self.0.contains(&key);
        if fresh {
            self.0.make_mut().insert(key, value);
        }
        fresh
    }

    /// Whether the key is there.
    pub fn contains_key(&self, key: K) -> bool {
        self.0.contains(&key)
    }

    /// Whether a key has this value.
    pub fn contains_value(&self, value: V) -> bool
    where
        V: PartialEq,
    {
        self.0.iter().any(|(_, own)| *own == value)
    }

    /// The value of `key`, or null.
    pub fn find(&self, key: K) -> Option<V> {
        self.0.get(&key).cloned()
    }

    /// The value of `key`, or `default`.
    pub fn get_value_or_default(&self, key: K, default: V) -> V {
        self.0.get(&key).cloned().unwrap_or(default)
    }

    /// Removes the key and gives its value.
    pub fn try_remove(&mut self, key: K) -> Option<V> {
        let value = self.find(key.clone());
        if value.is_some() {
            self.remove(key);
        }
        value
    }

    /// Removes the key; whether it was there.
    pub fn remove(&mut self, key: K) -> bool {
        self.0.contains(&key) && self.0.make_mut().remove(&key).is_some()
    }

    /// Removes all.
    pub fn clear(&mut self) {
        self.0 = Counted::default();
    }

    /// The keys in order.
    pub fn keys(&self) -> List<K> {
        List::from_vec(self.0.iter().map(|(key, _)| key.clone()).collect())
    }

    /// The values in the order of their keys.
    pub fn values(&self) -> List<V> {
        List::from_vec(self.0.iter().map(|(_, value)| value.clone()).collect())
    }

    /// An owning iterator over the pairs as they are now.
    pub fn iter_values(&self) -> Pairs<K, V> {
        Pairs { table: self.0.clone(), at: 0 }
    }

    /// The pairs in an array.
    pub fn to_array(&self) -> Array<KeyValue<K, V>> {
        Array::from_vec(self.iter_values().collect())
    }

    /// The pairs in a list.
    pub fn to_list(&self) -> List<KeyValue<K, V>> {
        List::from_vec(self.iter_values().collect())
    }
}

#[track_caller]
#[cold]
fn missing<K: Show>(key: &K) -> Exception {
    let key = to_str(key);
    Exception::new("KeyNotFoundException", format!("there is no key `{key}`"))
}

/// The pairs of a dictionary as they were when the iteration began.
#[derive(Clone, Debug)]
pub struct Pairs<K: 'static, V: 'static> {
    table: Counted<Table<K, V>>,
    at: usize,
}

impl<K: Clone, V: Clone> Iterator for Pairs<K, V> {
    type Item = KeyValue<K, V>;

    fn next(&mut self) -> Option<KeyValue<K, V>> {
        let (key, value) = self.table.next(&mut self.at)?;
        Some(KeyValue { key: key.clone(), value: value.clone() })
    }
}

impl<K, V> Clone for Dict<K, V> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K, V> Default for Dict<K, V> {
    fn default() -> Self {
        Self(Counted::default())
    }
}

impl<K: Show, V: Show> Show for Dict<K, V> {
    fn show(&self, out: &mut String) {
        out.push('[');
        for (n, (key, value)) in self.0.iter().enumerate() {
            if n > 0 {
                out.push_str(", ");
            }
            key.show(out);
            out.push_str(": ");
            value.show(out);
        }
        out.push(']');
    }
}

/// The same keys with equal values; the order does not count.
impl<K: Hash + Eq, V: PartialEq> PartialEq for Dict<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.0.len() == other.0.len()
            && self.0.iter().all(|(key, value)| other.0.get(key) == Some(value))
    }
}

impl<K: Hash + Eq, V: Eq> Eq for Dict<K, V> {}

impl<K: Hash, V: Hash> Hash for Dict<K, V> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // Added up, because the order does not count.
        let sum = self.0.iter().map(hash_of).fold(0, u64::wrapping_add);
        state.write_u64(sum);
    }
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for Dict<K, V> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_map().entries(self.0.iter().map(|(key, value)| (key, value))).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Str;

    fn ages() -> Dict<Str, i32> {
        Dict::from_pairs(vec![(Str::lit("eve"), 3), (Str::lit("ada"), 5)])
    }

    #[test]
    fn reads_and_writes() {
        let mut dict = ages();
        let copy = dict.clone();
        dict.set(Str::lit("bob"), 1).unwrap();
        *dict.at_mut(Str::lit("eve")).unwrap() += 10;
        assert_eq!(dict.at(Str::lit("eve")), Ok(13));
        assert_eq!(copy.at(Str::lit("eve")), Ok(3));
        assert_eq!((dict.count(), copy.count()), (3, 2));
        assert_eq!(to_str(&dict).as_str(), "[eve: 13, ada: 5, bob: 1]");
        assert!(dict.contains_key(Str::lit("bob")) && dict.contains_value(1));
        assert_eq!(dict.find(Str::lit("x")), None);
        assert_eq!(dict.get_value_or_default(Str::lit("x"), 8), 8);
        assert!(!dict.try_add(Str::lit("bob"), 2) && dict.try_add(Str::lit("x"), 2));
        assert!(dict.remove(Str::lit("x")) && !dict.remove(Str::lit("x")));
        assert_eq!(dict.keys().count(), 3);
        assert_eq!(dict.values().as_slice(), [13, 5, 1]);
        dict.clear();
        assert_eq!((dict.count(), copy.count()), (0, 2));
    }

    #[test]
    fn names_the_missing_key() {
        let mut dict = ages();
        let line = line!() + 1;
        let thrown = dict.at(Str::lit("zoe")).unwrap_err();
        assert_eq!(thrown.kind(), "KeyNotFoundException");
        assert!(thrown.message().as_str().contains("zoe"));
        assert_eq!(thrown.location().line(), line);
        assert!(dict.at_mut(Str::lit("zoe")).is_err());
        let thrown = dict.add(Str::lit("eve"), 1).unwrap_err();
        assert_eq!(thrown.kind(), "InvalidOperationException");
        assert_eq!(dict.add(Str::lit("zoe"), 1), Ok(()));
    }

    #[test]
    fn iterates_pairs_at_entry() {
        let mut dict = ages();
        let entered = dict.iter_values();
        dict.clear();
        let pairs: Vec<_> = entered.map(|pair| pair.deconstruct()).collect();
        assert_eq!(pairs, [(Str::lit("eve"), 3), (Str::lit("ada"), 5)]);
        assert_eq!(ages().to_array(), ages().to_list().to_array());
        assert_eq!(ages().to_list().at(0).map(|pair| pair.value()), Ok(3));
    }

    #[test]
    fn equality_forgets_order() {
        let turned = Dict::from_pairs(vec![(Str::lit("ada"), 5), (Str::lit("eve"), 3)]);
        assert_eq!(ages(), turned);
        assert_eq!(hash_of(&ages()), hash_of(&turned));
        assert_ne!(ages(), Dict::new());
    }
}
