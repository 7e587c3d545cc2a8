//! How values are kept in memory: counted, so that a clone is a count, and changed in place by whoever
//! holds the only handle. What is unsafe about values is
//! in `rows.rs`, `utf8.rs` and `lent.rs`. Nothing here knows a value of the language.

mod buffer;
mod bytes;
mod count;
mod counted;
mod deep;
mod edit;
mod header;
mod length;
mod lent;
mod near;
mod rows;
mod short;
mod utf8;

/// Handles compare, hash and print as what they hold.
macro_rules! compared {
    ($name:ident<$t:ident $(: $bound:lifetime)?>) => {
        impl<$t: PartialEq $(+ $bound)?> PartialEq for $name<$t> {
            fn eq(&self, other: &Self) -> bool {
                deep::roomy(|| **self == **other)
            }
        }

        impl<$t: Eq $(+ $bound)?> Eq for $name<$t> {}

        impl<$t: PartialOrd $(+ $bound)?> PartialOrd for $name<$t> {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                deep::roomy(|| (**self).partial_cmp(&**other))
            }
        }

        impl<$t: Ord $(+ $bound)?> Ord for $name<$t> {
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                deep::roomy(|| (**self).cmp(&**other))
            }
        }

        impl<$t: std::hash::Hash $(+ $bound)?> std::hash::Hash for $name<$t> {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                deep::roomy(|| (**self).hash(state));
            }
        }

        impl<$t: std::fmt::Debug $(+ $bound)?> std::fmt::Debug for $name<$t> {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                (**self).fmt(out)
            }
        }
    };
}

compared!(Buffer<T: 'static>);
compared!(Counted<T: 'static>);
compared!(Maybe<T: 'static>);

pub(super) use buffer::{Buffer, Items};
pub(super) use counted::{Counted, Maybe};
pub(super) use deep::roomy;
pub(super) use edit::Edit;
pub(super) use utf8::Text;
