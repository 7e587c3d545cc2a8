//! Expected diagnostics as notes under the code. A note stands below the line it is about:
//!
//! ```text
//!     total = 0;
//! //  ^^^^^ error[AX0405]: reader agent `Audit` writes
//! ```
//!
//! The carets are the primary span, the text is the beginning of the headline. A span that
//! begins too far left for carets is written `//@COLUMN+LENGTH error[AX0405]: …`. Secondary
//! labels are not noted. In a manifest a note begins with `#` instead.

use axumc::diag::texts::Texts;
use axumc::diag::{Diagnostic, Severity};

/// One expected diagnostic.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// Line in the text without notes, from 1.
    pub line: usize,
    /// Column of the first character, from 1.
    pub column: usize,
    /// Number of characters on that line.
    pub length: usize,
    /// `error` or `warning`.
    pub severity: String,
    pub code: String,
    /// How the headline begins.
    pub message: String,
}

/// A source text apart from its notes.
#[derive(Clone, Debug)]
pub struct Annotated {
    pub text: String,
    pub notes: Vec<Note>,
}

/// Takes the notes out of a text.
#[must_use]
pub fn parse(annotated: &str) -> Annotated {
    let mut text = String::new();
    let mut notes = Vec::new();
    let mut line = 0;
    for source in annotated.split_inclusive('\n') {
        match note(source.trim_end(), line) {
            Some(note) => notes.push(note),
            None => {
                text.push_str(source);
                line += 1;
            }
        }
    }
    Annotated { text, notes }
}

/// The line that it is without the notes above it.
#[must_use]
pub fn without_notes(annotated: &str, line: usize) -> usize {
    let above = annotated.lines().take(line.saturating_sub(1));
    line - above.filter(|it| note(it.trim_end(), 0).is_some()).count()
}

fn note(text: &str, line: usize) -> Option<Note> {
    let text_start = text.trim_start();
    let rest = text_start.strip_prefix("//").or(text_start.strip_prefix('#'))?;
    let (column, length, rest) = if let Some(rest) = rest.strip_prefix('@') {
        let (place, rest) = rest.split_once(' ')?;
        let (column, length) = place.split_once('+')?;
        (column.parse().ok()?, length.parse().ok()?, rest)
    } else {
        let carets = rest.trim_start();
        let column = text.chars().count() - carets.chars().count() + 1;
        let rest = carets.trim_start_matches('^');
        let length = carets.len() - rest.len();
        if length == 0 {
            return None;
        }
        (column, length, rest.strip_prefix(' ')?)
    };
    let (severity, rest) = rest.split_once('[')?;
    let (code, message) = rest.split_once(']')?;
    if !["error", "warning"].contains(&severity) || !code.starts_with("AX") {
        return None;
    }
    let message = message.strip_prefix(':').unwrap_or(message).trim();
    Some(Note {
        line,
        column,
        length,
        severity: severity.to_owned(),
        code: code.to_owned(),
        message: message.to_owned(),
    })
}

/// The note that expects exactly this diagnostic of its file.
#[must_use]
pub fn of(texts: &Texts, diagnostic: &Diagnostic) -> Note {
    let (start, end) = texts.places(diagnostic.span());
    let text = texts.text(diagnostic.span().file);
    let line = text.lines().nth(start.line - 1).unwrap_or_default();
    let length = if end.line == start.line {
        end.column.saturating_sub(start.column)
    } else {
        (line.chars().count() + 1).saturating_sub(start.column)
    };
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    Note {
        line: start.line,
        column: start.column,
        length: length.max(1),
        severity: severity.to_owned(),
        code: diagnostic.code.as_str().to_owned(),
        message: diagnostic.message.replace('\n', " "),
    }
}

impl Note {
    /// Whether the diagnostic that `actual` describes is the one expected.
    #[must_use]
    pub fn is_met_by(&self, actual: &Note) -> bool {
        let place = |it: &Note| (it.line, it.column, it.length);
        place(self) == place(actual)
            && self.severity == actual.severity
            && self.code == actual.code
            && actual.message.starts_with(&self.message)
    }

    /// As it stands under its line, behind the mark of a comment.
    #[must_use]
    pub fn show(&self, mark: &str) -> String {
        let Note { column, length, severity, code, message, .. } = self;
        let room = column.saturating_sub(mark.len() + 1);
        let mut out = if room > 0 {
            format!("{mark}{}{}", " ".repeat(room), "^".repeat(*length))
        } else {
            format!("{mark}@{column}+{length}")
        };
        out.push_str(&format!(" {severity}[{code}]"));
        if !message.is_empty() {
            out.push_str(&format!(": {message}"));
        }
        out
    }
}

/// Pairs expectations with what was found; gives what is left over on both sides.
#[must_use]
pub fn unmatched(expected: &[Note], actual: &[Note]) -> (Vec<Note>, Vec<Note>) {
    let mut missing = Vec::new();
    let mut surplus = actual.to_vec();
    for note in expected {
        match surplus.iter().position(|it| note.is_met_by(it)) {
            Some(at) => drop(surplus.remove(at)),
            None => missing.push(note.clone()),
        }
    }
    (missing, surplus)
}

/// The text with `notes` under their lines, behind the mark of a comment.
#[must_use]
pub fn write(text: &str, notes: &[Note], mark: &str) -> String {
    let mut out = String::new();
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    if lines.is_empty() {
        lines.push("");
    }
    for (index, source) in lines.iter().enumerate() {
        out.push_str(source);
        let on_line = |it: &&Note| {
            it.line == index + 1 || (index + 1 == lines.len() && it.line > lines.len())
        };
        for note in notes.iter().filter(on_line) {
            if !out.is_empty() && !out.ends_with('\n') {
                out.push('\n');
            }
            out.push_str(&note.show(mark));
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    //! Notes are read as they are written.

    use super::{Note, parse, unmatched, write};

    const TEXT: &str = "agent A {\n    total = 0;\n//  ^^^^^ error[AX0405]: reader\n}\n//@1+1 warning[AX0311]\n// ^ no note\n";

    #[test]
    fn notes_are_taken_out_and_put_back() {
        let annotated = parse(TEXT);
        assert_eq!(annotated.text, "agent A {\n    total = 0;\n}\n// ^ no note\n");
        let places: Vec<_> =
            annotated.notes.iter().map(|it| (it.line, it.column, it.length)).collect();
        assert_eq!(places, [(2, 5, 5), (3, 1, 1)]);
        assert_eq!(annotated.notes[0].code, "AX0405");
        assert_eq!(write(&annotated.text, &annotated.notes, "//"), TEXT);
    }

    #[test]
    fn each_note_meets_one_diagnostic() {
        let note = parse(TEXT).notes[0].clone();
        let actual =
            Note { message: "reader agent `A` writes".to_owned(), ..note.clone() };
        let twice = [actual.clone(), actual.clone()];
        let expected = [note.clone()];
        assert_eq!(unmatched(&expected, &twice), (vec![], vec![actual.clone()]));
        let elsewhere = Note { line: 9, ..actual };
        assert_eq!(
            unmatched(&expected, std::slice::from_ref(&elsewhere)),
            (vec![note], vec![elsewhere])
        );
    }
}
