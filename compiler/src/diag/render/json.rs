//! Diagnostics as JSON, one object a line, keys in a fixed order. It holds the shape that
//! `docs/diagnostics.schema.json` describes and nothing about other formats.

use super::severity_word;
use crate::diag::texts::{Place, Texts};
use crate::diag::{Diagnostic, Label};
use crate::support::span::Span;

/// The object for one diagnostic and a line break.
pub(super) fn diagnostic(texts: &Texts, diagnostic: &Diagnostic) -> String {
    let mut out = Object::new();
    out.text("code", diagnostic.code.as_str());
    out.text("severity", severity_word(diagnostic.severity));
    out.text("message", &diagnostic.message);
    match diagnostic.labels.first() {
        Some(primary) => {
            out.text("file", texts.name(primary.span.file));
            out.raw("span", &span(texts, primary.span));
        }
        None => {
            out.raw("file", "null");
            out.raw("span", "null");
        }
    }
    out.raw("labels", &array(diagnostic.labels.iter().map(|it| label(texts, it))));
    out.raw("notes", &array(diagnostic.notes.iter().map(|it| quote(it))));
    out.raw("help", &array(diagnostic.help.iter().map(|it| quote(it))));
    let fixes = diagnostic.fixes.iter().map(|fix| {
        let edits = fix.edits.iter().map(|(place, text)| {
            let mut edit = Object::new();
            edit.text("file", texts.name(place.file));
            edit.raw("span", &span(texts, *place));
            edit.text("text", text);
            edit.finish()
        });
        let mut out = Object::new();
        out.text("message", &fix.message);
        out.raw("edits", &array(edits));
        out.finish()
    });
    out.raw("fixes", &array(fixes));
    out.finish() + "\n"
}

/// The last line of a run.
pub(super) fn summary(errors: usize, warnings: usize) -> String {
    format!("{{\"summary\":{{\"errors\":{errors},\"warnings\":{warnings}}}}}\n")
}

fn label(texts: &Texts, label: &Label) -> String {
    let mut out = Object::new();
    out.raw("span", &span(texts, label.span));
    out.text("file", texts.name(label.span.file));
    out.text("message", &label.message);
    out.raw("primary", if label.primary { "true" } else { "false" });
    out.finish()
}

fn span(texts: &Texts, span: Span) -> String {
    let (start, end) = texts.places(span);
    let mut out = Object::new();
    out.raw("start", &place(start));
    out.raw("end", &place(end));
    out.finish()
}

fn place(Place { line, column, offset }: Place) -> String {
    format!("{{\"line\":{line},\"column\":{column},\"offset\":{offset}}}")
}

fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn array(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}

/// An object under construction.
struct Object(String);

impl Object {
    fn new() -> Self {
        Self("{".to_owned())
    }

    fn raw(&mut self, key: &str, value: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        self.0.push_str(&format!("\"{key}\":{value}"));
    }

    fn text(&mut self, key: &str, value: &str) {
        self.raw(key, &quote(value));
    }

    fn finish(self) -> String {
        self.0 + "}"
    }
}
