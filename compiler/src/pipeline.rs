//! The phases in order, as functions from texts to texts. It touches no files and no
//! clock: whoever wants to time the phases is told when each begins.

use crate::diag::texts::Texts;
use crate::diag::{Diagnostic, Sink};
use crate::emit::Output;
use crate::support::span::FileId;
use crate::syntax;

/// One user file of a program. The library's files are added by the front end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// How messages name it: relative, with `/`.
    pub name: String,
    pub text: String,
}

/// Whether a program without an entry agent is rejected (decision 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// It is to be built.
    Required,
    /// It is a file of its own that is only checked.
    RequiredUnlessTests,
    /// It is part of something, such as a folder of sources.
    Optional,
}

/// What `axumc dump` can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Ast,
    Rust,
}

/// Is told the name of each phase as it begins.
pub type Step<'a> = &'a mut dyn FnMut(&'static str);

/// The texts that diagnostics of these sources may point into, in order of file ids.
#[must_use]
pub fn texts(sources: &[SourceFile]) -> Texts {
    let user = sources.iter().map(|it| (it.name.as_str(), it.text.as_str()));
    Texts::new(user.chain(axum_stdlib::FILES.iter().copied()))
}

/// Everything the front end finds.
pub fn check(sources: &[SourceFile], _entry: Entry, step: Step<'_>) -> Vec<Diagnostic> {
    let mut sink = Sink::new();
    step("parse");
    for (index, source) in sources.iter().enumerate() {
        sink.take(syntax::parse(file_id(index), &source.text));
    }
    sink.finish()
}

/// The Rust of the program, if it has no errors, and everything found.
pub fn compile(
    sources: &[SourceFile],
    entry: Entry,
    step: Step<'_>,
) -> (Option<Output>, Vec<Diagnostic>) {
    (None, check(sources, entry, step))
}

/// The text of one stage of the program, as far as its errors let it be reached.
pub fn dump(
    sources: &[SourceFile],
    stage: Stage,
    step: Step<'_>,
) -> (Option<String>, Vec<Diagnostic>) {
    match stage {
        Stage::Ast => {
            let mut out = String::new();
            let mut sink = Sink::new();
            step("parse");
            for (index, source) in sources.iter().enumerate() {
                let file = sink.take(syntax::parse(file_id(index), &source.text));
                out.push_str(&format!("{file:#?}\n"));
            }
            (Some(out), sink.finish())
        }
        Stage::Rust => {
            let (output, found) = compile(sources, Entry::Optional, step);
            (output.map(|it| it.pretty), found)
        }
    }
}

fn file_id(index: usize) -> FileId {
    FileId(u32::try_from(index).unwrap_or(u32::MAX))
}
