//! Diagnostics as notes under the code: every file below `tests/ui` must report exactly
//! what its notes say. `AXUM_BLESS=1` rewrites the notes.
#![forbid(unsafe_code)]

use std::fs;
use std::path::Path;

use axum_tests::annotate::{self, Note};
use axum_tests::bless::blessing;
use axum_tests::case::{files, root, shown};
use axum_tests::compiler;
use axumc::pipeline::{self, Entry, SourceFile};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let folder = root().join("tests/ui");
    let trials = files(&folder, "ax").into_iter().map(|path| {
        let name = shown(&path).trim_start_matches("tests/ui/").to_owned();
        Trial::test(name, move || case(&path))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit();
}

fn case(path: &Path) -> Result<(), Failed> {
    let before = fs::read_to_string(path)?;
    let annotate::Annotated { text, notes } = annotate::parse(&before);
    // A case is a fragment; one that is about the entry agent says so.
    let entry = if text.starts_with("// A program of its own") {
        Entry::RequiredUnlessTests
    } else {
        Entry::Optional
    };
    let sources = [SourceFile { name: shown(path), text }];
    let found = compiler::check(&sources, entry);
    let texts = pipeline::texts(&sources);
    let actual: Vec<Note> = found.iter().map(|it| annotate::of(&texts, it)).collect();
    if let Some(it) = found.iter().find(|it| it.span().file.0 > 0) {
        return Err(format!("blames the library: {}", it.message).into());
    }
    let (missing, surplus) = annotate::unmatched(&notes, &actual);
    if missing.is_empty() && surplus.is_empty() {
        return Ok(());
    }
    if blessing() {
        // A note that is met keeps its words, so that only what changed is rewritten.
        let is_kept =
            |note: &&Note, it: &Note| note.is_met_by(it) && !note.message.is_empty();
        let keep =
            |it: &Note| notes.iter().find(|note| is_kept(note, it)).unwrap_or(it).clone();
        let notes: Vec<Note> = actual.iter().map(keep).collect();
        fs::write(path, annotate::write(&sources[0].text, &notes))?;
        return Ok(());
    }
    let mut message = String::from("(AXUM_BLESS=1 rewrites the notes)\n");
    for (title, notes) in
        [("not reported", &missing), ("reported, but not noted", &surplus)]
    {
        for note in notes {
            message.push_str(&format!("{title}, line {}:\n{}\n", note.line, note.show()));
        }
    }
    message.push('\n');
    message.push_str(&compiler::shown(&sources, &found));
    Err(message.into())
}
