//! Steps of chains that hand on elements one at a time.
//! Steps that need all elements first are in `whole`.

use crate::value::{Array, Exception, Result, Set};

use super::lazy::{Code, Keyed, Lazy, Restart};
use super::seq::{Element, Seq};

/// `Select`
#[derive(Clone, Debug)]
pub struct Select<I, F> {
    source: I,
    make: F,
}

impl<T, U, I: Iterator<Item = Result<T>>, F: Fn(T) -> Result<U>> Iterator
    for Select<I, F>
{
    type Item = Result<U>;

    #[inline]
    fn next(&mut self) -> Option<Result<U>> {
        Some(self.source.next()?.and_then(&self.make))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.source.size_hint()
    }
}

/// `Where`
#[derive(Clone, Debug)]
pub struct Where<I, F> {
    source: I,
    keep: F,
}

impl<T: Clone, I: Iterator<Item = Result<T>>, F: Fn(T) -> Result<bool>> Iterator
    for Where<I, F>
{
    type Item = Result<T>;

    #[inline]
    fn next(&mut self) -> Option<Result<T>> {
        for item in self.source.by_ref() {
            match item {
                Ok(item) => match (self.keep)(item.clone()) {
                    Ok(true) => return Some(Ok(item)),
                    Ok(false) => {}
                    Err(thrown) => return Some(Err(thrown)),
                },
                thrown => return Some(thrown),
            }
        }
        None
    }
}

/// `SelectMany`
#[derive(Clone, Debug)]
pub struct SelectMany<I, F, U: Element> {
    source: I,
    make: F,
    inner: Option<Restart<U>>,
}

impl<T, U: Element, I, F> Iterator for SelectMany<I, F, U>
where
    I: Iterator<Item = Result<T>>,
    F: Fn(T) -> Result<Seq<U>>,
{
    type Item = Result<U>;

    fn next(&mut self) -> Option<Result<U>> {
        loop {
            if let Some(next) = self.inner.as_mut().and_then(Iterator::next) {
                return Some(next);
            }
            self.inner = match self.source.next()?.and_then(&self.make) {
                Ok(inner) => Some(Restart::new(inner)),
                Err(thrown) => return Some(Err(thrown)),
            };
        }
    }
}

/// `Take`
#[derive(Clone, Debug)]
pub struct Take<I> {
    source: I,
    left: i32,
}

impl<I: Iterator> Iterator for Take<I> {
    type Item = I::Item;

    #[inline]
    fn next(&mut self) -> Option<I::Item> {
        if self.left <= 0 {
            return None;
        }
        self.left -= 1;
        self.source.next()
    }
}

/// `Skip`
#[derive(Clone, Debug)]
pub struct Skip<I> {
    source: I,
    left: i32,
}

impl<T, I: Iterator<Item = Result<T>>> Iterator for Skip<I> {
    type Item = Result<T>;

    #[inline]
    fn next(&mut self) -> Option<Result<T>> {
        while self.left > 0 {
            self.left -= 1;
            if let Err(thrown) = self.source.next()? {
                return Some(Err(thrown));
            }
        }
        self.source.next()
    }
}

/// `TakeWhile` and `SkipWhile`
#[derive(Clone, Debug)]
pub struct While<I, F> {
    source: I,
    holds: F,
    /// Elements are skipped, not taken, as long as it holds.
    skips: bool,
    /// It has held no more.
    over: bool,
}

impl<T: Clone, I, F> Iterator for While<I, F>
where
    I: Iterator<Item = Result<T>>,
    F: Fn(T) -> Result<bool>,
{
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        if self.over {
            return if self.skips { self.source.next() } else { None };
        }
        for item in self.source.by_ref() {
            let item = match item {
                Ok(item) => item,
                thrown => return Some(thrown),
            };
            match (self.holds)(item.clone()) {
                Err(thrown) => return Some(Err(thrown)),
                Ok(true) if self.skips => {}
                Ok(true) => return Some(Ok(item)),
                Ok(false) => {
                    self.over = true;
                    return self.skips.then_some(Ok(item));
                }
            }
        }
        None
    }
}

/// `Zip`
#[derive(Clone, Debug)]
pub struct Zip<I, J, F> {
    first: I,
    second: J,
    combine: F,
}

impl<A, B, R, I, J, F> Iterator for Zip<I, J, F>
where
    I: Iterator<Item = Result<A>>,
    J: Iterator<Item = Result<B>>,
    F: Fn(A, B) -> Result<R>,
{
    type Item = Result<R>;

    fn next(&mut self) -> Option<Result<R>> {
        let first = match self.first.next()? {
            Ok(first) => first,
            Err(thrown) => return Some(Err(thrown)),
        };
        Some(self.second.next()?.and_then(|second| (self.combine)(first, second)))
    }
}

