//! Diagnostics as notes under the code: every file below `tests/ui` must report exactly
//! what its notes say; so must every package there, with all its files and manifests.
//! `AXUM_BLESS=1` rewrites the notes.
#![forbid(unsafe_code)]

use std::fs;
use std::path::{Path, PathBuf};

use axum_tests::annotate::{self, Annotated, Note};
use axum_tests::bless::blessing;
use axum_tests::case::{files, root, shown};
use axum_tests::compiler;
use axumc::diag::{Diagnostic, Severity};
use axumc::driver::Unloaded;
use axumc::pipeline::{self, Entry, SourceFile, Sources};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let folder = root().join("tests/ui");
    let packages = packages(&folder);
    let single = files(&folder, "ax").into_iter();
    let single =
        single.filter(|it| !packages.iter().any(|folder| it.starts_with(folder)));
    let name = |it: &Path| shown(it).trim_start_matches("tests/ui/").to_owned();
    let mut trials: Vec<Trial> =
        single.map(|it| Trial::test(name(&it), move || case(&it))).collect();
    trials.extend(
        packages.iter().cloned().map(|it| Trial::test(name(&it), move || package(&it))),
    );
    libtest_mimic::run(&arguments, trials).exit();
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
    let rust = axumc::driver::rust_files(&sources, root());
    let whole = Sources::from(&sources).with_rust(&rust);
    let found = compiler::check(whole, entry);
    let texts = pipeline::all_texts(whole);
    let actual: Vec<Note> = found.iter().map(|it| annotate::of(&texts, it)).collect();
    if let Some(it) = found.iter().find(|it| it.span().file.0 > 0) {
        return Err(format!("blames the library: {}", it.message).into());
    }
    // Only codes that are listed as warnings can be given a level.
    let is_listed =
        |it: &&Diagnostic| (it.severity == Severity::Warning) == it.code.is_warning();
    if let Some(it) = found.iter().find(|it| !is_listed(it)) {
        let code = it.code.as_str();
        return Err(format!("{code} is a warning here or in the table only").into());
    }
    let complaint =
        compare(path, &Annotated { text: sources[0].text.clone(), notes }, &actual)?;
    match complaint {
        None => Ok(()),
        Some(text) => {
            Err(format!("{text}\n{}", compiler::rendered(&texts, &found)).into())
        }
    }
}

/// Compares what was found in a file with its notes, or rewrites these; gives what differs.
fn compare(
    path: &Path,
    annotated: &Annotated,
    actual: &[Note],
) -> Result<Option<String>, Failed> {
    let Annotated { text, notes } = annotated;
    let (missing, surplus) = annotate::unmatched(notes, actual);
    if missing.is_empty() && surplus.is_empty() {
        return Ok(None);
    }
    let mark = if path.extension().is_some_and(|it| it == "toml") { "#" } else { "//" };
    if blessing() {
        // A note that is met keeps its words, so that only what changed is rewritten.
        let is_kept =
            |note: &&Note, it: &Note| note.is_met_by(it) && !note.message.is_empty();
        let keep =
            |it: &Note| notes.iter().find(|note| is_kept(note, it)).unwrap_or(it).clone();
        let notes: Vec<Note> = actual.iter().map(keep).collect();
        fs::write(path, annotate::write(text, &notes, mark))?;
        return Ok(None);
    }
    let mut message = String::from("(AXUM_BLESS=1 rewrites the notes)\n");
    for (title, notes) in
        [("not reported", &missing), ("reported, but not noted", &surplus)]
    {
        for note in notes {
            let line = note.line;
            message.push_str(&format!("{title}, line {line}:\n{}\n", note.show(mark)));
        }
    }
    Ok(Some(message))
}

/// The folders below `folder` that hold a manifest and lie in no other such folder.
fn packages(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    let mut manifests = files(folder, "toml");
    manifests.sort_by_key(|it| it.components().count());
    for manifest in manifests {
        let folder = manifest.parent().expect("a file is in a folder");
        if !found.iter().any(|it| folder.starts_with(it)) {
            found.push(folder.to_owned());
        }
    }
    found.sort();
    found
}

/// A package is loaded as the command loads it. Notes are comments, and are left where they
/// are: the lines of what is found are counted without them.
fn package(folder: &Path) -> Result<(), Failed> {
    let loaded = axumc::driver::load(Some(folder));
    let (texts, found) = match loaded {
        Ok(program) => {
            let found = compiler::check(program.sources(), Entry::Required);
            (pipeline::all_texts(program.sources()), found)
        }
        Err(Unloaded::Rejected { texts, problems }) => (texts, problems),
        Err(Unloaded::Failure(failure)) => {
            return Err(failure.diagnostic.message.into());
        }
    };
    let mut complaints = String::new();
    for path in files(folder, "ax").into_iter().chain(files(folder, "toml")) {
        let annotated = fs::read_to_string(&path)?;
        let of_file = found.iter().filter(|it| {
            fs::canonicalize(texts.name(it.span().file)).is_ok_and(|it| it == path)
        });
        let actual: Vec<Note> = of_file
            .map(|it| annotate::of(&texts, it))
            .map(|it| Note { line: annotate::without_notes(&annotated, it.line), ..it })
            .collect();
        if let Some(text) = compare(&path, &annotate::parse(&annotated), &actual)? {
            complaints.push_str(&format!("{}: {text}\n", shown(&path)));
        }
    }
    if complaints.is_empty() {
        return Ok(());
    }
    Err(format!("{complaints}{}", compiler::rendered(&texts, &found)).into())
}
