//! Places in source text. It does not hold text; `driver::source` does.

/// Number of a source file of this compilation, in the order given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FileId(pub u32);

/// A half-open range of byte offsets in one file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// Offset of the first byte.
    pub lo: u32,
    /// Offset behind the last byte.
    pub hi: u32,
}

impl Span {
    /// The range `lo..hi` of `file`.
    #[must_use]
    pub fn new(file: FileId, lo: usize, hi: usize) -> Self {
        let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { file, lo: narrow(lo), hi: narrow(hi) }
    }

    /// The smallest span that covers both; `self` decides the file.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { file: self.file, lo: self.lo.min(other.lo), hi: self.hi.max(other.hi) }
    }

    /// The empty span at the end of this one.
    #[must_use]
    pub fn end(self) -> Self {
        Self { lo: self.hi, ..self }
    }
}

impl std::fmt::Debug for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}..{}", self.file.0, self.lo, self.hi)
    }
}
