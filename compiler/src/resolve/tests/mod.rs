//! Snapshots of resolved programs and of what is reported. Input is source text through
//! the real parser, with the real library behind it.

mod agents;
mod channels;
mod domains;
mod expressions;
mod functions;
mod iterators;
mod limits;
mod modules;
mod networks;
mod ports;
mod protocols;
mod schemas;
mod statements;

use std::fmt::Write as _;

use crate::diag::texts::Texts;
use crate::diag::{Diagnostic, Severity};
use crate::hir::{Program, print};
use crate::support::span::FileId;
use crate::syntax;

/// Resolves `source`; what the parser reports of it is handed back apart.
fn parse_and_resolve(source: &str) -> (Program, Vec<Diagnostic>, Vec<Diagnostic>) {
    let mut files = Vec::new();
    let mut parser = Vec::new();
    let texts = std::iter::once(source).chain(axum_stdlib::FILES.iter().map(|it| it.1));
    for (index, text) in texts.enumerate() {
        let id = FileId(u32::try_from(index).expect("few files"));
        let (file, found) = syntax::parse(id, text);
        parser.extend(found);
        files.push((id, file));
    }
    let (program, mut problems) = super::resolve(&files, 1);
    problems.sort_by_key(|it| (it.span().file, it.span().lo, it.code));
    (program, problems, parser)
}

/// Resolves `source`, which must parse.
fn resolve(source: &str) -> (Program, Vec<Diagnostic>) {
    let (program, problems, parser) = parse_and_resolve(source);
    assert_eq!(list(source, &parser), "", "the source parses");
    (program, problems)
}

/// What was reported, a line each, with labels and remedies below.
fn list(source: &str, problems: &[Diagnostic]) -> String {
    let texts = Texts::new(
        std::iter::once(("main.ax", source)).chain(axum_stdlib::FILES.iter().copied()),
    );
    let mut out = String::new();
    for problem in problems {
        let severity = match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let (code, message) = (problem.code.as_str(), &problem.message);
        let _ = writeln!(out, "{severity}[{code}]: {message}");
        for label in &problem.labels {
            let (start, end) = texts.places(label.span);
            let file = match label.span.file.0 {
                0 => String::new(),
                _ => texts.name(label.span.file).to_owned() + ":",
            };
            let end = match start.line == end.line {
                true => end.column.to_string(),
                false => format!("{}:{}", end.line, end.column),
            };
            let (line, column, text) = (start.line, start.column, &label.message);
            let _ = writeln!(out, "  {file}{line}:{column}-{end} {text}");
        }
        for note in &problem.notes {
            let _ = writeln!(out, "  note: {note}");
        }
        for help in &problem.help {
            let _ = writeln!(out, "  help: {help}");
        }
        for fix in &problem.fixes {
            let edits: Vec<&str> = fix.edits.iter().map(|it| it.1.as_str()).collect();
            let _ = writeln!(out, "  fix: {} {edits:?}", fix.message);
        }
    }
    out
}

/// The dump of the program, behind what was reported.
fn resolved(source: &str) -> String {
    let (program, problems) = resolve(source);
    let (problems, dump) = (list(source, &problems), print::print(&program, false));
    format!("-- source --\n{}\n-- output --\n{problems}{dump}", source.trim_matches('\n'))
}

/// What was reported.
fn reported(source: &str) -> String {
    let problems = list(source, &resolve(source).1);
    format!("-- source --\n{}\n-- output --\n{problems}", source.trim_matches('\n'))
}

/// What was reported of a source that does not parse; how the parser puts it is not
/// looked at.
fn recovered(source: &str) -> String {
    let (_, problems, parser) = parse_and_resolve(source);
    assert!(!parser.is_empty(), "the source does not parse");
    let problems = list(source, &problems);
    format!("-- source --\n{}\n-- output --\n{problems}", source.trim_matches('\n'))
}

macro_rules! snapshot {
    ($function:ident, $source:expr) => {
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(super::$function($source));
        });
    };
}
use snapshot;

#[test]
fn the_library_resolves_without_a_problem() {
    let (_, problems) = resolve("");
    assert_eq!(list("", &problems), "");
}
