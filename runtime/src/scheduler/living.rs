//! Which agents live, for the report of a program that is at rest.
//! It keeps no agent alive.

use std::sync::{Arc, Weak};

use super::End;
use super::current::{Origin, WaitPlace};
use super::strand::Strand;
use crate::mailbox::inbox::{Inbox, Parcel};
use crate::position::Position;
use crate::sync::{AtomicUsize, Ordering};

/// A list of all agents that live, and of some that have ended and were not swept yet.
#[derive(Debug)]
pub(crate) struct Living {
    list: Inbox<Box<Parcel<Weak<Strand>>>>,
    n_living: AtomicUsize,
    n_ended: AtomicUsize,
}

/// Fewer ended agents than this are not worth a sweep.
const SWEEP_AT_LEAST: usize = 256;

/// The exit code of a program in which somebody waits for ever.
const STUCK: i32 = 71;

impl Living {
    pub(crate) fn new() -> Self {
        Self {
            list: Inbox::new(),
            n_living: AtomicUsize::new(0),
            n_ended: AtomicUsize::new(0),
        }
    }

    pub(crate) fn enter(&self, agent: &Arc<Strand>) {
        self.n_living.fetch_add(1, Ordering::Relaxed);
        // Never sealed.
        let _ = self.list.push(Parcel::new(Arc::downgrade(agent)));
    }

    pub(crate) fn leave(&self) {
        let n_living = self.n_living.fetch_sub(1, Ordering::Relaxed) - 1;
        let n_ended = self.n_ended.fetch_add(1, Ordering::Relaxed) + 1;
        if n_ended > SWEEP_AT_LEAST.max(n_living) {
            self.sweep();
        }
    }

    fn sweep(&self) {
        let mut n_swept = 0;
        for parcel in self.list.take().reversed() {
            if parcel.value().strong_count() == 0 {
                n_swept += 1;
            } else {
                let _ = self.list.push(parcel);
            }
        }
        // Two sweeps at once may both count; the number only decides when to sweep again.
        let _ =
            self.n_ended.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n_ended| {
                Some(n_ended.saturating_sub(n_swept))
            });
    }

    /// How a program ends in which nothing can happen any more (decision 14).
    pub(super) fn at_rest(&self) -> End {
        let agents: Vec<Arc<Strand>> = self
            .list
            .take()
            .reversed()
            .filter_map(|agent| agent.value().upgrade())
            .collect();
        let mut waits = Vec::new();
        for agent in &agents {
            for place in agent.wait_places() {
                waits.push((agent.name(), place));
            }
        }
        if waits.iter().all(|(_, place)| place.serving) {
            return End { code: 0, report: None };
        }
        End { code: STUCK, report: Some(report(&waits)) }
    }
}

fn report(waits: &[(&'static str, WaitPlace)]) -> String {
    let mut text = String::from("all agents wait and nothing can wake them\n");
    for (agent, place) in waits {
        let at = Position(place.at);
        text += &format!("    {agent} waits at {at} for {}", wanted(agent, place));
        text += &sender(agent, place, waits);
        text.push('\n');
    }
    text
}

fn wanted(agent: &str, place: &WaitPlace) -> String {
    let what = match place.origin {
        Origin::Port { port, agent: other, .. } if other == agent && place.serving => {
            format!("a message at its own port `{port}`")
        }
        Origin::Port { channel, port, .. } => format!("a message at `{channel}::{port}`"),
        Origin::Reply { channel, port, .. } => {
            format!("the reply to a request at `{channel}::{port}`")
        }
        Origin::Other(name) => format!("a message of {name}"),
    };
    if place.several { format!("{what}, among others") } else { what }
}

/// Who could have sent what `place` waits for, and why it does not.
fn sender(agent: &str, place: &WaitPlace, waits: &[(&'static str, WaitPlace)]) -> String {
    let other = match place.origin {
        Origin::Port { agent: other, .. } if other == agent && place.serving => {
            return "; its users could have sent it".to_owned();
        }
        Origin::Port { agent: other, .. } | Origin::Reply { agent: other, .. } => other,
        Origin::Other(_) => return String::new(),
    };
    let doing = match waits.iter().find(|(name, _)| *name == other) {
        Some((_, place)) => {
            format!(", which waits at {}", Position(place.at))
        }
        None => ", which is idle".to_owned(),
    };
    format!("; {other} could have sent it{doing}")
}
