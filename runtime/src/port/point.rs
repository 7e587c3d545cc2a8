//! Interaction points: queues that a program makes for itself.
//! They are not ports: nothing leaves the agent through them but by network.

use std::fmt;
use std::panic::Location;
use std::sync::Arc;

use super::Value;
use super::event::{Event, EventSource};
use super::line::{Line, Overflow, Strictness};
use super::source::{Ending, Front, Receive, Source, Supply, Take};
use super::target::{Accept, Both, SendTo, Target};
use crate::mailbox::queue::Quick;
use crate::mailbox::waiters::WaitPool;
use crate::scheduler::waits::{Origin, Place, What};
use crate::value::{Exception, Result};

/// The receiving side of a queue; when nobody holds it any more, nothing is kept.
pub(crate) struct PointSource<T: Value> {
    line: Arc<Line<T>>,
    name: &'static str,
    made_at: Place,
}

impl<T: Value> Drop for PointSource<T> {
    fn drop(&mut self) {
        self.line.shut(Ending::Normal);
    }
}

impl<T: Value> Supply<T> for PointSource<T> {
    fn take(&self, registered: bool) -> Take<T> {
        self.line.take(registered)
    }

    fn quick(&self, pool: Option<&mut WaitPool>) -> Quick<T> {
        self.line.quick(pool)
    }

    fn enter(&self, registered: bool) -> Option<Box<dyn Front<T> + '_>> {
        let front = self.line.enter(registered)?;
        Some(Box::new(front))
    }

    fn arm(&self, pool: &mut WaitPool) -> bool {
        self.line.arm(pool)
    }

    fn origin(&self) -> Origin {
        What::Point(self.name, self.made_at).into()
    }

    fn address(&self) -> usize {
        Arc::as_ptr(&self.line).addr()
    }
}

/// The sending side of a queue; when nobody holds it any more, nothing more can come.
pub(crate) struct PointTarget<T: Value> {
    line: Arc<Line<T>>,
}

impl<T: Value> Drop for PointTarget<T> {
    fn drop(&mut self) {
        self.line.complete(Ending::Normal);
    }
}

impl<T: Value> Accept<T> for PointTarget<T> {
    fn accept(&self, value: T) -> Result<()> {
        self.line.send(value)
    }

    fn accept_strictly(&self, value: T, strictness: Strictness) -> Result<()> {
        self.line.send_strictly(value, strictness)
    }

    fn address(&self) -> usize {
        Arc::as_ptr(&self.line).addr()
    }
}

/// What all queueing points are made of.
struct Point<T: Value> {
    source: Arc<PointSource<T>>,
    target: Arc<PointTarget<T>>,
}

impl<T: Value> Clone for Point<T> {
    fn clone(&self) -> Self {
        Self { source: self.source.clone(), target: self.target.clone() }
    }
}

impl<T: Value> Point<T> {
    #[track_caller]
    fn new(name: &'static str, capacity: usize, policy: Overflow) -> Self {
        let made_at = Location::caller();
        let what = What::RoomOfPoint(name, made_at);
        let line = Arc::new(Line::bounded(capacity, policy, what));
        Self {
            source: Arc::new(PointSource { line: line.clone(), name, made_at }),
            target: Arc::new(PointTarget { line }),
        }
    }
}

