//! Ports: the two sides of one queue in a channel, as an end holds them.
//! It does not decide which end holds which side; `ChannelCore` does.

use std::any::Any;
use std::fmt;
use std::panic::Location;
use std::sync::{Arc, OnceLock};

use super::Side;
use super::endpoint::EndToken;
use super::protocol::{Protocol, ProtocolWalk};
use crate::mailbox::Look;
use crate::mailbox::queue::Quick;
use crate::mailbox::waiters::WaitPool;
use crate::network::control::Control;
use crate::network::valve::Valve;
use crate::port::Value;
use crate::port::line::{Line, Strictness};
use crate::port::outlook::{Outlook, Ports};
use crate::port::request::{Correlator, Request};
use crate::port::source::{Ending, Front, InOrder, Item, Receive, Source, Supply, Take};
use crate::port::target::{Accept, SendTo, Target, send_strictly};
use crate::scheduler::strand::Strand;
use crate::scheduler::waits::{Origin, What};
use crate::value::{Exception, Result};

/// The queue of one port.
pub(crate) struct PortCore<T> {
    pub(crate) line: Line<T>,
    pub(crate) name: &'static str,
    /// The end that sends.
    pub(crate) sender: Side,
    /// What the guards of the protocol say of a message.
    pub(crate) guard: OnceLock<Guard<T>>,
    /// Of the queued messages, counted over all ports of the sender; only under a protocol.
    pub(crate) numbers: Option<Line<usize>>,
}

/// Whether the guard of a number lets a message pass.
pub(crate) type Guard<T> = fn(usize, &T) -> bool;

impl<T> PortCore<T> {
    fn holds(&self, guard: usize, message: &T) -> bool {
        self.guard.get().is_none_or(|it| it(guard, message))
    }
}

/// A port as its channel sees it, whatever it carries.
pub(crate) trait AnyPort: Send + Sync {
    fn sender(&self) -> Side;
    fn complete(&self, ending: Ending);
    fn shut(&self, ending: Ending);
    fn wake(&self);
    fn name(&self) -> &'static str;
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
    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync>;
}

impl<T: Value> AnyPort for PortCore<T> {
    fn sender(&self) -> Side {
        self.sender
    }

    fn complete(&self, ending: Ending) {
        self.line.complete(ending);
    }

    fn shut(&self, ending: Ending) {
        self.line.shut(ending);
    }

    fn wake(&self) {
        self.line.wake();
    }

    fn name(&self) -> &'static str {
        self.name
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
        let mut numbers = self.numbers.as_ref()?.enter(false)?;
        // Of the messages before it some are here, and the others at other ports.
        let index = (0..=before).find(|it| {
            numbers.peek(*it).is_some_and(|number| walk.before(number) == before)
        })?;
        let mut front = self.line.enter(false)?;
        if front.look(index) != Look::Ready {
            return None;
        }
        let message = match self.guard.get() {
            Some(_) => front.peek(index),
            None => None,
        };
        let holds = |guard| message.as_ref().is_none_or(|it| self.holds(guard, it));
        protocol.next(state, self.name, &holds)
    }

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}

/// The sending side of a port; when nobody holds it any more, the port completes.
pub(crate) struct SendHalf<T: Value> {
    port: Arc<PortCore<T>>,
    end: Arc<EndToken>,
}

impl<T: Value> Drop for SendHalf<T> {
    fn drop(&mut self) {
        self.port.line.complete(Ending::Normal);
    }
}

impl<T: Value> SendHalf<T> {
    /// Moves the protocol and sends, or throws.
    ///
    /// The number of the message stands in the queue of numbers before the message is sent, and both
    /// after those of all messages with smaller numbers.
    /// A message that is not taken for want of room has not been sent: the machine stays where it was.
    fn send_by_protocol(
        &self,
        protocol: &'static Protocol,
        message: T,
        strictness: Strictness,
    ) -> Result<()> {
        let way = self.port.line.reserve(strictness)?;
        let walk = self.end.shared.walk(self.end.side);
        let holds = |guard| self.port.holds(guard, &message);
        let number = walk.send(protocol, self.port.name, &holds).map_err(|state| {
            self.port.line.release(way);
            protocol.violation(state, self.port.name, "sent to")
        })?;
        walk.wait_for_turn(number);
        if let Some(numbers) = &self.port.numbers {
            // Numbers have no bounds.
            let _ = numbers.send(number);
        }
        self.port.line.deliver(message, way);
        walk.end_turn(number);
        self.end.stepped();
        Ok(())
    }

