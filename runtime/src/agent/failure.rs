//! Failures of agents: who has seen them, and the report of those that nobody has.
//! It does not decide what a failure does to others.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Arc;

use crate::position::{Method, Position};
use crate::scheduler::Scheduler;
use crate::scheduler::current;
use crate::sync::{AtomicBool, Ordering, Seldom};
use crate::value::{Exception, FailedAgent};

/// The failure of one agent. When the last who could have observed it lets go, it is reported.
#[derive(Debug)]
pub(crate) struct Failure {
    exception: Exception,
    scheduler: &'static Scheduler,
    number: u64,
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
        let scheduler = current::scheduler();
        let number = scheduler.failures().enter(exception.clone());
        Arc::new(Self { exception, scheduler, number, observed: AtomicBool::new(false) })
    }

    /// The exception, for somebody who sees it.
    pub(crate) fn observe(&self) -> Exception {
        // Relaxed: whoever drops it later holds it later, which orders the two.
        if !self.observed.swap(true, Ordering::Relaxed) {
            drop(self.scheduler.failures().leave(self.number));
        }
        self.exception.clone()
    }

    /// What has happened, in words for the standard error.
    pub(crate) fn report(&self) -> String {
        report(&self.exception)
    }
}

impl Drop for Failure {
    fn drop(&mut self) {
        if !self.observed.load(Ordering::Relaxed) {
            self.scheduler.failures().report(self.number);
        }
    }
}

fn report(failed: &Exception) -> String {
    let agent = failed.agent().unwrap_or_default();
    let lead = format!("agent {} failed: ", agent.as_str());
    match failed.cause() {
        Some(cause) => chain(&lead, &cause),
        None => lead,
    }
}

/// An exception and its causes, each with its place, behind `lead`.
pub(crate) fn chain(lead: &str, exception: &Exception) -> String {
    let mut text = String::new();
    let mut lead = lead;
    let mut cause = Some(exception.clone());
    while let Some(exception) = cause {
        let place = exception.location();
        let (at, method) = (Position(place), Method(place));
        let _ = write!(text, "{lead}{exception}\n    at {at}{method}");
        lead = "\n  because of ";
        cause = exception.cause();
    }
    text
}

/// The failures that nobody has observed so far.
#[derive(Debug, Default)]
pub(crate) struct Failures {
    open: Seldom<Open>,
}

/// Reports are written while this is held: who finds a failure gone also finds its report written.
/// Exceptions may hold what ends other agents when it is dropped, so none is dropped in here.
#[derive(Debug, Default)]
struct Open {
    n_failures: u64,
    /// In the order in which they happened.
    unseen: BTreeMap<u64, Exception>,
}

impl Failures {
    fn enter(&self, exception: Exception) -> u64 {
        self.open.with(|open| {
            open.n_failures += 1;
            open.unseen.insert(open.n_failures, exception);
            open.n_failures
        })
    }

    fn leave(&self, number: u64) -> Option<Exception> {
        self.open.with(|open| open.unseen.remove(&number))
    }

    /// Reports one that nobody can observe any more.
    fn report(&self, number: u64) {
        let reported = self.open.with(|open| {
            let unseen = open.unseen.remove(&number);
            unseen.iter().for_each(|failed| print(&report(failed)));
            unseen
        });
        drop(reported);
    }

    /// At the end of the program: whoever has not observed a failure by now never will.
    pub(crate) fn report_all(&self) {
        let reported = self.open.with(|open| {
            let unseen = std::mem::take(&mut open.unseen);
            unseen.values().for_each(|failed| print(&report(failed)));
            unseen
        });
        drop(reported);
    }
}

/// Writes a report to the standard error. A reader that has gone is no reason to fail.
pub(crate) fn print(report: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{report}");
}
