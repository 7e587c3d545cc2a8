//! Collections made of sequences, and function values as steps of chains.

use crate::value::{Func1, Func2, List, Queue, Result, Set, Stack};

use super::lazy::{Code, Iterated, Keyed};
use super::seq::{Element, Seq};

impl<T: Element> List<T> {
    /// Of the elements of a sequence.
    pub fn from_sequence(items: Seq<T>) -> Result<Self> {
        items.lazy().to_list()
    }

    /// Adds every element to the end.
    pub fn add_sequence(&mut self, items: Seq<T>) -> Result<()> {
        for item in items.iterate() {
            self.add(item?);
        }
        Ok(())
    }
}

impl<T: Element + Keyed> Set<T> {
    /// Of the elements of a sequence.
    pub fn from_sequence(items: Seq<T>) -> Result<Self> {
        items.lazy().to_set()
    }
}

impl<T: Element> Queue<T> {
    /// Of the elements of a sequence, the first in front.
    pub fn from_sequence(items: Seq<T>) -> Result<Self> {
        let mut queue = Self::new();
        for item in items.iterate() {
            queue.enqueue(item?);
        }
        Ok(queue)
    }
}

impl<T: Element> Stack<T> {
    /// Of the elements of a sequence, the last on top.
    pub fn from_sequence(items: Seq<T>) -> Result<Self> {
        let mut stack = Self::new();
        for item in items.iterate() {
            stack.push(item?);
        }
        Ok(stack)
    }
}

/// A function value as a step of a chain.
pub fn call1<A: 'static, R: 'static>(
    function: Func1<A, R>,
) -> impl Fn(A) -> Result<R> + Code {
    move |a| function(a)
}

/// The same with two parameters.
pub fn call2<A: 'static, B: 'static, R: 'static>(
    function: Func2<A, B, R>,
) -> impl Fn(A, B) -> Result<R> + Code {
    move |a, b| function(a, b)
}
