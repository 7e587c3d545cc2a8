//! What can be received from: one trait that every source implements, and the handle `Source<T>`.
//! It does not wait; `receive` does.

use std::any::Any;
use std::fmt;
use std::ops::Deref;
use std::panic::Location;
use std::ptr;
use std::sync::Arc;

use super::Value;
use super::outlook::Outlook;
use crate::agent::failure::Failure;
use crate::channel::hold::PortHold;
use crate::mailbox::queue::{Glance, Quick};
use crate::mailbox::waiters::WaitPool;
use crate::mailbox::{Look, Reason};
use crate::network::control::Control;
use crate::network::valve::Valve;
use crate::scheduler::strand::Strand;
use crate::scheduler::waits::Origin;
use crate::value::{Exception, Show};

/// The request that a message answers or is computed from. It travels with the message through stages.
#[derive(Clone)]
pub(crate) struct Tag(pub(crate) Arc<dyn Any + Send + Sync>);

impl fmt::Debug for Tag {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Tag")
    }
}

/// A message as it leaves a source.
#[derive(Clone, Debug)]
pub(crate) struct Item<T> {
    pub(crate) value: T,
    pub(crate) tag: Option<Tag>,
}

impl<T> Item<T> {
    pub(crate) fn plain(value: T) -> Self {
        Self { value, tag: None }
    }
}

/// Why a source gives nothing any more.
#[derive(Clone, Debug)]
pub(crate) enum Ending {
    /// All that was sent has been received.
    Normal,
    /// The agent that could have sent has failed.
    Failed(Arc<Failure>),
    /// The request was dropped unanswered.
    NoReply,
    /// The one reply has been received.
    Replied,
}

impl Ending {
    /// What `receive` throws at `at`. The failure of an agent is observed by that.
    pub(crate) fn exception(&self, at: &'static Location<'static>) -> Exception {
        match self {
            Self::Normal => {
                let text = "the channel is closed, nothing more will come";
                Exception::new(CHANNEL_CLOSED, text).at(at)
            }
            Self::Failed(failure) => {
                let cause = failure.observe();
                let text = format!("the channel is closed: {}", cause.message().as_str());
                Exception::new(CHANNEL_CLOSED, text).at(at).caused_by(cause)
            }
            Self::NoReply => {
                Exception::new("NoReplyException", "the request was dropped unanswered")
                    .at(at)
            }
            Self::Replied => {
                Exception::new(CHANNEL_CLOSED, "the reply was received already").at(at)
            }
        }
    }

    /// What an agent throws that waits at its own port when its users have gone: if that escapes, it
    /// is the agent's normal end (decision 50).
    pub(crate) fn own_exception(&self, at: &'static Location<'static>) -> Exception {
        match self {
            Self::Normal => {
                let text = "the channel of this agent is closed, nothing more will come";
                Exception::with_value(&[CHANNEL_CLOSED], Some(text.into()), UsersGone)
                    .at(at)
            }
            Self::Failed(_) | Self::NoReply | Self::Replied => self.exception(at),
        }
    }
}

const CHANNEL_CLOSED: &str = "ChannelClosedException";

/// Marks the exception of an agent whose users have gone.
#[derive(Debug)]
pub(crate) struct UsersGone;

impl Show for UsersGone {
    fn show(&self, _: &mut String) {}
}

impl Reason for Ending {
    fn is_plain(&self) -> bool {
        matches!(self, Self::Normal)
    }
}

/// What an attempt to take gives.
#[derive(Debug)]
pub(crate) enum Take<T> {
    Item(Item<T>),
    Empty,
    /// Another is taking; who has registered will be woken.
    Busy,
    Over(Ending),
}

/// A source as the runtime sees it. The protocol of waiting is the mailbox's (`mailbox/mod.rs`):
/// `arm`, then `take(true)`; on `Busy`, or on `Empty` after a successful `arm`, sleep.
pub(crate) trait Supply<T>: Send + Sync {
    /// Takes the next message. `registered`: the caller has armed since it last woke.
    fn take(&self, registered: bool) -> Take<T>;

