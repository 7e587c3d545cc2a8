//! Snapshots of the tables and of what is reported, by feature. Input is source text
//! through the real parser and resolver, with the real library behind it.

mod agents;
mod channels;
mod complete;
mod domains;
mod expressions;
mod functions;
mod iterators;
mod modules;
mod networks;
mod ports;
mod schemas;
mod statements;

use std::fmt::Write as _;

use crate::diag::texts::Texts;
use crate::diag::{Diagnostic, Severity};
use crate::hir::Program;
use crate::hir::ty::Ty;
use crate::support::span::{FileId, Span};
use crate::types::{Types, print, ty::is_known};
use crate::{resolve, syntax};

struct Checked {
    source: String,
    program: Program,
    types: Types,
    problems: Vec<Diagnostic>,
}

/// Parses, resolves and checks `source`.
fn check(source: &str) -> Checked {
    let mut files = Vec::new();
    let mut problems = Vec::new();
    let texts = std::iter::once(source).chain(axum_stdlib::FILES.iter().map(|it| it.1));
    for (index, text) in texts.enumerate() {
        let id = FileId(u32::try_from(index).expect("few files"));
        let (file, found) = syntax::parse(id, text);
        problems.extend(found);
        files.push((id, file));
    }
    let (program, found) = resolve::resolve(&files, 1);
    // What is unused is no matter of types.
    problems.extend(found.into_iter().filter(|it| it.severity == Severity::Error));
    let (types, found) = super::check(&program);
    problems.extend(found);
    problems.sort_by_key(|it| (it.span().file, it.span().lo, it.code));
    Checked { source: source.to_owned(), program, types, problems }
}

impl Checked {
    fn text(&self, span: Span) -> String {
        let (lo, hi) = (span.lo as usize, span.hi as usize);
        self.source.get(lo..hi).unwrap_or("").to_owned()
    }

    /// What was reported, a line each, with labels and remedies below.
    fn list(&self) -> String {
        let texts = Texts::new([("main.ax", self.source.as_str())]);
        let mut out = String::new();
        for problem in &self.problems {
            let severity = match problem.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            };
            let (code, message) = (problem.code.as_str(), &problem.message);
            let _ = writeln!(out, "{severity}[{code}]: {message}");
            for label in &problem.labels {
                let line = texts.place(label.span.file, label.span.lo).line;
                let text: Vec<String> =
                    self.text(label.span).split_whitespace().map(str::to_owned).collect();
                let _ = writeln!(out, "  {line} `{}` {}", text.join(" "), label.message);
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

    /// In a program without errors, every type is known.
    fn assert_settled(&self) {
        if self.problems.iter().any(|it| it.severity == Severity::Error) {
            return;
        }
        let settled = |ty: &Ty| is_known(ty) && !ty.is_error();
        for (id, body) in self.types.bodies.iter() {
            let exprs = &self.program.bodies[id].exprs;
            let whole = &self.program.bodies[id];
            for (expr, ty) in body.exprs.iter() {
                let text = self.text(exprs[expr].span);
                assert!(settled(ty), "{text}");
                // The search below is quadratic in the size of the body.
                if exprs.len() < 2_000 {
                    let missing = complete::missing(whole, body, expr);
                    assert_eq!(missing, None, "{text} in {}", self.text(whole.span));
                }
            }
            for (local, ty) in body.locals.iter() {
                assert!(settled(ty), "{}", self.program.bodies[id].locals[local].name);
            }
        }
    }
}

/// The dump of the tables, behind what was reported.
fn typed(source: &str) -> String {
    let checked = check(source);
    checked.assert_settled();
    let dump = print::print(&checked.program, &checked.types, &|it| checked.text(it));
    let source = source.trim_matches('\n');
    format!("-- source --\n{source}\n-- output --\n{}{dump}", checked.list())
}

/// What was reported.
fn reported(source: &str) -> String {
    let problems = check(source).list();
    format!("-- source --\n{}\n-- output --\n{problems}", source.trim_matches('\n'))
}

/// Asserts that nothing is reported, and that every type is known.
fn accepted(source: &str) {
    let checked = check(source);
    assert_eq!(checked.list(), "");
    checked.assert_settled();
}

/// Like [`accepted`], for programs whose trees are too deep for a test thread to drop: the
/// driver runs on a large stack as well.
fn accepted_at_length(source: String) {
    std::thread::Builder::new()
        .stack_size(256 << 20)
        .spawn(move || accepted(&source))
        .expect("a thread can be made")
        .join()
        .expect("nothing is reported");
}

macro_rules! snapshot {
    ($function:ident, $source:expr) => {
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(super::$function($source));
        });
    };
}
use snapshot;
