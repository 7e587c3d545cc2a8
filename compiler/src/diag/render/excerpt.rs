//! The lines of source that a diagnostic shows, cut to a width people can read. It keeps
//! true line and column numbers and knows nothing of labels' meaning or colour.

use std::collections::BTreeMap;
use std::ops::Range;

use codespan_reporting::files::{Error, Files};

use crate::diag::texts::Texts;
use crate::support::span::{FileId, Span};

/// A line longer than this is shown around its labels only.
const WIDTH: usize = 200;
/// Characters shown before the first label of a cut line.
const LEAD: usize = 60;
/// A label over more lines than this is shown at its first line only.
const MAX_LINES: usize = 1000;

/// Excerpts of all files that the spans of one diagnostic touch.
pub(super) struct Excerpts<'a> {
    texts: &'a Texts,
    files: BTreeMap<FileId, Excerpt>,
}

#[derive(Default)]
struct Excerpt {
    text: String,
    lines: Vec<Line>,
}

struct Line {
    /// Number of the line in its file, from 0.
    index: usize,
    /// What of the file is shown, as offsets in the file.
    source: Range<usize>,
    /// Where it stands in the excerpt, with its line break.
    shown: Range<usize>,
    /// Bytes of the ellipsis before it.
    lead: usize,
    /// Column of the first character shown, the ellipsis included.
    first_column: usize,
}

impl<'a> Excerpts<'a> {
    pub(super) fn new(texts: &'a Texts, spans: &[Span]) -> Self {
        // For each line to show, the offsets of interest on it.
        let mut wanted: BTreeMap<FileId, BTreeMap<usize, Vec<usize>>> = BTreeMap::new();
        for span in spans {
            let (lo, hi) = shown_span(texts, *span);
            let (first, last) = (texts.place(span.file, lo), texts.place(span.file, hi));
            let lines = wanted.entry(span.file).or_default();
            // The lines around, because the renderer fills small gaps between labels.
            for line in [first.line, first.line + 1, first.line + 2, first.line + 3]
                .into_iter()
                .chain([last.line.saturating_sub(1).max(1), last.line, last.line + 1])
            {
                lines.entry(line - 1).or_default();
            }
            lines.entry(first.line - 1).or_default().push(first.offset);
            lines.entry(last.line - 1).or_default().push(last.offset);
        }
        let files = wanted.into_iter().map(|(file, lines)| {
            let mut excerpt = Excerpt::default();
            for (index, offsets) in lines {
                excerpt.push(texts, file, index, &offsets);
            }
            (file, excerpt)
        });
        Self { texts, files: files.collect() }
    }

    /// The range in the excerpt that shows `span`.
    pub(super) fn range(&self, span: Span) -> Option<Range<usize>> {
        let excerpt = self.files.get(&span.file)?;
        let (lo, hi) = shown_span(self.texts, span);
        let offset = |at: u32| {
            let place = self.texts.place(span.file, at);
            excerpt.offset(self.texts.text(span.file), place.line - 1, place.offset)
        };
        let (lo, hi) = (offset(lo)?, offset(hi)?);
        Some(lo..hi.max(lo))
    }

    fn line(&self, id: FileId, index: usize) -> Option<&Line> {
        let lines = &self.files.get(&id)?.lines;
        let at = lines.binary_search_by_key(&index, |it| it.index).ok()?;
        Some(&lines[at])
    }
}

/// The part of a span that is underlined: without a line break at its end, and only the
/// first line of one that covers very many.
fn shown_span(texts: &Texts, span: Span) -> (u32, u32) {
    let (first, last) = texts.places(span);
    let end_of_line = |line: usize| {
        u32::try_from(texts.line(span.file, line - 1).end).unwrap_or(u32::MAX)
    };
    let mut hi = span.hi.max(span.lo);
    if last.line > first.line && last.column == 1 {
        hi = end_of_line(last.line - 1).max(span.lo);
    }
    if last.line - first.line > MAX_LINES {
        hi = end_of_line(first.line).max(span.lo);
    }
    (span.lo, hi)
}

