//! Snapshots of effects and of what is reported about them, from source text.

mod agents;
mod domains;
mod expressions;
mod functions;
mod iterators;
mod networks;
mod ports;
mod schemas;
mod statements;

use super::Effects;
use crate::diag::Diagnostic;
use crate::diag::render::{Format, render};
use crate::diag::texts::Texts;
use crate::hir::Program;
use crate::support::span::FileId;
use crate::{resolve, syntax, types};

fn texts(source: &str) -> Texts {
    let library = axum_stdlib::FILES.iter().copied();
    Texts::new(std::iter::once(("main.ax", source)).chain(library))
}

/// Everything found out about a program, and everything reported up to here.
fn infer(texts: &Texts) -> (Program, Effects, Vec<Diagnostic>) {
    let mut files = Vec::new();
    let mut problems = Vec::new();
    for index in 0..=axum_stdlib::FILES.len() {
        let id = FileId(u32::try_from(index).expect("few files"));
        let (file, found) = syntax::parse(id, texts.text(id));
        problems.extend(found);
        files.push((id, file));
    }
    let (program, found) = resolve::resolve(&files, 1);
    problems.extend(found);
    let (types, found) = types::check(&program);
    problems.extend(found);
    let (effects, found) = super::check(&program, &types);
    problems.extend(found);
    problems.sort_by_key(|it| (it.span().file, it.span().lo, it.code));
    (program, effects, problems)
}

fn shown(texts: &Texts, problems: &[Diagnostic]) -> String {
    let human = Format::Human { color: false };
    problems.iter().map(|it| render(human, texts, it)).collect()
}

/// The source, then what is reported about it.
fn report(source: &str) -> String {
    let texts = texts(source);
    let (_, _, problems) = infer(&texts);
    format!("-- source --{source}-- output --\n{}", shown(&texts, &problems))
}

/// The source, then its effects; it must be free of errors.
fn dump(source: &str) -> String {
    let texts = texts(source);
    let (program, effects, problems) = infer(&texts);
    assert!(problems.is_empty(), "{}", shown(&texts, &problems));
    let output = super::print::print(&program, &effects);
    format!("-- source --{source}-- output --\n{output}")
}

/// Compares what is reported about a source text with the snapshot beside the test.
macro_rules! snapshot {
    ($source:expr) => {
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!($crate::isolation::tests::report($source));
        })
    };
}

/// Compares the effects of a source text with the snapshot beside the test.
macro_rules! effects {
    ($source:expr) => {
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!($crate::isolation::tests::dump($source));
        })
    };
}

use {effects, snapshot};
