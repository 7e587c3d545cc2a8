//! Protocols at run time: each end walks the same machine by what it sends and receives.
//! It does not know what is sent: who asks for a move answers what its guards say.

use crate::sync::{AtomicUsize, Ordering, pause};
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
    /// Its state in the lower half, how many messages it has sent in the upper: one step changes both.
    walk: AtomicUsize,
    /// How many messages it has taken. It takes them in the order in which the other end has sent
    /// them, over all ports: else the two might walk different ways.
    taken: AtomicUsize,
    /// How many of the messages it has sent are in their queues.
    queued: AtomicUsize,
}

const HALF: u32 = usize::BITS / 2;
/// The lower half; as a state it is [`Protocol::END`].
const STATE: usize = usize::MAX >> HALF;

impl ProtocolWalk {
    pub(crate) fn new() -> Self {
        Self {
            walk: AtomicUsize::new(0),
            taken: AtomicUsize::new(0),
            queued: AtomicUsize::new(0),
        }
    }

    pub(crate) fn state(&self) -> usize {
        // Acquire pairs with the release in `step`.
        state_of(self.walk.load(Ordering::Acquire))
    }

    /// Moves by a send over `port`: the number of the message, or the state that forbids it.
    pub(crate) fn send(
        &self,
        protocol: &Protocol,
        port: &str,
        holds: &dyn Fn(usize) -> bool,
    ) -> Result<usize, usize> {
        self.step(protocol, port, holds, 1)
    }

    /// Waits until all messages with smaller numbers are in their queues. That takes a few steps of
    /// those who send them, if several send on the one end at the same time, as readers of the domain may
    /// that has it.
    pub(crate) fn wait_for_turn(&self, number: usize) {
        // Acquire pairs with the release in `end_turn`.
        let mut n_looks = 0;
        while self.queued.load(Ordering::Acquire) != number {
            n_looks += 1;
            pause(n_looks);
        }
    }

    /// The message with this number is in its queue.
    pub(crate) fn end_turn(&self, number: usize) {
        self.queued.store(number.wrapping_add(1) & STATE, Ordering::Release);
    }

    /// Moves by taking a message from `port`, or says which state forbids it.
    pub(crate) fn take(
        &self,
        protocol: &Protocol,
        port: &str,
        holds: &dyn Fn(usize) -> bool,
    ) -> Result<(), usize> {
        self.step(protocol, port, holds, 0)?;
        // Release: who sees the count sees the state that came with it.
        self.taken.fetch_add(1, Ordering::Release);
        Ok(())
    }

    /// How many messages are to be taken before the one with this number.
    pub(crate) fn before(&self, number: usize) -> usize {
        number.wrapping_sub(self.taken.load(Ordering::Acquire)) & STATE
    }

    /// The number of messages sent before, or the state that forbids the move.
    fn step(
        &self,
        protocol: &Protocol,
        port: &str,
        holds: &dyn Fn(usize) -> bool,
        sends: usize,
    ) -> Result<usize, usize> {
        let mut walk = self.walk.load(Ordering::Acquire);
        loop {
            let (state, sent) = (state_of(walk), walk >> HALF);
            let next = protocol.next(state, port, holds).ok_or(state)?;
            let after = (next & STATE) | (sent.wrapping_add(sends) << HALF);
            match self.walk.compare_exchange_weak(
                walk,
                after,
                Ordering::AcqRel,
                Ordering::Acquire,
            ) {
                Ok(_) => return Ok(sent),
                Err(now) => walk = now,
            }
        }
    }
}

fn state_of(walk: usize) -> usize {
    match walk & STATE {
        STATE => Protocol::END,
        state => state,
    }
}