macro_rules! queueing_points {
    ($($(#[$doc:meta])* $name:ident as $shown:literal;)*) => { $(
        $(#[$doc])*
        pub struct $name<T: Value>(Point<T>);

        impl<T: Value> $name<T> {
            /// Sends; never suspends. What the point's policy or its end drops is counted.
            pub fn send(&self, value: T) {
                let _ = self.0.target.line.send(value);
            }

            /// Sends, and throws `OverloadException` where the policy says so.
            #[track_caller]
            pub fn send_checked(&self, value: T) -> Result<()> {
                self.0.target.line.send(value)
            }

            /// How many messages wait in it.
            pub fn count(&self) -> i32 {
                i32::try_from(self.0.source.line.len()).unwrap_or(i32::MAX)
            }

            /// How many messages it has dropped.
            pub fn dropped(&self) -> i64 {
                i64::try_from(self.0.source.line.n_dropped()).unwrap_or(i64::MAX)
            }

            /// The next message if there is one now.
            pub fn try_receive(&self) -> Option<T> {
                match self.0.source.take(false) {
                    Take::Item(item) => Some(item.value),
                    Take::Empty | Take::Busy | Take::Over(_) => None,
                }
            }

            /// Takes no more; what is queued is still delivered.
            pub fn close(&self) {
                self.0.target.line.complete(Ending::Normal);
            }

            /// Its receiving side.
            pub fn source(&self) -> Source<T> {
                Source::of(self.0.source.clone())
            }

            /// Its sending side.
            pub fn target(&self) -> Target<T> {
                Target::of(self.0.target.clone())
            }

            /// Both sides.
            pub fn both(&self) -> Both<T> {
                Both { source: self.source(), target: self.target() }
            }
        }

        impl<T: Value> Clone for $name<T> {
            fn clone(&self) -> Self {
                Self(self.0.clone())
            }
        }

        impl<T: Value> PartialEq for $name<T> {
            fn eq(&self, other: &Self) -> bool {
                Arc::ptr_eq(&self.0.source, &other.0.source)
            }
        }

        impl<T: Value> Eq for $name<T> {}

        impl<T: Value> fmt::Debug for $name<T> {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str($shown)
            }
        }

        impl<T: Value> Receive for $name<T> {
            type Item = T;

            fn source(&self) -> Source<T> {
                $name::source(self)
            }

            #[expect(private_interfaces, reason = "as in the trait")]
            fn quick(&self, pool: Option<&mut WaitPool>) -> Quick<T> {
                self.0.source.line.quick(pool)
            }
        }

        impl<T: Value> SendTo for $name<T> {
            type Item = T;

            fn target(&self) -> Target<T> {
                $name::target(self)
            }
        }
    )* };
}

queueing_points! {
    /// `OrderedInteractionPoint<T>`: an unbounded FIFO.
    OrderedPoint as "OrderedInteractionPoint";
    /// `UnorderedInteractionPoint<T>`: promises no order (and keeps it nevertheless).
    UnorderedPoint as "UnorderedInteractionPoint";
    /// `SingleItemInteractionPoint<T>`: holds one message; drops the arriving one, or keeps the latest.
    SingleItemPoint as "SingleItemInteractionPoint";
    /// `BoundedInteractionPoint<T>(capacity, policy)`.
    BoundedPoint as "BoundedInteractionPoint";
}

impl<T: Value> OrderedPoint<T> {
    /// An empty point.
    #[expect(
        clippy::new_without_default,
        reason = "points are handles, without a default"
    )]
    #[track_caller]
    pub fn new() -> Self {
        Self(Point::new("OrderedInteractionPoint", usize::MAX, Overflow::DropNewest))
    }
}

impl<T: Value> UnorderedPoint<T> {
    /// An empty point.
    #[expect(
        clippy::new_without_default,
        reason = "points are handles, without a default"
    )]
    #[track_caller]
    pub fn new() -> Self {
        Self(Point::new("UnorderedInteractionPoint", usize::MAX, Overflow::DropNewest))
    }
}

impl<T: Value> SingleItemPoint<T> {
    /// An empty point that drops what arrives while it is full.
    #[expect(
        clippy::new_without_default,
        reason = "points are handles, without a default"
    )]
    #[track_caller]
    pub fn new() -> Self {
        Self::with_policy(Overflow::DropNewest)
    }

    /// An empty point; `Overflow::DropOldest` keeps the latest message.
    #[track_caller]
    pub fn with_policy(policy: Overflow) -> Self {
        Self(Point::new("SingleItemInteractionPoint", 1, policy))
    }
}

