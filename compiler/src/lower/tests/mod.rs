//! Snapshots of the Rust that lowered programs are printed as, by feature word: decisions
//! show better there than in the tree of the IR.

mod agents;
mod channels;
mod domains;
mod expressions;
mod functions;
mod iterators;
mod networks;
mod ports;
mod protocols;
mod schemas;
mod statements;
mod values;

use crate::diag::texts::Texts;
use crate::foreign::tables::Foreign;
use crate::support::span::FileId;
use crate::{emit, ir, isolation, resolve, syntax, types};

/// Lowers a program, which must be free of errors.
fn lowered(source: &str) -> ir::Program {
    let library = axum_stdlib::FILES.iter().copied();
    let texts = Texts::new(std::iter::once(("main.ax", source)).chain(library));
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
    let (effects, found) = isolation::check(&program, &types);
    problems.extend(found);
    let errors: Vec<_> = problems
        .iter()
        .filter(|it| it.severity == crate::diag::Severity::Error)
        .collect();
    assert!(errors.is_empty(), "the program has errors: {errors:#?}");
    super::lower(&program, &types, &effects, &Foreign::default(), &texts)
}

/// The Rust of the program's own items.
fn rust(source: &str) -> String {
    let pretty = emit::emit(&lowered(source), "0.0.0").pretty;
    let items = pretty.split("\n// ").skip(1).filter(|it| it.starts_with("main.ax"));
    items.map(|it| format!("// {it}\n")).collect()
}

/// The source and its Rust.
fn report(source: &str) -> String {
    format!("-- source --\n{source}\n-- output --\n{}", rust(source))
}

/// The Rust of statements in a method of a console application, without its frame.
fn body(source: &str) -> String {
    let program = format!(
        "agent Main : ConsoleApplication {{ override int Run(string[] args) {{\n{source}\nreturn 0; }} }}"
    );
    let rust = rust(&program);
    let start = rust.find("fn Main_Run").expect("the method is there");
    format!("-- source --\n{source}\n-- output --\n{}", &rust[start..])
}

/// Compares the report on a program with the snapshot beside the test.
macro_rules! snapshot {
    ($source:expr) => {
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!($crate::lower::tests::report($source));
        })
    };
}
use snapshot;

/// The same for statements.
macro_rules! body_snapshot {
    ($source:expr) => {
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!($crate::lower::tests::body($source));
        })
    };
}
use body_snapshot;

#[test]
fn lowering_twice_gives_the_same() {
    let source = "agent A : ConsoleApplication { int n; override int Run(string[] a) \
                  { n += a.Length; return n; } }";
    assert_eq!(rust(source), rust(source));
}
