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
        pub struct $edit<'a, T>(&'a mut [T]);

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
                let length = self.0.len();
                match self.0.get_mut(index as u32 as usize) {
                    Some(item) => Ok(item),
                    None => Err(no_element($index_kind, index, length)),
                }
            }

            /// Stores at `index`.
            #[inline(always)]
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
            /// For a loop that changes elements in place: whether others hold them too is asked once, and they are copied
            /// before if so.
            #[inline]
            pub fn edit(&mut self) -> $edit<'_, T> {
                $edit(self.0.make_mut())
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

            /// As an array.
            pub fn to_array(&self) -> super::Array<T> {
                super::Array(self.0.clone())
            }

            /// As a list.
            pub fn to_list(&self) -> super::List<T> {
                super::List(self.0.clone())
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

        compared!($name);

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
    pub(in crate::value) use super::super::memory::{Buffer, compared};
    pub(in crate::value) use super::super::{
        Exception, Func1, Func2, Result, Show, show_sequence, sort,
    };
    pub(in crate::value) use super::{bounds, length_of, no_element, outside, sequence};
    pub(in crate::value) use std::fmt;
}
