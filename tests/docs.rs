//! Code blocks of the documents are checked as marked: `axum` is accepted without a
//! warning, `axum,fragment` as well but may lack an entry agent, `axum,fails(AX0405)`
//! reports that error and no other. `rust,file(tools.rs)` is the Rust file of that name for the
//! blocks below it. `toml` and `toml,fails(AX1001)` are manifests. The index
//! of codes is what the code table says.
#![forbid(unsafe_code)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use axum_tests::case::{files, root, shown};
use axum_tests::markdown::{Block, blocks};
use axum_tests::{bless, compiler};
use axumc::diag::{Code, Severity};
use axumc::pipeline::{self, Entry, RustFile, SourceFile, Sources};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = vec![Trial::test("docs/errors.md", index_of_codes)];
    for path in pages() {
        let name = shown(&path);
        let page =
            fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut rust: BTreeMap<String, String> = BTreeMap::new();
        for block in blocks(&page) {
            let file = block.info.strip_prefix("rust,file(");
            if let Some(file) = file.and_then(|it| it.strip_suffix(')')) {
                rust.insert(file.to_owned(), block.text);
            } else if block.info == "axum" || block.info.starts_with("axum,") {
                let (name, rust) = (format!("{name}:{}", block.line), rust.clone());
                let test = Trial::test(name.clone(), move || check(&name, &block, &rust));
                trials.push(test);
            } else if block.info == "toml" || block.info.starts_with("toml,") {
                let name = format!("{name}:{}", block.line);
                trials.push(Trial::test(name.clone(), move || manifest(&block)));
            }
        }
        if name.starts_with("compiler/explain/") {
            trials.push(Trial::test(format!("{name} is complete"), move || {
                explanation(&path, &page)
            }));
        }
    }
    for (name, text) in axum_stdlib::FILES {
        // Doc comments are Markdown. `library` runs the tests in them; programs are compiled here.
        let strip = |line: &str| line.trim_start().strip_prefix("///").map(str::to_owned);
        let docs: Vec<String> =
            text.lines().map(|it| strip(it).unwrap_or_default()).collect();
        for block in blocks(&docs.join("\n")) {
            let is_test =
                block.text.lines().any(|it| it.trim_start().starts_with("test \""));
            if block.info.starts_with("axum") && !is_test {
                let name = format!("stdlib/{name}:{}", block.line);
                let none = BTreeMap::new();
                let test = Trial::test(name.clone(), move || check(&name, &block, &none));
                trials.push(test);
            }
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn pages() -> Vec<PathBuf> {
    let mut found = vec![root().join("README.md")];
    for folder in ["docs", "compiler/explain", "examples"] {
        found.extend(files(&root().join(folder), "md"));
    }
    found
}

fn check(
    name: &str,
    block: &Block,
    rust: &BTreeMap<String, String>,
) -> Result<(), Failed> {
    let marks: Vec<&str> = block.info.split(',').skip(1).map(str::trim).collect();
    let fails = marks.iter().find_map(|it| it.strip_prefix("fails(")?.strip_suffix(')'));
    let known = |it: &&&str| **it == "fragment" || it.starts_with("fails(");
    if let Some(mark) = marks.iter().find(|it| !known(it)) {
        return Err(format!("unknown mark `{mark}`").into());
    }
    let fragment = marks.contains(&"fragment") || fails.is_some_and(|it| it != "AX0110");
    let entry = if fragment { Entry::Optional } else { Entry::RequiredUnlessTests };
    let sources = [SourceFile { name: name.to_owned(), text: block.text.clone() }];
    let rust: Vec<RustFile> = pipeline::rust_paths(&sources)
        .into_iter()
        .map(|(of, path)| {
            let text = rust.get(&path).cloned().ok_or_else(|| "no such file".to_owned());
            RustFile { of, name: path.clone(), path, text }
        })
        .collect();
    let whole = Sources::from(&sources).with_rust(&rust);
    let found = compiler::check(whole, entry);
    let shown = compiler::rendered(&pipeline::all_texts(whole), &found);
    let Some(code) = fails else {
        return if found.is_empty() { Ok(()) } else { Err(shown.into()) };
    };
    if !found.iter().any(|it| it.code.as_str() == code) {
        return Err(format!("does not report {code}\n{shown}").into());
    }
    let other = |it: &&axumc::diag::Diagnostic| {
        it.severity == Severity::Error && it.code.as_str() != code
    };
    match found.iter().find(other) {
        Some(it) => Err(format!("reports {} as well\n{shown}", it.code.as_str()).into()),
        None => Ok(()),
    }
}

/// A manifest alone: what it depends on is not looked for.
fn manifest(block: &Block) -> Result<(), Failed> {
    let found = axumc::driver::check_manifest(&block.text);
    let found: BTreeSet<&str> = found.iter().map(|it| it.code.as_str()).collect();
    let expected = block.info.strip_prefix("toml,fails(");
    let expected: BTreeSet<&str> =
        expected.and_then(|it| it.strip_suffix(')')).into_iter().collect();
    if found == expected {
        return Ok(());
    }
    Err(format!("reports {found:?}, expected {expected:?}").into())
}

/// A page has its code's title, and shows the code failing and the remedy; codes about the
/// outside of a program have nothing to show.
fn explanation(path: &Path, page: &str) -> Result<(), Failed> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let code = Code::parse(&stem).ok_or("no code has this number")?;
    let title = format!("# {}: ", code.as_str());
    if !page.starts_with(&title) {
        return Err(format!("does not begin with `{title}`").into());
    }
    let infos: BTreeSet<String> = blocks(page).into_iter().map(|it| it.info).collect();
    let nothing_to_show = matches!(
        code,
        // The last would be a page of parentheses.
        // Native code is reported to those who ask for it.
        Code::MissingFile
            | Code::Toolchain
            | Code::NativeCode
            | Code::Internal
            | Code::NestingTooDeep
    );
    let language = if code == Code::Manifest { "toml" } else { "axum" };
    let fails = infos.contains(&format!("{language},fails({})", code.as_str()));
    let fixed = infos.contains(language) || infos.contains("axum,fragment");
    let shows_both = fails && fixed;
    if !nothing_to_show && !shows_both {
        return Err("lacks a failing or a corrected example".into());
    }
    Ok(())
}

fn index_of_codes() -> Result<(), Failed> {
    let mut page = String::from(
        "# Diagnostic codes\n\n\
         Generated from the code table (`AXUM_BLESS=1 cargo test -p axum-tests --test docs`).\n\
         `axumc explain AX0401` prints the page of a code.\n\n\
         | code | about | |\n|---|---|---|\n",
    );
    for code in Code::ALL {
        let text = code.as_str();
        let kind = if code.is_warning() { "warning" } else { "error" };
        let link = format!("[{text}](../compiler/explain/{text}.md)");
        page.push_str(&format!("| {link} | {} | {kind} |\n", code.summary()));
    }
    bless::compare(&root().join("docs/errors.md"), &page).map_err(Failed::from)
}
