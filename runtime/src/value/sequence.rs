//! What arrays and lists have in common: both are a shared vector, and both have the members below.
//! It does not know how they differ: their length's name, and how a list grows.

use super::Exception;

/// Where a slice begins and ends, if it lies within `length`.
pub(super) fn bounds(
    from: Option<i32>,
    to: Option<i32>,
    length: usize,
) -> Option<(usize, usize)> {
    let from = usize::try_from(from.unwrap_or(0)).ok()?;
    let to = match to {
        Some(to) => usize::try_from(to).ok()?,
        None => length,
    };
    (from <= to && to <= length).then_some((from, to))
}

/// For an index or a range that a collection does not have.
#[track_caller]
#[cold]
pub(super) fn outside(kind: &'static str, what: &str, length: usize) -> Exception {
    Exception::new(kind, format!("{what} is outside a collection of length {length}"))
}

/// For an index that a collection does not have.
#[track_caller]
#[cold]
#[inline(never)]
pub(super) fn no_element(kind: &'static str, index: i32, length: usize) -> Exception {
    outside(kind, &format!("index {index}"), length)
}

/// For asking an empty collection for an element.
#[track_caller]
#[cold]
pub(super) fn empty(what: &str) -> Exception {
    Exception::new("InvalidOperationException", format!("the {what} is empty"))
}

