//! How long each step of a run took, for `--timings`. It decides nothing.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// Durations of steps, in the order they first began.
#[derive(Debug, Default)]
pub(super) struct Timings {
    steps: Vec<(&'static str, Duration)>,
    running: Option<(&'static str, Instant)>,
}

impl Timings {
    /// Ends the running step and begins another.
    pub(super) fn begin(&mut self, step: &'static str) {
        self.end();
        self.running = Some((step, Instant::now()));
    }

    /// Ends the running step.
    pub(super) fn end(&mut self) {
        let Some((step, since)) = self.running.take() else { return };
        let took = since.elapsed();
        // A step that runs once for every program of a command is counted as one.
        match self.steps.iter_mut().find(|(name, _)| *name == step) {
            Some((_, total)) => *total += took,
            None => self.steps.push((step, took)),
        }
    }

    /// A table of all steps and their sum.
    pub(super) fn table(&self) -> String {
        let mut out = String::new();
        let total: Duration = self.steps.iter().map(|(_, took)| *took).sum();
        for (step, took) in self.steps.iter().chain([&("total", total)]) {
            let milliseconds = took.as_secs_f64() * 1000.0;
            let _ = writeln!(out, "{step:<24}{milliseconds:>10.2} ms");
        }
        out
    }
}
