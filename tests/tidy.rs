//! The rules of the house as tests: sizes, headers, dependencies between rooms, the upkeep
//! of diagnostic codes, names of files. They read the repository's text and compile nothing.
#![forbid(unsafe_code)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use axum_tests::annotate;
use axum_tests::case::{files, root, shown};
use axumc::diag::Code;

const MAX_FILE: usize = 600;
const MAX_FUNCTION: usize = 100;

/// How many lines the runtime's files may have that contain `unsafe`, tests left out. To be read in an
/// hour they must be under 1,000: so this number may only fall, and does with each step there.
const MAX_UNSAFE: usize = 999;

/// Files that may be longer, with the reason. This list may only shrink.
const LONG_FILES: &[(&str, &str)] = &[];

/// Functions that may be longer, with the reason. This list may only shrink.
const LONG_FUNCTIONS: &[(&str, &str, &str)] = &[];

/// Bare `allow` where `expect` cannot stand, with the reason.
const ALLOWS: &[(&str, &str)] = &[
    ("compiler/src/emit/mod.rs", "a template: the attribute stands in generated code"),
    ("compiler/src/syntax/mod.rs", "it is about a file that LALRPOP writes"),
];

/// The words that name features: the only file names in `tests/ui` and the phases' tests.
const FEATURES: &[&str] = &[
    "agents",
    "channels",
    "ports",
    "protocols",
    "schemas",
    "domains",
    "networks",
    "functions",
    "expressions",
    "statements",
    "modules",
    "exceptions",
    "generics",
    "iterators",
    "packages",
    "patterns",
    "values",
    "json",
    "failures",
    "native",
];

/// What tests of phases are about, beside features.
const NO_FEATURES: &[&str] = &["complete", "lexing", "limits", "mutants", "recovery"];

/// What each room of the compiler may name, besides itself. The order is the pipeline's.
const ROOMS: &[(&str, &[&str])] = &[
    ("support", &[]),
    ("diag", &["support"]),
    ("syntax", &["support", "diag"]),
    ("hir", &["support", "diag", "syntax"]),
    ("resolve", &["support", "diag", "syntax", "hir"]),
    ("types", &["support", "diag", "syntax", "hir"]),
    ("isolation", &["support", "diag", "syntax", "hir", "types"]),
    ("protocol", &["support", "diag", "syntax", "hir", "types", "isolation"]),
    ("foreign", &["support", "diag", "syntax", "hir", "types"]),
    ("ir", &["support"]),
    (
        "lower",
        &["support", "diag", "syntax", "hir", "types", "isolation", "foreign", "ir"],
    ),
    ("emit", &["support", "ir"]),
    (
        "pipeline.rs",
        &[
            "support",
            "diag",
            "syntax",
            "hir",
            "resolve",
            "types",
            "isolation",
            "protocol",
            "foreign",
            "ir",
            "lower",
            "emit",
        ],
    ),
    ("driver", &["support", "diag", "emit", "pipeline"]),
    ("cli", &["support", "diag", "pipeline", "driver"]),
];

/// Codes that no file below `tests/ui` can expect, with the reason.
const NOT_IN_UI: &[(Code, &str)] = &[
    (Code::Toolchain, "it is about the machine: tested in cli.rs"),
    (Code::NativeCode, "it is reported to those who ask for it: tested in native.rs"),
    (Code::Internal, "it is about faults of axumc"),
];

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", shown(path)))
}

fn rust_files() -> Vec<PathBuf> {
    ["compiler", "runtime", "stdlib", "tests"]
        .iter()
        .flat_map(|it| files(&root().join(it), "rs"))
        .collect()
}

fn is_test(path: &Path) -> bool {
    let name = shown(path);
    name.starts_with("tests/") || name.contains("/tests/") || name.ends_with("/tests.rs")
}

/// Fails with all complaints at once, so that one run shows them all.
fn none(complaints: Vec<String>) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn every_file_says_what_it_is() {
    let headless = |it: &PathBuf| !read(it).starts_with("//! ");
    let found = rust_files().into_iter().filter(headless);
    none(found.map(|it| format!("{} does not begin with `//! `", shown(&it))).collect());
}

#[test]
fn files_have_a_ceiling() {
    let mut complaints = Vec::new();
    for path in rust_files().into_iter().filter(|it| !is_test(it)) {
        let (name, lines) = (shown(&path), read(&path).lines().count());
        let excepted = LONG_FILES.iter().any(|(file, _)| *file == name);
        if lines > MAX_FILE && !excepted {
            complaints
                .push(format!("{name} has {lines} lines, the ceiling is {MAX_FILE}"));
        }
        if lines <= MAX_FILE && excepted {
            complaints
                .push(format!("{name} is no longer too long: strike it from the list"));
        }
    }
    none(complaints);
}

