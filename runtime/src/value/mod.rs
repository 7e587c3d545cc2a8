//! The values of the language: text, collections, durations, exceptions, and how they print.
//! It does not know agents, channels or the scheduler.
//!
//! Every value is `Clone + Send + Sync`; a clone costs one reference count, and the first change of
//! a shared value copies it. That is what makes value semantics cheap enough to be
//! the only semantics.

mod entries;
mod exception;
mod members;
mod text;
mod text_members;
mod text_options;

mod memory;

mod array;
mod builder;
mod converted;
mod left;
mod list;
mod search;
mod sequence;

mod dict;
mod hashing;
mod queue;
mod set;
mod stack;
mod table;

mod date;
mod duration;
mod func;
mod number;
mod random;
mod shared;
mod signal;
mod sort;

pub(crate) mod digits;
mod format;
mod show;

pub use array::{Array, ArrayEdit, Values};
pub use builder::StringBuilder;
pub use date::DateTime;
pub(crate) use date::{days_in, is_leap};
pub use dict::{Dict, KeyValue, Pairs};
pub use duration::Duration;
pub(crate) use exception::FailedAgent;
pub use exception::{Exception, Result, holds, rule_violation, rule_violation_by};
pub use format::{
    Part, append_format, arg, arg_with, composite, format, lit, try_format,
};
pub use func::{
    Func0, Func1, Func2, Func3, Func4, Func5, Func6, Func7, Func8, func0, func1, func2,
    func3, func4, func5, func6, func7, func8,
};
pub use left::Left;
pub use list::{List, ListEdit};
pub use members::{CompareTo, Equals, Nullable, ToText};
pub use number::{
    Divide, Number, Wide, add, checked_add, checked_cast, checked_mul, checked_neg,
    checked_sub, div, mul, neg, rem, sub, to_char, total_cmp, unwrap,
};
pub use queue::Queue;
pub use random::Random;
pub use set::{Items, Set};
pub use shared::{Link, Shared};
pub use show::{Show, append, concat, show_case, show_record, show_sequence, to_str};
pub use signal::Signal;
pub use stack::Stack;
pub use text::{Chars, Str};
pub use text_members::Parts;
pub(crate) use text_members::{capital, small};
