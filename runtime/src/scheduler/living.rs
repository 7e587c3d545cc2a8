//! Which agents live, for the report of a program that is at rest.
//! It keeps no agent alive.
//!
//! Each worker has a list of the agents that were made on it; a strand knows its place there ([`Place`]). Only
//! that worker touches the list, without any atomic operation: an agent that ends on
//! another worker is handed back, and taken out of the list when its worker next makes or ends an agent. Agents
//! that are made outside of workers have a list behind a lock.
//!
//! All lists are looked at when all workers sleep. The same lock keeps them from being touched then: the
//! one who looks holds it, and having taken it, finds all bits of [`Idle`](super::idle::Idle) set and `awakened`
//! unchanged; a worker whose bit was set takes and leaves it before it does anything else ([`Living::let_look`]).
//! If the worker comes first, then what it did before, the clearing of its bit, is seen by the one who looks;
//! if it comes second, it finds the lists as they were.

use std::cell::Cell as Local;
use std::ptr::NonNull;

use super::End;
use super::asked::AtRest;
use super::rest::{self, Wait};
use super::strand::{ActivityRef, Strand, StrandRef};
use super::waits::{Origin, Waited, Waits, What};
use super::{Scheduler, current};
use crate::mailbox::inbox::Inbox;
use crate::port::outlook::Stand;
use crate::position;
use crate::sync::{Cell, Seldom};

/// The place of an agent in a list. Written before the strand starts.
#[derive(Debug)]
pub(super) struct Place {
    home: Local<Home>,
    at: Local<u32>,
}

impl Place {
    pub(super) fn new() -> Self {
        Self { home: Local::new(Home::NOWHERE), at: Local::new(0) }
    }
}

/// In whose list an agent is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Home(u32);

impl Home {
    const NOWHERE: Self = Self(u32::MAX);
    const OUTSIDE: Self = Self(u32::MAX - 1);

    fn of(worker: usize) -> Self {
        // There are few workers.
        Self(worker as u32)
    }
}

/// A list of agents.
#[derive(Debug, Default)]
struct List {
    agents: Vec<Option<NonNull<Strand>>>,
    /// Places that are free.
    free: Vec<u32>,
}

// SAFETY: the strands may be used by any thread.
unsafe impl Send for List {}

impl List {
    /// The agent is to be taken out before it goes.
    fn add(&mut self, agent: &StrandRef) {
        let at = self.free.pop().unwrap_or_else(|| {
            self.agents.push(None);
            // So many agents would not fit any memory.
            self.agents.len() as u32 - 1
        });
        self.agents[at as usize] = Some(agent.as_ptr());
        agent.place.at.set(at);
    }

    fn remove(&mut self, agent: &Strand) {
        let at = agent.place.at.get();
        self.agents[at as usize] = None;
        self.free.push(at);
    }

    /// Adds all of the list.
    ///
    /// # Safety
    /// The caller has the list.
    unsafe fn collect(&self, into: &mut Vec<StrandRef>) {
        let agents = self.agents.iter().flatten();
        // SAFETY: agents in the list are there.
        into.extend(agents.map(|agent| unsafe { StrandRef::one_more(*agent) }));
    }
}

/// What one worker has.
#[derive(Debug)]
#[repr(align(128))]
struct OfWorker {
    /// Touched only by that worker, and by who looks while it sleeps.
    list: Cell<List>,
    /// Those that have ended elsewhere.
    ended: Inbox<StrandRef>,
}

/// All agents that live, and some that have ended.
#[derive(Debug)]
pub(crate) struct Living {
    workers: Box<[OfWorker]>,
    outside: Seldom<List>,
}

// SAFETY: the lists of workers are touched only as the beginning of this file says.
unsafe impl Sync for Living {}
// SAFETY: as above.
unsafe impl Send for Living {}

/// What becomes of a program that is at rest.
pub(super) enum Rest {
    Over(End),
    /// These wait for what cannot come. Woken, they throw, and the program goes on.
    InVain(Vec<ActivityRef>),
}

