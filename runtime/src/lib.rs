//! The runtime that compiled Axum programs link.
//!
//! Everything that generated code may name is in [`abi`], and what other crates of the runtime build on
//! in [`kit`]; all else is private to this crate. Beside the standard library it needs one vendored
//! crate: `once_cell`, of which it uses a box that is filled once.
//!
//! # The rooms, in reading order
//! * `sync`: atomics and cells. `pool`: memory. `mailbox`: lock-free queues and who waits at them.
//! * `scheduler`: workers, strands (logical threads) and activities (futures).
//! * `agent`: a strand with a state and a channel. `domain`: state that agents share in turns.
//! * `port`: sources, targets, requests, and the operations that suspend. `channel`: two ends with ports.
//! * `network`: links between sources and targets. `time`: limits and timers. `entry`: the program.
//! * `value`: the values of the language. `iteration`: its sequences. `library`: its namespaces of functions.
//!
//! `docs/runtime.md` says what is lock-free, and how the parts work together.

pub mod abi;
pub mod kit;

mod clock;
mod pool;
mod position;
mod stack;
mod sync;

mod mailbox;
mod scheduler;

mod agent;
mod domain;

mod channel;
mod port;

mod network;
mod time;

mod entry;

mod iteration;
mod library;
mod value;

mod shown;
