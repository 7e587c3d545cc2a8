//! The phases in order, as functions from texts to texts. It touches no files and no
//! clock: whoever wants to time the phases is told when each begins.

use crate::diag::texts::Texts;
use crate::diag::{Code, Diagnostic, Severity, Sink};
use crate::emit::{self, Output};
use crate::foreign::tables::Foreign;
use crate::hir::{self, Program};
use crate::isolation::{self, Effects};
use crate::support::span::{FileId, Span};
use crate::syntax::{self, ast};
use crate::types::{self, Types};
use crate::{foreign, ir, lower, protocol, resolve};

pub use crate::foreign::RustFile;
pub use crate::resolve::Package;

/// One user file of a program. The library's files are added by the front end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// How messages name it: relative, with `/`.
    pub name: String,
    pub text: String,
}

/// The files of a program, and the packages that they belong to.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    files: &'a [SourceFile],
    packages: &'a [Package],
    rust: &'a [RustFile],
}

impl<'a> Sources<'a> {
    /// The files of several packages, in the order of these. The first is the one that is
    /// built; with none given, all files are one package.
    #[must_use]
    pub fn of_packages(files: &'a [SourceFile], packages: &'a [Package]) -> Self {
        Self { files, packages, rust: &[] }
    }

    /// The same with the Rust files that [`rust_paths`] asks for.
    #[must_use]
    pub fn with_rust(self, rust: &'a [RustFile]) -> Self {
        Self { rust, ..self }
    }

    /// The files of all packages.
    #[must_use]
    pub fn files(&self) -> &'a [SourceFile] {
        self.files
    }
}

impl<'a, T: AsRef<[SourceFile]> + ?Sized> From<&'a T> for Sources<'a> {
    fn from(files: &'a T) -> Self {
        Self { files: files.as_ref(), packages: &[], rust: &[] }
    }
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
    Hir,
    Types,
    Effects,
    Ir,
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

/// The same with the Rust files, to which some diagnostics point.
#[must_use]
pub fn all_texts(sources: Sources<'_>) -> Texts {
    all_texts_and(sources, &[])
}

/// How many texts stand before those of the Rust files.
#[must_use]
pub fn n_texts(files: &[SourceFile]) -> usize {
    files.len() + axum_stdlib::FILES.len()
}

/// The same as [`all_texts`] with further ones behind them.
#[must_use]
pub fn all_texts_and(sources: Sources<'_>, more: &[(String, String)]) -> Texts {
    let own = sources.files.iter().map(|it| (it.name.as_str(), it.text.as_str()));
    let library = axum_stdlib::FILES.iter().copied();
    let text = |it: &'_ RustFile| it.text.clone().unwrap_or_default();
    let all = own.chain(library).map(|(name, text)| (name.to_owned(), text.to_owned()));
    let rust = sources.rust.iter().map(|it| (it.name.clone(), text(it)));
    Texts::new(all.chain(rust).chain(more.iter().cloned()))
}

/// The Rust files that `native` blocks name: which of the files does, and the path as written
/// there.
#[must_use]
pub fn rust_paths(files: &[SourceFile]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (index, file) in files.iter().enumerate() {
        // Hardly any file has one, and reading all of them twice would take its time.
        if file.text.contains("native") {
            let (tree, _) = syntax::parse(file_id(index), &file.text);
            native_paths(&tree.items, index, &mut found);
        }
    }
    found
}

fn native_paths(items: &[ast::Item], file: usize, found: &mut Vec<(usize, String)>) {
    for item in items {
        match &item.kind {
            ast::ItemKind::Namespace { items, .. } => native_paths(items, file, found),
            ast::ItemKind::Native(ast::Native::Module { path, .. }) => {
                let wanted = (file, path.name.to_string());
                if !found.contains(&wanted) {
                    found.push(wanted);
                }
            }
            _ => {}
        }
    }
}

/// A warning for each `native` block: what of the program is trusted.
#[must_use]
pub fn trusted<'a>(sources: impl Into<Sources<'a>>, step: Step<'_>) -> Vec<Diagnostic> {
    foreign::trusted(&front(sources.into(), Entry::Optional, step).program)
}

/// Everything the front end finds.
pub fn check<'a>(
    sources: impl Into<Sources<'a>>,
    entry: Entry,
    step: Step<'_>,
) -> Vec<Diagnostic> {
    front(sources.into(), entry, step).sink.finish()
}

/// The Rust of the program, if it has no errors, and everything found.
pub fn compile<'a>(
    sources: impl Into<Sources<'a>>,
    entry: Entry,
    step: Step<'_>,
) -> (Option<Output>, Vec<Diagnostic>) {
    let sources = sources.into();
    let front = front(sources, entry, step);
    if front.sink.has_errors() {
        return (None, front.sink.finish());
    }
    let program = lowered(sources, &front, step);
    step("emit");
    let output = emit::emit(&program, env!("CARGO_PKG_VERSION"));
    (Some(output), front.sink.finish())
}

