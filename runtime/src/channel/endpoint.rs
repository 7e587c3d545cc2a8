//! The two ends of a channel as handles: `Using<C>` and `Impl<C>`.
//! It does not queue; the ports do.

use std::cell::RefCell;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use super::port::{AnyPort, Port, PortCore};
use super::protocol::Protocol;
use super::{Channel, Derived, Shared, Side};
use crate::mailbox::waiters::WaitPool;
use crate::port::Value;
use crate::port::event::EventSource;
use crate::port::line::{Line, Overflow};
use crate::port::outlook::{Conversation, Stand};
use crate::port::source::{Ending, Source};
use crate::scheduler::waits::What;
use crate::sync::Ordering;
use crate::value::{Exception, Result};

/// Held by everything that one end consists of; dropped when the last of it goes.
pub(crate) struct EndToken {
    pub(crate) shared: Arc<Shared>,
    pub(crate) side: Side,
    /// Set once the ports are made.
    ports: OnceLock<Box<[Arc<dyn AnyPort>]>>,
}

impl fmt::Debug for EndToken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "EndToken({} {:?})", self.shared.name, self.side)
    }
}

impl EndToken {
    fn ports(&self) -> impl Iterator<Item = &Arc<dyn AnyPort>> {
        self.ports.get().into_iter().flatten()
    }

    fn received_ports(&self) -> impl Iterator<Item = &Arc<dyn AnyPort>> {
        self.ports().filter(|port| port.sender() != self.side)
    }

    /// Ends this end's sending.
    fn close(&self) {
        for port in self.ports().filter(|port| port.sender() == self.side) {
            port.complete(Ending::Normal);
        }
        self.shared.gone(self.side, Ending::Normal);
    }

    /// This end goes for good.
    fn finish(&self, ending: &Ending) {
        for port in self.ports() {
            if port.sender() == self.side {
                port.complete(ending.clone());
            } else {
                port.shut(ending.clone());
            }
        }
        if self.side == Side::Impl {
            // Another strand may get the address.
            self.shared.strand.store(0, Ordering::Relaxed);
        }
        self.shared.gone(self.side, ending.clone());
    }

    /// The protocol may have moved by a send or receive of this end: who waits at its ports looks again.
    pub(crate) fn stepped(&self) {
        if self.shared.protocol.is_none() {
            return;
        }
        if self.shared.walk(self.side).state() == Protocol::END {
            self.close();
            self.shared.gone(self.side.other(), Ending::Normal);
        }
        for port in self.received_ports() {
            port.wake();
        }
    }
}

impl Conversation for EndToken {
    fn stand(&self, wanted: &[&'static str]) -> Stand {
        let Some(protocol) = self.shared.protocol else { return Stand::Open };
        let walk = self.shared.walk(self.side);
        let found = walk.state();
        let (mut state, mut left) = (found, wanted.to_vec());
        for before in 0..wanted.len() {
            let (Some(first), true) = (left.first(), state != Protocol::END) else {
                break;
            };
            let mut ports = self.received_ports();
            let sent = ports.find_map(|port| {
                Some((port.name(), port.after(protocol, walk, before, state)?))
            });
            let Some((name, after)) = sent else { break };
            match left.iter().position(|it| *it == name) {
                Some(at) => drop(left.remove(at)),
                // The end of the conversation is the end of the wait.
                None if after == Protocol::END => return Stand::Open,
                None => return Stand::InVain(protocol.overtaken(found, first, name)),
            }
            state = after;
        }
        let is_over =
            |port: &Arc<dyn AnyPort>| left.contains(&port.name()) && port.is_over();
        match found == Protocol::END || self.received_ports().any(is_over) {
            true => Stand::Over,
            false => Stand::Open,
        }
    }

    fn expects_only(&self, port: &str) -> bool {
        let state = self.shared.walk(self.side).state();
        self.shared.protocol.is_none_or(|it| it.allows_only(state, port))
    }

    fn arm(&self, pool: &mut WaitPool) {
        for port in self.received_ports() {
            port.arm(pool);
        }
    }

    fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }
}

impl Drop for EndToken {
    fn drop(&mut self) {
        self.shared.gone(self.side, Ending::Normal);
    }
}

/// What `Channel::open` makes the ports of one end from.
pub struct ChannelCore {
    token: Arc<EndToken>,
    ports: RefCell<Vec<Arc<dyn AnyPort>>>,
    /// How many of `ports` this end has taken; when it is past them, it makes them.
    n_taken: RefCell<usize>,
}

impl fmt::Debug for ChannelCore {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "ChannelCore({:?})", self.token)
    }
}

impl ChannelCore {
    /// A port on which the using end sends.
    pub fn input<T: Value>(&self, name: &'static str) -> Port<T> {
        self.port(name, Side::Using, Line::unbounded)
    }

    /// A port on which the implementing end sends.
    pub fn output<T: Value>(&self, name: &'static str) -> Port<T> {
        self.port(name, Side::Impl, Line::unbounded)
    }

    /// An input port with a capacity.
    pub fn bounded_input<T: Value>(
        &self,
        name: &'static str,
        capacity: usize,
        policy: Overflow,
    ) -> Port<T> {
        self.port(name, Side::Using, || Line::bounded(capacity, policy, self.room(name)))
    }

    /// An output port with a capacity.
    pub fn bounded_output<T: Value>(
        &self,
        name: &'static str,
        capacity: usize,
        policy: Overflow,
    ) -> Port<T> {
        self.port(name, Side::Impl, || Line::bounded(capacity, policy, self.room(name)))
    }

