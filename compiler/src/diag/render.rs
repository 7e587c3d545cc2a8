//! Diagnostics as text: the human, the short and the JSON form. Only this module knows
//! codespan-reporting. It returns strings and decides neither what is reported nor where
//! it is written.

mod excerpt;
mod json;

use std::io::Write as _;

use codespan_reporting::diagnostic as report;
use codespan_reporting::term::termcolor::Buffer;
use codespan_reporting::term::{Config, Styles, StylesWriter, emit_to_write_style};

use self::excerpt::Excerpts;
use super::texts::Texts;
use super::{Code, Diagnostic, Label, Severity};
use crate::support::span::Span;

/// How diagnostics are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// With source excerpts, for people.
    Human {
        /// Whether terminal colours are used.
        color: bool,
    },
    /// One line each: `PATH:LINE:COL: error[AX0405]: message`.
    Short,
    /// One JSON object a line.
    Json,
}

/// One diagnostic, ending in a line break.
#[must_use]
pub fn render(format: Format, texts: &Texts, diagnostic: &Diagnostic) -> String {
    match format {
        Format::Human { color } => human(texts, diagnostic, color),
        Format::Short => short(texts, diagnostic),
        Format::Json => json::diagnostic(texts, diagnostic),
    }
}

/// The line after the last diagnostic of a run in JSON: how many there were.
#[must_use]
pub fn json_summary(errors: usize, warnings: usize) -> String {
    json::summary(errors, warnings)
}

/// The human-readable invitation to read more about `code`.
#[must_use]
pub fn footer(code: Code) -> String {
    format!("run `axumc explain {}` for an explanation with examples\n", code.as_str())
}

fn short(texts: &Texts, diagnostic: &Diagnostic) -> String {
    let severity = severity_word(diagnostic.severity);
    let code = diagnostic.code.as_str();
    let message = one_line(&diagnostic.message);
    match diagnostic.labels.first() {
        Some(Label { span, .. }) => {
            let place = texts.place(span.file, span.lo);
            let (name, line, column) = (texts.name(span.file), place.line, place.column);
            format!("{name}:{line}:{column}: {severity}[{code}]: {message}\n")
        }
        None => format!("axumc: {severity}[{code}]: {message}\n"),
    }
}

/// The word that stands before the code.
#[must_use]
pub fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn human(texts: &Texts, diagnostic: &Diagnostic, color: bool) -> String {
    let spans: Vec<Span> = diagnostic.labels.iter().map(|it| it.span).collect();
    let excerpts = Excerpts::new(texts, &spans);
    let labels = diagnostic.labels.iter().filter_map(|label| {
        let range = excerpts.range(label.span)?;
        let style = if label.primary {
            report::LabelStyle::Primary
        } else {
            report::LabelStyle::Secondary
        };
        let message = one_line(&label.message);
        Some(report::Label::new(style, label.span.file, range).with_message(message))
    });
    let severity = match diagnostic.severity {
        Severity::Error => report::Severity::Error,
        Severity::Warning => report::Severity::Warning,
    };
    let shown = report::Diagnostic::new(severity)
        .with_code(diagnostic.code.as_str())
        .with_message(one_line(&diagnostic.message))
        .with_labels(labels.collect())
        .with_notes(remarks(diagnostic));

    let mut buffer = if color { Buffer::ansi() } else { Buffer::no_color() };
    let styles = Styles::default();
    let mut writer = StylesWriter::new(&mut buffer, &styles);
    let config = Config::default();
    if emit_to_write_style(&mut writer, &config, &excerpts, &shown).is_err() {
        // Excerpts answer for every label they gave a range, so this is never reached;
        // the headline is then still worth more than nothing.
        let _ = write!(buffer, "{}", short(texts, diagnostic));
    }
    String::from_utf8_lossy(buffer.as_slice()).into_owned()
}

/// Notes and helps in the order they are shown. The text of a fix serves as the help where
/// there is no other.
fn remarks(diagnostic: &Diagnostic) -> Vec<String> {
    let notes = diagnostic.notes.iter().map(|it| format!("note: {it}"));
    let helps = diagnostic.help.iter().map(|it| format!("help: {it}"));
    let mut remarks: Vec<String> = notes.chain(helps).collect();
    if diagnostic.help.is_empty() {
        remarks.extend(diagnostic.fixes.iter().map(|it| format!("help: {}", it.message)));
    }
    remarks
}

fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}