#[test]
fn functions_have_a_ceiling() {
    let mut complaints = Vec::new();
    for path in rust_files().into_iter().filter(|it| !is_test(it)) {
        let name = shown(&path);
        for (function, lines) in functions(&read(&path)) {
            let is_it =
                |(file, it, _): &&(&str, &str, &str)| *file == name && *it == function;
            if lines > MAX_FUNCTION && LONG_FUNCTIONS.iter().find(is_it).is_none() {
                complaints.push(format!(
                    "{name}: `{function}` has {lines} lines, the ceiling is {MAX_FUNCTION}"
                ));
            }
        }
    }
    none(complaints);
}

/// Names of functions and how many lines they have. Formatted code closes a function with
/// a brace in the column in which it began.
fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let bare = line.trim_start();
        let Some((before, after)) = bare.split_once("fn ") else { continue };
        let qualifiers = ["pub", "async", "const", "unsafe", "extern"];
        let only_qualifiers = before.split_whitespace().all(|word| {
            qualifiers.iter().any(|it| word == *it || word.starts_with("pub("))
        });
        if !only_qualifiers || !before.is_empty() && !before.ends_with(' ') {
            continue;
        }
        let indent = line.len() - bare.len();
        let close = format!("{}}}", " ".repeat(indent));
        // A declaration without a body ends before the next brace opens.
        let ends = |it: &&&str| it.ends_with(['{', '}', ';']);
        if lines[at..].iter().find(ends).is_none_or(|it| !it.ends_with('{')) {
            continue;
        }
        let Some(length) = lines[at..].iter().position(|it| *it == close) else {
            continue;
        };
        let name = after.split(|it: char| !it.is_alphanumeric() && it != '_').next();
        found.push((name.unwrap_or_default().to_owned(), length + 1));
    }
    found
}

#[test]
fn rooms_name_only_what_they_may() {
    let source = root().join("compiler/src");
    let mut complaints = Vec::new();
    for (room, allowed) in ROOMS {
        let path = source.join(room);
        let parts = if path.is_dir() { files(&path, "rs") } else { vec![path] };
        for part in parts.iter().filter(|it| it.exists() && !is_test(it)) {
            for named in named_rooms(&read(part)) {
                let known =
                    ROOMS.iter().any(|(it, _)| it.trim_end_matches(".rs") == named);
                if known && named != *room && !allowed.contains(&named.as_str()) {
                    complaints.push(format!("{} names `crate::{named}`", shown(part)));
                }
            }
        }
    }
    none(complaints);
}

/// The `x` of each `crate::x`, also in `use crate::{x, y}`.
fn named_rooms(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for line in text.lines().filter(|it| !it.trim_start().starts_with("//")) {
        for rest in line.split("crate::").skip(1) {
            let list = rest.strip_prefix('{').and_then(|it| it.split('}').next());
            for item in list.unwrap_or(rest).split(", ") {
                let name: String = item
                    .chars()
                    .take_while(|it| it.is_alphanumeric() || *it == '_')
                    .collect();
                found.insert(name);
                if list.is_none() {
                    break;
                }
            }
        }
    }
    found
}

#[test]
fn every_folder_at_the_top_is_a_room() {
    let readme = read(&root().join("README.md"));
    let mut complaints = Vec::new();
    for entry in fs::read_dir(root()).expect("the repository is there").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let built = name == "target" || name.starts_with('.');
        if entry.path().is_dir() && !built && !readme.contains(&format!("| `{name}/` |"))
        {
            complaints.push(format!("{name}/ is in no line of the table in README.md"));
        }
    }
    none(complaints);
}

#[test]
fn every_room_is_in_the_table() {
    let mut complaints = Vec::new();
    let entries =
        fs::read_dir(root().join("compiler/src")).expect("the compiler is there");
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let known = ROOMS.iter().any(|(it, _)| *it == name);
        if !known && name != "lib.rs" && name != "main.rs" {
            complaints
                .push(format!("compiler/src/{name} is in no line of the table of rooms"));
        }
    }
    none(complaints);
}

#[test]
fn codes_and_their_pages_belong_together() {
    let mut pages: BTreeSet<String> = files(&root().join("compiler/explain"), "md")
        .iter()
        .filter_map(|it| Some(it.file_stem()?.to_string_lossy().into_owned()))
        .collect();
    // That each code has a page is certain: the table includes them at compile time.
    for code in Code::ALL {
        pages.remove(code.as_str());
    }
    none(
        pages.iter().map(|it| format!("compiler/explain/{it}.md has no code")).collect(),
    );
}

