//! Diagnostics as data. Rendering is in `render`; no phase formats output.

pub mod codes;
pub mod render;
pub mod suggest;
pub mod texts;
pub mod words;

#[cfg(test)]
mod tests;

pub use codes::Code;

use crate::support::span::Span;

/// How much a diagnostic matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The program is rejected.
    Error,
    /// The program is accepted.
    Warning,
}

/// A place in the source and what it has to do with the matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub span: Span,
    pub message: String,
    pub primary: bool,
}

/// An edit that resolves a diagnostic exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    pub message: String,
    /// Replacement of each span by a text, in source order.
    pub edits: Vec<(Span, String)>,
}

/// One finding about the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub code: Code,
    pub severity: Severity,
    /// The headline: a fact, lower case, no full stop.
    pub message: String,
    /// The first label is the primary one. Only what is about no place in the source, such
    /// as a missing file, has none.
    pub labels: Vec<Label>,
    pub notes: Vec<String>,
    pub help: Vec<String>,
    pub fixes: Vec<Fix>,
}

impl Diagnostic {
    /// An error at `span`, whose label says what this place is.
    pub fn error(
        code: Code,
        message: impl Into<String>,
        span: Span,
        label: impl Into<String>,
    ) -> Self {
        let primary = Label { span, message: label.into(), primary: true };
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            labels: vec![primary],
            notes: Vec::new(),
            help: Vec::new(),
            fixes: Vec::new(),
        }
    }
    /// An error about no place in the source.
    pub fn without_place(code: Code, message: impl Into<String>) -> Self {
        Self { labels: Vec::new(), ..Self::error(code, message, Span::default(), "") }
    }
    /// A warning at `span`.
    pub fn warning(
        code: Code,
        message: impl Into<String>,
        span: Span,
        label: impl Into<String>,
    ) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message, span, label) }
    }
    /// Adds the place of the other party.
    #[must_use]
    pub fn label(mut self, span: Span, message: impl Into<String>) -> Self {
        self.labels.push(Label { span, message: message.into(), primary: false });
        self
    }
    /// Adds a sentence that names the rule.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }
    /// Adds a remedy in words.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }
    /// Adds a remedy that a tool can apply.
    #[must_use]
    pub fn fix(mut self, text: impl Into<String>, edits: Vec<(Span, String)>) -> Self {
        self.fixes.push(Fix { message: text.into(), edits });
        self
    }
    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        self.labels.first().map_or_else(Span::default, |it| it.span)
    }
}

/// Collects what the phases found.
#[derive(Debug, Default)]
pub struct Sink {
    diagnostics: Vec<Diagnostic>,
}

impl Sink {
    /// An empty sink.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
    /// Keeps the problems of a phase and hands on its output.
    pub fn take<T>(&mut self, (output, problems): (T, Vec<Diagnostic>)) -> T {
        self.diagnostics.extend(problems);
        output
    }
    /// Whether an error was found so far.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|it| it.severity == Severity::Error)
    }
    /// What was found so far, in the order in which it was.
    #[must_use]
    pub fn found(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
    /// Everything found, by file, offset and code.
    #[must_use]
    pub fn finish(mut self) -> Vec<Diagnostic> {
        self.diagnostics.sort_by_key(|it| (it.span().file, it.span().lo, it.code));
        self.diagnostics
    }
}
