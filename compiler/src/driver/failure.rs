//! What keeps `axumc` from doing its work, as opposed to what is wrong with a program, and
//! the exit codes. It prints nothing.

use crate::diag::{Code, Diagnostic};

/// How a run of `axumc` ends. Scripts rely on the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    Done,
    /// The program was rejected.
    Rejected,
    /// The command line is wrong, or a file cannot be read or written.
    Usage,
    /// The Rust toolchain is missing or failed.
    Toolchain,
    /// The fault is in `axumc`.
    Internal,
}

impl Exit {
    /// The exit code.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Rejected => 1,
            Exit::Usage => 2,
            Exit::Toolchain => 3,
            Exit::Internal => 70,
        }
    }
}

/// One clear error and how the run ends because of it.
#[derive(Clone, Debug)]
pub struct Failure {
    pub exit: Exit,
    pub diagnostic: Box<Diagnostic>,
}

impl Failure {
    /// A failure with this headline.
    pub fn new(exit: Exit, code: Code, message: impl Into<String>) -> Self {
        let diagnostic = Diagnostic::without_place(code, message);
        Self { exit, diagnostic: Box::new(diagnostic) }
    }
    /// A file or folder that cannot be used.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, Code::MissingFile, message)
    }
    /// Adds a sentence about the circumstances.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.diagnostic.notes.push(text.into());
        self
    }
    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.diagnostic.help.push(text.into());
        self
    }
}