#[test]
fn every_code_is_reported_by_something() {
    let source = root().join("compiler/src");
    let parts = files(&source, "rs");
    let text: String = parts
        .iter()
        .filter(|it| !is_test(it) && !it.ends_with("diag/codes.rs"))
        .map(|it| read(it))
        .collect();
    let silent = |it: &&Code| !mentions(&text, &format!("Code::{it:?}"));
    let found = Code::ALL.iter().filter(silent);
    none(
        found.map(|it| format!("{} ({it:?}) is reported nowhere", it.as_str())).collect(),
    );
}

/// Whether the word stands in the text, not as the beginning of a longer one.
fn mentions(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        !text[at + word.len()..].starts_with(|it: char| it.is_alphanumeric() || it == '_')
    })
}

#[test]
fn every_code_is_expected_by_a_case() {
    let mut complaints = Vec::new();
    let cases = root().join("tests/ui");
    let expected: BTreeSet<String> = files(&cases, "ax")
        .iter()
        .chain(&files(&cases, "toml"))
        .flat_map(|it| annotate::parse(&read(it)).notes)
        .map(|it| it.code)
        .collect();
    for code in Code::ALL {
        let excepted = NOT_IN_UI.iter().any(|(it, _)| it == code);
        match (expected.contains(code.as_str()), excepted) {
            (false, false) => {
                complaints.push(format!("no case expects {}", code.as_str()))
            }
            (true, true) => complaints
                .push(format!("a case expects {}: strike the exception", code.as_str())),
            _ => {}
        }
    }
    for code in &expected {
        if Code::parse(code).is_none() {
            complaints.push(format!("a case expects {code}, which is no code"));
        }
    }
    none(complaints);
}

#[test]
fn features_name_the_files_of_tests() {
    let mut complaints = Vec::new();
    for path in files(&root().join("tests/ui"), "ax") {
        let name = shown(&path);
        let feature = name.split('/').nth(2).unwrap_or_default();
        if !FEATURES.contains(&feature) {
            complaints.push(format!("{name}: `{feature}` is no feature"));
        }
    }
    for phase in ["syntax", "resolve", "types", "isolation", "protocol", "lower", "emit"]
    {
        for path in files(&root().join("compiler/src").join(phase).join("tests"), "rs") {
            let stem =
                path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let known = FEATURES.contains(&&*stem) || NO_FEATURES.contains(&&*stem);
            if stem != "mod" && !known {
                complaints.push(format!("{}: `{stem}` is no feature", shown(&path)));
            }
        }
    }
    none(complaints);
}

#[test]
fn lints_are_expected_not_allowed() {
    let mut complaints = Vec::new();
    for path in rust_files() {
        let name = shown(&path);
        if name == "tests/tidy.rs" || ALLOWS.iter().any(|(file, _)| *file == name) {
            continue;
        }
        for (index, line) in read(&path).lines().enumerate() {
            let bare = line.trim_start();
            if bare.starts_with("#[allow(") || bare.starts_with("#![allow(") {
                complaints.push(format!("{name}:{}: {bare}", index + 1));
            }
        }
    }
    none(complaints);
}

#[test]
fn no_file_names_a_machine() {
    let mut complaints = Vec::new();
    let mut all = rust_files();
    for extension in ["md", "toml", "ax", "snap", "txt", "lalrpop"] {
        all.extend(files(root(), extension));
    }
    let marks = [["/ho", "me/"], ["/ro", "ot/"], ["/Us", "ers/"], [":\\Us", "ers\\"]];
    for path in all {
        let text = read(&path);
        for mark in marks.iter().map(|it| it.concat()) {
            if text.contains(&mark) && shown(&path) != "tests/emit.rs" {
                complaints.push(format!("{} contains `{mark}`", shown(&path)));
            }
        }
    }
    none(complaints);
}

#[test]
fn nothing_is_left_for_later() {
    let mut complaints = Vec::new();
    let marks =
        [["TO", "DO"], ["FIX", "ME"], ["XX", "X"], ["HA", "CK"]].map(|it| it.concat());
    for path in rust_files() {
        for (index, line) in read(&path).lines().enumerate() {
            for word in line.split(|it: char| !it.is_alphanumeric()) {
                if marks.iter().any(|it| it == word) {
                    complaints.push(format!(
                        "{}:{}: {}",
                        shown(&path),
                        index + 1,
                        line.trim()
                    ));
                }
            }
        }
    }
    none(complaints);
}