impl<T: Value> BoundedPoint<T> {
    /// An empty point that holds `capacity` messages; less than 1 throws
    /// `ArgumentOutOfRangeException`.
    #[track_caller]
    pub fn new(capacity: i32, policy: Overflow) -> Result<Self> {
        match usize::try_from(capacity) {
            Ok(capacity @ 1..) => {
                Ok(Self(Point::new("BoundedInteractionPoint", capacity, policy)))
            }
            _ => {
                let text = format!("a point cannot have a capacity of {capacity}");
                Err(Exception::new("ArgumentOutOfRangeException", text))
            }
        }
    }

    /// As [`BoundedPoint::new`]: senders wait while it is full.
    #[track_caller]
    pub fn suspending(capacity: i32) -> Result<Self> {
        Self::new(capacity, Overflow::Suspend)
    }
}

/// `WriteOnceInteractionPoint<T>`: takes one message, which every receiver sees, as often as it asks.
pub struct WriteOncePoint<T: Value> {
    event: Arc<Event<T>>,
    target: Arc<WriteOnceTarget<T>>,
    made_at: Place,
}

struct WriteOnceTarget<T: Value>(Arc<Event<T>>);

impl<T: Value> Drop for WriteOnceTarget<T> {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl<T: Value> Accept<T> for WriteOnceTarget<T> {
    fn accept(&self, value: T) -> Result<()> {
        self.0.set(value).map_err(|_| {
            let text = "the WriteOnceInteractionPoint was written already";
            Exception::new("InvalidOperationException", text)
        })
    }

    fn address(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }
}

impl<T: Value> WriteOncePoint<T> {
    /// A point without its value yet.
    #[expect(
        clippy::new_without_default,
        reason = "points are handles, without a default"
    )]
    #[track_caller]
    pub fn new() -> Self {
        let event = Event::new("WriteOnceInteractionPoint");
        let made_at = Location::caller();
        Self { target: Arc::new(WriteOnceTarget(event.clone())), event, made_at }
    }

    /// As [`WriteOncePoint::send_checked`], but a second value is dropped.
    pub fn send(&self, value: T) {
        let _ = self.target.accept(value);
    }

    /// Writes the value; a second time throws `InvalidOperationException`.
    #[track_caller]
    pub fn send_checked(&self, value: T) -> Result<()> {
        self.target.accept(value)
    }

    /// 1 once it is written.
    pub fn count(&self) -> i32 {
        i32::from(self.event.get().is_some())
    }

    /// The value if it is written.
    pub fn try_receive(&self) -> Option<T> {
        self.event.get().cloned()
    }

    /// It will not be written any more.
    pub fn close(&self) {
        self.event.close();
    }

    /// Its receiving side.
    pub fn source(&self) -> Source<T> {
        let what = What::Point("WriteOnceInteractionPoint", self.made_at);
        Source::new(EventSource::new(&self.event, what))
    }

    /// Its sending side.
    pub fn target(&self) -> Target<T> {
        Target::of(self.target.clone())
    }

    /// Both sides.
    pub fn both(&self) -> Both<T> {
        Both { source: self.source(), target: self.target() }
    }
}

impl<T: Value> Clone for WriteOncePoint<T> {
    fn clone(&self) -> Self {
        Self {
            event: self.event.clone(),
            target: self.target.clone(),
            made_at: self.made_at,
        }
    }
}

impl<T: Value> PartialEq for WriteOncePoint<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.event, &other.event)
    }
}

impl<T: Value> Eq for WriteOncePoint<T> {}

impl<T: Value> fmt::Debug for WriteOncePoint<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("WriteOnceInteractionPoint")
    }
}

impl<T: Value> Receive for WriteOncePoint<T> {
    type Item = T;

    fn source(&self) -> Source<T> {
        WriteOncePoint::source(self)
    }
}

impl<T: Value> SendTo for WriteOncePoint<T> {
    type Item = T;

    fn target(&self) -> Target<T> {
        WriteOncePoint::target(self)
    }
}
