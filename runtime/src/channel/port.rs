//! Ports: the queues of a channel, which lie in it. What sends on a port and what receives from it call
//! the same struct: who calls which of its methods is the end that may.
//! It does not count who holds it (`hold`), nor know what a protocol demands (`ruled`).

use std::fmt;
use std::panic::Location;
use std::ptr;

use super::block::Place;
use super::declared::{About, AnyPort, PortAt};
use super::here::Here;
use super::hold::{EndHold, PortHold};
use super::protocol::{Protocol, ProtocolWalk};
use super::ruled::ProtocolFront;
use super::{ChannelCore, Side};
use crate::mailbox::Look;
use crate::mailbox::queue::{Glance, Quick};
use crate::mailbox::waiters::WaitPool;
use crate::port::Value;
use crate::port::line::{Line, Overflow, Strictness};
use crate::port::outlook::{Outlook, Ports};
use crate::port::request::{Asked, Correlator, Request};
use crate::port::source::{Ending, Front, Receive, Source, Supply, Take};
use crate::port::target::{Accept, SendTo, Target, send_strictly};
use crate::scheduler::strand::Strand;
use crate::scheduler::waits::{Origin, What};
use crate::value::{Exception, Result};

/// A port of a channel. It has no clones: it is reached through a handle to its end, and what outlives that
/// is a [`Source`] or a [`Target`].
pub struct Port<T> {
    pub(super) line: Line<T>,
}

impl ChannelCore {
    /// A port.
    #[must_use]
    pub fn port<T: Value>(&self) -> Port<T> {
        Port::of(Line::unbounded())
    }

    /// A port with a capacity, and its name.
    #[must_use]
    pub fn bounded<T: Value>(
        &self,
        name: &'static str,
        capacity: usize,
        policy: Overflow,
    ) -> Port<T> {
        Port::of(Line::bounded(capacity, policy, What::Room(self.port_of(name))))
    }
}

/// A port as its channel sees it, whatever it carries.
pub(crate) trait Inner: Send + Sync {
    fn place(&self) -> &Place;
    /// Whether there is not always room in it.
    fn is_bounded(&self) -> bool;
    /// Nobody holds its sending side any more, or its receiving side.
    fn end(&self, sends: bool, ending: Ending);
    /// Nobody holds either: what is left in it goes.
    fn empty(&self);
    /// The strand of the channel keeps nothing of it to itself any more.
    fn share(&self);
    fn wake(&self);
    /// Lets the next message wake the caller.
    fn arm(&self, pool: &mut WaitPool);
    /// Nothing is left of it.
    fn is_over(&self) -> bool;
    /// The state that follows `state` by the message before which `before` others are to be taken,
    /// if it is here. Only while nobody takes messages.
    fn after(
        &self,
        protocol: &Protocol,
        walk: &ProtocolWalk,
        before: usize,
        state: usize,
    ) -> Option<usize>;
}

impl<T: Value> AnyPort for Port<T> {
    #[expect(private_interfaces, reason = "as in the trait")]
    fn inner(&self) -> &dyn Inner {
        self
    }
}

impl<T: Value> Inner for Port<T> {
    fn place(&self) -> &Place {
        self.line.own()
    }

    fn is_bounded(&self) -> bool {
        !self.line.is_unbounded()
    }

    fn end(&self, sends: bool, ending: Ending) {
        match sends {
            true => self.line.complete(ending),
            false => self.line.shut(ending),
        }
    }

    fn empty(&self) {
        self.line.empty();
    }

    fn share(&self) {
        self.line.share();
    }

    fn wake(&self) {
        self.line.wake();
    }

    fn arm(&self, pool: &mut WaitPool) {
        // What is there already is looked at after this.
        self.line.arm(pool);
    }

    fn is_over(&self) -> bool {
        self.line.enter(false).is_some_and(|mut front| front.look(0) == Look::Over)
    }

