//! `Enumerable`: sequences from nothing.

use crate::iteration::lazy::{Lazy, Plain, numbers, plain};
use crate::iteration::seq::Element;
use crate::value::{Exception, Result};

/// Consecutive numbers.
#[derive(Clone, Debug)]
pub struct Numbers {
    next: i64,
    end: i64,
}

impl Numbers {
    pub(crate) fn new(next: i64, end: i64) -> Self {
        Self { next, end }
    }
}

impl Iterator for Numbers {
    type Item = i32;

    #[inline]
    fn next(&mut self) -> Option<i32> {
        if self.next >= self.end {
            return None;
        }
        self.next += 1;
        Some((self.next - 1) as i32)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = usize::try_from(self.end - self.next).unwrap_or(0);
        (left, Some(left))
    }
}

#[track_caller]
#[cold]
fn wrong_count(count: i32) -> Exception {
    Exception::new(
        "ArgumentOutOfRangeException",
        format!("a sequence cannot have {count} elements here"),
    )
}

/// `count` numbers from `start` on.
#[track_caller]
pub fn range(start: i32, count: i32) -> Result<Lazy<Plain<Numbers>>> {
    let end = i64::from(start) + i64::from(count);
    if count < 0 || end > i64::from(i32::MAX) + 1 {
        return Err(wrong_count(count));
    }
    Ok(numbers(start.into(), end))
}

/// `element`, `count` times.
#[track_caller]
pub fn repeat<T: Element>(
    element: T,
    count: i32,
) -> Result<Lazy<Plain<std::iter::RepeatN<T>>>> {
    match usize::try_from(count) {
        Ok(count) => Ok(plain(std::iter::repeat_n(element, count))),
        Err(_) => Err(wrong_count(count)),
    }
}

/// No elements.
pub fn empty<T: Element>() -> Lazy<Plain<std::iter::Empty<T>>> {
    plain(std::iter::empty())
}