/// The exit code of a program in which somebody waits for ever.
const STUCK: i32 = 71;

impl Living {
    pub(crate) fn new(n_workers: usize) -> Self {
        let of_worker =
            || OfWorker { list: Cell::new(List::default()), ended: Inbox::new() };
        let workers = (0..n_workers).map(|_| of_worker()).collect();
        Self { workers, outside: Seldom::default() }
    }

    /// The list of the worker that the calling thread is, without those that have ended elsewhere.
    fn with_own<R>(&self, worker: usize, body: impl FnOnce(&mut List) -> R) -> R {
        let own = &self.workers[worker];
        own.list.with_mut(|list| {
            // SAFETY: this is the worker, which is awake; nothing below comes back here, since
            // the last handle of a strand that has ended frees memory only.
            let list = unsafe { &mut *list };
            if own.ended.has_nodes() {
                own.ended.take().for_each(|strand| list.remove(&strand));
            }
            body(list)
        })
    }

    /// An agent that has not started; `leave` comes before its end.
    pub(crate) fn enter(&self, scheduler: &'static Scheduler, agent: &StrandRef) {
        match current::worker_of(scheduler) {
            Some(worker) => {
                agent.place.home.set(Home::of(worker));
                self.with_own(worker, |list| list.add(agent));
            }
            None => {
                agent.place.home.set(Home::OUTSIDE);
                self.outside.with(|list| list.add(agent));
            }
        }
    }

    /// A strand has ended, which may have entered.
    pub(super) fn leave(&self, strand: &StrandRef) {
        let home = strand.place.home.get();
        match current::worker_of(strand.scheduler()) {
            Some(worker) if home == Home::of(worker) => {
                self.with_own(worker, |list| list.remove(strand));
            }
            _ if home == Home::NOWHERE => {}
            _ if home == Home::OUTSIDE => self.outside.with(|list| list.remove(strand)),
            _ => {
                // It is over, so it hangs in no other list and never will.
                let _ = self.workers[home.0 as usize].ended.push(strand.clone());
            }
        }
    }

    /// The calling worker is awake again: who looks at all lists is let finish.
    pub(super) fn let_look(&self) {
        self.outside.with(|_| ());
    }

    /// All agents, if all workers sleep, which `is_quiet` tells.
    fn all(&self, is_quiet: impl FnOnce() -> bool) -> Option<(AtRest, Vec<StrandRef>)> {
        self.outside.with(|outside| {
            if !is_quiet() {
                return None;
            }
            let mut all = Vec::new();
            // SAFETY: no worker touches its list before it has had this lock.
            unsafe {
                outside.collect(&mut all);
                for worker in &self.workers {
                    worker.list.with(|list| (*list).collect(&mut all));
                }
            }
            // SAFETY: nothing is ready and nothing will come, as `is_quiet` says, so nobody polls before
            // somebody is woken; `at_rest` asks all before it tells whom to wake.
            Some((unsafe { AtRest::new() }, all))
        })
    }

    /// What becomes of a program in which nothing can happen any more (decision 14). None if something
    /// happens: `is_quiet` says no.
    pub(super) fn at_rest(&self, is_quiet: impl FnOnce() -> bool) -> Option<Rest> {
        let (rest, agents) = self.all(is_quiet)?;
        let mut waits = Vec::new();
        let mut in_vain = Vec::new();
        for agent in &agents {
            let strand = agent.address();
            let Waits { places, serves } = agent.waits(&rest);
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
            let end_wait = |(agent, index, exception): (&StrandRef, _, _)| {
                agent.end_wait(index, exception)
            };
            return Some(Rest::InVain(
                in_vain.into_iter().filter_map(end_wait).collect(),
            ));
        }
        if waits.iter().all(|wait| wait.serving) {
            return Some(Rest::Over(End { code: 0, report: None }));
        }
        let report = rest::report(waits, &position::port_uses());
        Some(Rest::Over(End { code: STUCK, report: Some(report) }))
    }
}