    /// What the sender of a request waits for.
    #[track_caller]
    fn reply(&self) -> Origin {
        let port = self.end.shared.port_of(self.port.name);
        What::Reply(port, Location::caller()).into()
    }
}

impl<T: Value> Accept<T> for SendHalf<T> {
    fn accept(&self, value: T) -> Result<()> {
        match self.end.shared.protocol {
            None => self.port.line.send(value),
            Some(protocol) => {
                self.send_by_protocol(protocol, value, Strictness::default())
            }
        }
    }

    fn accept_strictly(&self, value: T, strictness: Strictness) -> Result<()> {
        match self.end.shared.protocol {
            None => self.port.line.send_strictly(value, strictness),
            Some(protocol) => self.send_by_protocol(protocol, value, strictness),
        }
    }

    fn address(&self) -> usize {
        Arc::as_ptr(&self.port).addr()
    }
}

/// The receiving side of a port; when nobody holds it any more, the port shuts.
pub(crate) struct RecvHalf<T: Value> {
    port: Arc<PortCore<T>>,
    end: Arc<EndToken>,
}

impl<T: Value> Drop for RecvHalf<T> {
    fn drop(&mut self) {
        self.port.line.shut(Ending::Normal);
    }
}

impl<T: Value> RecvHalf<T> {
    fn state(&self) -> usize {
        self.end.shared.walk(self.end.side).state()
    }

    fn is_allowed(&self, protocol: &Protocol) -> bool {
        protocol.allows(self.state(), self.port.name)
    }

    /// Whether the next `n` messages to be taken are of this port. Only in the turn at its queue.
    fn is_next(&self, n: usize) -> bool {
        let Some(numbers) = &self.port.numbers else { return true };
        let Some(mut front) = numbers.enter(false) else { return false };
        let walk = self.end.shared.walk(self.end.side);
        (0..n).all(|it| front.peek(it).is_some_and(|number| walk.before(number) == it))
    }

    /// How many messages are to be taken before the `n`-th one. Only in the turn at its queue.
    fn before(&self, n: usize) -> Option<usize> {
        let number = self.port.numbers.as_ref()?.enter(false)?.peek(n)?;
        Some(self.end.shared.walk(self.end.side).before(number))
    }

    fn take_by_protocol(&self, protocol: &'static Protocol, registered: bool) -> Take<T> {
        let Some(mut front) = self.enter(registered) else { return Take::Busy };
        match front.look(0) {
            Look::Over => Take::Over(front.ending()),
            Look::Empty => Take::Empty,
            Look::Ready => match front.pop() {
                Some(item) => Take::Item(item),
                // The state forbids it, or the machine has moved since the look.
                None if self.state() == Protocol::END => Take::Over(Ending::Normal),
                None if self.is_allowed(protocol) => Take::Busy,
                None => Take::Empty,
            },
        }
    }
}

impl<T: Value> Supply<T> for RecvHalf<T> {
    fn take(&self, registered: bool) -> Take<T> {
        match self.end.shared.protocol {
            None => self.port.line.take(registered),
            Some(protocol) => self.take_by_protocol(protocol, registered),
        }
    }

    #[inline]
    fn quick(&self, pool: Option<&mut WaitPool>) -> Quick<T> {
        match self.end.shared.protocol {
            None => self.port.line.quick(pool),
            Some(_) => Quick::InTurn,
        }
    }

