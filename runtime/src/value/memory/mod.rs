//! How values are kept in memory: counted, so that a clone is a count, and changed in place by whoever
//! holds the only handle. What is unsafe about values is
//! in `rows.rs`, `utf8.rs` and the pool's `handle.rs`. Nothing here knows a value of the language.

mod buffer;
mod bytes;
mod counted;
mod deep;
mod header;
#[cfg(all(test, loom))]
#[path = "tests/loom_rows.rs"]
mod loom_rows;
mod near;
mod rows;
mod short;
mod utf8;

pub(super) use buffer::{Buffer, Items};
pub(super) use counted::{Counted, Maybe};
pub(super) use deep::{compared, hash_roomy, roomy};
pub(super) use utf8::Text;
