//! What a channel type declares of its ports, and what the runtime makes of that for channels of any
//! type. It holds nothing of a channel that is open.

use std::any::{Any, TypeId};
use std::fmt;
use std::marker::PhantomData;

use super::port::Inner;
use super::protocol::Protocol;
use super::{Channel, Side};
use crate::port::Value;
use crate::port::source::Ending;
use crate::scheduler::strand::Owner;
use crate::scheduler::waits::PortOf;

/// A port as `Channel::PORTS` declares it.
pub struct Declared<C> {
    pub(super) about: About,
    pub(super) port: fn(&C) -> &dyn AnyPort,
}

/// What is said of a port, whatever it carries.
pub(crate) struct About {
    pub(crate) name: &'static str,
    /// The end that sends.
    pub(crate) sender: Side,
    /// What the guards of the protocol say of a message.
    pub(crate) guard: Option<Guard>,
}

/// Whether the guard of a number lets a message pass, which is of the type of its port.
pub(crate) type Guard = fn(usize, &dyn Any) -> bool;

impl About {
    pub(crate) fn holds<T: Value>(&self, guard: usize, message: &T) -> bool {
        self.guard.is_none_or(|it| it(guard, message))
    }
}

impl<C> fmt::Debug for Declared<C> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Declared({})", self.about.name)
    }
}

impl<C> Declared<C> {
    /// A port on which the using end sends; `port` gives the field that it is.
    #[must_use]
    pub const fn input(name: &'static str, port: fn(&C) -> &dyn AnyPort) -> Self {
        Self { about: About { name, sender: Side::Using, guard: None }, port }
    }

    /// A port on which the implementing end sends.
    #[must_use]
    pub const fn output(name: &'static str, port: fn(&C) -> &dyn AnyPort) -> Self {
        Self { about: About { name, sender: Side::Impl, guard: None }, port }
    }

    /// The same with guards of the protocol, by their numbers.
    #[must_use]
    pub const fn guarded(self, guard: fn(usize, &dyn Any) -> bool) -> Self {
        let About { name, sender, .. } = self.about;
        Self { about: About { name, sender, guard: Some(guard) }, port: self.port }
    }
}

/// The message that a guard is asked about.
pub fn message<T: Value>(message: &dyn Any) -> T {
    match message.downcast_ref::<T>() {
        Some(message) => message.clone(),
        None => unreachable!("a guard is asked about messages of its port"),
    }
}

/// A port, whatever it carries.
pub trait AnyPort: Send + Sync {
    /// For the runtime.
    #[doc(hidden)]
    #[expect(private_interfaces, reason = "only `Port` implements it")]
    fn inner(&self) -> &dyn Inner;
}

/// The ports of a channel of any type.
pub(crate) trait Ports {
    fn port(&self, index: usize) -> &dyn Inner;

    /// All end for `side`.
    fn end(&self, side: Side, ending: &Ending);

    /// Nobody has either end: what is queued goes.
    fn empty(&self);

    /// The strand of the channel keeps nothing to itself any more.
    fn share(&self);
}

impl<C: Channel> Ports for C {
    fn port(&self, index: usize) -> &dyn Inner {
        (C::PORTS[index].port)(self).inner()
    }

    fn end(&self, side: Side, ending: &Ending) {
        for declared in C::PORTS {
            let port = (declared.port)(self).inner();
            port.end(declared.about.sender == side, ending.clone());
        }
    }

    fn empty(&self) {
        for declared in C::PORTS {
            (declared.port)(self).inner().empty();
        }
    }

    fn share(&self) {
        for declared in C::PORTS {
            (declared.port)(self).inner().share();
        }
    }
}

/// A channel type, for the runtime.
pub struct Kind {
    pub(crate) name: &'static str,
    /// The name of the agents that implement it; none in what is said of the type alone.
    agent: &'static str,
    pub(crate) protocol: Option<&'static Protocol>,
    pub(super) id: fn() -> TypeId,
    /// The channel it derives from, whose ports are its first.
    pub(super) base: Option<&'static Kind>,
    /// How many channels it derives from, one through the other.
    pub(super) depth: usize,
    pub(super) n_ports: usize,
    pub(super) about: fn(usize) -> &'static About,
}

impl fmt::Debug for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Kind({})", self.name)
    }
}

/// Where the one `Kind` of a type is.
trait Kinded {
    const KIND: &'static Kind;
}

impl<C: Channel> Kinded for C {
    const KIND: &'static Kind = &Kind {
        name: C::NAME,
        agent: "",
        protocol: C::PROTOCOL,
        id: TypeId::of::<C>,
        base: C::BASE,
        depth: match C::BASE {
            Some(base) => base.depth + 1,
            None => 0,
        },
        n_ports: C::PORTS.len(),
        about: |index| &C::PORTS[index].about,
    };
}

/// The channels of agents of one type.
struct Implemented<C, O>(PhantomData<(C, O)>);

impl<C: Channel, O: Owner> Kinded for Implemented<C, O> {
    const KIND: &'static Kind = &Kind { agent: O::NAME, ..*C::KIND };
}

/// A port for reports, which find its name when they are written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PortAt {
    pub(crate) kind: &'static Kind,
    pub(crate) index: usize,
    /// The address of the agent's strand, only to be compared.
    pub(crate) strand: usize,
}

impl PortAt {
    /// What reports say of it.
    pub(crate) fn port_of(self) -> PortOf {
        self.kind.port_of((self.kind.about)(self.index).name, self.strand)
    }
}

impl Kind {
    /// What the channel `C` of agents `O` is to the runtime.
    pub(super) const fn with_agent<C: Channel, O: Owner>() -> &'static Self {
        Implemented::<C, O>::KIND
    }

    /// A port of a channel, for reports; an empty name for the channel as a whole.
    pub(super) fn port_of(&self, port: &'static str, strand: usize) -> PortOf {
        PortOf { channel: self.name, port, agent: self.agent, strand }
    }

    /// What `C` is to the runtime.
    #[must_use]
    pub const fn of<C: Channel>() -> &'static Self {
        C::KIND
    }
}