fn lowered(sources: Sources<'_>, front: &Front, step: Step<'_>) -> ir::Program {
    step("lower");
    let texts = all_texts(sources);
    lower::lower(&front.program, &front.types, &front.effects, &front.foreign, &texts)
}

/// The text of one stage of the program, as far as its errors let it be reached.
pub fn dump<'a>(
    sources: impl Into<Sources<'a>>,
    stage: Stage,
    step: Step<'_>,
) -> (Option<String>, Vec<Diagnostic>) {
    let sources = sources.into();
    if stage == Stage::Ast {
        let mut sink = Sink::new();
        let files = parse(sources, &mut sink, step);
        let own = files.iter().take(sources.files.len());
        return (
            Some(own.map(|(_, it)| syntax::print::print(it)).collect()),
            sink.finish(),
        );
    }
    if stage == Stage::Rust {
        let (output, found) = compile(sources, Entry::Optional, step);
        return (output.map(|it| it.pretty), found);
    }
    let front = front(sources, Entry::Optional, step);
    if stage == Stage::Ir {
        let whole = !front.sink.has_errors();
        let text = whole.then(|| ir::print::print(&lowered(sources, &front, step)));
        return (text, front.sink.finish());
    }
    let text = match stage {
        Stage::Types => {
            let texts = texts(sources.files);
            let source = |span: Span| {
                let range = span.lo as usize..span.hi as usize;
                texts.text(span.file).get(range).unwrap_or_default().to_owned()
            };
            types::print::print(&front.program, &front.types, &source)
        }
        Stage::Effects => isolation::print::print(&front.program, &front.effects),
        Stage::Ast | Stage::Hir | Stage::Ir | Stage::Rust => {
            hir::print::print(&front.program, false)
        }
    };
    (Some(text), front.sink.finish())
}

/// What the checks leave for the back end.
struct Front {
    program: Program,
    types: Types,
    effects: Effects,
    foreign: Foreign,
    sink: Sink,
}

/// All phases that may report. Each runs on what those before could understand.
fn front(sources: Sources<'_>, entry: Entry, step: Step<'_>) -> Front {
    let mut sink = Sink::new();
    let files = parse(sources, &mut sink, step);
    step("resolve");
    let n_files = file_id(sources.files.len()).0;
    let resolved = resolve::resolve_packages(&files, sources.packages, n_files);
    let program = sink.take(resolved);
    step("types");
    let types = sink.take(types::check(&program));
    step("isolation");
    let effects = sink.take(isolation::check(&program, &types));
    step("protocol");
    sink.take(protocol::check(&program, &types, &effects));
    step("native");
    let first = file_id(n_texts(sources.files));
    let foreign = sink.take(foreign::check(&program, sources.rust, first));
    sink.take(((), missing_entry(&program, entry, &sink)));
    Front { program, types, effects, foreign, sink }
}

/// The trees of all files, the library's behind the program's own.
fn parse(
    sources: Sources<'_>,
    sink: &mut Sink,
    step: Step<'_>,
) -> Vec<(FileId, ast::File)> {
    step("parse");
    let own = sources.files.iter().map(|it| it.text.as_str());
    let texts = own.chain(axum_stdlib::FILES.iter().map(|(_, text)| *text));
    let parsed = texts.enumerate().map(|(index, text)| {
        let id = file_id(index);
        (id, sink.take(syntax::parse(id, text)))
    });
    parsed.collect()
}

/// AX0110 for a program that nothing starts. An agent that could not be read, or whose
/// channel is unknown, may have been meant to; that was reported.
fn missing_entry(program: &Program, entry: Entry, sink: &Sink) -> Vec<Diagnostic> {
    let wanted = match entry {
        Entry::Required => true,
        Entry::RequiredUnlessTests => program.tests.is_empty(),
        Entry::Optional => false,
    };
    let may_hide_one = |it: &Diagnostic| {
        it.severity == Severity::Error
            && (it.code < Code::UnknownName
                || matches!(it.code, Code::UnknownType | Code::EntryAgent))
    };
    if !wanted || program.entry.is_some() || sink.found().iter().any(may_hide_one) {
        return Vec::new();
    }
    let start = Span::new(FileId(0), 0, 0);
    let help =
        "derive an agent from `ConsoleApplication`, or give one `channel Application`";
    vec![
        Diagnostic::error(
            Code::EntryAgent,
            "the program has no entry agent",
            start,
            "no agent here starts the program",
        )
        .help(help),
    ]
}

fn file_id(index: usize) -> FileId {
    FileId(u32::try_from(index).unwrap_or(u32::MAX))
}
