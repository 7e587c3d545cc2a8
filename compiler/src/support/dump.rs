//! The indented tree printer behind every `dump`. It decides layout, not content.

/// Collects lines at a current depth.
#[derive(Debug, Default)]
pub struct Dump {
    out: String,
    depth: usize,
}

impl Dump {
    /// An empty dump.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
    /// Appends one line at the current depth.
    pub fn line(&mut self, text: impl AsRef<str>) {
        for _ in 0..self.depth {
            self.out.push_str("  ");
        }
        self.out.push_str(text.as_ref());
        self.out.push('\n');
    }
    /// Appends `head`, then whatever `body` prints one level deeper.
    pub fn nest(&mut self, head: impl AsRef<str>, body: impl FnOnce(&mut Self)) {
        self.line(head);
        self.depth += 1;
        body(self);
        self.depth -= 1;
    }
    /// The text so far.
    #[must_use]
    pub fn finish(self) -> String {
        self.out
    }
}