impl Excerpt {
    fn push(&mut self, texts: &Texts, file: FileId, index: usize, offsets: &[usize]) {
        let full = texts.line(file, index);
        let line = &texts.text(file)[full.clone()];
        let mut source = full.clone();
        let mut skipped = 0;
        // Counting bytes first spares counting the characters of every ordinary line.
        if line.len() > WIDTH && line.chars().count() > WIDTH {
            let first =
                offsets.iter().min().map_or(0, |at| at.saturating_sub(full.start));
            let before = line.get(..first).map_or(0, |it| it.chars().count());
            skipped = before.saturating_sub(LEAD);
            let mut ends = line.char_indices().map(|(at, _)| at).skip(skipped);
            source.start = full.start + ends.next().unwrap_or(line.len());
            source.end = full.start + ends.nth(WIDTH - 1).unwrap_or(line.len());
        }
        let start = self.text.len();
        if skipped > 0 {
            self.text.push('…');
        }
        let lead = self.text.len() - start;
        self.text.extend(texts.text(file)[source.clone()].chars().map(visible));
        if source.end < full.end {
            self.text.push('…');
        }
        self.text.push('\n');
        let shown = start..self.text.len();
        // The ellipsis stands in the column of the last character left out.
        let first_column = skipped.max(1);
        self.lines.push(Line { index, source, shown, lead, first_column });
    }

    fn offset(&self, text: &str, index: usize, offset: usize) -> Option<usize> {
        let at = self.lines.binary_search_by_key(&index, |it| it.index).ok()?;
        let line = &self.lines[at];
        let end = offset.clamp(line.source.start, line.source.end);
        let before = &text[line.source.start..end];
        let width: usize = before.chars().map(|it| visible(it).len_utf8()).sum();
        Some(line.shown.start + line.lead + width)
    }
}

/// Characters that would move the cursor or turn the reading direction are shown as a
/// replacement mark: source text must not be able to disguise what a message says.
fn visible(letter: char) -> char {
    match letter {
        '\t' => '\t',
        '\u{200B}'..='\u{200F}'
        | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{2069}'
        | '\u{FEFF}'
        | '\u{061C}' => '\u{FFFD}',
        _ if letter.is_control() => '\u{FFFD}',
        _ => letter,
    }
}

impl<'a> Files<'a> for Excerpts<'a> {
    type FileId = FileId;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: FileId) -> Result<&'a str, Error> {
        Ok(self.texts.name(id))
    }

    fn source(&'a self, id: FileId) -> Result<&'a str, Error> {
        self.files.get(&id).map(|it| it.text.as_str()).ok_or(Error::FileMissing)
    }

    fn line_index(&'a self, id: FileId, byte_index: usize) -> Result<usize, Error> {
        let lines = &self.files.get(&id).ok_or(Error::FileMissing)?.lines;
        let behind = lines.partition_point(|it| it.shown.start <= byte_index);
        Ok(behind.checked_sub(1).map_or(0, |at| lines[at].index))
    }

    fn column_number(
        &'a self,
        id: FileId,
        line_index: usize,
        byte_index: usize,
    ) -> Result<usize, Error> {
        let line = self.line(id, line_index).ok_or(Error::FileMissing)?;
        let end = byte_index.clamp(line.shown.start, line.shown.end);
        let before = self.source(id)?.get(line.shown.start..end);
        Ok(line.first_column + before.map_or(0, |it| it.chars().count()))
    }

    fn line_range(
        &'a self,
        id: FileId,
        line_index: usize,
    ) -> Result<Range<usize>, Error> {
        // Lines in the middle of a long label are asked for, but never shown.
        Ok(self.line(id, line_index).map_or(0..0, |it| it.shown.clone()))
    }
}
