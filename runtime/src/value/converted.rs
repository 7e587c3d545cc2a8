//! Collections whose elements become others, one by one, until one cannot.
//! What an element becomes is the caller's.

use std::hash::Hash;

use super::{Array, Dict, List, Queue, Result, Set, Stack};

macro_rules! convert_each {
    ($($collection:ident $(: $bound:ident)?),*) => { $(
        impl<T: Clone $(+ $bound + Eq)?> $collection<T> {
            /// The elements, each made into another.
            pub fn convert_each<U: Clone $(+ $bound + Eq)?>(
                self,
                convert: impl FnMut(T) -> Result<U>,
            ) -> Result<$collection<U>> {
                let items: Result<Vec<U>> = self.iter_values().map(convert).collect();
                Ok($collection::from_vec(items?))
            }
        }
    )* };
}

convert_each!(Array, List, Set: Hash, Queue);

impl<T: Clone> Stack<T> {
    /// The elements, each made into another, the top first.
    pub fn convert_each<U: Clone>(
        self,
        convert: impl FnMut(T) -> Result<U>,
    ) -> Result<Stack<U>> {
        let items: Result<Vec<U>> = self.iter_values().map(convert).collect();
        let mut items = items?;
        items.reverse();
        Ok(Stack::from_vec(items))
    }
}

impl<K: Hash + Eq + Clone, V: Clone> Dict<K, V> {
    /// The same keys, each with its value made into another.
    pub fn convert_values<U: Clone>(
        self,
        mut convert: impl FnMut(V) -> Result<U>,
    ) -> Result<Dict<K, U>> {
        let pairs = self.iter().map(|(key, value)| {
            let value = convert(value.clone())?;
            Ok((key.clone(), value))
        });
        let pairs: Result<Vec<(K, U)>> = pairs.collect();
        Ok(Dict::from_pairs(pairs?))
    }
}
