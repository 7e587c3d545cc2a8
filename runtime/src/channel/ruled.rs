//! Ports of a channel with a protocol: what is sent and taken moves the machine, and messages are taken in
//! the order in which their end has sent them, over all its ports.
//! It does not know the machine (`protocol`), nor what happens at its end (`end`).

use super::declared::About;
use super::port::Port;
use super::protocol::{Protocol, ProtocolWalk};
use crate::mailbox::Look;
use crate::port::Value;
use crate::port::line::Strictness;
use crate::port::source::{Ending, Front, InOrder, Item, Supply, Take};
use crate::value::{Exception, Result};

impl<T: Value> Port<T> {
    /// Moves the protocol and sends, or throws.
    ///
    /// The number of the message stands in the queue of numbers before the message is sent, and both
    /// after those of all messages with smaller numbers.
    /// A message that is not taken for want of room has not been sent: the machine stays where it was.
    pub(super) fn send_by_protocol(
        &self,
        protocol: &'static Protocol,
        message: T,
        strictness: Strictness,
    ) -> Result<()> {
        let way = self.line.reserve(strictness)?;
        let (about, numbers) = self.numbered();
        let here = self.here();
        let walk = here.walk(about.sender);
        let sent = walk.in_turn(|number| {
            walk.step(protocol, about.name, &|guard| about.holds(guard, &message))?;
            if let Some(numbers) = numbers {
                // Numbers have no bounds.
                let _ = numbers.send(number);
            }
            self.line.deliver(message, way);
            Ok(())
        });
        sent.map_err(|state| {
            self.line.release(way);
            protocol.violation(state, about.name, "sent to")
        })?;
        here.stepped(about.sender);
        Ok(())
    }

    /// How far its receiving end has come.
    fn walk(&self) -> &ProtocolWalk {
        self.here().walk(self.receiver())
    }

    fn is_allowed(&self, protocol: &Protocol) -> bool {
        protocol.allows(self.walk().state(), self.about().name)
    }

    /// Whether the next `n` messages to be taken are of this port. Only in the turn at its queue.
    fn is_next(&self, n: usize) -> bool {
        let (about, Some(numbers)) = self.numbered() else { return true };
        let Some(mut front) = numbers.enter(false) else { return false };
        let walk = self.here().walk(about.sender.other());
        (0..n).all(|it| front.peek(it).is_some_and(|number| walk.before(number) == it))
    }

    /// How many messages are to be taken before the `n`-th one. Only in the turn at its queue.
    fn before(&self, n: usize) -> Option<usize> {
        let (about, numbers) = self.numbered();
        let number = numbers?.enter(false)?.peek(n)?;
        Some(self.here().walk(about.sender.other()).before(number))
    }

    pub(super) fn take_by_protocol(
        &self,
        protocol: &'static Protocol,
        registered: bool,
    ) -> Take<T> {
        let Some(mut front) = self.enter(registered) else { return Take::Busy };
        match front.look(0) {
            Look::Over => Take::Over(front.ending()),
            Look::Empty => Take::Empty,
            Look::Ready => match front.pop() {
                Some(item) => Take::Item(item),
                // The state forbids it, or the machine has moved since the look.
                None if self.walk().state() == Protocol::END => {
                    Take::Over(Ending::Normal)
                }
                None if self.is_allowed(protocol) => Take::Busy,
                None => Take::Empty,
            },
        }
    }

    /// Why the state forbids to receive from it.
    pub(super) fn forbidden(&self, protocol: &Protocol) -> Option<Exception> {
        let about = self.about();
        let state = self.walk().state();
        if state == Protocol::END || protocol.allows(state, about.name) {
            return None;
        }
        Some(protocol.violation(state, about.name, "received from"))
    }
}

/// The turn at a port of a channel with a protocol.
pub(super) struct ProtocolFront<'a, T: Value> {
    port: &'a Port<T>,
    about: &'static About,
    walk: &'a ProtocolWalk,
    protocol: &'static Protocol,
    /// `None` only while it is being dropped.
    front: Option<Box<dyn Front<T> + 'a>>,
    /// The machine has moved.
    stepped: bool,
}

impl<'a, T: Value> ProtocolFront<'a, T> {
    pub(super) fn new(
        port: &'a Port<T>,
        protocol: &'static Protocol,
        front: Box<dyn Front<T> + 'a>,
    ) -> Self {
        let (about, walk) = (port.about(), port.walk());
        Self { port, about, walk, protocol, front: Some(front), stepped: false }
    }

    fn front(&mut self) -> &mut (dyn Front<T> + 'a) {
        match &mut self.front {
            Some(front) => &mut **front,
            None => unreachable!("a turn has its queue until it is dropped"),
        }
    }

    fn is_allowed(&self) -> bool {
        self.protocol.allows(self.walk.state(), self.about.name)
    }
}

impl<T: Value> Front<T> for ProtocolFront<'_, T> {
    fn look(&mut self, n: usize) -> Look {
        if self.walk.state() == Protocol::END {
            return Look::Over;
        }
        match self.front().look(n) {
            Look::Ready if !self.is_allowed() => Look::Empty,
            Look::Ready if !self.port.is_next(n + 1) => Look::Empty,
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
        if !self.port.is_next(1) {
            return None;
        }
        // The sender has asked the guards too; they are pure and say the same again.
        let message = match self.about.guard {
            Some(_) => self.front().peek(0),
            None => None,
        };
        let about = self.about;
        let holds = |guard| message.as_ref().is_none_or(|it| about.holds(guard, it));
        self.walk.take(self.protocol, about.name, &holds).ok()?;
        if let (_, Some(numbers)) = self.port.numbered()
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
            Some(front) if self.walk.state() != Protocol::END => front.ending(),
            _ => Ending::Normal,
        }
    }

    fn order(&mut self, n: usize) -> Option<InOrder> {
        if self.front().look(n) != Look::Ready {
            return None;
        }
        let before = self.port.before(n)?;
        // Those behind the next one are allowed once it has been taken: the sender went that way.
        if before == 0 && !self.is_allowed() {
            return None;
        }
        Some(InOrder { conversation: std::ptr::from_ref(self.walk).addr(), before })
    }
}

impl<T: Value> Drop for ProtocolFront<'_, T> {
    fn drop(&mut self) {
        self.front = None;
        if self.stepped {
            self.port.here().stepped(self.port.receiver());
        }
    }
}
