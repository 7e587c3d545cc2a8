//! `Seq`: the `IEnumerable<T>` of the language, a value that says how to get at elements.
//! What can be done with the elements is in `lazy`.

use std::fmt;
use std::sync::Arc;

use crate::value::{Result, Show, Values};

use super::generator::Body;
use super::handoff::Running;

/// What an element can be: every value of the language is.
pub trait Element: Clone + Send + Sync + Unpin + 'static {}

impl<T: Clone + Send + Sync + Unpin + 'static> Element for T {}

/// `IEnumerable<T>`. A clone names the same recipe, and every enumeration starts it anew.
pub struct Seq<T: Element>(Recipe<T>);

enum Recipe<T: Element> {
    /// The elements of an array or list.
    Values(Values<T>),
    /// The body of an iterator.
    Body(Arc<dyn Fn() -> Running + Send + Sync>),
    /// Anything that can be started by cloning.
    Other(Arc<dyn Start<T>>),
}

trait Start<T>: Send + Sync {
    fn start(&self) -> Box<dyn Iterator<Item = Result<T>> + Send + Sync>;
}

impl<T: Element, I> Start<T> for I
where
    I: Iterator<Item = Result<T>> + Clone + Send + Sync + 'static,
{
    fn start(&self) -> Box<dyn Iterator<Item = Result<T>> + Send + Sync> {
        Box::new(self.clone())
    }
}

/// A call of an iterator: `make` starts its body, once for each enumeration.
pub fn iterate<T, M, F>(make: M) -> Seq<T>
where
    T: Element,
    M: Fn() -> F + Send + Sync + 'static,
    F: Future<Output = Result<()>> + Send + Sync + 'static,
{
    Seq(Recipe::Body(Arc::new(move || Box::pin(make()))))
}

impl<T: Element> Seq<T> {
    /// Of the elements of an array or list, as they are now.
    pub(super) fn of_values(values: Values<T>) -> Self {
        Self(Recipe::Values(values))
    }

    /// Of an iterator that has not been asked for anything yet.
    pub(super) fn of_iterator<I>(iterator: I) -> Self
    where
        I: Iterator<Item = Result<T>> + Clone + Send + Sync + 'static,
    {
        Self(Recipe::Other(Arc::new(iterator)))
    }

    /// Begins an enumeration.
    pub fn iterate(&self) -> Elements<T> {
        match &self.0 {
            Recipe::Values(values) => Elements::Values(values.clone()),
            Recipe::Body(make) => Elements::Body(Body::new(make())),
            Recipe::Other(start) => Elements::Other(start.start()),
        }
    }
}

impl<T: Element> Clone for Seq<T> {
    fn clone(&self) -> Self {
        Self(match &self.0 {
            Recipe::Values(values) => Recipe::Values(values.clone()),
            Recipe::Body(make) => Recipe::Body(Arc::clone(make)),
            Recipe::Other(start) => Recipe::Other(Arc::clone(start)),
        })
    }
}

impl<T: Element> Default for Seq<T> {
    fn default() -> Self {
        Self::of_values(crate::value::Array::from_vec(Vec::new()).iter_values())
    }
}

impl<T: Element> Show for Seq<T> {
    fn show(&self, out: &mut String) {
        out.push_str("IEnumerable");
    }
}

impl<T: Element> fmt::Debug for Seq<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seq")
    }
}

/// One enumeration of a sequence. It ends behind the first failure.
pub enum Elements<T: Element> {
    /// Of an array or list.
    Values(Values<T>),
    /// Of an iterator's body.
    Body(Body<T>),
    /// Of anything else.
    Other(Box<dyn Iterator<Item = Result<T>> + Send + Sync>),
}

impl<T: Element> fmt::Debug for Elements<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Elements")
    }
}

impl<T: Element> Iterator for Elements<T> {
    type Item = Result<T>;

    #[inline]
    fn next(&mut self) -> Option<Result<T>> {
        match self {
            Self::Values(values) => values.next().map(Ok),
            Self::Body(body) => body.next(),
            Self::Other(other) => other.next(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            Self::Values(values) => values.size_hint(),
            Self::Body(_) => (0, None),
            Self::Other(other) => other.size_hint(),
        }
    }
}