#[inline]
pub(super) fn length_of(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

/// `impl`s of the members that arrays and lists share, and of the traits of values.
macro_rules! sequence {
    ($name:ident, $edit:ident, $length:ident, $what:literal, $index_kind:literal) => {
        /// The elements while a loop changes them, with the members that a loop then needs.
        #[derive(Debug)]
        pub struct $edit<'a, T>(Edit<'a, T>);

        impl<T: Clone> $edit<'_, T> {
            /// The number of elements.
            #[inline]
            pub fn $length(&self) -> i32 {
                // There is no room for more than that.
                self.0.len() as i32
            }

            /// The element at `index`.
            #[inline]
            #[track_caller]
            pub fn at(&self, index: i32) -> Result<T> {
                self.at_ref(index).cloned()
            }

            /// The element at `index`, borrowed.
            #[inline]
            #[track_caller]
            pub fn at_ref(&self, index: i32) -> Result<&T> {
                match self.0.get(index as u32 as usize) {
                    Some(item) => Ok(item),
                    None => Err(no_element($index_kind, index, self.0.len())),
                }
            }

            /// The place at `index`.
            #[inline]
            #[track_caller]
            pub fn at_mut(&mut self, index: i32) -> Result<&mut T> {
                let (at, length) = (index as u32 as usize, self.0.len());
                if at >= length {
                    return Err(no_element($index_kind, index, length));
                }
                Ok(&mut self.0.make_mut()[at])
            }

            /// Stores at `index`.
            #[inline]
            #[track_caller]
            pub fn set(&mut self, index: i32, item: T) -> Result<()> {
                *self.at_mut(index)? = item;
                Ok(())
            }
        }

        impl<T> $name<T> {
            /// From the elements in order.
            pub fn from_vec(items: Vec<T>) -> Self {
                Self(items.into())
            }

            /// The elements.
            #[inline]
            pub fn as_slice(&self) -> &[T] {
                &self.0
            }

            #[track_caller]
            #[cold]
            fn no_element(&self, index: i32) -> Exception {
                no_element($index_kind, index, self.0.len())
            }

            /// The element at `index`, borrowed.
            #[inline]
            #[track_caller]
            pub fn at_ref(&self, index: i32) -> Result<&T> {
                // A negative index is beyond any length.
                match self.0.get(index as u32 as usize) {
                    Some(item) => Ok(item),
                    None => Err(self.no_element(index)),
                }
            }
        }

        impl<T: Clone> $name<T> {
            /// For a loop that changes elements in place: whether others hold them too is asked once.
            #[inline]
            pub fn edit(&mut self) -> $edit<'_, T> {
                $edit(Edit::new(&mut self.0))
            }

            /// The element at `index`.
            #[inline]
            #[track_caller]
            pub fn at(&self, index: i32) -> Result<T> {
                self.at_ref(index).cloned()
            }

            /// The place at `index`.
            #[inline]
            #[track_caller]
            pub fn at_mut(&mut self, index: i32) -> Result<&mut T> {
                let at = index as u32 as usize;
                if at >= self.0.len() {
                    return Err(self.no_element(index));
                }
                Ok(&mut self.0.make_mut()[at])
            }

            /// Stores at `index`.
            #[inline]
            #[track_caller]
            pub fn set(&mut self, index: i32, item: T) -> Result<()> {
                *self.at_mut(index)? = item;
                Ok(())
            }

            /// The elements from `from` up to, not including, `to`.
            #[track_caller]
            pub fn slice(&self, from: Option<i32>, to: Option<i32>) -> Result<Self> {
                match bounds(from, to, self.0.len()) {
                    Some((0, end)) if end == self.0.len() => Ok(self.clone()),
                    Some((start, end)) => Ok(Self(self.0[start..end].into())),
                    None => {
                        let side = |side: Option<i32>| {
                            side.map(|side| side.to_string()).unwrap_or_default()
                        };
                        let range = format!("the range {}..{}", side(from), side(to));
                        Err(outside("ArgumentOutOfRangeException", &range, self.0.len()))
                    }
                }
            }

            /// An owning iterator over the elements as they are now.
            #[inline]
            pub fn iter_values(&self) -> Values<T> {
                Values::new(self.0.clone())
            }

            /// Whether an element equals `item`.
            pub fn contains(&self, item: T) -> bool
            where
                T: PartialEq,
            {
                self.0.contains(&item)
            }

            /// Where the first element equal to `item` is, or -1.
            pub fn index_of(&self, item: T) -> i32
            where
                T: PartialEq,
            {
                self.0.iter().position(|own| *own == item).map_or(-1, length_of)
            }

            /// Where the last element equal to `item` is, or -1.
            pub fn last_index_of(&self, item: T) -> i32
            where
                T: PartialEq,
            {
                self.0.iter().rposition(|own| *own == item).map_or(-1, length_of)
            }

            /// Turns the order round.
            pub fn reverse(&mut self) {
                self.0.make_mut().reverse();
            }

            /// Sorts upwards, equal elements staying in order.
            pub fn sort(&mut self)
            where
                T: PartialOrd,
            {
                sort::sort(self.0.make_mut());
            }

            /// Sorts by a comparison that gives a negative number, zero or a positive one.
            pub fn sort_by(&mut self, compare: Func2<T, T, i32>) -> Result<()> {
                let mut compare =
                    |a: &T, b: &T| Ok(compare(a.clone(), b.clone())?.cmp(&0));
                self.0 = sort::sort_by(self.0.to_vec(), &mut compare)?.into();
                Ok(())
            }

            /// The same elements, sorted by the key that `key` finds.
            pub fn order_by<K: PartialOrd>(&self, key: Func1<T, K>) -> Result<Self> {
                self.ordered(key, |order| order)
            }

            /// The same elements, sorted downwards by the key that `key` finds.
            pub fn order_by_descending<K: PartialOrd>(
                &self,
                key: Func1<T, K>,
            ) -> Result<Self> {
                self.ordered(key, Ordering::reverse)
            }

            fn ordered<K: PartialOrd>(
                &self,
                key: Func1<T, K>,
                turn: fn(Ordering) -> Ordering,
            ) -> Result<Self> {
                let keyed: Result<Vec<(K, T)>> = self
                    .0
                    .iter()
                    .map(|item| Ok((key(item.clone())?, item.clone())))
                    .collect();
                let mut compare =
                    |a: &(K, T), b: &(K, T)| Ok(turn(total_cmp(&a.0, &b.0)));
                let sorted = sort::sort_by(keyed?, &mut compare)?;
                Ok(Self::from_vec(sorted.into_iter().map(|(_, item)| item).collect()))
            }

            /// What `selector` makes of each element.
            pub fn select<U>(&self, selector: Func1<T, U>) -> Result<$name<U>> {
                let made: Result<Vec<U>> =
                    self.0.iter().map(|item| selector(item.clone())).collect();
                Ok($name::from_vec(made?))
            }

            /// All elements of what `selector` makes of each.
            pub fn select_many<U: Clone>(
                &self,
                selector: Func1<T, $name<U>>,
            ) -> Result<$name<U>> {
                let mut all = Vec::new();
                for item in self.0.iter() {
                    all.extend_from_slice(selector(item.clone())?.as_slice());
                }
                Ok($name::from_vec(all))
            }

            /// The elements that `predicate` accepts.
            pub fn filter(&self, predicate: Func1<T, bool>) -> Result<Self> {
                let mut kept = Vec::new();
                for item in self.0.iter() {
                    if predicate(item.clone())? {
                        kept.push(item.clone());
                    }
                }
                Ok(Self::from_vec(kept))
            }

            /// Whether there is an element.
            pub fn any(&self) -> bool {
                !self.0.is_empty()
            }

            /// Whether `predicate` accepts an element; asks until one is.
            pub fn any_where(&self, predicate: Func1<T, bool>) -> Result<bool> {
                Ok(self.find_where(predicate)?.is_some())
            }

            /// Whether `predicate` accepts every element; asks until one is not.
            pub fn all(&self, predicate: Func1<T, bool>) -> Result<bool> {
                for item in self.0.iter() {
                    if !predicate(item.clone())? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }

            /// How many elements `predicate` accepts.
            pub fn count_where(&self, predicate: Func1<T, bool>) -> Result<i32> {
                let mut n = 0;
                for item in self.0.iter() {
                    n += usize::from(predicate(item.clone())?);
                }
                Ok(length_of(n))
            }

            fn find_where(&self, predicate: Func1<T, bool>) -> Result<Option<&T>> {
                for item in self.0.iter() {
                    if predicate(item.clone())? {
                        return Ok(Some(item));
                    }
                }
                Ok(None)
            }

            /// The first element.
            #[track_caller]
            pub fn first(&self) -> Result<T> {
                match self.0.first() {
                    Some(item) => Ok(item.clone()),
                    None => Err(empty($what)),
                }
            }

            /// The last element.
            #[track_caller]
            pub fn last(&self) -> Result<T> {
                match self.0.last() {
                    Some(item) => Ok(item.clone()),
                    None => Err(empty($what)),
                }
            }

            /// The first element, or null.
            pub fn first_or_null(&self) -> Option<T> {
                self.0.first().cloned()
            }

            /// The last element, or null.
            pub fn last_or_null(&self) -> Option<T> {
                self.0.last().cloned()
            }

            /// The first element that `predicate` accepts, or null.
            pub fn first_where(&self, predicate: Func1<T, bool>) -> Result<Option<T>> {
                Ok(self.find_where(predicate)?.cloned())
            }

            /// The sum; wraps.
            pub fn sum(&self) -> T
            where
                T: Number,
            {
                self.0.iter().fold(T::ZERO, |sum, item| sum.plus(*item))
            }

            /// The sum of what `selector` makes of each element; wraps.
            pub fn sum_of<N: Number>(&self, selector: Func1<T, N>) -> Result<N> {
                let mut sum = N::ZERO;
                for item in self.0.iter() {
                    sum = sum.plus(selector(item.clone())?);
                }
                Ok(sum)
            }

            /// The mean.
            #[track_caller]
            pub fn average(&self) -> Result<f64>
            where
                T: Number,
            {
                if self.0.is_empty() {
                    return Err(empty($what));
                }
                let sum: f64 = self.0.iter().map(|item| item.to_double()).sum();
                Ok(sum / self.0.len() as f64)
            }

            /// The least element.
            #[track_caller]
            pub fn min(&self) -> Result<T>
            where
                T: PartialOrd,
            {
                match self.0.iter().min_by(|a, b| total_cmp(*a, *b)) {
                    Some(item) => Ok(item.clone()),
                    None => Err(empty($what)),
                }
            }

            /// The greatest element; NaN only if there is nothing else.
            #[track_caller]
            pub fn max(&self) -> Result<T>
            where
                T: PartialOrd,
            {
                let ordered = |item: &&T| item.partial_cmp(item).is_some();
                let greatest =
                    self.0.iter().filter(ordered).max_by(|a, b| total_cmp(*a, *b));
                match greatest.or(self.0.first()) {
                    Some(item) => Ok(item.clone()),
                    None => Err(empty($what)),
                }
            }

            /// Combines all elements with a running value.
            pub fn aggregate<S>(&self, seed: S, combine: Func2<S, T, S>) -> Result<S> {
                let mut state = seed;
                for item in self.0.iter() {
                    state = combine(state, item.clone())?;
                }
                Ok(state)
            }

            /// The first `n` elements, or all if there are fewer.
            pub fn take(&self, n: i32) -> Self {
                let n = usize::try_from(n).unwrap_or(0).min(self.0.len());
                Self::from_vec(self.0[..n].to_vec())
            }

            /// What follows the first `n` elements.
            pub fn skip(&self, n: i32) -> Self {
                let n = usize::try_from(n).unwrap_or(0).min(self.0.len());
                Self::from_vec(self.0[n..].to_vec())
            }

            /// The elements of this and then those of `other`.
            pub fn concat(&self, other: Self) -> Self {
                Self::from_vec([self.as_slice(), other.as_slice()].concat())
            }

            /// Each element once, where it first stands.
            pub fn distinct(&self) -> Self
            where
                T: Hash + Eq,
            {
                let mut seen = Table::default();
                let fresh = |item: &&T| seen.insert((*item).clone(), ()).is_none();
                Self::from_vec(self.0.iter().filter(fresh).cloned().collect())
            }

            /// Pairs of the elements at the same place.
            pub fn zip<U: Clone>(&self, other: $name<U>) -> $name<(T, U)> {
                let pairs = self.0.iter().cloned().zip(other.0.iter().cloned());
                $name::from_vec(pairs.collect())
            }

            /// As an array.
            pub fn to_array(&self) -> super::Array<T> {
                super::Array(self.0.clone())
            }

            /// As a list.
            pub fn to_list(&self) -> super::List<T> {
                super::List(self.0.clone())
            }

            /// As a set, which keeps equal elements once.
            pub fn to_set(&self) -> super::Set<T>
            where
                T: Hash + Eq,
            {
                super::Set::from_vec(self.0.to_vec())
            }

            /// The elements in a vector of their own.
            pub fn into_vec(self) -> Vec<T> {
                self.0.into_vec()
            }
        }

        impl<T: Clone> FromIterator<T> for $name<T> {
            fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
                Self(items.into_iter().collect())
            }
        }

        impl<T> Clone for $name<T> {
            #[inline]
            fn clone(&self) -> Self {
                Self(self.0.clone())
            }
        }

        impl<T> Default for $name<T> {
            fn default() -> Self {
                Self(Buffer::new())
            }
        }

        impl<T: Show> Show for $name<T> {
            fn show(&self, out: &mut String) {
                show_sequence(out, self.as_slice());
            }
        }

        impl<T: PartialEq> PartialEq for $name<T> {
            fn eq(&self, other: &Self) -> bool {
                self.as_slice() == other.as_slice()
            }
        }

        impl<T: Eq> Eq for $name<T> {}

        impl<T: PartialOrd> PartialOrd for $name<T> {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                self.as_slice().partial_cmp(other.as_slice())
            }
        }

        impl<T: Hash> Hash for $name<T> {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.as_slice().hash(state);
            }
        }

        impl<T: fmt::Debug> fmt::Debug for $name<T> {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(out)
            }
        }
    };
}

pub(super) use sequence;

/// The imports that [`sequence`] needs.
pub(super) mod uses {
    pub(in crate::value) use super::super::memory::{Buffer, Edit};
    pub(in crate::value) use super::super::table::Table;
    pub(in crate::value) use super::super::{
        Exception, Func1, Func2, Number, Result, Show, show_sequence, sort, total_cmp,
    };
    pub(in crate::value) use super::{
        bounds, empty, length_of, no_element, outside, sequence,
    };
    pub(in crate::value) use std::cmp::Ordering;
    pub(in crate::value) use std::fmt;
    pub(in crate::value) use std::hash::{Hash, Hasher};
}