    /// Takes what is there, or makes the next change wake the owner of `pool`, if there is one, where
    /// that can be done at once and nothing forbids it. Messages with a tag are not taken so.
    fn quick(&self, _pool: Option<&mut WaitPool>) -> Quick<T> {
        Quick::InTurn
    }

    /// Takes the turn of consumers, to look before taking; `None` if another has it.
    fn enter(&self, registered: bool) -> Option<Box<dyn Front<T> + '_>>;

    /// Makes the next change wake the caller. `false`: something is there, look again.
    fn arm(&self, pool: &mut WaitPool) -> bool;

    /// For reports: the first of what it takes from.
    fn origin(&self) -> Origin;

    /// For reports: the others.
    fn more_origins(&self, _into: &mut Vec<Origin>) {}

    /// What is known of a wait for its next message.
    fn outlook(&self) -> Outlook {
        Outlook::Free
    }

    /// What makes it the same source as another.
    fn address(&self) -> usize;

    /// Whether it is a port of the channel that the agent on `strand` implements.
    fn is_own(&self, _strand: &Strand) -> bool {
        false
    }

    /// Why a plain `receive` may not be called now.
    fn forbids(&self) -> Option<Exception> {
        None
    }

    /// The networks that feed it.
    fn feeds(&self, _into: &mut Vec<Arc<Control>>) {}

    /// The same source, to which `whole` is a handle, behind a valve that `control` opens and shuts.
    /// Sources that are fed by networks of their own need none: those are shut instead.
    fn valved(&self, whole: &Source<T>, control: &Arc<Control>) -> Source<T>
    where
        T: Value,
    {
        Valve::before(whole, control)
    }

    /// Ends it for good, if it is something that runs by itself.
    fn dispose(&self) {}
}

/// The turn at a source.
pub(crate) trait Front<T> {
    /// Whether the `n`-th message from the front is there.
    fn look(&mut self, n: usize) -> Look;
    /// A copy of the `n`-th message.
    fn peek(&mut self, n: usize) -> Option<T>;
    /// Takes the head.
    fn pop(&mut self) -> Option<Item<T>>;
    /// The caller sleeps although the head is there: a change of the head is to wake it.
    fn guard(&mut self);
    /// Why it is over, if it is.
    fn ending(&self) -> Ending;

    /// Where the `n`-th message, if it is there, stands in a conversation that has an order over
    /// several sources.
    fn order(&mut self, _n: usize) -> Option<InOrder> {
        None
    }
}

/// The place of a message in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct InOrder {
    /// The same for all sources of the conversation.
    pub(crate) conversation: usize,
    /// How many messages are to be taken before it.
    pub(crate) before: usize,
}

/// A source of messages (`ISource<T>`). A clone names the same source; `==` is identity.
pub struct Source<T> {
    pub(crate) supply: Supplier<T>,
}

/// A counted pointer to what a source is.
pub(crate) enum Supplier<T> {
    Port(PortHold<T, false>),
    Other(Arc<dyn Supply<T>>),
}

impl<T> Supplier<T> {
    /// What makes it the same source as another.
    fn same(&self) -> usize {
        match self {
            Self::Port(port) => ptr::from_ref(&**port).addr(),
            Self::Other(supply) => supply.address(),
        }
    }
}

impl<T> Clone for Supplier<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Port(port) => Self::Port(port.clone()),
            Self::Other(supply) => Self::Other(supply.clone()),
        }
    }
}

impl<T: Value> Deref for Supplier<T> {
    type Target = dyn Supply<T>;

    #[inline]
    fn deref(&self) -> &Self::Target {
        match self {
            Self::Port(port) => &**port,
            Self::Other(supply) => &**supply,
        }
    }
}

