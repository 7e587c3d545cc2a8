//! Snapshots of what texts parse to, by feature word; of what is reported where they do not;
//! and tests that no text is too large or too odd to be parsed.

mod agents;
mod channels;
mod domains;
mod expressions;
mod functions;
mod limits;
mod modules;
mod mutants;
mod networks;
mod ports;
mod protocols;
mod recovery;
mod schemas;
mod statements;

use super::{parser, print};
use crate::diag::render::{Format, render};
use crate::diag::texts::Texts;
use crate::support::span::FileId;

/// The source, the tree, and what was reported. A text without errors must parse to the same
/// tree when it is parsed in pieces, as recovery does.
fn report(source: &str) -> String {
    let (tree, problems) = parser::parse(FileId(0), source, false);
    let tree = print::print(&tree);
    let texts = Texts::new([("main.ax", source)]);
    let human = Format::Human { color: false };
    let shown: String = problems
        .iter()
        .map(|it| render(human, &texts, &it.diagnose(FileId(0))))
        .collect();
    if problems.is_empty() {
        assert_same_in_pieces(source);
    }
    let shown = if shown.is_empty() { shown } else { format!("-- problems --\n{shown}") };
    format!("-- source --{source}\n-- output --\n{tree}{shown}")
}

/// Parses a text both ways.
fn assert_same_in_pieces(source: &str) {
    let (whole, problems) = parser::parse(FileId(0), source, false);
    let (pieces, more) = parser::parse(FileId(0), source, true);
    assert_eq!(problems, more);
    assert_eq!(print::print(&whole), print::print(&pieces));
}

/// Compares the report on a text with the snapshot beside the test.
macro_rules! snapshot {
    ($source:expr) => {
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!($crate::syntax::tests::report($source));
        })
    };
}
use snapshot;

/// Statements within the body of a method.
macro_rules! body {
    ($source:expr) => {
        snapshot!(&format!("\nagent A {{\n    void F() {{{}    }}\n}}\n", $source))
    };
}
use body;

/// The standard library is the largest body of sources at hand.
#[test]
fn the_library_parses_whole_and_in_pieces() {
    for (name, source) in axum_stdlib::FILES {
        let (_, problems) = parser::parse(FileId(0), source, false);
        assert_eq!(problems, [], "{name}");
        assert_same_in_pieces(source);
    }
}