    fn after(
        &self,
        protocol: &Protocol,
        walk: &ProtocolWalk,
        before: usize,
        state: usize,
    ) -> Option<usize> {
        let (about, numbers) = self.numbered();
        let mut numbers = numbers?.enter(false)?;
        // Of the messages before it some are here, and the others at other ports.
        let index = (0..=before).find(|it| {
            numbers.peek(*it).is_some_and(|number| walk.before(number) == before)
        })?;
        let mut front = self.line.enter(false)?;
        if front.look(index) != Look::Ready {
            return None;
        }
        let message = match about.guard {
            Some(_) => front.peek(index),
            None => None,
        };
        let holds = |guard| message.as_ref().is_none_or(|it| about.holds(guard, it));
        protocol.next(state, about.name, &holds)
    }
}

impl<T> Port<T> {
    #[inline]
    pub(super) fn here(&self) -> Here<'_> {
        self.line.own().here()
    }

    /// Its number in the channel.
    #[inline]
    pub(super) fn index(&self) -> usize {
        self.line.own().index()
    }

    /// What is declared of it.
    pub(super) fn about(&self) -> &'static About {
        self.here().about(self.index())
    }
}

impl<T: Value> Port<T> {
    fn of(line: Line<T>) -> Self {
        Self { line }
    }

    /// The protocol that its messages follow.
    #[inline]
    pub(super) fn protocol(&self) -> Option<&'static Protocol> {
        if self.line.own().is_ruled() { self.here().kind().protocol } else { None }
    }

    /// What is declared of it, and the numbers of its messages under a protocol.
    pub(super) fn numbered(&self) -> (&'static About, Option<&Line<usize>>) {
        let here = self.here();
        let index = self.index();
        (here.about(index), here.numbers(index))
    }

    /// The end that receives from it.
    pub(super) fn receiver(&self) -> Side {
        self.about().sender.other()
    }

    /// Sends; never fails and never suspends. What nobody will receive is dropped and counted.
    #[inline(always)]
    pub fn send(&self, value: T) {
        if self.line.own().is_ruled() {
            return self.send_by_rules(value);
        }
        self.line.send_freely(value);
    }

    #[inline(never)]
    fn quick_by_rules(
        &self,
        mut pool: Option<WaitPool>,
        message: &mut Option<T>,
    ) -> Quick<()> {
        match self.protocol() {
            None => self.line.quick(pool.as_mut()).put(message),
            Some(_) => Quick::InTurn,
        }
    }

    #[inline(never)]
    fn send_by_rules(&self, value: T) {
        let _ = self.accept(value);
    }

    /// Sends, and throws `ProtocolException` or `OverloadException`.
    #[track_caller]
    pub fn send_checked(&self, value: T) -> Result<()> {
        self.accept(value)
    }

    /// Its receiving side, for the end that receives.
    pub fn source(&self) -> Source<T> {
        Source::of_port(PortHold::new(self))
    }

    /// Its sending side, for the end that sends.
    pub fn target(&self) -> Target<T> {
        Target::of_port(PortHold::new(self))
    }

    /// What the sender of a request waits for.
    #[inline]
    #[track_caller]
    fn reply(&self) -> Asked {
        let (here, index) = (self.here(), self.index());
        let strand = here.owner().address();
        Asked {
            port: PortAt { kind: here.kind(), index, strand },
            at: Location::caller(),
        }
    }
}

impl<T: Value> Accept<T> for Port<T> {
    #[inline]
    fn accept(&self, value: T) -> Result<()> {
        match self.protocol() {
            None => self.line.send(value),
            Some(protocol) => {
                self.send_by_protocol(protocol, value, Strictness::default())
            }
        }
    }

    fn accept_strictly(&self, value: T, strictness: Strictness) -> Result<()> {
        match self.protocol() {
            None => self.line.send_strictly(value, strictness),
            Some(protocol) => self.send_by_protocol(protocol, value, strictness),
        }
    }

    fn address(&self) -> usize {
        ptr::from_ref(self).addr()
    }
}

impl<T: Value> Supply<T> for Port<T> {
    fn take(&self, registered: bool) -> Take<T> {
        match self.protocol() {
            None => self.line.take(registered),
            Some(protocol) => self.take_by_protocol(protocol, registered),
        }
    }

