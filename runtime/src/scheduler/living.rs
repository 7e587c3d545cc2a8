//! Which agents live, for the report of a program that is at rest.
//! It keeps no agent alive.
//!
//! Each worker has a list of the agents that were made on it; a strand knows its place there. Only
//! that worker touches the list, without any atomic operation: an agent that ends on
//! another worker is handed back, and taken out of the list when its worker next makes or ends an agent. Agents
//! that are made outside of workers have a list behind a lock.
//!
//! All lists are looked at when all workers sleep. The same lock keeps them from being touched then: the
//! one who looks holds it, and having taken it, finds all bits of [`Idle`](super::idle::Idle) set and `awakened`
//! unchanged; a worker whose bit was set takes and leaves it before it does anything else ([`Living::let_look`]).
//! If the worker comes first, then what it did before, the clearing of its bit, is seen by the one who looks;
//! if it comes second, it finds the lists as they were.

use std::ptr::NonNull;

use super::asked::AtRest;
use super::idle::MAX_WORKERS;
use super::strand::{Strand, StrandRef};
use crate::mailbox::inbox::Inbox;
use crate::sync::{Cell, Seldom};

/// In whose list an agent is. Written before the strand starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Home(pub(super) u8);

impl Home {
    pub(super) const NOWHERE: Self = Self(u8::MAX);
    const OUTSIDE: Self = Self(u8::MAX - 1);

    fn of(worker: usize) -> Self {
        const { assert!(MAX_WORKERS <= Self::OUTSIDE.0 as usize, "each has a number") };
        Self(worker as u8)
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
        agent.set_place(at);
    }

    fn remove(&mut self, agent: &Strand) {
        let at = agent.place();
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

    /// An agent that has not started, on this worker or outside; `leave` comes before its end.
    pub(crate) fn enter(&self, worker: Option<usize>, agent: &StrandRef) {
        match worker {
            Some(worker) => {
                agent.set_home(Home::of(worker));
                self.with_own(worker, |list| list.add(agent));
            }
            None => {
                agent.set_home(Home::OUTSIDE);
                self.outside.with(|list| list.add(agent));
            }
        }
    }

    /// A strand has ended, which may have entered, on this worker or outside.
    pub(super) fn leave(&self, worker: Option<usize>, strand: &StrandRef) {
        let home = strand.home();
        match worker {
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
    pub(super) fn all(
        &self,
        is_quiet: impl FnOnce() -> bool,
    ) -> Option<(AtRest, Vec<StrandRef>)> {
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
}
