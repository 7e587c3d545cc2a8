//! When agents start: at once, or when the constructor of a domain returns within which they were made.
//! It does not run them.

use std::cell::RefCell;
use std::sync::Arc;

use crate::scheduler::strand::{Body, Strand};

/// Agents that have not started, in the order in which they were made.
type Unstarted = Vec<(Arc<Strand>, Body)>;

thread_local! {
    /// One list for each domain constructor that runs on this thread.
    static WAITING: RefCell<Vec<Unstarted>> = const { RefCell::new(Vec::new()) };
}

/// Starts an agent, or puts it off.
pub(super) fn start(strand: Arc<Strand>, body: Body) {
    let now = WAITING.with_borrow_mut(|waiting| match waiting.last_mut() {
        Some(list) => {
            list.push((strand, body));
            None
        }
        None => Some((strand, body)),
    });
    if let Some((strand, body)) = now {
        strand.start(body);
    }
}

/// Puts off the start of agents until it is told how the constructor ended.
pub(crate) struct PutOff {
    is_over: bool,
}

impl PutOff {
    pub(crate) fn new() -> Self {
        WAITING.with_borrow_mut(|waiting| waiting.push(Vec::new()));
        Self { is_over: false }
    }

    /// The constructor has returned: its agents start, or are put off by the one around it.
    pub(crate) fn start_all(mut self) {
        for (strand, body) in self.take() {
            start(strand, body);
        }
    }

    fn take(&mut self) -> Unstarted {
        self.is_over = true;
        WAITING.with_borrow_mut(Vec::pop).unwrap_or_default()
    }
}

impl Drop for PutOff {
    /// The constructor has thrown: its agents never start.
    fn drop(&mut self) {
        if !self.is_over {
            for (strand, body) in self.take() {
                drop(body);
                strand.abandon();
            }
        }
    }
}
