//! What generated code may name, and nothing else: one module per version of this contract.
//! It defines nothing itself.

/// Version 1, which generated code imports as `rt`.
pub mod v1 {
    pub use crate::library::clock::Stopwatch;
    pub use crate::library::console::ErrorOutput;
    pub use crate::library::numbers::{
        byte, double, int16, int32, int64, sbyte, single, uint16, uint32, uint64,
    };
    pub use crate::library::{
        bit_operations, boolean, character as char, clock, console, convert, enumerable,
        environment, file, math, native, path, string, time_span,
    };
    pub use crate::value::*;

    pub use crate::agent::{Access, Agent, Me, spawn};
    pub use crate::channel::declared::message;
    pub use crate::channel::endpoint::{ProtocolEnd, in_state};
    pub use crate::channel::port::{request, request_checked, request_strictly};
    pub use crate::channel::protocol::{Protocol, ProtocolState};
    pub use crate::channel::{
        AnyPort, Channel, ChannelCore, Declared, Impl, Kind, NoChannel, Port, Using,
    };
    pub use crate::domain::{Dom, Domain, Making, NoDomain, Turns, made};
    pub use crate::entry::{Entry, drain, exit, run, run_waiting};
    pub use crate::iteration::collect::{call1, call2};
    pub use crate::iteration::grouping::Grouping;
    pub use crate::iteration::handoff::give;
    pub use crate::iteration::lazy::Lazy;
    pub use crate::iteration::ordered::OrderedSeq;
    pub use crate::iteration::seq::{Seq, iterate};
    pub use crate::network::feed::{Inlet, Pure, Through};
    pub use crate::network::links::{
        answer, combine, combine2, combine3, combine4, combine5, combine6, combine7,
        combine8, combine9, combine10, combine11, combine12, forward, forward_once,
        merge, serve,
    };
    pub use crate::network::many::{
        many, source_of, transform_many, transform_once_many,
    };
    pub use crate::network::net::{Net, NetVec, Network};
    pub use crate::network::stage::{Stage, pure, pure_func};
    pub use crate::network::stages::{act, results, transform, transform_once};
    pub use crate::network::vectors::{
        alternate, alternate_stages, broadcast, broadcast_stages,
    };
    pub use crate::port::Value;
    pub use crate::port::line::Overflow;
    pub use crate::port::point::{
        BoundedPoint, OrderedPoint, SingleItemPoint, UnorderedPoint, WriteOncePoint,
    };
    pub use crate::port::receive::{
        boxed, breathe, next, receive, receive_within, room, yield_now,
    };
    pub use crate::port::request::{Correlator, Request};
    pub use crate::port::select::{Select, taken};
    pub use crate::port::source::{Receive, Source};
    pub use crate::port::target::{Both, SendTo, Target, send_strictly};
    pub use crate::position::{functions, ports};
    pub use crate::stack::{caught, caught_flat, deep, deep_unwind};
    pub use crate::time::Timer;
    pub use crate::time::timer;

    /// Traits whose methods generated code calls on Rust's own types.
    pub mod prelude {
        pub use crate::iteration::lazy::Iterated as _;
        pub use crate::value::{CompareTo as _, Equals as _, Nullable as _, ToText as _};
    }
}
