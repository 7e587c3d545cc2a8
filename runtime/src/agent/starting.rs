//! When agents start: at once, or when the constructor of the domain returns that they were made in.
//! It does not run them.

use std::fmt;

use crate::domain::Chain;
use crate::scheduler::strand::Runnable;
use crate::sync::{AtomicBool, Ordering, Seldom};

/// Starts an agent that lives in the innermost domain of `chain`, or puts it off: nobody but its constructor
/// runs in a domain that is being made.
pub(super) fn start(mut agent: Runnable, chain: &Chain) {
    for admission in chain.iter().rev() {
        match admission.birth.put_off(agent) {
            Some(it) => agent = it,
            None => return,
        }
    }
    agent.start();
}

/// Whether a domain is still being made, and who waits for that.
pub(crate) struct Birth {
    is_over: AtomicBool,
    /// In the order in which they were made.
    waiting: Seldom<Vec<Runnable>>,
}

impl fmt::Debug for Birth {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Birth({})", self.is_over.load(Ordering::Relaxed))
    }
}

impl Birth {
    pub(crate) fn new() -> Self {
        Self { is_over: AtomicBool::new(false), waiting: Seldom::default() }
    }

    /// Keeps an agent, or gives it back when the domain is ready.
    fn put_off(&self, agent: Runnable) -> Option<Runnable> {
        // Acquire pairs with the release in `end`.
        if self.is_over.load(Ordering::Acquire) {
            return Some(agent);
        }
        self.waiting.with(|waiting| match self.is_over.load(Ordering::Acquire) {
            true => Some(agent),
            false => {
                waiting.push(agent);
                None
            }
        })
    }

    fn end(&self) -> Vec<Runnable> {
        self.waiting.with(|waiting| {
            self.is_over.store(true, Ordering::Release);
            std::mem::take(waiting)
        })
    }
}

/// A domain while its constructor runs.
pub(crate) struct PutOff {
    chain: Chain,
    is_over: bool,
}

impl PutOff {
    /// For the innermost domain of `chain`, which has just been made.
    pub(crate) fn new(chain: Chain) -> Self {
        Self { chain, is_over: false }
    }

    /// The constructor has returned: the agents start, unless a domain around is being made too.
    pub(crate) fn start_all(mut self) {
        for agent in self.take() {
            start(agent, &self.chain);
        }
    }

    fn take(&mut self) -> Vec<Runnable> {
        self.is_over = true;
        self.chain.last().map_or_else(Vec::new, |it| it.birth.end())
    }
}

impl Drop for PutOff {
    /// The constructor has thrown: its agents never start.
    fn drop(&mut self) {
        if !self.is_over {
            for agent in self.take() {
                agent.abandon();
            }
        }
    }
}
