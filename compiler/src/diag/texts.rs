//! The texts that diagnostics point into, with lines and columns. It reads no files: the
//! driver and the tests hand it what they loaded.

use std::cell::OnceCell;

use crate::support::span::{FileId, Span};

/// A place as people count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Offset in bytes, from 0.
    pub offset: usize,
}

/// The source files of one compilation, in order of their ids.
#[derive(Debug, Default)]
pub struct Texts {
    files: Vec<Text>,
}

#[derive(Debug)]
struct Text {
    name: String,
    text: String,
    /// Offset of each line's first byte; found when first asked for.
    line_starts: OnceCell<Vec<usize>>,
}

impl Texts {
    /// The files `(name, text)`, the first of which is `FileId(0)`. Names are shown with
    /// `/` on every system.
    pub fn new<N: Into<String>, T: Into<String>>(
        files: impl IntoIterator<Item = (N, T)>,
    ) -> Self {
        let files = files
            .into_iter()
            .map(|(name, text)| Text {
                name: name.into().replace('\\', "/"),
                text: text.into(),
                line_starts: OnceCell::new(),
            })
            .collect();
        Self { files }
    }

    /// How messages name the file.
    #[must_use]
    pub fn name(&self, file: FileId) -> &str {
        self.get(file).map_or("", |it| &it.name)
    }

    /// The whole text of the file.
    #[must_use]
    pub fn text(&self, file: FileId) -> &str {
        self.get(file).map_or("", |it| &it.text)
    }

    /// The place of a byte offset. One beyond the end is the end; one inside a character
    /// is that character.
    #[must_use]
    pub fn place(&self, file: FileId, offset: u32) -> Place {
        let Some(file) = self.get(file) else {
            return Place { line: 1, column: 1, offset: 0 };
        };
        let offset = file.floor(offset as usize);
        let index = file.line_index(offset);
        let start = file.starts()[index];
        let column = file.text[start..offset].chars().count() + 1;
        Place { line: index + 1, column, offset }
    }

    /// The line of a byte offset, from 1: cheaper than the whole place on a long line.
    #[must_use]
    pub fn line_of(&self, file: FileId, offset: u32) -> usize {
        self.get(file).map_or(1, |it| it.line_index(it.floor(offset as usize)) + 1)
    }

    /// Places of both ends of a span.
    #[must_use]
    pub fn places(&self, span: Span) -> (Place, Place) {
        (self.place(span.file, span.lo), self.place(span.file, span.hi))
    }

    /// Offset range of a line (counted from 0) without its line break.
    pub(in crate::diag) fn line(
        &self,
        file: FileId,
        index: usize,
    ) -> std::ops::Range<usize> {
        let Some(file) = self.get(file) else { return 0..0 };
        let starts = file.starts();
        let Some(&start) = starts.get(index) else {
            return file.text.len()..file.text.len();
        };
        let end = starts.get(index + 1).copied().unwrap_or(file.text.len());
        let trimmed = file.text[start..end].trim_end_matches(['\n', '\r']);
        start..start + trimmed.len()
    }

    fn get(&self, file: FileId) -> Option<&Text> {
        self.files.get(file.0 as usize)
    }
}

impl Text {
    fn starts(&self) -> &[usize] {
        self.line_starts.get_or_init(|| {
            let breaks = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect()
        })
    }

    fn line_index(&self, offset: usize) -> usize {
        self.starts().partition_point(|&start| start <= offset) - 1
    }

    fn floor(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }
}
