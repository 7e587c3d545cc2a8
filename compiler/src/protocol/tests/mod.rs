//! Snapshots of what is reported about protocols and answers, from source text.

mod ports;
mod protocols;

use crate::diag::render::{Format, render};
use crate::diag::texts::Texts;
use crate::support::span::FileId;
use crate::{isolation, resolve, syntax, types};

/// The source, then what is reported about it.
fn report(source: &str) -> String {
    let library = axum_stdlib::FILES.iter().copied();
    let texts = Texts::new(std::iter::once(("main.ax", source)).chain(library));
    let mut files = Vec::new();
    for index in 0..=axum_stdlib::FILES.len() {
        let id = FileId(u32::try_from(index).expect("few files"));
        files.push((id, syntax::parse(id, texts.text(id)).0));
    }
    let (program, mut problems) = resolve::resolve(&files, 1);
    let (types, more) = types::check(&program);
    problems.extend(more);
    let effects = isolation::check(&program, &types).0;
    problems.extend(super::check(&program, &types, &effects).1);
    let human = Format::Human { color: false };
    let shown: String = problems.iter().map(|it| render(human, &texts, it)).collect();
    format!("-- source --{source}-- output --\n{shown}")
}

/// Compares what is reported about a source text with the snapshot beside the test.
macro_rules! snapshot {
    ($source:expr) => {
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!($crate::protocol::tests::report($source));
        })
    };
}
use snapshot;