    fn room(&self, name: &'static str) -> What {
        What::Room(self.token.shared.port_of(name))
    }

    fn port<T: Value>(
        &self,
        name: &'static str,
        sender: Side,
        line: impl FnOnce() -> Line<T>,
    ) -> Port<T> {
        let mut ports = self.ports.borrow_mut();
        let index = self.n_taken.replace_with(|n| *n + 1);
        if index == ports.len() {
            let numbers = self.token.shared.protocol.map(|_| Line::unbounded());
            ports.push(Arc::new(PortCore {
                line: line(),
                name,
                sender,
                guard: OnceLock::new(),
                numbers,
            }));
        }
        match ports[index].clone().into_any().downcast::<PortCore<T>>() {
            Ok(port) => Port::new(port, self.token.clone()),
            Err(_) => unreachable!("`open` makes the same ports for both ends"),
        }
    }
}

/// Opens a channel for the agent of the strand at this address.
pub(crate) fn open<C: Channel>(
    agent: &'static str,
    strand: usize,
) -> (Using<C>, Impl<C>) {
    open_in(Shared::new::<C>(agent, strand))
}

/// Makes the two ends.
pub(super) fn open_in<C: Channel>(shared: Arc<Shared>) -> (Using<C>, Impl<C>) {
    let mut ports = Vec::new();
    let mut end = |side| {
        let token =
            Arc::new(EndToken { shared: shared.clone(), side, ports: OnceLock::new() });
        let core = ChannelCore {
            token: token.clone(),
            ports: RefCell::new(std::mem::take(&mut ports)),
            n_taken: RefCell::new(0),
        };
        let made = C::open(&core);
        ports = core.ports.into_inner();
        let _ = token.ports.set(ports.clone().into_boxed_slice());
        Arc::new(End { ports: made, token })
    };
    let (using, implementing) = (end(Side::Using), end(Side::Impl));
    (Using { end: using }, Impl { end: implementing })
}

#[derive(Debug)]
struct End<C> {
    ports: C,
    token: Arc<EndToken>,
}

macro_rules! ends {
    ($($(#[$doc:meta])* $name:ident;)*) => { $(
        $(#[$doc])*
        pub struct $name<C> {
            end: Arc<End<C>>,
        }

        impl<C: Channel> $name<C> {
            /// Ends this end's sending: what is queued is still delivered, and receiving goes on.
            pub fn close(&self) {
                self.end.token.close();
            }

            /// `Completion`: delivers once the other end has gone: null, or how its agent failed.
            pub fn completion(&self) -> Source<Option<Exception>> {
                let token = &self.end.token;
                let what = match token.side {
                    Side::Using => What::EndOf(token.shared.port_of("")),
                    Side::Impl => What::EndOfUsers,
                };
                let done = EventSource::new(token.shared.done(token.side), what);
                Source::new(done).map(|ending: Ending| match ending {
                    Ending::Failed(failure) => Some(failure.observe()),
                    Ending::Normal | Ending::NoReply | Ending::Replied => None,
                })
            }
        }

        impl<C: Derived> $name<C> {
            /// The same end as one of the channel that this one derives from.
            pub fn base_end(&self) -> $name<C::Base> {
                let (ports, token) = (self.end.ports.base(), self.end.token.clone());
                $name { end: Arc::new(End { ports, token }) }
            }
        }

        impl<C> Clone for $name<C> {
            fn clone(&self) -> Self {
                Self { end: self.end.clone() }
            }
        }

        impl<C> PartialEq for $name<C> {
            fn eq(&self, other: &Self) -> bool {
                Arc::ptr_eq(&self.end.token, &other.end.token)
            }
        }

        impl<C> Eq for $name<C> {}

        impl<C: Channel> fmt::Debug for $name<C> {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, "{}({})", stringify!($name), C::NAME)
            }
        }

        impl<C> Deref for $name<C> {
            type Target = C;

            fn deref(&self) -> &C {
                &self.end.ports
            }
        }
    )* };
}

ends! {
    /// The using end of a channel. A clone names the same end; `==` is identity. When the last handle
    /// goes, both ways are closed.
    Using;
    /// The implementing end of a channel. It goes with its agent.
    Impl;
}

/// An end whose protocol can be asked for its state.
pub trait ProtocolEnd {
    /// Whether it is in a state, or what is wrong.
    fn check_state(&self, state: usize) -> Result<()>;
}

macro_rules! protocol_ends {
    ($($name:ident)*) => { $(
        impl<C: Channel> ProtocolEnd for $name<C> {
            #[track_caller]
            fn check_state(&self, state: usize) -> Result<()> {
                let token = &self.end.token;
                match token.shared.protocol {
                    Some(protocol) => {
                        protocol.expect(C::NAME, token.shared.walk(token.side).state(), state)
                    }
                    None => Ok(()),
                }
            }
        }
    )* };
}

protocol_ends! { Using Impl }

/// A value that takes a type `C@State`: throws `ProtocolException` in another state.
#[track_caller]
pub fn in_state<E: ProtocolEnd>(end: E, state: usize) -> Result<E> {
    end.check_state(state)?;
    Ok(end)
}

impl<C: Channel> Using<C> {
    /// `Monitor()`: the same as `completion`.
    pub fn monitor(&self) -> Source<Option<Exception>> {
        self.completion()
    }
}

impl<C> Impl<C> {
    /// The agent has ended.
    pub(crate) fn finish(&self, ending: &Ending) {
        self.end.token.finish(ending);
    }
}
