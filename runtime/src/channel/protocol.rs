//! Protocols at run time: each end walks the same machine by what it sends and receives.
//! It does not know what is sent: who asks for a move answers what its guards say.

use crate::sync::{AtomicUsize, Ordering, Seldom};
use crate::value::{Exception, Result as Outcome};

/// The machine of a channel; state 0 is `Start`.
#[derive(Debug)]
pub struct Protocol {
    /// All states but `End`.
    pub states: &'static [ProtocolState],
}

/// One state of a protocol.
#[derive(Debug)]
pub struct ProtocolState {
    /// Its name in the program.
    pub name: &'static str,
    /// The ports that may be used, and the state that follows; [`Protocol::END`] ends it.
    pub moves: &'static [(&'static str, usize)],
    /// The number of each move's guard; empty if none has one.
    pub guards: &'static [Option<usize>],
}

impl Protocol {
    /// The number of the state `End`.
    pub const END: usize = usize::MAX;

    /// Whether some message may go over `port` in `state`.
    pub(crate) fn allows(&self, state: usize, port: &str) -> bool {
        let state = self.states.get(state);
        state.is_some_and(|it| it.moves.iter().any(|(name, _)| *name == port))
    }

    /// The state after a message has gone over `port` in `state`, if that is allowed; `holds` says
    /// whether the guard of a number lets the message pass. The first move that applies counts.
    pub(crate) fn next(
        &self,
        state: usize,
        port: &str,
        holds: &dyn Fn(usize) -> bool,
    ) -> Option<usize> {
        let state = self.states.get(state)?;
        let mut moves = state.moves.iter().enumerate();
        let applies = |at: usize| match state.guards.get(at) {
            Some(Some(guard)) => holds(*guard),
            _ => true,
        };
        moves
            .find(|(at, (name, _))| *name == port && applies(*at))
            .map(|(_, (_, next))| *next)
    }

    /// Whether no message but one over `port` may go in `state`.
    pub(crate) fn allows_only(&self, state: usize, port: &str) -> bool {
        let state = self.states.get(state);
        state.is_some_and(|it| it.moves.iter().all(|(name, _)| *name == port))
    }

    fn name_of(&self, state: usize) -> &'static str {
        self.states.get(state).map_or("End", |it| it.name)
    }

    /// Throws unless an end that is in state `found` is in `wanted`.
    #[track_caller]
    pub(crate) fn expect(
        &self,
        channel: &str,
        found: usize,
        wanted: usize,
    ) -> Outcome<()> {
        if found == wanted {
            return Ok(());
        }
        let (found, wanted) = (self.name_of(found), self.name_of(wanted));
        let text = format!(
            "an end of `{channel}` is in state `{found}` where state `{wanted}` is expected"
        );
        Err(Exception::new("ProtocolException", text))
    }

    /// The exception for using `port` in `state`.
    #[cold]
    pub(crate) fn violation(&self, state: usize, port: &str, doing: &str) -> Exception {
        let text = match self.states.get(state) {
            None => format!(
                "port `{port}` cannot be {doing} in state `End`: the channel is over"
            ),
            Some(it) if self.allows(state, port) => format!(
                "port `{port}` cannot be {doing} in state `{}`: no guard lets the message pass",
                it.name
            ),
            Some(state) => {
                let names: Vec<String> =
                    state.moves.iter().map(|(name, _)| format!("`{name}`")).collect();
                let expected = match names.split_last() {
                    None => "nothing".to_owned(),
                    Some((last, [])) => last.clone(),
                    Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
                };
                let state = state.name;
                format!(
                    "port `{port}` cannot be {doing} in state `{state}`, which expects {expected}"
                )
            }
        };
        Exception::new("ProtocolException", text)
    }
}

impl Protocol {
    /// The exception for waiting at `port` while a message at `other` comes before.
    #[cold]
    pub(crate) fn overtaken(&self, state: usize, port: &str, other: &str) -> Exception {
        let state = self.name_of(state);
        let text = format!(
            "port `{port}` cannot be received from in state `{state}`: a message at \
             port `{other}` comes first, and nobody takes it"
        );
        Exception::new("ProtocolException", text)
    }
}

/// How far one end has come.
#[derive(Debug)]
pub(crate) struct ProtocolWalk {
    state: AtomicUsize,
    /// How many messages it has sent. Held while one is sent, so that messages stand in their queues in the
    /// order in which they moved the machine, also where readers of a domain send on one end of it. All
    /// other ends have one owner, so this lock is free: one exchange in and one out. Who waits sleeps, and whoever
    /// comes while it is free is next: if numbers were drawn first, all would wait for the one sender
    /// that lost its processor between number and queue.
    sent: Seldom<usize>,
    /// How many messages it has taken. It takes them in the order in which the other end has sent
    /// them, over all ports: else the two might walk different ways.
    taken: AtomicUsize,
}

impl ProtocolWalk {
    pub(crate) fn new() -> Self {
        Self {
            state: AtomicUsize::new(0),
            sent: Seldom::new(0),
            taken: AtomicUsize::new(0),
        }
    }

    pub(crate) fn state(&self) -> usize {
        // Acquire pairs with the release in `step`.
        self.state.load(Ordering::Acquire)
    }

    /// Runs `send` alone with the number of the next message. It moves the machine and puts the message
    /// into its queue, or gives the state that forbids it.
    pub(crate) fn in_turn(
        &self,
        send: impl FnOnce(usize) -> Result<(), usize>,
    ) -> Result<(), usize> {
        self.sent.with(|sent| {
            send(*sent)?;
            *sent = sent.wrapping_add(1);
            Ok(())
        })
    }

    /// Moves by taking a message from `port`, or says which state forbids it.
    pub(crate) fn take(
        &self,
        protocol: &Protocol,
        port: &str,
        holds: &dyn Fn(usize) -> bool,
    ) -> Result<(), usize> {
        self.step(protocol, port, holds)?;
        // Release: who sees the count sees the state that came with it.
        self.taken.fetch_add(1, Ordering::Release);
        Ok(())
    }

    /// How many messages are to be taken before the one with this number.
    pub(crate) fn before(&self, number: usize) -> usize {
        // Acquire pairs with the release in `take`.
        number.wrapping_sub(self.taken.load(Ordering::Acquire))
    }

    /// Moves over `port`, or says which state forbids it.
    pub(crate) fn step(
        &self,
        protocol: &Protocol,
        port: &str,
        holds: &dyn Fn(usize) -> bool,
    ) -> Result<(), usize> {
        let mut state = self.state();
        loop {
            let next = protocol.next(state, port, holds).ok_or(state)?;
            match self.state.compare_exchange_weak(
                state,
                next,
                Ordering::AcqRel,
                Ordering::Acquire,
            ) {
                Ok(_) => return Ok(()),
                Err(now) => state = now,
            }
        }
    }
}
