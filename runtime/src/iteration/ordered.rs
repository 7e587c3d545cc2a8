//! `OrderedSeq`: what `OrderBy` gives, which `ThenBy` refines. The sorting itself is stable and
//! happens when the first element is asked for; keys are computed once for each element.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use crate::value::{Func1, Result, Show, total_cmp};

use super::collect::call1;
use super::lazy::{Code, Iterated, Lazy};
use super::seq::{Element, Seq};
use super::whole::Whole;

/// `IOrderedEnumerable<T>`.
pub struct OrderedSeq<T: Element> {
    source: Seq<T>,
    levels: Vec<Arc<dyn Level<T>>>,
}

impl<T: Element> Clone for OrderedSeq<T> {
    fn clone(&self) -> Self {
        Self { source: self.source.clone(), levels: self.levels.clone() }
    }
}

/// Compares the elements at two positions.
type Compare = Box<dyn Fn(usize, usize) -> Ordering>;

/// One key to sort by.
trait Level<T>: Send + Sync {
    /// Computes the keys of all elements.
    fn keys(&self, items: &[T]) -> Result<Compare>;
}

struct By<F> {
    key: F,
    downwards: bool,
}

impl<T: Clone, K: PartialOrd + 'static, F> Level<T> for By<F>
where
    F: Fn(T) -> Result<K> + Code,
{
    fn keys(&self, items: &[T]) -> Result<Compare> {
        let keys: Result<Vec<K>> =
            items.iter().map(|item| (self.key)(item.clone())).collect();
        let (keys, downwards) = (keys?, self.downwards);
        Ok(Box::new(move |a, b| {
            let order = total_cmp(&keys[a], &keys[b]);
            if downwards { order.reverse() } else { order }
        }))
    }
}

impl<T: Element> OrderedSeq<T> {
    pub(super) fn new<K, F>(source: Seq<T>, key: F, downwards: bool) -> Self
    where
        K: PartialOrd + 'static,
        F: Fn(T) -> Result<K> + Code,
    {
        Self { source, levels: vec![Arc::new(By { key, downwards })] }
    }

    /// Sorted by `key` where all keys before are equal.
    pub fn then_by<K: PartialOrd + 'static>(&self, key: Func1<T, K>) -> Self {
        self.then(By { key: call1(key), downwards: false })
    }

    /// Sorted downwards by `key` where all keys before are equal.
    pub fn then_by_descending<K: PartialOrd + 'static>(&self, key: Func1<T, K>) -> Self {
        self.then(By { key: call1(key), downwards: true })
    }

    fn then(&self, level: impl Level<T> + 'static) -> Self {
        let mut more = self.clone();
        more.levels.push(Arc::new(level));
        more
    }

    /// The elements in order.
    pub(super) fn sorted(&self) -> Seq<T> {
        let levels = self.levels.clone();
        let sort = move |items: Vec<T>| {
            let compare: Result<Vec<Compare>> =
                levels.iter().map(|level| level.keys(&items)).collect();
            let compare = compare?;
            let mut order: Vec<usize> = (0..items.len()).collect();
            order.sort_by(|&a, &b| {
                let unequal = |it: &Compare| Some(it(a, b)).filter(|it| it.is_ne());
                compare.iter().find_map(unequal).unwrap_or(Ordering::Equal)
            });
            let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
            Ok(order.into_iter().filter_map(|at| items[at].take()).collect())
        };
        Lazy(Whole::new(self.source.lazy().0, sort)).sequence()
    }

    /// Begins an enumeration.
    pub fn iterate(&self) -> super::seq::Elements<T> {
        self.sorted().iterate()
    }
}

impl<T: Element> Default for OrderedSeq<T> {
    fn default() -> Self {
        Self { source: Seq::default(), levels: Vec::new() }
    }
}

impl<T: Element> Show for OrderedSeq<T> {
    fn show(&self, out: &mut String) {
        self.source.show(out);
    }
}

impl<T: Element> fmt::Debug for OrderedSeq<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OrderedSeq")
    }
}
