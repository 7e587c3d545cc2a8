//! What can be sent to: one trait, the handle `Target<T>`, and `Both<T>` for what is source and target.
//! It does not queue; `line` does.

use std::fmt;
use std::ptr;
use std::sync::Arc;

use super::Value;
use super::line::Strictness;
use super::source::{Receive, Source, Supply};
use crate::channel::hold::PortHold;
use crate::mailbox::queue::Quick;
use crate::mailbox::waiters::WaitPool;
use crate::value::Result;

/// A target as the runtime sees it.
pub(crate) trait Accept<T>: Send + Sync {
    /// Delivers a message; what is thrown by the target's own rules is the error.
    fn accept(&self, value: T) -> Result<()>;

    /// As `accept`, but throws instead of what `strictness` rules out. Only what can be full
    /// has something to rule out.
    fn accept_strictly(&self, value: T, _strictness: Strictness) -> Result<()> {
        self.accept(value)
    }

    /// What makes it the same target as another.
    fn address(&self) -> usize;
}

/// A target of messages (`ITarget<T>`). A clone names the same target; `==` is identity.
pub struct Target<T> {
    accept: Accepting<T>,
}

/// A counted pointer to what a target is.
enum Accepting<T> {
    Port(PortHold<T, true>),
    Other(Arc<dyn Accept<T>>),
}

impl<T: Value> Accepting<T> {
    #[inline]
    fn accept(&self, value: T) -> Result<()> {
        match self {
            Self::Port(port) => port.accept(value),
            Self::Other(accept) => accept.accept(value),
        }
    }

    fn accept_strictly(&self, value: T, strictness: Strictness) -> Result<()> {
        match self {
            Self::Port(port) => port.accept_strictly(value, strictness),
            Self::Other(accept) => accept.accept_strictly(value, strictness),
        }
    }
}

impl<T> Accepting<T> {
    fn address(&self) -> usize {
        match self {
            Self::Port(port) => ptr::from_ref(&**port).addr(),
            Self::Other(accept) => accept.address(),
        }
    }
}

impl<T> Clone for Accepting<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Port(port) => Self::Port(port.clone()),
            Self::Other(accept) => Self::Other(accept.clone()),
        }
    }
}

impl<T: Value> Target<T> {
    /// A target that is shared already.
    pub(crate) fn of(accept: Arc<dyn Accept<T>>) -> Self {
        Self { accept: Accepting::Other(accept) }
    }

    /// The sending side of a port.
    pub(crate) fn of_port(port: PortHold<T, true>) -> Self {
        Self { accept: Accepting::Port(port) }
    }

    /// Sends; a message that the target's rules refuse is dropped. Never suspends.
    pub fn send(&self, value: T) {
        let _ = self.accept.accept(value);
    }

    /// Sends, and throws what the target's rules throw: `ProtocolException`,
    /// `InvalidOperationException` (written once already), `OverloadException`.
    #[track_caller]
    pub fn send_checked(&self, value: T) -> Result<()> {
        self.accept.accept(value)
    }

    /// Itself, so that every target-like thing converts alike.
    pub fn target(&self) -> Target<T> {
        self.clone()
    }
}

impl<T> Clone for Target<T> {
    fn clone(&self) -> Self {
        Self { accept: self.accept.clone() }
    }
}

impl<T> PartialEq for Target<T> {
    fn eq(&self, other: &Self) -> bool {
        self.accept.address() == other.accept.address()
    }
}

impl<T> Eq for Target<T> {}

impl<T> fmt::Debug for Target<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Target")
    }
}

/// Everything that can be sent to.
pub trait SendTo {
    /// What it takes.
    type Item: Value;
    /// It as a plain target.
    fn target(&self) -> Target<Self::Item>;
}

impl<T: Value> SendTo for Target<T> {
    type Item = T;

    fn target(&self) -> Target<T> {
        self.clone()
    }
}

/// A send with `[NoDrop]` or `[NoSuspend]` before it: throws `OverloadException` instead of dropping
/// a message, or of waiting.
#[track_caller]
pub fn send_strictly<S: SendTo>(
    to: &S,
    value: S::Item,
    no_drop: bool,
    no_suspend: bool,
) -> Result<()> {
    let strictness = Strictness { no_drop, no_suspend };
    to.target().accept.accept_strictly(value, strictness)
}

/// Source and target in one (`ISourceAndTarget<T>`, `IInteractionPoint<T>`).
pub struct Both<T> {
    pub(crate) source: Source<T>,
    pub(crate) target: Target<T>,
}

impl<T: Value> Both<T> {
    /// The pair of a source and a target.
    pub fn new(source: &Source<T>, target: &Target<T>) -> Self {
        Self { source: source.clone(), target: target.clone() }
    }

    /// Its receiving side.
    pub fn source(&self) -> Source<T> {
        self.source.clone()
    }

    /// Its sending side.
    pub fn target(&self) -> Target<T> {
        self.target.clone()
    }

    /// Itself.
    pub fn both(&self) -> Both<T> {
        self.clone()
    }

    /// As [`Target::send`].
    pub fn send(&self, value: T) {
        self.target.send(value);
    }

    /// As [`Target::send_checked`].
    #[track_caller]
    pub fn send_checked(&self, value: T) -> Result<()> {
        self.target.send_checked(value)
    }
}

impl<T> Clone for Both<T> {
    fn clone(&self) -> Self {
        Self { source: self.source.clone(), target: self.target.clone() }
    }
}

impl<T> PartialEq for Both<T> {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source && self.target == other.target
    }
}

impl<T> Eq for Both<T> {}

impl<T> fmt::Debug for Both<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Both")
    }
}

impl<T: Value> Receive for Both<T> {
    type Item = T;

    fn source(&self) -> Source<T> {
        self.source.clone()
    }

    #[expect(private_bounds, reason = "as in the trait")]
    fn with_supply<R>(&self, look: impl FnOnce(&dyn Supply<T>) -> R) -> R {
        self.source.with_supply(look)
    }

    #[expect(private_interfaces, reason = "as in the trait")]
    fn quick(&self, pool: Option<&mut WaitPool>) -> Quick<T> {
        self.source.quick(pool)
    }
}

impl<T: Value> SendTo for Both<T> {
    type Item = T;

    fn target(&self) -> Target<T> {
        self.target.clone()
    }
}
