//! Which agents live, for the report of a program that is at rest.
//! It keeps no agent alive.

use std::sync::{Arc, Weak};

use super::End;
use super::rest::{self, Wait};
use super::strand::Strand;
use super::waits::{Origin, Waits, What};
use crate::mailbox::inbox::{Inbox, Parcel};
use crate::position;
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
            let strand = Arc::as_ptr(agent).addr();
            let Waits { places, serves } = agent.waits();
            for (place, more) in places {
                let origins: Vec<Origin> =
                    std::iter::once(place.origin).chain(more).collect();
                // Only the agent itself fills its points: with what its users sent.
                let fed = |it: &Origin| match it.what {
                    What::Point(..) => serves,
                    _ => it.is_own_port(strand),
                };
                let serving = place.serving || origins.iter().any(fed);
                let (agent, at) = (agent.name(), place.at);
                waits.push(Wait { agent, strand, at, serving, origins });
            }
        }
        if waits.iter().all(|wait| wait.serving) {
            return End { code: 0, report: None };
        }
        End { code: STUCK, report: Some(rest::report(waits, &position::port_uses())) }
    }
}