/// `Index`, and `Select` with the position.
#[derive(Clone, Debug)]
pub struct Indexed<I, F> {
    source: I,
    at: i32,
    make: F,
}

impl<T, R, I, F> Iterator for Indexed<I, F>
where
    I: Iterator<Item = Result<T>>,
    F: Fn(T, i32) -> Result<R>,
{
    type Item = Result<R>;

    #[inline]
    fn next(&mut self) -> Option<Result<R>> {
        let at = self.at;
        self.at = at.wrapping_add(1);
        Some(self.source.next()?.and_then(|item| (self.make)(item, at)))
    }
}

/// `Distinct` and `DistinctBy`
#[derive(Clone, Debug)]
pub struct Distinct<I, K: 'static, F> {
    source: I,
    seen: Set<K>,
    key: F,
}

impl<T: Clone, K: Element + Keyed, I, F> Iterator for Distinct<I, K, F>
where
    I: Iterator<Item = Result<T>>,
    F: Fn(T) -> Result<K>,
{
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        for item in self.source.by_ref() {
            let item = match item {
                Ok(item) => item,
                thrown => return Some(thrown),
            };
            let fresh = (self.key)(item.clone()).map(|key| self.seen.add(key));
            match fresh {
                Ok(true) => return Some(Ok(item)),
                Ok(false) => {}
                Err(thrown) => return Some(Err(thrown)),
            }
        }
        None
    }
}

/// `Intersect` and `Except`
#[derive(Clone, Debug)]
pub struct Compared<I, T: Element> {
    source: I,
    /// Gone through when the first element is asked for.
    other: Option<Restart<T>>,
    /// What may still come (`Intersect`), or must not (`Except`).
    set: Set<T>,
    intersects: bool,
}

impl<T: Element + Keyed, I: Iterator<Item = Result<T>>> Iterator for Compared<I, T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        for item in self.other.take().into_iter().flatten() {
            match item {
                Ok(item) => self.set.add(item),
                thrown => return Some(thrown),
            };
        }
        for item in self.source.by_ref() {
            let item = match item {
                Ok(item) => item,
                thrown => return Some(thrown),
            };
            let comes = match self.intersects {
                true => self.set.remove(item.clone()),
                false => self.set.add(item.clone()),
            };
            if comes {
                return Some(Ok(item));
            }
        }
        None
    }
}

/// `Chunk`
#[derive(Clone, Debug)]
pub struct Chunk<I> {
    source: I,
    size: usize,
}

impl<T: Element, I: Iterator<Item = Result<T>>> Iterator for Chunk<I> {
    type Item = Result<Array<T>>;

    fn next(&mut self) -> Option<Result<Array<T>>> {
        let chunk: Result<Vec<T>> = self.source.by_ref().take(self.size).collect();
        match chunk {
            Ok(chunk) if chunk.is_empty() => None,
            chunk => Some(chunk.map(Array::from_vec)),
        }
    }
}

/// A function of the steps that need none of the program's.
pub(crate) type Own<A, R> = fn(A) -> Result<R>;
/// The same with two parameters.
pub(crate) type Own2<A, B, R> = fn(A, B) -> Result<R>;

/// What `Index` gives.
pub(crate) type Positions<I, T> = Indexed<I, Own2<T, i32, (i32, T)>>;
/// What `Zip` gives.
pub(crate) type Pairs<I, T, U> = Zip<I, Restart<U>, Own2<T, U, (T, U)>>;
/// What `Union` gives.
pub(crate) type United<I, T> = Distinct<std::iter::Chain<I, Restart<T>>, T, Own<T, T>>;

impl<T: Element, I: Iterator<Item = Result<T>> + Code> Lazy<I> {
    /// What `make` makes of each element.
    pub fn select<U, F>(self, make: F) -> Lazy<Select<I, F>>
    where
        F: Fn(T) -> Result<U> + Code,
    {
        Lazy(Select { source: self.0, make })
    }

    /// What `make` makes of each element and its position.
    pub fn select_indexed<U, F>(self, make: F) -> Lazy<Indexed<I, F>>
    where
        F: Fn(T, i32) -> Result<U> + Code,
    {
        Lazy(Indexed { source: self.0, at: 0, make })
    }

    /// The positions with the elements.
    pub fn index(self) -> Lazy<Positions<I, T>> {
        Lazy(Indexed { source: self.0, at: 0, make: |item, at| Ok((at, item)) })
    }

