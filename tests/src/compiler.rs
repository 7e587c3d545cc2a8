//! The pipeline as the tests call it: on a thread with the stack that the driver would
//! give it. It compares nothing.

use axumc::diag::render::{Format, render};
use axumc::diag::texts::Texts;
use axumc::diag::{Diagnostic, Severity};
use axumc::emit::Output;
use axumc::pipeline::{self, Entry, SourceFile, Sources};

/// Enough for the deepest program that is accepted, also in an unoptimised compiler.
const STACK: usize = 256 << 20;

/// What is found in a program.
#[must_use]
pub fn check<'a>(sources: impl Into<Sources<'a>>, entry: Entry) -> Vec<Diagnostic> {
    let sources = sources.into();
    deep(|| pipeline::check(sources, entry, &mut |_| {}))
}

/// The Rust of a program that has to be accepted; what was found otherwise.
pub fn compile<'a>(sources: impl Into<Sources<'a>>) -> Result<Output, String> {
    let sources = sources.into();
    deep(|| {
        let (output, found) = pipeline::compile(sources, Entry::Required, &mut |_| {});
        let is_error = |it: &&Diagnostic| it.severity == Severity::Error;
        let errors: Vec<Diagnostic> = found.iter().filter(is_error).cloned().collect();
        match output {
            Some(output) if errors.is_empty() => Ok(output),
            _ if errors.is_empty() => Err("no Rust came of it, and no error".to_owned()),
            _ => Err(shown(sources.files(), &errors)),
        }
    })
}

/// The Rust of a part of a program, which needs no entry agent, and the number of errors.
#[must_use]
pub fn compile_or_reject<'a>(sources: impl Into<Sources<'a>>) -> (Option<Output>, usize) {
    let sources = sources.into();
    deep(|| {
        let (output, found) = pipeline::compile(sources, Entry::Optional, &mut |_| {});
        (output, found.iter().filter(|it| it.severity == Severity::Error).count())
    })
}

/// Diagnostics as a person would see them.
#[must_use]
pub fn shown(sources: &[SourceFile], found: &[Diagnostic]) -> String {
    rendered(&pipeline::texts(sources), found)
}

/// Diagnostics in these texts as a person would see them.
#[must_use]
pub fn rendered(texts: &Texts, found: &[Diagnostic]) -> String {
    found.iter().map(|it| render(Format::Human { color: false }, texts, it)).collect()
}

fn deep<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(STACK);
        let thread = builder.spawn_scoped(scope, work).expect("threads can be started");
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}
