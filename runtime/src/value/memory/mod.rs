//! How values are kept in memory: counted, so that a clone is a count, and changed in place by whoever
//! holds the only handle. All unsafe code of the values is here; it knows no value of the language.

mod block;
mod buffer;
mod bytes;
mod count;
mod counted;

/// Handles compare, hash and print as what they hold.
macro_rules! compared {
    ($name:ident<$t:ident>) => {
        impl<$t: PartialEq> PartialEq for $name<$t> {
            fn eq(&self, other: &Self) -> bool {
                **self == **other
            }
        }

        impl<$t: Eq> Eq for $name<$t> {}

        impl<$t: PartialOrd> PartialOrd for $name<$t> {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                (**self).partial_cmp(&**other)
            }
        }

        impl<$t: Ord> Ord for $name<$t> {
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                (**self).cmp(&**other)
            }
        }

        impl<$t: std::hash::Hash> std::hash::Hash for $name<$t> {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                (**self).hash(state);
            }
        }

        impl<$t: std::fmt::Debug> std::fmt::Debug for $name<$t> {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                (**self).fmt(out)
            }
        }
    };
}

compared!(Buffer<T>);
compared!(Counted<T>);

pub(super) use buffer::{Buffer, Edit, Items};
pub(super) use bytes::Bytes;
pub(super) use counted::Counted;