    /// All elements of what `make` makes of each.
    pub fn select_many<U: Element, F>(self, make: F) -> Lazy<SelectMany<I, F, U>>
    where
        F: Fn(T) -> Result<Seq<U>> + Code,
    {
        Lazy(SelectMany { source: self.0, make, inner: None })
    }

    /// The elements that `keep` accepts.
    pub fn filter<F>(self, keep: F) -> Lazy<Where<I, F>>
    where
        F: Fn(T) -> Result<bool> + Code,
    {
        Lazy(Where { source: self.0, keep })
    }

    /// The first `n` elements.
    pub fn take(self, n: i32) -> Lazy<Take<I>> {
        Lazy(Take { source: self.0, left: n })
    }

    /// What follows the first `n` elements.
    pub fn skip(self, n: i32) -> Lazy<Skip<I>> {
        Lazy(Skip { source: self.0, left: n })
    }

    /// The elements before the first that `holds` does not accept.
    pub fn take_while<F>(self, holds: F) -> Lazy<While<I, F>>
    where
        F: Fn(T) -> Result<bool> + Code,
    {
        Lazy(While { source: self.0, holds, skips: false, over: false })
    }

    /// The elements from the first on that `holds` does not accept.
    pub fn skip_while<F>(self, holds: F) -> Lazy<While<I, F>>
    where
        F: Fn(T) -> Result<bool> + Code,
    {
        Lazy(While { source: self.0, holds, skips: true, over: false })
    }

    /// These elements and then those of `other`.
    pub fn concat(self, other: Seq<T>) -> Lazy<std::iter::Chain<I, Restart<T>>> {
        Lazy(self.0.chain(Restart::new(other)))
    }

    /// These elements and then `element`.
    pub fn append(
        self,
        element: T,
    ) -> Lazy<std::iter::Chain<I, std::iter::Once<Result<T>>>> {
        Lazy(self.0.chain(std::iter::once(Ok(element))))
    }

    /// `element` and then these.
    pub fn prepend(
        self,
        element: T,
    ) -> Lazy<std::iter::Chain<std::iter::Once<Result<T>>, I>> {
        Lazy(std::iter::once(Ok(element)).chain(self.0))
    }

    /// Pairs of the elements at the same place.
    pub fn zip<U: Element>(self, other: Seq<U>) -> Lazy<Pairs<I, T, U>> {
        self.zip_with(other, |first, second| Ok((first, second)))
    }

    /// What `combine` makes of the elements at the same place.
    pub fn zip_with<U: Element, R, F>(
        self,
        other: Seq<U>,
        combine: F,
    ) -> Lazy<Zip<I, Restart<U>, F>>
    where
        F: Fn(T, U) -> Result<R> + Code,
    {
        Lazy(Zip { first: self.0, second: Restart::new(other), combine })
    }

    /// Each element once, where it first stands.
    pub fn distinct(self) -> Lazy<Distinct<I, T, Own<T, T>>>
    where
        T: Keyed,
    {
        self.distinct_by(Ok as Own<T, T>)
    }

    /// The first element of each key.
    pub fn distinct_by<K: Element + Keyed, F>(self, key: F) -> Lazy<Distinct<I, K, F>>
    where
        F: Fn(T) -> Result<K> + Code,
    {
        Lazy(Distinct { source: self.0, seen: Set::new(), key })
    }

    /// Each element of this or `other` once.
    pub fn union(self, other: Seq<T>) -> Lazy<United<I, T>>
    where
        T: Keyed,
    {
        self.concat(other).distinct()
    }

    /// Each element that is also in `other`, once.
    pub fn intersect(self, other: Seq<T>) -> Lazy<Compared<I, T>>
    where
        T: Keyed,
    {
        self.compared(other, true)
    }

    /// Each element that is not in `other`, once.
    pub fn except(self, other: Seq<T>) -> Lazy<Compared<I, T>>
    where
        T: Keyed,
    {
        self.compared(other, false)
    }

    fn compared(self, other: Seq<T>, intersects: bool) -> Lazy<Compared<I, T>>
    where
        T: Keyed,
    {
        let other = Some(Restart::new(other));
        Lazy(Compared { source: self.0, other, set: Set::new(), intersects })
    }

    /// Arrays of `size` elements; the last may have fewer.
    #[track_caller]
    pub fn chunk(self, size: i32) -> Result<Lazy<Chunk<I>>> {
        match usize::try_from(size) {
            Ok(size) if size > 0 => Ok(Lazy(Chunk { source: self.0, size })),
            _ => Err(Exception::new(
                "ArgumentOutOfRangeException",
                format!("chunks cannot have {size} elements"),
            )),
        }
    }
}
