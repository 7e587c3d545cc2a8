//! Protocols at run time: each end walks the same machine by what it sends and receives.
//! It does not know what is sent; guards are the compiler's matter.

use crate::sync::{AtomicUsize, Ordering};
use crate::value::Exception;

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
}

impl Protocol {
    /// The number of the state `End`.
    pub const END: usize = usize::MAX;

    /// The state after `port` was used in `state`, if that is allowed.
    pub(crate) fn next(&self, state: usize, port: &str) -> Option<usize> {
        let moves = self.states.get(state)?.moves;
        moves.iter().find(|(name, _)| *name == port).map(|(_, next)| *next)
    }

    /// The exception for using `port` in `state`.
    #[cold]
    pub(crate) fn violation(&self, state: usize, port: &str, doing: &str) -> Exception {
        let text = match self.states.get(state) {
            None => format!(
                "port `{port}` cannot be {doing} in state `End`: the channel is over"
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

/// The state in which one end is.
#[derive(Debug)]
pub(crate) struct ProtocolWalk(AtomicUsize);

impl ProtocolWalk {
    pub(crate) fn new() -> Self {
        Self(AtomicUsize::new(0))
    }

    pub(crate) fn state(&self) -> usize {
        // Acquire pairs with the release in `step`.
        self.0.load(Ordering::Acquire)
    }

    /// Moves by `port`; the new state, or the one that forbids it.
    pub(crate) fn step(&self, protocol: &Protocol, port: &str) -> Result<usize, usize> {
        let mut state = self.state();
        loop {
            let next = protocol.next(state, port).ok_or(state)?;
            match self.0.compare_exchange_weak(
                state,
                next,
                Ordering::AcqRel,
                Ordering::Acquire,
            ) {
                Ok(_) => return Ok(next),
                Err(now) => state = now,
            }
        }
    }
}