    fn enter(&self, registered: bool) -> Option<Box<dyn Front<T> + '_>> {
        let front = self.port.line.enter(registered)?;
        match self.end.shared.protocol {
            None => Some(Box::new(front)),
            Some(protocol) => Some(Box::new(ProtocolFront {
                half: self,
                protocol,
                front: Some(Box::new(front)),
                stepped: false,
            })),
        }
    }

    fn arm(&self, pool: &mut WaitPool) -> bool {
        let armed = self.port.line.arm(pool);
        match self.end.shared.protocol {
            // A step of the protocol wakes all who wait at the end's ports.
            Some(_) if !armed => {
                // So does one that takes what was sent before the message at hand.
                match self.enter(true) {
                    Some(mut front) => front.look(0) == Look::Empty,
                    None => true,
                }
            }
            _ => armed,
        }
    }

    fn origin(&self) -> Origin {
        What::Port(self.end.shared.port_of(self.port.name)).into()
    }

    fn outlook(&self) -> Outlook {
        match self.end.shared.protocol {
            Some(_) => Outlook::Ports(self.end.clone(), Ports::One(self.port.name)),
            None => Outlook::Free,
        }
    }

    fn address(&self) -> usize {
        Arc::as_ptr(&self.port).addr()
    }

    fn is_own(&self, strand: &Strand) -> bool {
        self.end.side == Side::Impl
            && self.end.shared.strand.load(crate::sync::Ordering::Relaxed)
                == strand.address()
    }

    fn forbids(&self) -> Option<Exception> {
        let protocol = self.end.shared.protocol?;
        let state = self.state();
        if state == Protocol::END || self.is_allowed(protocol) {
            return None;
        }
        Some(protocol.violation(state, self.port.name, "received from"))
    }

    fn valved(self: Arc<Self>, control: &Arc<Control>) -> Source<T> {
        Valve::before(self, control)
    }
}

/// The turn at a port of a channel with a protocol.
struct ProtocolFront<'a, T: Value> {
    half: &'a RecvHalf<T>,
    protocol: &'static Protocol,
    /// `None` only while it is being dropped.
    front: Option<Box<dyn Front<T> + 'a>>,
    /// The machine has moved.
    stepped: bool,
}

impl<'a, T: Value> ProtocolFront<'a, T> {
    fn front(&mut self) -> &mut (dyn Front<T> + 'a) {
        match &mut self.front {
            Some(front) => &mut **front,
            None => unreachable!("a turn has its queue until it is dropped"),
        }
    }
}

impl<T: Value> Front<T> for ProtocolFront<'_, T> {
    fn look(&mut self, n: usize) -> Look {
        if self.half.state() == Protocol::END {
            return Look::Over;
        }
        match self.front().look(n) {
            Look::Ready if !self.half.is_allowed(self.protocol) => Look::Empty,
            Look::Ready if !self.half.is_next(n + 1) => Look::Empty,
            look => look,
        }
    }

    fn peek(&mut self, n: usize) -> Option<T> {
        self.front().peek(n)
    }

    fn pop(&mut self) -> Option<Item<T>> {
        if self.front().look(0) != Look::Ready {
            return None;
        }
        let half = self.half;
        if !half.is_next(1) {
            return None;
        }
        // The sender has asked the guards too; they are pure and say the same again.
        let message = match half.port.guard.get() {
            Some(_) => self.front().peek(0),
            None => None,
        };
        let holds = |guard| message.as_ref().is_none_or(|it| half.port.holds(guard, it));
        let walk = half.end.shared.walk(half.end.side);
        walk.take(self.protocol, half.port.name, &holds).ok()?;
        if let Some(numbers) = &half.port.numbers
            && let Some(mut front) = numbers.enter(false)
        {
            front.pop();
        }
        self.stepped = true;
        self.front().pop()
    }

    fn guard(&mut self) {
        self.front().guard();
    }

    fn ending(&self) -> Ending {
        match &self.front {
            Some(front) if self.half.state() != Protocol::END => front.ending(),
            _ => Ending::Normal,
        }
    }

    fn order(&mut self, n: usize) -> Option<InOrder> {
        if self.front().look(n) != Look::Ready {
            return None;
        }
        let before = self.half.before(n)?;
        // Those behind the next one are allowed once it has been taken: the sender went that way.
        if before == 0 && !self.half.is_allowed(self.protocol) {
            return None;
        }
        let walk = self.half.end.shared.walk(self.half.end.side);
        Some(InOrder { conversation: std::ptr::from_ref(walk).addr(), before })
    }
}

