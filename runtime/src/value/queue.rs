//! `Queue`: first in, first out.
//! It is a value; what agents send each other goes through ports and points.

use std::collections::VecDeque;

use super::memory::{Counted, compared};
use super::sequence::{empty, length_of};
use super::{Array, List, Result, Show, Values, show_sequence};

/// `Queue<T>`.
#[derive(Debug)]
pub struct Queue<T: 'static>(Counted<VecDeque<T>>);

compared!(Queue);

impl<T> Queue<T> {
    /// An empty queue.
    pub fn new() -> Self {
        Self::default()
    }

    /// From elements, the first of which comes out first.
    pub fn from_vec(items: Vec<T>) -> Self {
        Self(Counted::new(items.into()))
    }

    /// The number of elements.
    pub fn count(&self) -> i32 {
        length_of(self.0.len())
    }
}

impl<T: Clone> Queue<T> {
    /// Adds at the end.
    pub fn enqueue(&mut self, item: T) {
        self.0.make_mut().push_back(item);
    }

    /// Takes the first.
    #[track_caller]
    pub fn dequeue(&mut self) -> Result<T> {
        match self.try_dequeue() {
            Some(item) => Ok(item),
            None => Err(empty("queue")),
        }
    }

    /// Takes the first, or gives null.
    pub fn try_dequeue(&mut self) -> Option<T> {
        if self.0.is_empty() { None } else { self.0.make_mut().pop_front() }
    }

    /// The first, which stays.
    #[track_caller]
    pub fn peek(&self) -> Result<T> {
        match self.0.front() {
            Some(item) => Ok(item.clone()),
            None => Err(empty("queue")),
        }
    }

    /// The first, which stays, or null.
    pub fn try_peek(&self) -> Option<T> {
        self.0.front().cloned()
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
        self.0 = Counted::default();
    }

    /// The elements in an array.
    pub fn to_array(&self) -> Array<T> {
        Array::from_vec(self.0.iter().cloned().collect())
    }

    /// The elements in a list.
    pub fn to_list(&self) -> List<T> {
        List::from_vec(self.0.iter().cloned().collect())
    }

    /// An owning iterator over the elements as they are now.
    pub fn iter_values(&self) -> Values<T> {
        self.to_array().iter_values()
    }
}

impl<T> Clone for Queue<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self(Counted::default())
    }
}

impl<T: Show> Show for Queue<T> {
    fn show(&self, out: &mut String) {
        show_sequence(out, self.0.iter());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::to_str;

    #[test]
    fn is_first_in_first_out() {
        let mut queue = Queue::new();
        queue.enqueue(1);
        queue.enqueue(2);
        let copy = queue.clone();
        assert_eq!((queue.peek(), queue.try_peek()), (Ok(1), Some(1)));
        assert_eq!((queue.dequeue(), queue.try_dequeue()), (Ok(1), Some(2)));
        assert_eq!(queue.try_dequeue(), None);
        let line = line!() + 1;
        let thrown = queue.dequeue().unwrap_err();
        assert_eq!(thrown.kind(), "InvalidOperationException");
        assert_eq!(thrown.location().line(), line);
        assert!(queue.peek().is_err() && queue.try_peek().is_none());
        assert_eq!((queue.count(), copy.count()), (0, 2));
        assert_eq!(to_str(&copy).as_str(), "[1, 2]");
        assert!(copy.contains(2));
        assert_eq!(copy.iter_values().collect::<Vec<_>>(), [1, 2]);
        assert_eq!(copy.to_list().to_array(), copy.to_array());
        let mut cleared = copy.clone();
        cleared.clear();
        assert_ne!(cleared, copy);
        assert_eq!(Queue::from_vec(vec![1, 2]), copy);
    }
}