#[test]
fn the_architecture_page_is_true() {
    let path = root().join("docs/architecture.md");
    let page = read(&path);
    let mut complaints = Vec::new();
    let quoted: Vec<&str> = page.split('`').skip(1).step_by(2).collect();
    for word in &quoted {
        let looks_like_path = word.contains('/')
            && !word.contains([' ', '*', '<', '{', '('])
            && !word.starts_with('/');
        let places = ["", "compiler", "compiler/src", "docs"];
        let exists = places.iter().any(|it| root().join(it).join(word).exists());
        if looks_like_path && !exists {
            complaints.push(format!("it names `{word}`, which is not there"));
        }
    }
    for (room, _) in ROOMS {
        if !quoted.contains(room) {
            complaints.push(format!("it does not name the room `{room}`"));
        }
    }
    for target in links(&page) {
        if !path.with_file_name(&target).exists() {
            complaints.push(format!("it links to {target}, which is not there"));
        }
    }
    none(complaints);
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut complaints = Vec::new();
    let mut pages = vec![root().join("README.md")];
    for folder in ["docs", "examples"] {
        pages.extend(files(&root().join(folder), "md"));
    }
    for page in pages {
        for target in links(&read(&page)) {
            if !page.with_file_name(&target).exists() {
                complaints.push(format!("{} links to {target}", shown(&page)));
            }
        }
    }
    none(complaints);
}

/// The local targets of `[text](target)`, without anchors.
fn links(page: &str) -> Vec<String> {
    let targets = page.split("](").skip(1).filter_map(|it| it.split(')').next());
    targets
        .filter(|it| !it.contains("://") && !it.starts_with('#') && !it.is_empty())
        .filter_map(|it| it.split('#').next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn dependencies_say_what_they_are_for() {
    let mut complaints = Vec::new();
    for package in ["compiler", "runtime", "runtime/data", "stdlib", "tests"] {
        let manifest = root().join(package).join("Cargo.toml");
        let mut section = String::new();
        for line in read(&manifest).lines() {
            if line.starts_with('[') {
                section = line.to_owned();
            } else if section.contains("dependencies")
                && line.contains('=')
                && !line.contains(" path = ")
                && !line.contains('#')
            {
                complaints
                    .push(format!("{}: `{line}` says not what for", shown(&manifest)));
            }
        }
    }
    none(complaints);
}

#[test]
fn examples_are_numbered_and_explained() {
    let mut complaints = Vec::new();
    let mut numbers: BTreeMap<String, String> = BTreeMap::new();
    for entry in
        fs::read_dir(root().join("examples")).expect("there are examples").flatten()
    {
        let name = entry.file_name().to_string_lossy().into_owned();
        // What is measured is not read in order.
        if name == "benchmarks" {
            continue;
        }
        let is_package = entry.path().join("axum.toml").exists();
        let main = if is_package { "src/main.ax" } else { "main.ax" };
        for file in [main, "expected.txt", "README.md"] {
            if !entry.path().join(file).exists() {
                complaints.push(format!("examples/{name} lacks {file}"));
            }
        }
        let number = name.split('_').next().unwrap_or_default().to_owned();
        if let Some(other) = numbers.insert(number, name.clone()) {
            complaints.push(format!("examples/{name} has the number of {other}"));
        }
    }
    none(complaints);
}

/// The lines of a file that are not its tests, which come last.
fn lines_before_tests(text: &str) -> Vec<&str> {
    let lines: Vec<&str> = text.lines().collect();
    let is_tests = |at: &usize| {
        let is_cfg = lines[*at].starts_with("#[cfg(") && lines[*at].contains("test");
        // Tests in a file of their own are declared anywhere.
        let begins = |it: &&str| it.starts_with("mod ") && it.ends_with('{');
        is_cfg && lines[at + 1..].iter().take(2).any(begins)
    };
    let end = (0..lines.len()).find(is_tests).unwrap_or(lines.len());
    lines[..end].to_vec()
}

/// How often the keyword stands in a line, outside of its comment.
fn n_unsafe(line: &str) -> usize {
    let code = line.split("//").next().unwrap_or_default();
    let words = code.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.filter(|it| *it == "unsafe").count()
}

#[test]
fn unsafe_code_can_be_read_in_an_hour() {
    let mut found = Vec::new();
    for folder in ["runtime/src", "runtime/data/src"] {
        for path in files(&root().join(folder), "rs") {
            let text = read(&path);
            let lines = lines_before_tests(&text);
            let n: usize = lines.iter().map(|it| n_unsafe(it)).sum();
            if n > 0 && !is_test(&path) {
                found.push((lines.len(), n, shown(&path)));
            }
        }
    }
    found.sort();
    let n_lines: usize = found.iter().map(|it| it.0).sum();
    let rows = found
        .iter()
        .map(|(lines, n, name)| format!("{lines:5} lines, {n:3} unsafe: {name}"));
    assert!(
        n_lines <= MAX_UNSAFE,
        "\n{}\nThe files with `unsafe` have {n_lines} lines, the ceiling is {MAX_UNSAFE}. Put what is \
         unsafe into a small file with a safe interface, and what only uses it into another.",
        rows.collect::<Vec<_>>().join("\n")
    );
}
