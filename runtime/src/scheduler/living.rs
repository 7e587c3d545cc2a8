//! Which agents live, for the report of a program that is at rest.
//!
//! Each worker has a list of the agents that were made on it; a strand knows its place there. The worker has the list
//! to itself while it is awake, without any atomic operation: an agent that ends on another worker is handed
//! back, and taken out of the list when its worker next makes or ends an agent. Agents that are made outside of
//! workers have a list behind a lock.
//!
//! Before a worker goes to sleep it leaves its list behind the same lock, and takes it again before it does anything
//! else. So who holds the lock, finds that all workers sleep, and that none has been awake meanwhile, finds all
//! lists there.

use std::cell::RefCell;

use super::current;
use super::idle::MAX_WORKERS;
use super::strand::{Strand, StrandRef};
use crate::mailbox::inbox::Inbox;
use crate::sync::Seldom;

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

/// A list of agents. It keeps the memory of those in it.
#[derive(Debug, Default)]
pub(crate) struct List {
    agents: Vec<Option<StrandRef>>,
    /// Places that are free.
    free: Vec<u32>,
}

impl List {
    pub(crate) const fn new() -> Self {
        Self { agents: Vec::new(), free: Vec::new() }
    }

    fn add(&mut self, agent: StrandRef) {
        let at = self.free.pop().unwrap_or_else(|| {
            self.agents.push(None);
            // So many agents would not fit any memory.
            self.agents.len() as u32 - 1
        });
        agent.set_place(at);
        self.agents[at as usize] = Some(agent);
    }

    fn remove(&mut self, agent: &Strand) -> Option<StrandRef> {
        let at = agent.place();
        self.free.push(at);
        self.agents[at as usize].take()
    }

    fn all(&self) -> impl Iterator<Item = StrandRef> {
        self.agents.iter().flatten().cloned()
    }
}

/// The worker that a thread is, and its list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Here<'a> {
    pub(crate) worker: usize,
    /// Lent to what calls nothing back: the last handle of a strand that has ended frees memory only.
    pub(crate) list: &'a RefCell<List>,
}

/// Those that have ended on other workers than the one in whose list they are.
#[derive(Debug)]
#[repr(align(128))]
struct Ended(Inbox<StrandRef>);

/// All agents that live, and some that have ended.
#[derive(Debug)]
pub(crate) struct Living {
    ended: Box<[Ended]>,
    left: Seldom<Left>,
}

/// The lists that nobody has.
#[derive(Debug)]
struct Left {
    outside: List,
    /// Those of the workers that sleep or have not begun.
    workers: Box<[Option<List>]>,
}

impl Living {
    pub(crate) fn new(n_workers: usize) -> Self {
        let left = Left {
            outside: List::new(),
            workers: (0..n_workers).map(|_| Some(List::new())).collect(),
        };
        Self {
            ended: (0..n_workers).map(|_| Ended(Inbox::new())).collect(),
            left: Seldom::new(left),
        }
    }

    /// The list of the worker, without those that have ended elsewhere.
    fn with_own<R>(&self, here: Here<'_>, body: impl FnOnce(&mut List) -> R) -> R {
        let ended = &self.ended[here.worker].0;
        let list = &mut here.list.borrow_mut();
        if ended.has_nodes() {
            ended.take().for_each(|strand| drop(list.remove(&strand)));
        }
        body(list)
    }

    /// An agent that has not started, on this worker or outside; `leave` comes at its end.
    pub(crate) fn enter(&self, here: Option<Here<'_>>, agent: StrandRef) {
        match here {
            Some(here) => {
                agent.set_home(Home::of(here.worker));
                self.with_own(here, |list| list.add(agent));
            }
            None => {
                agent.set_home(Home::OUTSIDE);
                self.left.with(|left| left.outside.add(agent));
            }
        }
    }

    /// As `enter`, on the calling thread.
    pub(crate) fn enter_here(&self, agent: StrandRef) {
        current::with_here(|here| self.enter(here, agent));
    }

    /// A strand has ended, which may have entered, on this worker or outside.
    pub(super) fn leave(&self, here: Option<Here<'_>>, strand: &StrandRef) {
        let home = strand.home();
        let left = match here {
            Some(here) if home == Home::of(here.worker) => {
                self.with_own(here, |list| list.remove(strand))
            }
            _ if home == Home::NOWHERE => None,
            _ if home == Home::OUTSIDE => {
                self.left.with(|left| left.outside.remove(strand))
            }
            _ => {
                // It is over, so it hangs in no other list and never will.
                let _ = self.ended[home.0 as usize].0.push(strand.clone());
                None
            }
        };
        drop(left);
    }

    /// The worker is about to sleep.
    pub(super) fn leave_list(&self, here: Here<'_>) {
        let list = here.list.take();
        self.left.with(|left| left.workers[here.worker] = Some(list));
    }

    /// The worker begins, or is awake again. Waits for who looks at the lists.
    pub(super) fn take_list(&self, here: Here<'_>) {
        let list = self.left.with(|left| left.workers[here.worker].take());
        here.list.replace(list.unwrap_or_default());
    }

    /// All agents, if all workers sleep, which `is_quiet` tells.
    pub(super) fn all(&self, is_quiet: impl FnOnce() -> bool) -> Option<Vec<StrandRef>> {
        self.left.with(|left| {
            if !is_quiet() {
                return None;
            }
            let mut all: Vec<_> = left.outside.all().collect();
            for list in &left.workers {
                all.extend(list.as_ref()?.all());
            }
            Some(all)
        })
    }
}
