//! The emitted Rust, by feature: names and literals survive, lines are kept, and an edit
//! changes what it touches. Input is source text through the whole compiler.

mod agents;
mod expressions;
mod json;
mod modules;

use crate::emit::Output;
use crate::pipeline::{self, Entry, SourceFile};

/// The Rust of a program of one file, which must have no errors.
fn emit(source: &str) -> Output {
    let sources = [SourceFile { name: "main.ax".into(), text: source.into() }];
    let (output, found) = pipeline::compile(&sources, Entry::Optional, &mut |_| {});
    output.unwrap_or_else(|| panic!("the program is rejected: {found:#?}"))
}

/// The formatted items without the header that every program shares.
fn items(source: &str) -> String {
    let pretty = emit(source).pretty;
    let start = pretty.find("// main.ax:").unwrap_or(pretty.len());
    pretty[start..].trim_end().to_owned()
}

/// Source, then the Rust that it becomes.
macro_rules! snapshot {
    ($source:expr) => {{
        let source: &str = $source.trim();
        let output = format!("-- source --\n{source}\n-- output --\n{}", super::items(source));
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(output);
        });
    }};
}

use snapshot;
