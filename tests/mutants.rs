//! Small changes to programs that are right: each is rejected with an error that has a code,
//! or rustc takes the Rust that comes of it without a word. Nothing makes the compiler panic.
//! What is said about them is not compared.
//!
//! The changes are drawn by a seed, the same on every run: `AXUM_MUTANTS_SEED` gives another,
//! `AXUM_MUTANTS` another number of them, and `AXUM_MUTANT` the number of a single one.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a test tells how it went")]

use std::collections::BTreeMap;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{fs, thread};

use axum_tests::batch::Batch;
use axum_tests::bless::difference;
use axum_tests::case::{self, files, root};
use axum_tests::compiler;
use axum_tests::markdown::blocks;
use axum_tests::mutation::{Random, mutate};
use axumc::driver::digest;
use axumc::emit::Flavour;
use axumc::pipeline::{Package, SourceFile, Sources};
use libtest_mimic::{Arguments, Failed, Trial};

/// Mutants of a run.
const MUTANTS: usize = 5000;
/// The seed of a run.
const SEED: u64 = 1;

fn main() {
    let arguments = Arguments::from_args();
    let trial = Trial::test("mutants are rejected with a code or build", || {
        run().map_err(Failed::from)
    });
    libtest_mimic::run(&arguments, vec![trial]).exit();
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|it| it.parse().ok())
}

/// A text that is accepted, and what it stands beside.
struct Subject {
    sources: Vec<SourceFile>,
    packages: Vec<Package>,
}

/// What became of one mutant.
struct Accepted {
    number: usize,
    flavour: Flavour,
    rust: String,
}

fn run() -> Result<(), String> {
    let subjects = subjects();
    let seed = number("AXUM_MUTANTS_SEED").unwrap_or(SEED);
    let count = number("AXUM_MUTANTS").map_or(MUTANTS, |it| it as usize);
    let one = number("AXUM_MUTANT").map(|it| it as usize);
    let numbers = one.map_or(0..count, |it| it..it + 1);
    println!("{count} mutants of {} programs, seed {seed}", subjects.len());

    // Panics are reported with the mutant, not as they happen.
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let next = AtomicUsize::new(numbers.start);
    let (accepted, failed) = (Mutex::new(Vec::new()), Mutex::new(BTreeMap::new()));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= numbers.end {
                        break;
                    }
                    match endure(&subjects, seed, number) {
                        Ok(None) => {}
                        Ok(Some((flavour, rust))) => accepted
                            .lock()
                            .expect("nobody panics with it")
                            .push(Accepted { number, flavour, rust }),
                        Err(why) => {
                            let mut failed =
                                failed.lock().expect("nobody panics with it");
                            failed.insert(number, why);
                        }
                    }
                }
            });
        }
    });
    panic::set_hook(hook);
    let mut failed = failed.into_inner().expect("nobody panicked with it");
    let accepted = accepted.into_inner().expect("nobody panicked with it");
    let n_accepted = accepted.len();

    // Many changes mean nothing for the Rust.
    let mut distinct: BTreeMap<String, Accepted> = BTreeMap::new();
    for it in accepted {
        let key = digest(&[it.rust.as_bytes()]);
        let number = it.number;
        let earlier = distinct.entry(key).or_insert(it);
        earlier.number = earlier.number.min(number);
    }
    let mut distinct: Vec<Accepted> = distinct.into_values().collect();
    distinct.sort_by_key(|it| it.number);
    let programs: Vec<(Flavour, &str)> =
        distinct.iter().map(|it| (it.flavour, it.rust.as_str())).collect();
    println!("{n_accepted} are accepted, with {} kinds of Rust", programs.len());
    let batch = Batch::new()?;
    for (at, said) in axum_tests::joined::complaints(&batch, &programs) {
        failed.insert(distinct[at].number, format!("rustc complains:\n{said}"));
    }
    if failed.is_empty() {
        return Ok(());
    }
    let folder = batch.folder().join("mutants");
    let mut report = String::new();
    for (number, why) in &failed {
        let (subject, at, text) = mutant(&subjects, seed, *number);
        let original = &subject.sources[at];
        let path = folder.join(format!("{seed}-{number}.ax"));
        let kept = fs::create_dir_all(&folder).and_then(|()| fs::write(&path, &text));
        report.push_str(&format!(
            "\n== mutant {number} of seed {seed}, of {}\n{}{why}\n",
            original.name,
            difference(&original.text, &text)
        ));
        if kept.is_ok() {
            report.push_str(&format!("(it is kept as {})\n", path.display()));
        }
    }
    Err(format!("{report}\n{} of them are neither rejected nor built", failed.len()))
}

/// Everything that is accepted: programs, fragments of the documents, and those cases of
/// `tests/ui` that report no error.
fn subjects() -> Vec<Subject> {
    let programs = case::programs().into_iter();
    let programs =
        programs.map(|it| Subject { sources: it.sources, packages: it.packages });
    let alone =
        |source: SourceFile| Subject { sources: vec![source], packages: Vec::new() };
    let cases = files(&root().join("tests/ui"), "ax");
    let cases =
        cases.iter().filter(|it| !it.starts_with(root().join("tests/ui/packages")));
    let cases =
        cases.map(|it| case::source(it)).filter(|it| !it.text.contains("error[AX"));
    let mut fragments = Vec::new();
    for folder in ["docs", "compiler/explain"] {
        for page in files(&root().join(folder), "md") {
            let name = case::shown(&page);
            let text = fs::read_to_string(&page).unwrap_or_default();
            let whole = |it: &str| it == "axum" || it == "axum,fragment";
            let found = blocks(&text).into_iter().filter(|it| whole(&it.info));
            fragments.extend(found.map(|it| {
                let name = format!("{name}:{}", it.line);
                SourceFile { name, text: it.text }
            }));
        }
    }
    programs.chain(cases.chain(fragments).map(alone)).collect()
}

/// The mutant of that number: its subject, which of the sources is changed, and the text.
fn mutant(subjects: &[Subject], seed: u64, number: usize) -> (&Subject, usize, String) {
    let subject = &subjects[number % subjects.len()];
    let mut random = Random::new(seed, number as u64);
    let at = random.below(subject.sources.len());
    let mut text = subject.sources[at].text.clone();
    // Most of one that is changed in many places is rejected for the first of them.
    for _ in 0..=random.below(6) / 5 {
        text = mutate(&text, &mut random);
    }
    (subject, at, text)
}

/// The Rust of a mutant that is accepted.
fn endure(
    subjects: &[Subject],
    seed: u64,
    number: usize,
) -> Result<Option<(Flavour, String)>, String> {
    let (subject, at, text) = mutant(subjects, seed, number);
    let mut sources = subject.sources.clone();
    sources[at].text = text;
    let sources = Sources::of_packages(&sources, &subject.packages);
    let compiled =
        catch_unwind(AssertUnwindSafe(|| compiler::compile_or_reject(sources)));
    match compiled {
        Ok((Some(output), _)) => Ok(Some((output.flavour, output.pretty))),
        Ok((None, 0)) => Err("no Rust came of it, and no error".to_owned()),
        Ok((None, _)) => Ok(None),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            let text =
                text.or_else(|| panic.downcast_ref::<&str>().map(|it| (*it).into()));
            Err(format!("the compiler panics: {}", text.unwrap_or_default()))
        }
    }
}
