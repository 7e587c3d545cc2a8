//! Where chains end: members that go through the elements and give one value.

use std::cmp::Ordering;

use crate::value::{
    Array, Dict, Exception, List, Number, Result, Set, checked_add, total_cmp,
};

use super::lazy::{Code, Keyed, Lazy};
use super::seq::{Element, Seq};

#[track_caller]
#[cold]
fn none() -> Exception {
    Exception::new("InvalidOperationException", "the sequence has no such element")
}

#[track_caller]
#[cold]
fn empty() -> Exception {
    Exception::new("InvalidOperationException", "the sequence is empty")
}

#[track_caller]
#[cold]
fn several() -> Exception {
    let message = "the sequence has more than one such element";
    Exception::new("InvalidOperationException", message)
}

fn counted(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

impl<T: Element, I: Iterator<Item = Result<T>> + Code> Lazy<I> {
    /// As an array.
    pub fn to_array(self) -> Result<Array<T>> {
        Ok(Array::from_vec(self.all_items()?))
    }

    /// As a list.
    pub fn to_list(self) -> Result<List<T>> {
        Ok(List::from_vec(self.all_items()?))
    }

    /// As a set.
    pub fn to_set(self) -> Result<Set<T>>
    where
        T: Keyed,
    {
        Ok(Set::from_vec(self.all_items()?))
    }

    /// A dictionary of the elements by their keys, which must differ.
    #[track_caller]
    pub fn to_dictionary<K: Element + Keyed + crate::value::Show, F>(
        self,
        key: F,
    ) -> Result<Dict<K, T>>
    where
        F: Fn(T) -> Result<K>,
    {
        self.to_dictionary_of(key, |item| Ok(item))
    }

    /// The same with what `value` makes of each element.
    #[track_caller]
    pub fn to_dictionary_of<K: Element + Keyed + crate::value::Show, V: Element, F, G>(
        self,
        key: F,
        value: G,
    ) -> Result<Dict<K, V>>
    where
        F: Fn(T) -> Result<K>,
        G: Fn(T) -> Result<V>,
    {
        let mut dict = Dict::new();
        for item in self.0 {
            let item = item?;
            let key = key(item.clone())?;
            dict.add(key, value(item)?)?;
        }
        Ok(dict)
    }

    fn all_items(self) -> Result<Vec<T>> {
        let mut all = Vec::with_capacity(self.0.size_hint().0.min(1 << 16));
        for item in self.0 {
            all.push(item?);
        }
        Ok(all)
    }

    /// Whether there is an element.
    pub fn any(mut self) -> Result<bool> {
        self.0.next().transpose().map(|it| it.is_some())
    }

    /// Whether `holds` accepts an element; asks until it does.
    pub fn any_where(self, holds: impl Fn(T) -> Result<bool>) -> Result<bool> {
        Ok(self.find(holds)?.is_some())
    }

    /// Whether `holds` accepts every element; asks until it does not.
    pub fn all(self, holds: impl Fn(T) -> Result<bool>) -> Result<bool> {
        Ok(self.find(|item| Ok(!holds(item)?))?.is_none())
    }

    /// How many elements there are.
    pub fn count(self) -> Result<i32> {
        self.count_where(|_| Ok(true))
    }

    /// How many elements `holds` accepts.
    pub fn count_where(self, holds: impl Fn(T) -> Result<bool>) -> Result<i32> {
        let mut n = 0;
        for item in self.0 {
            n += usize::from(holds(item?)?);
        }
        Ok(counted(n))
    }

    /// Whether an element equals `wanted`.
    pub fn contains(self, wanted: T) -> Result<bool>
    where
        T: PartialEq,
    {
        self.any_where(|item| Ok(item == wanted))
    }

    fn find(self, holds: impl Fn(T) -> Result<bool>) -> Result<Option<T>> {
        for item in self.0 {
            let item = item?;
            if holds(item.clone())? {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }

    /// The first element.
    #[track_caller]
    pub fn first(self) -> Result<T> {
        match self.first_or_null()? {
            Some(item) => Ok(item),
            None => Err(empty()),
        }
    }

    /// The first element that `holds` accepts.
    #[track_caller]
    pub fn first_where(self, holds: impl Fn(T) -> Result<bool>) -> Result<T> {
        match self.find(holds)? {
            Some(item) => Ok(item),
            None => Err(none()),
        }
    }

    /// The first element, or null.
    pub fn first_or_null(mut self) -> Result<Option<T>> {
        self.0.next().transpose()
    }

    /// The first element that `holds` accepts, or null.
    pub fn first_where_or_null(
        self,
        holds: impl Fn(T) -> Result<bool>,
    ) -> Result<Option<T>> {
        self.find(holds)
    }

    /// The last element.
    #[track_caller]
    pub fn last(self) -> Result<T> {
        match self.last_or_null()? {
            Some(item) => Ok(item),
            None => Err(empty()),
        }
    }

    /// The last element that `holds` accepts.
    #[track_caller]
    pub fn last_where(self, holds: impl Fn(T) -> Result<bool>) -> Result<T> {
        match self.last_where_or_null(holds)? {
            Some(item) => Ok(item),
            None => Err(none()),
        }
    }

    /// The last element, or null.
    pub fn last_or_null(self) -> Result<Option<T>> {
        self.last_where_or_null(|_| Ok(true))
    }

    /// The last element that `holds` accepts, or null.
    pub fn last_where_or_null(
        self,
        holds: impl Fn(T) -> Result<bool>,
    ) -> Result<Option<T>> {
        let mut last = None;
        for item in self.0 {
            let item = item?;
            if holds(item.clone())? {
                last = Some(item);
            }
        }
        Ok(last)
    }

    /// The only element.
    #[track_caller]
    pub fn single(self) -> Result<T> {
        match self.single_or_null()? {
            Some(item) => Ok(item),
            None => Err(empty()),
        }
    }

    /// The only element that `holds` accepts.
    #[track_caller]
    pub fn single_where(self, holds: impl Fn(T) -> Result<bool>) -> Result<T> {
        match self.only(holds)? {
            Some(item) => Ok(item),
            None => Err(none()),
        }
    }

    /// The only element, or null if there is none.
    #[track_caller]
    pub fn single_or_null(self) -> Result<Option<T>> {
        self.only(|_| Ok(true))
    }

    #[track_caller]
    fn only(self, holds: impl Fn(T) -> Result<bool>) -> Result<Option<T>> {
        let mut only = None;
        for item in self.0 {
            let item = item?;
            if holds(item.clone())? && only.replace(item).is_some() {
                return Err(several());
            }
        }
        Ok(only)
    }

    /// The element at `index`.
    #[track_caller]
    pub fn element_at(self, index: i32) -> Result<T> {
        match self.element_at_or_null(index)? {
            Some(item) => Ok(item),
            None => Err(Exception::new(
                "ArgumentOutOfRangeException",
                format!("the sequence has no element {index}"),
            )),
        }
    }

    /// The element at `index`, or null.
    pub fn element_at_or_null(self, index: i32) -> Result<Option<T>> {
        match index {
            ..0 => Ok(None),
            _ => self.skip(index).first_or_null(),
        }
    }

    /// The sum; throws if it does not fit.
    #[track_caller]
    pub fn sum(self) -> Result<T>
    where
        T: Number,
    {
        self.sum_of(|item| Ok(item))
    }

    /// The sum of what `make` makes of each element; throws if it does not fit.
    #[track_caller]
    pub fn sum_of<N: Number>(self, make: impl Fn(T) -> Result<N>) -> Result<N> {
        let mut sum = N::ZERO;
        for item in self.0 {
            sum = checked_add(sum, make(item?)?)?;
        }
        Ok(sum)
    }

    /// The mean.
    #[track_caller]
    pub fn average(self) -> Result<f64>
    where
        T: Number,
    {
        self.average_of(|item| Ok(item))
    }

    /// The mean of what `make` makes of each element.
    #[track_caller]
    pub fn average_of<N: Number>(self, make: impl Fn(T) -> Result<N>) -> Result<f64> {
        let (mut sum, mut n) = (0.0, 0_usize);
        for item in self.0 {
            sum += make(item?)?.to_double();
            n += 1;
        }
        if n == 0 { Err(empty()) } else { Ok(sum / n as f64) }
    }

    /// The least element, the first of several.
    #[track_caller]
    pub fn min(self) -> Result<T>
    where
        T: PartialOrd,
    {
        self.min_by(|item| Ok(item))
    }

    /// The greatest element; NaN only if there is nothing else.
    #[track_caller]
    pub fn max(self) -> Result<T>
    where
        T: PartialOrd,
    {
        self.max_by(|item| Ok(item))
    }

    /// The least of what `make` makes of each element.
    #[track_caller]
    pub fn min_of<U: PartialOrd>(self, make: impl Fn(T) -> Result<U>) -> Result<U> {
        extreme(self.0.map(|item| make(item?)), Ordering::Less)
    }

    /// The greatest of what `make` makes of each element.
    #[track_caller]
    pub fn max_of<U: PartialOrd>(self, make: impl Fn(T) -> Result<U>) -> Result<U> {
        extreme(self.0.map(|item| make(item?)), Ordering::Greater)
    }

    /// The element with the least key, the first of several.
    #[track_caller]
    pub fn min_by<K: PartialOrd>(self, key: impl Fn(T) -> Result<K>) -> Result<T> {
        extreme_by(self.0, key, Ordering::Less)
    }

    /// The element with the greatest key, the first of several.
    #[track_caller]
    pub fn max_by<K: PartialOrd>(self, key: impl Fn(T) -> Result<K>) -> Result<T> {
        extreme_by(self.0, key, Ordering::Greater)
    }

    /// Combines all elements, beginning with the first.
    #[track_caller]
    pub fn reduce(mut self, combine: impl Fn(T, T) -> Result<T>) -> Result<T> {
        match self.0.next() {
            Some(first) => {
                let first = first?;
                self.aggregate(first, combine)
            }
            None => Err(empty()),
        }
    }

    /// Combines all elements with a running value.
    pub fn aggregate<S>(self, seed: S, combine: impl Fn(S, T) -> Result<S>) -> Result<S> {
        let mut state = seed;
        for item in self.0 {
            state = combine(state, item?)?;
        }
        Ok(state)
    }

    /// The same, and what `finish` makes of the last value.
    pub fn aggregate_into<S, R>(
        self,
        seed: S,
        combine: impl Fn(S, T) -> Result<S>,
        finish: impl Fn(S) -> Result<R>,
    ) -> Result<R> {
        finish(self.aggregate(seed, combine)?)
    }

    /// Whether both have equal elements in the same order.
    pub fn sequence_equal(mut self, other: Seq<T>) -> Result<bool>
    where
        T: PartialEq,
    {
        let mut other = other.iterate();
        loop {
            match (self.0.next().transpose()?, other.next().transpose()?) {
                (None, None) => return Ok(true),
                (Some(own), Some(other)) if own == other => {}
                _ => return Ok(false),
            }
        }
    }
}

fn is_ordered<K: PartialOrd>(key: &K) -> bool {
    key.partial_cmp(key).is_some()
}

/// Whether `key` takes the place of `best`: NaN comes last for the least, and gives way for the greatest.
fn better<K: PartialOrd>(key: &K, best: &K, wanted: Ordering) -> bool {
    match (is_ordered(key), is_ordered(best)) {
        (true, true) => total_cmp(key, best) == wanted,
        (true, false) => true,
        (false, _) => false,
    }
}

#[track_caller]
fn extreme_by<T: Clone, K: PartialOrd>(
    items: impl Iterator<Item = Result<T>>,
    key: impl Fn(T) -> Result<K>,
    wanted: Ordering,
) -> Result<T> {
    let mut best: Option<(K, T)> = None;
    for item in items {
        let item = item?;
        let key = key(item.clone())?;
        if best.as_ref().is_none_or(|(known, _)| better(&key, known, wanted)) {
            best = Some((key, item));
        }
    }
    match best {
        Some((_, item)) => Ok(item),
        None => Err(empty()),
    }
}

#[track_caller]
fn extreme<U: PartialOrd>(
    made: impl Iterator<Item = Result<U>>,
    wanted: Ordering,
) -> Result<U> {
    let mut best: Option<U> = None;
    for item in made {
        let item = item?;
        if best.as_ref().is_none_or(|known| better(&item, known, wanted)) {
            best = Some(item);
        }
    }
    match best {
        Some(item) => Ok(item),
        None => Err(empty()),
    }
}
