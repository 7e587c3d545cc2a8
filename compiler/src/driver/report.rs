//! Writes diagnostics to stderr and counts them. It decides how many are shown, not what
//! is found.

use std::io::{IsTerminal as _, Write as _, stderr};

use super::failure::Failure;
use crate::diag::render::{self, Format};
use crate::diag::texts::Texts;
use crate::diag::{Code, Diagnostic, Severity, words};

/// When colours are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Color {
    /// On a terminal that has them, unless `NO_COLOR` is set.
    Auto,
    Always,
    Never,
}

impl Color {
    /// Whether stderr gets colours.
    #[must_use]
    pub fn for_stderr(self) -> bool {
        match self {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                let set = |name: &str| std::env::var_os(name).filter(|it| !it.is_empty());
                let dumb = set("TERM").is_some_and(|it| it == "dumb");
                set("NO_COLOR").is_none() && !dumb && stderr().is_terminal()
            }
        }
    }
}

/// How a run reports.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    pub format: Format,
    /// Nothing but diagnostics.
    pub quiet: bool,
    /// Errors shown of one run, and as many warnings; all are counted.
    pub max_errors: usize,
    /// Whether failures are marked as being axumc's own, as `run` does.
    pub prefix: bool,
}

/// What was reported so far.
#[derive(Debug)]
pub(super) struct Report {
    style: Style,
    errors: usize,
    warnings: usize,
    first: Option<Code>,
}

impl Report {
    pub(super) fn new(style: Style) -> Self {
        Self { style, errors: 0, warnings: 0, first: None }
    }

    /// Reports what was found in one program; whether there were errors.
    pub(super) fn add(&mut self, texts: &Texts, found: &[Diagnostic]) -> bool {
        let before = self.errors;
        let mut out = String::new();
        for diagnostic in found {
            let count = match diagnostic.severity {
                Severity::Error => &mut self.errors,
                Severity::Warning => &mut self.warnings,
            };
            *count += 1;
            if *count <= self.style.max_errors {
                out.push_str(&render::render(self.style.format, texts, diagnostic));
                // The footer speaks of what counts most among what is shown.
                let first_error = *count == 1 && diagnostic.severity == Severity::Error;
                if self.first.is_none() || first_error {
                    self.first = Some(diagnostic.code);
                }
            }
        }
        write(&out);
        self.errors > before
    }

    /// Reports what kept axumc from doing its work.
    pub(super) fn fail(&mut self, failure: &Failure) {
        self.errors += 1;
        let mut out =
            render::render(self.style.format, &Texts::default(), &failure.diagnostic);
        if self.style.prefix && matches!(self.style.format, Format::Human { .. }) {
            out.insert_str(0, "axumc: ");
        }
        write(&out);
    }

    /// The words behind the last diagnostic. `not_run` names a program that was to be run
    /// and was rejected.
    pub(super) fn finish(&self, not_run: Option<&str>) {
        let mut out = String::new();
        match self.style.format {
            Format::Json => out = render::json_summary(self.errors, self.warnings),
            Format::Short | Format::Human { .. } if self.errors + self.warnings == 0 => {}
            Format::Short => {
                if let Some(name) = not_run {
                    out = format!("axumc: `{name}` was not run: {}\n", self.counts());
                }
            }
            Format::Human { .. } => {
                if let Some(name) = not_run {
                    out = format!("axumc: `{name}` was not run: {}\n", self.counts());
                } else if !self.style.quiet {
                    out = format!("{}\n", self.counts());
                }
                if !self.style.quiet
                    && let Some(code) = self.first
                {
                    out.push_str(&render::footer(code));
                }
            }
        }
        write(&out);
    }

    /// `2 errors, 1 warning`, and how many of them were not shown.
    fn counts(&self) -> String {
        let parts = [(self.errors, "error"), (self.warnings, "warning")];
        let some = parts.iter().filter(|(n, _)| *n > 0);
        let said: Vec<String> = some.map(|(n, noun)| words::count(*n, noun)).collect();
        let hidden: usize =
            parts.iter().map(|(n, _)| n.saturating_sub(self.style.max_errors)).sum();
        let mut out = said.join(", ");
        if hidden > 0 {
            out.push_str(&format!("; {hidden} not shown (see `--max-errors`)"));
        }
        out
    }
}

/// Writes to stderr. That nobody reads it any more is no reason to stop.
pub(super) fn write(text: &str) {
    let mut stream = stderr().lock();
    let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
}