impl<T: Value> Source<T> {
    pub(crate) fn new(supply: impl Supply<T> + 'static) -> Self {
        Self::of(Arc::new(supply))
    }

    /// A source that is shared already.
    pub(crate) fn of(supply: Arc<dyn Supply<T>>) -> Self {
        Self { supply: Supplier::Other(supply) }
    }

    /// The receiving side of a port.
    pub(crate) fn of_port(port: PortHold<T, false>) -> Self {
        Self { supply: Supplier::Port(port) }
    }

    /// See [`Supply::valved`].
    pub(crate) fn valved(&self, control: &Arc<Control>) -> Self {
        self.supply.valved(self, control)
    }

    /// Itself, so that every source-like thing converts alike.
    pub fn source(&self) -> Source<T> {
        self.clone()
    }

    /// Stops what feeds it: a timer, or the networks whose results it is. Nothing for other sources.
    pub fn dispose(&self) {
        self.supply.dispose();
        let mut feeds = Vec::new();
        self.supply.feeds(&mut feeds);
        for control in feeds {
            control.dispose();
        }
    }

    /// The same as [`Source::dispose`].
    pub fn close(&self) {
        self.dispose();
    }
}

impl<T> Clone for Source<T> {
    fn clone(&self) -> Self {
        Self { supply: self.supply.clone() }
    }
}

impl<T> PartialEq for Source<T> {
    fn eq(&self, other: &Self) -> bool {
        self.supply.same() == other.supply.same()
    }
}

impl<T> Eq for Source<T> {}

impl<T> fmt::Debug for Source<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Source({:#x})", self.supply.same())
    }
}

/// Everything that can be received from: ports, points, sources, correlators, networks.
pub trait Receive {
    /// What it delivers.
    type Item: Value;
    /// It as a plain source.
    fn source(&self) -> Source<Self::Item>;

    /// Lends what it takes from.
    #[doc(hidden)]
    #[expect(private_bounds, reason = "generated code implements and calls it never")]
    fn with_supply<R>(&self, look: impl FnOnce(&dyn Supply<Self::Item>) -> R) -> R {
        look(&*self.source().supply)
    }

    /// Takes what is there, or makes the next message wake the owner of `pool`, if there is one, where
    /// that needs no source of its own. For the runtime's own futures.
    #[doc(hidden)]
    #[expect(private_interfaces, reason = "generated code implements and calls it never")]
    fn quick(&self, _pool: Option<&mut WaitPool>) -> Quick<Self::Item> {
        Quick::InTurn
    }

    /// What one look tells the sleeper at `owner`, which changes nothing. For the runtime's own futures.
    #[doc(hidden)]
    #[expect(private_interfaces, reason = "generated code implements and calls it never")]
    #[inline(always)]
    fn glance(&self, _owner: usize) -> Glance {
        Glance::Other
    }
}

impl<S: Receive> Receive for &S {
    type Item = S::Item;

    fn source(&self) -> Source<S::Item> {
        (**self).source()
    }

    #[expect(private_interfaces, reason = "as in the trait")]
    #[inline(always)]
    fn quick(&self, pool: Option<&mut WaitPool>) -> Quick<S::Item> {
        (**self).quick(pool)
    }

    #[expect(private_interfaces, reason = "as in the trait")]
    #[inline(always)]
    fn glance(&self, owner: usize) -> Glance {
        (**self).glance(owner)
    }
}

impl<T: Value> Receive for Source<T> {
    type Item = T;

    fn source(&self) -> Source<T> {
        self.clone()
    }

    #[expect(private_bounds, reason = "as in the trait")]
    fn with_supply<R>(&self, look: impl FnOnce(&dyn Supply<T>) -> R) -> R {
        look(&*self.supply)
    }

    #[expect(private_interfaces, reason = "as in the trait")]
    fn quick(&self, pool: Option<&mut WaitPool>) -> Quick<T> {
        self.supply.quick(pool)
    }
}
