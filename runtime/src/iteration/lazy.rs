//! `Lazy`: a chain of sequence members while it is written down, every step a type of its own, so that
//! the target's compiler makes one loop of it. What the steps do is in `adaptors`, `whole` and `ends`.

use crate::library::enumerable::Numbers;
use crate::value::{Array, Dict, KeyValue, List, Queue, Result, Set, Stack, Str, Values};

use super::grouping::Grouping;
use super::ordered::OrderedSeq;
use super::seq::{Element, Elements, Seq};

/// What a step of a chain is made of: iterators that were not asked for anything yet, and functions.
pub trait Code: Clone + Send + Sync + 'static {}

impl<T: Clone + Send + Sync + 'static> Code for T {}

/// The elements of a chain; a clone that is made before the first is asked for starts anew.
#[derive(Clone, Debug)]
pub struct Lazy<I>(pub(crate) I);

impl<T: Element, I: Iterator<Item = Result<T>> + Code> Lazy<I> {
    /// As a value.
    pub fn sequence(self) -> Seq<T> {
        Seq::of_iterator(self.0)
    }

    /// The elements themselves, for a loop.
    pub fn iterate(self) -> I {
        self.0
    }
}

/// What has elements: where chains begin.
pub trait Iterated {
    /// One element.
    type Element: Element;
    /// Goes through them.
    type Iter: Iterator<Item = Result<Self::Element>> + Code;

    /// The beginning of a chain.
    fn lazy(&self) -> Lazy<Self::Iter>;

    /// As an `IEnumerable<T>`.
    fn sequence(&self) -> Seq<Self::Element> {
        self.lazy().sequence()
    }
}

/// Elements that are there already.
#[derive(Clone, Debug)]
pub struct Plain<I>(I);

impl<I: Iterator> Iterator for Plain<I> {
    type Item = Result<I::Item>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(Ok)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

macro_rules! iterated {
    ($([$($param:ident $(: $bound:path)?),*] $name:ty, $element:ty, $iter:ty;)*) => { $(
        impl<$($param: Element $(+ $bound)?),*> Iterated for $name {
            type Element = $element;
            type Iter = Plain<$iter>;

            fn lazy(&self) -> Lazy<Self::Iter> {
                Lazy(Plain(self.iter_values()))
            }
        }
    )* };
}

iterated! {
    [T] Queue<T>, T, Values<T>;
    [T] Stack<T>, T, Values<T>;
    [T: Keyed] Set<T>, T, crate::value::Items<T>;
    [K: Keyed, V] Dict<K, V>, KeyValue<K, V>, crate::value::Pairs<K, V>;
    [] Str, char, crate::value::Chars;
}

/// What a set or dictionary finds elements by.
pub trait Keyed: std::hash::Hash + Eq {}

impl<T: std::hash::Hash + Eq> Keyed for T {}

macro_rules! indexed {
    ($($name:ident),*) => { $(
        impl<T: Element> Iterated for $name<T> {
            type Element = T;
            type Iter = Plain<Values<T>>;

            fn lazy(&self) -> Lazy<Self::Iter> {
                Lazy(Plain(self.iter_values()))
            }

            fn sequence(&self) -> Seq<T> {
                Seq::of_values(self.iter_values())
            }
        }
    )* };
}

indexed!(Array, List);

impl<T: Element> Iterated for Seq<T> {
    type Element = T;
    type Iter = Restart<T>;

    fn lazy(&self) -> Lazy<Restart<T>> {
        Lazy(Restart::new(self.clone()))
    }

    fn sequence(&self) -> Seq<T> {
        self.clone()
    }
}

impl<T: Element> Iterated for OrderedSeq<T> {
    type Element = T;
    type Iter = Restart<T>;

    fn lazy(&self) -> Lazy<Restart<T>> {
        self.sequence().lazy()
    }

    fn sequence(&self) -> Seq<T> {
        self.sorted()
    }
}

impl<K: Element, T: Element> Iterated for Grouping<K, T> {
    type Element = T;
    type Iter = Plain<Values<T>>;

    fn lazy(&self) -> Lazy<Self::Iter> {
        self.items().lazy()
    }

    fn sequence(&self) -> Seq<T> {
        self.items().sequence()
    }
}

/// An enumeration of a sequence that begins when the first element is asked for.
#[derive(Debug)]
pub struct Restart<T: Element> {
    of: Seq<T>,
    running: Option<Elements<T>>,
}

impl<T: Element> Restart<T> {
    pub(super) fn new(of: Seq<T>) -> Self {
        Self { of, running: None }
    }
}

impl<T: Element> Clone for Restart<T> {
    fn clone(&self) -> Self {
        Self::new(self.of.clone())
    }
}

impl<T: Element> Iterator for Restart<T> {
    type Item = Result<T>;

    #[inline]
    fn next(&mut self) -> Option<Result<T>> {
        match &mut self.running {
            Some(running) => running.next(),
            None => self.running.insert(self.of.iterate()).next(),
        }
    }
}

/// The numbers of `Enumerable.Range`.
pub(crate) fn numbers(from: i64, to: i64) -> Lazy<Plain<Numbers>> {
    Lazy(Plain(Numbers::new(from, to)))
}

/// Elements of an iterator that cannot fail.
pub(crate) fn plain<I: Iterator + Code>(iterator: I) -> Lazy<Plain<I>> {
    Lazy(Plain(iterator))
}
