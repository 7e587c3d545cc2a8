//! `Stack`: last in, first out. It iterates, prints and converts from the top down.
//! It is a value, without relation to the stack of a running agent.

use super::memory::{Buffer, compared};
use super::sequence::{empty, length_of};
use super::{Array, List, Result, Show, Values, show_sequence};

/// `Stack<T>`.
#[derive(Debug)]
pub struct Stack<T: 'static>(Buffer<T>);

compared!(Stack);

impl<T> Stack<T> {
    /// An empty stack.
    pub fn new() -> Self {
        Self::default()
    }

    /// From elements pushed one after the other; the last is the top.
    pub fn from_vec(items: Vec<T>) -> Self {
        Self(items.into())
    }

    /// The number of elements.
    pub fn count(&self) -> i32 {
        length_of(self.0.len())
    }
}

impl<T: Clone> Stack<T> {
    /// Puts on top.
    pub fn push(&mut self, item: T) {
        self.0.push(item);
    }

    /// Takes the top.
    #[track_caller]
    pub fn pop(&mut self) -> Result<T> {
        match self.try_pop() {
            Some(item) => Ok(item),
            None => Err(empty("stack")),
        }
    }

    /// Takes the top, or gives null.
    pub fn try_pop(&mut self) -> Option<T> {
        self.0.pop()
    }

    /// The top, which stays.
    #[track_caller]
    pub fn peek(&self) -> Result<T> {
        match self.0.last() {
            Some(item) => Ok(item.clone()),
            None => Err(empty("stack")),
        }
    }

    /// The top, which stays, or null.
    pub fn try_peek(&self) -> Option<T> {
        self.0.last().cloned()
    }

    /// Whether an element equals `item`.
    pub fn contains(&self, item: T) -> bool
    where
        T: PartialEq,
    {
        self.0.contains(&item)
    }

    /// Removes all.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The elements in an array, the top first.
    pub fn to_array(&self) -> Array<T> {
        self.0.iter().rev().cloned().collect()
    }

    /// The elements in a list, the top first.
    pub fn to_list(&self) -> List<T> {
        self.0.iter().rev().cloned().collect()
    }

    /// An owning iterator over the elements as they are now, the top first.
    pub fn iter_values(&self) -> Values<T> {
        self.to_array().iter_values()
    }
}

impl<T> Clone for Stack<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Default for Stack<T> {
    fn default() -> Self {
        Self(Buffer::new())
    }
}

impl<T: Show> Show for Stack<T> {
    fn show(&self, out: &mut String) {
        show_sequence(out, self.0.iter().rev());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::to_str;

    #[test]
    fn is_last_in_first_out() {
        let mut stack = Stack::new();
        stack.push(1);
        stack.push(2);
        let copy = stack.clone();
        assert_eq!((stack.peek(), stack.try_peek()), (Ok(2), Some(2)));
        assert_eq!((stack.pop(), stack.try_pop()), (Ok(2), Some(1)));
        assert_eq!(stack.try_pop(), None);
        let line = line!() + 1;
        let thrown = stack.pop().unwrap_err();
        assert_eq!(thrown.kind(), "InvalidOperationException");
        assert_eq!(thrown.location().line(), line);
        assert!(stack.peek().is_err() && stack.try_peek().is_none());
        assert_eq!((stack.count(), copy.count()), (0, 2));
        assert_eq!(to_str(&copy).as_str(), "[2, 1]");
        assert!(copy.contains(2));
        assert_eq!(copy.iter_values().collect::<Vec<_>>(), [2, 1]);
        assert_eq!(copy.to_list().to_array(), copy.to_array());
        let mut cleared = copy.clone();
        cleared.clear();
        assert_ne!(cleared, copy);
        assert_eq!(Stack::from_vec(vec![1, 2]), copy);
    }
}