    #[inline(always)]
    fn quick(&self, pool: Option<&mut WaitPool>) -> Quick<T> {
        match self.line.own().is_ruled() {
            false => self.line.quick_freely(pool),
            true => {
                Quick::by_call(|it| self.quick_by_rules(pool.map(WaitPool::lend), it))
            }
        }
    }

    fn enter(&self, registered: bool) -> Option<Box<dyn Front<T> + '_>> {
        let front = self.line.enter(registered)?;
        match self.protocol() {
            None => Some(Box::new(front)),
            Some(protocol) => {
                Some(Box::new(ProtocolFront::new(self, protocol, Box::new(front))))
            }
        }
    }

    fn arm(&self, pool: &mut WaitPool) -> bool {
        let armed = self.line.arm(pool);
        if armed || self.protocol().is_none() {
            return armed;
        }
        // A step of the protocol wakes all who wait at the end's ports. So does one that takes what was
        // sent before the message at hand.
        match self.enter(true) {
            Some(mut front) => front.look(0) == Look::Empty,
            None => true,
        }
    }

    fn origin(&self) -> Origin {
        What::Port(self.here().port_of(self.about().name)).into()
    }

    fn outlook(&self) -> Outlook {
        if self.protocol().is_none() {
            return Outlook::Free;
        }
        let about = self.about();
        let end: EndHold = self.here().hold(about.sender.other());
        Outlook::Ports(end, Ports::One(about.name))
    }

    fn address(&self) -> usize {
        ptr::from_ref(self).addr()
    }

    fn is_own(&self, strand: &Strand) -> bool {
        self.receiver() == Side::Impl && self.here().strand() == strand.address()
    }

    fn forbids(&self) -> Option<Exception> {
        self.forbidden(self.protocol()?)
    }
}

impl<T> PartialEq for Port<T> {
    fn eq(&self, other: &Self) -> bool {
        ptr::eq(self, other)
    }
}

impl<T> Eq for Port<T> {}

impl<T> fmt::Debug for Port<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Port({})", self.about().name)
    }
}

impl<T: Value> Receive for Port<T> {
    type Item = T;

    fn source(&self) -> Source<T> {
        Port::source(self)
    }

    #[expect(private_bounds, reason = "as in the trait")]
    fn with_supply<R>(&self, look: impl FnOnce(&dyn Supply<T>) -> R) -> R {
        look(self)
    }

    #[expect(private_interfaces, reason = "as in the trait")]
    #[inline(always)]
    fn quick(&self, pool: Option<&mut WaitPool>) -> Quick<T> {
        Supply::quick(self, pool)
    }

    #[expect(private_interfaces, reason = "as in the trait")]
    #[inline(always)]
    fn glance(&self, owner: usize) -> Glance {
        if self.line.own().is_ruled() { Glance::Other } else { self.line.glance(owner) }
    }
}

impl<T: Value> SendTo for Port<T> {
    type Item = T;

    fn target(&self) -> Target<T> {
        Port::target(self)
    }
}

/// Sends a request; the reply arrives at the correlator. If the request is dropped unanswered, now or
/// later, receiving from the correlator throws `NoReplyException`.
#[track_caller]
pub fn request<T: Value, R: Value>(
    port: &Port<Request<T, R>>,
    value: T,
) -> Correlator<R> {
    let (request, correlator) = Request::new(value, port.reply());
    port.send(request);
    correlator
}

/// As [`request`], and throws `ProtocolException` or `OverloadException`.
#[track_caller]
pub fn request_checked<T: Value, R: Value>(
    port: &Port<Request<T, R>>,
    value: T,
) -> Result<Correlator<R>> {
    let (request, correlator) = Request::new(value, port.reply());
    port.send_checked(request)?;
    Ok(correlator)
}

/// As [`request_checked`], with `[NoDrop]` or `[NoSuspend]` before the send.
#[track_caller]
pub fn request_strictly<T: Value, R: Value>(
    port: &Port<Request<T, R>>,
    value: T,
    no_drop: bool,
    no_suspend: bool,
) -> Result<Correlator<R>> {
    let (request, correlator) = Request::new(value, port.reply());
    send_strictly(port, request, no_drop, no_suspend)?;
    Ok(correlator)
}
