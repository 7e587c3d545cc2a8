//! Steps of chains that need all elements before they give the first: sorting, grouping, turning round.
//! They begin when the first element is asked for.

use crate::value::{Dict, Result};

use super::grouping::Grouping;
use super::lazy::{Code, Keyed, Lazy};
use super::ordered::OrderedSeq;
use super::seq::Element;

/// What a function makes of all elements together.
#[derive(Clone, Debug)]
pub struct Whole<I, M, U> {
    /// Taken when the first element is asked for.
    source: Option<(I, M)>,
    ready: std::vec::IntoIter<U>,
}

impl<I, M, U> Whole<I, M, U> {
    pub(super) fn new(source: I, make: M) -> Self {
        Self { source: Some((source, make)), ready: Vec::new().into_iter() }
    }
}

impl<T, U, I, M> Iterator for Whole<I, M, U>
where
    I: Iterator<Item = Result<T>>,
    M: Fn(Vec<T>) -> Result<Vec<U>>,
{
    type Item = Result<U>;

    fn next(&mut self) -> Option<Result<U>> {
        if let Some((source, make)) = self.source.take() {
            let all: Result<Vec<T>> = source.collect();
            match all.and_then(make) {
                Ok(made) => self.ready = made.into_iter(),
                Err(thrown) => return Some(Err(thrown)),
            }
        }
        self.ready.next().map(Ok)
    }
}

/// What makes all elements of all elements.
pub trait Make<T, U>: Fn(Vec<T>) -> Result<Vec<U>> + Code {}

impl<T, U, M: Fn(Vec<T>) -> Result<Vec<U>> + Code> Make<T, U> for M {}

impl<T: Element, I: Iterator<Item = Result<T>> + Code> Lazy<I> {
    fn whole<U: Element, M: Make<T, U>>(self, make: M) -> Lazy<Whole<I, M, U>> {
        Lazy(Whole::new(self.0, make))
    }

    /// The elements in the opposite order.
    pub fn reverse(self) -> Lazy<Whole<I, impl Make<T, T>, T>> {
        self.whole(|mut all: Vec<T>| {
            all.reverse();
            Ok(all)
        })
    }

    /// The last `n` elements.
    pub fn take_last(self, n: i32) -> Lazy<Whole<I, impl Make<T, T>, T>> {
        let n = usize::try_from(n).unwrap_or(0);
        self.whole(move |mut all: Vec<T>| Ok(all.split_off(all.len().saturating_sub(n))))
    }

    /// The elements before the last `n`.
    pub fn skip_last(self, n: i32) -> Lazy<Whole<I, impl Make<T, T>, T>> {
        let n = usize::try_from(n).unwrap_or(0);
        self.whole(move |mut all: Vec<T>| {
            all.truncate(all.len().saturating_sub(n));
            Ok(all)
        })
    }

    /// The elements with equal keys together, the groups in the order of their first elements.
    #[expect(clippy::type_complexity, reason = "no alias can hold what it gives")]
    pub fn group_by<K, F>(
        self,
        key: F,
    ) -> Lazy<Whole<I, impl Make<T, Grouping<K, T>>, Grouping<K, T>>>
    where
        K: Element + Keyed,
        F: Fn(T) -> Result<K> + Code,
    {
        self.group_by_into(key, |item| Ok(item))
    }

    /// The same with what `make` makes of each element.
    #[expect(clippy::type_complexity, reason = "no alias can hold what it gives")]
    pub fn group_by_into<K, U, F, M>(
        self,
        key: F,
        make: M,
    ) -> Lazy<Whole<I, impl Make<T, Grouping<K, U>>, Grouping<K, U>>>
    where
        K: Element + Keyed,
        U: Element,
        F: Fn(T) -> Result<K> + Code,
        M: Fn(T) -> Result<U> + Code,
    {
        self.whole(move |all: Vec<T>| {
            let mut places: Dict<K, usize> = Dict::new();
            let mut groups: Vec<(K, Vec<U>)> = Vec::new();
            for item in all {
                let key = key(item.clone())?;
                let made = make(item)?;
                let place = match places.find(key.clone()) {
                    Some(place) => place,
                    None => {
                        places.try_add(key.clone(), groups.len());
                        groups.push((key, Vec::new()));
                        groups.len() - 1
                    }
                };
                groups[place].1.push(made);
            }
            Ok(groups.into_iter().map(|(key, items)| Grouping::new(key, items)).collect())
        })
    }

    /// Sorted upwards.
    pub fn order(self) -> OrderedSeq<T>
    where
        T: PartialOrd,
    {
        self.order_by(|item| Ok(item))
    }

    /// Sorted downwards.
    pub fn order_descending(self) -> OrderedSeq<T>
    where
        T: PartialOrd,
    {
        self.order_by_descending(|item| Ok(item))
    }

    /// Sorted by the key that `key` finds.
    pub fn order_by<K, F>(self, key: F) -> OrderedSeq<T>
    where
        K: PartialOrd + 'static,
        F: Fn(T) -> Result<K> + Code,
    {
        OrderedSeq::new(self.sequence(), key, false)
    }

    /// Sorted downwards by the key that `key` finds.
    pub fn order_by_descending<K, F>(self, key: F) -> OrderedSeq<T>
    where
        K: PartialOrd + 'static,
        F: Fn(T) -> Result<K> + Code,
    {
        OrderedSeq::new(self.sequence(), key, true)
    }
}
