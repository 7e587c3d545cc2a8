//! What one end does as a whole: it closes, it goes, its conversation moves. It counts nothing itself.

use std::fmt;
use std::ops::Deref;
use std::ptr;

use super::Side;
use super::declared::About;
use super::header::Header;
use super::here::Here;
use super::hold::EndHold;
use super::port::Inner;
use super::protocol::Protocol;
use crate::mailbox::waiters::WaitPool;
use crate::port::outlook::Stand;
use crate::port::source::Ending;
use crate::scheduler::waits::PortOf;

impl Deref for Here<'_> {
    type Target = Header;

    #[inline]
    fn deref(&self) -> &Header {
        self.all()
    }
}

impl fmt::Debug for Here<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Here({})", self.kind().name)
    }
}

impl<'a> Here<'a> {
    pub(crate) fn port(self, index: usize) -> &'a dyn Inner {
        let port = self.all_ports().port(index);
        assert!(
            ptr::eq(port.place().strand(), self.owner()),
            "a port is declared that is another's"
        );
        port
    }

    /// Ends the ports for `side`.
    #[inline]
    pub(super) fn end_ports(self, side: Side, ending: &Ending) {
        self.all_ports().end(side, ending);
    }

    /// The ports end for `side`, which is the implementing one.
    fn set_finished(self, side: Side) {
        debug_assert!(side == Side::Impl, "users do not finish");
        self.ends().finish();
    }

    /// Whether the ports have ended for `side`.
    pub(super) fn has_finished(self, side: Side) -> bool {
        side == Side::Impl && self.ends().has_finished()
    }

    /// The address of the strand of the implementing agent, only to be compared; 0 after its end.
    pub(crate) fn strand(self) -> usize {
        match self.has_finished(Side::Impl) {
            // Another strand may get the address.
            true => 0,
            false => self.owner().address(),
        }
    }

    /// All ports, each with what is declared of it.
    pub(crate) fn ports(self) -> impl Iterator<Item = (&'static About, &'a dyn Inner)> {
        (0..self.kind().n_ports).map(move |index| (self.about(index), self.port(index)))
    }

    pub(crate) fn about(self, index: usize) -> &'static About {
        (self.kind().about)(index)
    }

    /// A port of the channel, for reports; an empty name for the channel as a whole.
    pub(crate) fn port_of(self, port: &'static str) -> PortOf {
        self.kind().port_of(port, self.strand())
    }

    /// Whether `side` is held by one handle only, and the other end is gone. For who has that handle.
    pub(super) fn is_alone(self, side: Side) -> bool {
        // Acquire pairs with the leaving of all others: nothing comes after it that they do.
        let parts = self.ends().now();
        self.rare().is_none() && parts.is_last() && parts.is_one(side)
    }

    /// Ends the sending of `side`.
    pub(super) fn close(self, side: Side) {
        for (_, port) in self.ports().filter(|(about, _)| about.sender == side) {
            port.end(true, Ending::Normal);
        }
        self.gone(side, Ending::Normal);
    }

    /// `side` goes for good.
    pub(super) fn finish(self, side: Side, ending: &Ending) {
        self.set_finished(side);
        self.end_ports(side, ending);
        self.gone(side, ending.clone());
    }

    /// The protocol may have moved by a send or receive of `side`: who waits at its ports looks again.
    pub(super) fn stepped(self, side: Side) {
        if self.kind().protocol.is_none() {
            return;
        }
        if self.walk(side).state() == Protocol::END {
            self.close(side);
            self.gone(side.other(), Ending::Normal);
        }
        for (about, port) in self.ports() {
            if about.sender != side {
                port.wake();
            }
        }
    }
}

impl EndHold {
    /// How a wait for one message of each of these ports stands.
    pub(crate) fn stand(&self, wanted: &[&'static str]) -> Stand {
        let (here, side) = (self.here(), self.side());
        let Some(protocol) = here.kind().protocol else { return Stand::Open };
        let received = || here.ports().filter(|(about, _)| about.sender != side);
        let walk = here.walk(side);
        let found = walk.state();
        let (mut state, mut left) = (found, wanted.to_vec());
        for before in 0..wanted.len() {
            let (Some(first), true) = (left.first(), state != Protocol::END) else {
                break;
            };
            let sent = received().find_map(|(about, port)| {
                Some((about.name, port.after(protocol, walk, before, state)?))
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
        let mut over = received()
            .filter(|(about, port)| left.contains(&about.name) && port.is_over());
        match found == Protocol::END || over.next().is_some() {
            true => Stand::Over,
            false => Stand::Open,
        }
    }

    /// Whether the state allows nothing but a message of this port.
    pub(crate) fn expects_only(&self, port: &str) -> bool {
        let here = self.here();
        let state = here.walk(self.side()).state();
        here.kind().protocol.is_none_or(|it| it.allows_only(state, port))
    }

    /// Lets the next message wake the caller, whichever port it is at.
    pub(crate) fn arm(&self, pool: &mut WaitPool) {
        for (about, port) in self.here().ports() {
            if about.sender != self.side() {
                port.arm(pool);
            }
        }
    }

    /// Whether both are of one end.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.here().is(other.here()) && self.side() == other.side()
    }
}
