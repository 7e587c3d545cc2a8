//! Failures of agents: who has seen them, and the report of those that nobody has.
//! It does not decide what a failure does to others.

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::{Arc, Weak};

use crate::position::{Method, Position};
use crate::scheduler::Scheduler;
use crate::scheduler::current;
use crate::sync::{AtomicBool, Ordering, Seldom};
use crate::value::{Exception, FailedAgent};

/// The failure of one agent. When the last who could have observed it lets go, it is reported.
#[derive(Debug)]
pub(crate) struct Failure {
    agent: &'static str,
    exception: Exception,
    observed: AtomicBool,
}

impl Failure {
    /// An agent has failed because of `cause`.
    pub(crate) fn new(agent: &'static str, cause: Exception) -> Arc<Self> {
        let text = format!("{agent} failed: {cause}");
        let kinds = &["AgentFailedException"];
        let exception =
            Exception::with_value(kinds, Some(text.into()), FailedAgent(agent))
                .at(cause.location())
                .caused_by(cause);
        let failure =
            Arc::new(Self { agent, exception, observed: AtomicBool::new(false) });
        remember(&failure);
        failure
    }

    /// The exception, for somebody who sees it.
    pub(crate) fn observe(&self) -> Exception {
        // Relaxed: whoever reports it later holds it later, which orders the two.
        self.observed.store(true, Ordering::Relaxed);
        self.exception.clone()
    }

    /// What has happened, in words for the standard error.
    pub(crate) fn report(&self) -> String {
        let mut text = format!("agent {} failed", self.agent);
        let mut cause = self.exception.cause();
        let mut lead = ": ";
        while let Some(exception) = cause {
            let place = exception.location();
            let (at, method) = (Position(place), Method(place));
            let _ = write!(text, "{lead}{exception}\n    at {at}{method}");
            lead = "\n  because of ";
            cause = exception.cause();
        }
        text
    }

    fn report_if_unobserved(&self) {
        if !self.observed.swap(true, Ordering::Relaxed) {
            print(&self.report());
        }
    }
}

impl Drop for Failure {
    fn drop(&mut self) {
        self.report_if_unobserved();
    }
}

/// Failures that have not been let go of yet, for the end of the program.
#[derive(Debug, Default)]
pub(crate) struct Failures {
    open: Seldom<Vec<Weak<Failure>>>,
}

fn remember(failure: &Arc<Failure>) {
    current::scheduler().failures().open.with(|open| {
        if open.len() == open.capacity() {
            open.retain(|failure| failure.strong_count() > 0);
        }
        open.push(Arc::downgrade(failure));
    });
}

/// At the end of the program: whoever has not observed a failure by now never will.
pub(crate) fn report_all(scheduler: &Scheduler) {
    let open = scheduler.failures().open.with(std::mem::take);
    for failure in open.iter().filter_map(Weak::upgrade) {
        failure.report_if_unobserved();
    }
}

/// Writes a report to the standard error. A reader that has gone is no reason to fail.
pub(crate) fn print(report: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{report}");
}
