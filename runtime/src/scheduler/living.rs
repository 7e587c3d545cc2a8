//! Which agents live, for the report of a program that is at rest.
//! It keeps no agent alive.

use std::sync::{Arc, Weak};

use super::End;
use super::rest::{self, Wait};
use super::strand::{Activity, Strand};
use super::waits::{Origin, Waited, Waits, What};
use crate::mailbox::inbox::{Inbox, Parcel};
use crate::port::outlook::Stand;
use crate::position;
use crate::sync::{AtomicUsize, Ordering};

/// A list of all agents that live, and of some that have ended and were not swept yet.
#[derive(Debug)]
pub(crate) struct Living {
    list: Inbox<Box<Parcel<Weak<Strand>>>>,
    n_living: AtomicUsize,
    n_ended: AtomicUsize,
}

/// What becomes of a program that is at rest.
pub(super) enum Rest {
    Over(End),
    /// These wait for what cannot come. Woken, they throw, and the program goes on.
    InVain(Vec<Arc<Activity>>),
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
        self.list.push(Parcel::new(Arc::downgrade(agent)));
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

    /// What becomes of a program in which nothing can happen any more (decision 14).
    pub(super) fn at_rest(&self) -> Rest {
        let agents: Vec<Arc<Strand>> = self
            .list
            .take()
            .reversed()
            .filter_map(|parcel| {
                let agent = parcel.value().upgrade()?;
                // The program may go on.
                let _ = self.list.push(parcel);
                Some(agent)
            })
            .collect();
        let mut waits = Vec::new();
        let mut in_vain = Vec::new();
        for agent in &agents {
            let strand = Arc::as_ptr(agent).addr();
            let Waits { places, serves } = agent.waits();
            for Waited { index, place, more, outlook } in places {
                if let Stand::InVain(exception) = outlook.stand() {
                    in_vain.push((agent, index, exception));
                }
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
        if !in_vain.is_empty() {
            // All were looked at first, so what they do then changes none of it.
            let end_wait = |(agent, index, exception): (&Arc<Strand>, _, _)| {
                agent.end_wait(index, exception)
            };
            return Rest::InVain(in_vain.into_iter().filter_map(end_wait).collect());
        }
        if waits.iter().all(|wait| wait.serving) {
            return Rest::Over(End { code: 0, report: None });
        }
        let report = rest::report(waits, &position::port_uses());
        Rest::Over(End { code: STUCK, report: Some(report) })
    }
}