impl<T: Value> Drop for ProtocolFront<'_, T> {
    fn drop(&mut self) {
        self.front = None;
        if self.stepped {
            self.half.end.stepped();
        }
    }
}

/// A port as one end holds it: its sending or its receiving side. A clone names the same port.
pub struct Port<T: Value> {
    half: Half<T>,
}

enum Half<T: Value> {
    Send(Arc<SendHalf<T>>),
    Recv(Arc<RecvHalf<T>>),
}

impl<T: Value> Port<T> {
    pub(crate) fn new(port: Arc<PortCore<T>>, end: Arc<EndToken>) -> Self {
        let half = if port.sender == end.side {
            Half::Send(Arc::new(SendHalf { port, end }))
        } else {
            Half::Recv(Arc::new(RecvHalf { port, end }))
        };
        Self { half }
    }

    fn sender(&self) -> &Arc<SendHalf<T>> {
        match &self.half {
            Half::Send(half) => half,
            Half::Recv(half) => panic!("this end does not send on `{}`", half.port.name),
        }
    }

    /// Sends; never fails and never suspends. What nobody will receive is dropped and counted.
    pub fn send(&self, value: T) {
        let _ = self.sender().accept(value);
    }

    /// Sends, and throws `ProtocolException` or `OverloadException`.
    #[track_caller]
    pub fn send_checked(&self, value: T) -> Result<()> {
        self.sender().accept(value)
    }

    /// Gives the port what the guards of its protocol say of messages.
    #[must_use]
    pub fn guarded(self, guard: fn(usize, &T) -> bool) -> Self {
        let port = match &self.half {
            Half::Send(half) => &half.port,
            Half::Recv(half) => &half.port,
        };
        // Both ends open the same port and say the same of it.
        let _ = port.guard.set(guard);
        self
    }

    /// Its receiving side, at the end that receives.
    pub fn source(&self) -> Source<T> {
        match &self.half {
            Half::Recv(half) => Source { supply: half.clone() },
            Half::Send(half) => {
                panic!("this end does not receive from `{}`", half.port.name)
            }
        }
    }

    /// Its sending side, at the end that sends.
    pub fn target(&self) -> Target<T> {
        Target { accept: self.sender().clone() }
    }
}

impl<T: Value> Clone for Port<T> {
    fn clone(&self) -> Self {
        let half = match &self.half {
            Half::Send(half) => Half::Send(half.clone()),
            Half::Recv(half) => Half::Recv(half.clone()),
        };
        Self { half }
    }
}

impl<T: Value> PartialEq for Port<T> {
    fn eq(&self, other: &Self) -> bool {
        match (&self.half, &other.half) {
            (Half::Send(one), Half::Send(two)) => Arc::ptr_eq(&one.port, &two.port),
            (Half::Recv(one), Half::Recv(two)) => Arc::ptr_eq(&one.port, &two.port),
            _ => false,
        }
    }
}

impl<T: Value> Eq for Port<T> {}

impl<T: Value> fmt::Debug for Port<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match &self.half {
            Half::Send(half) => half.port.name,
            Half::Recv(half) => half.port.name,
        };
        write!(out, "Port({name})")
    }
}

impl<T: Value> Receive for Port<T> {
    type Item = T;

    fn source(&self) -> Source<T> {
        Port::source(self)
    }

    #[expect(private_interfaces, reason = "as in the trait")]
    #[inline]
    fn quick(&self, pool: Option<&mut WaitPool>) -> Quick<T> {
        match &self.half {
            Half::Recv(half) => half.quick(pool),
            Half::Send(_) => Quick::InTurn,
        }
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
    let (request, correlator) = Request::new(value, port.sender().reply());
    port.send(request);
    correlator
}

/// As [`request`], and throws `ProtocolException` or `OverloadException`.
#[track_caller]
pub fn request_checked<T: Value, R: Value>(
    port: &Port<Request<T, R>>,
    value: T,
) -> Result<Correlator<R>> {
    let (request, correlator) = Request::new(value, port.sender().reply());
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
    let (request, correlator) = Request::new(value, port.sender().reply());
    send_strictly(port, request, no_drop, no_suspend)?;
    Ok(correlator)
}
