//! Runs every case for one change of the compiler after the other, and says what became of
//! each. Becomes a program of the copy; it is no part of the tests.
//!
//! A change is noticed when a case of `tests/ui` would fail, a program would be rejected or
//! warned of in another way, or a block of the documents would report other codes. `judge IDS FROM
//! STEP` looks at every STEPth of the changes whose numbers stand in the file IDS, from the FROMth
//! on, and prints a line for each.
#![forbid(unsafe_code)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::panic::{self, AssertUnwindSafe};

use axum_tests::annotate::{self, Note};
use axum_tests::case::{self, files, root, shown};
use axum_tests::markdown::blocks;
use axumc::diag::Diagnostic;
use axumc::driver;
use axumc::pipeline::{self, Entry, Package, SourceFile, Sources};
use axumc::schemata;

const STACK: usize = 512 << 20;

/// The Rust of so many programs is compared where no case notices anything.
const N_BUILT: usize = 30;

/// Something to check, and what is to come of it.
struct Case {
    name: String,
    sources: Vec<SourceFile>,
    packages: Vec<Package>,
    entry: Entry,
    expected: Expected,
    /// Whether its Rust is compared, too.
    builds: bool,
    /// All that is said of it, labels and helps included.
    words: String,
}

#[derive(PartialEq)]
enum Expected {
    Notes(Vec<Note>),
    /// These codes, wherever.
    Codes(Vec<String>),
    /// The codes that come of it as things are.
    AsBefore,
    /// The very notes that come of it as things are: programs may be warned of.
    SameNotes,
}

fn main() {
    let work = std::thread::Builder::new().stack_size(STACK).spawn(work);
    work.expect("threads can be started").join().expect("the judge does not panic");
}

fn work() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [ids, from, step] = arguments.as_slice() else { panic!("judge IDS FROM STEP") };
    let ids = fs::read_to_string(ids).expect("a file with numbers");
    let ids: Vec<u32> = ids.lines().map(|it| it.parse().expect("a number")).collect();
    let number = |text: &String| text.parse::<usize>().expect("a number");
    let (from, step) = (number(from), number(step));
    panic::set_hook(Box::new(|_| {}));
    // Which cases reach a place, and how many steps each takes.
    let mut cases = Vec::new();
    let mut reaching: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    let mut fuels = Vec::new();
    let _ = schemata::reached();
    for mut case in all() {
        schemata::turn_on(schemata::NONE, u64::MAX);
        let found = found(&case);
        match case.expected {
            Expected::AsBefore => case.expected = Expected::Codes(codes(&found)),
            Expected::SameNotes => case.expected = Expected::Notes(found.clone()),
            Expected::Notes(_) | Expected::Codes(_) => {}
        }
        if let Some(why) = complaint(&case, found) {
            // A case that fails as things are cannot tell anything.
            eprintln!("{} fails already: {why}", case.name);
            continue;
        }
        case.words = words(&case);
        fuels.push((u64::MAX - schemata::fuel()) * 4 + 100_000);
        for place in schemata::reached() {
            reaching.entry(place).or_default().push(cases.len());
        }
        cases.push(case);
    }
    let mut rusts: BTreeMap<usize, Option<String>> = BTreeMap::new();

    let mut out = std::io::stdout();
    let mut say = |text: String| {
        writeln!(out, "{text}").and_then(|()| out.flush()).expect("somebody listens");
    };
    for &id in ids.iter().skip(from).step_by(step) {
        say(format!("{id} begun"));
        let Some(numbers) = reaching.get(&id) else {
            say(format!("{id} unreached"));
            continue;
        };
        let noticed = numbers.iter().find(|&&number| {
            schemata::turn_on(id, fuels[number]);
            let case = AssertUnwindSafe(&cases[number]);
            panic::catch_unwind(move || complaint(&case, found(&case)).is_some())
                .unwrap_or(true)
        });
        if let Some(&number) = noticed {
            say(format!("{id} noticed {}", cases[number].name));
            continue;
        }
        let said = numbers.iter().find(|&&number| {
            schemata::turn_on(id, fuels[number]);
            let case = AssertUnwindSafe(&cases[number]);
            panic::catch_unwind(move || words(&case) != case.words).unwrap_or(true)
        });
        if let Some(&number) = said {
            say(format!("{id} says {}", cases[number].name));
            continue;
        }
        let building = numbers.iter().filter(|&&number| cases[number].builds);
        let built = building.take(N_BUILT).find(|&&number| {
            let case = &cases[number];
            schemata::turn_on(schemata::NONE, u64::MAX);
            let before = rusts.entry(number).or_insert_with(|| rust(case));
            schemata::turn_on(id, fuels[number] * 4);
            let case = AssertUnwindSafe(case);
            panic::catch_unwind(move || rust(&case)).map_or(true, |it| it != *before)
        });
        match built {
            Some(&number) => say(format!("{id} builds {}", cases[number].name)),
            None => say(format!("{id} survived {} cases", numbers.len())),
        }
    }
}

fn diagnostics(case: &Case) -> Vec<Diagnostic> {
    let sources = Sources::of_packages(&case.sources, &case.packages);
    pipeline::check(sources, case.entry, &mut |_| {})
}

fn found(case: &Case) -> Vec<Note> {
    let texts = pipeline::texts(&case.sources);
    diagnostics(case).iter().map(|it| annotate::of(&texts, it)).collect()
}

/// All that is said of a case; nothing where nothing is found.
fn words(case: &Case) -> String {
    diagnostics(case).iter().map(|it| format!("{it:?}\n")).collect()
}

fn codes(found: &[Note]) -> Vec<String> {
    let codes: BTreeSet<&String> = found.iter().map(|it| &it.code).collect();
    codes.into_iter().cloned().collect()
}

/// What a test would complain of.
fn complaint(case: &Case, found: Vec<Note>) -> Option<String> {
    match &case.expected {
        Expected::AsBefore | Expected::SameNotes => None,
        Expected::Notes(notes) => {
            let (missing, surplus) = annotate::unmatched(notes, &found);
            Some(missing.first().or(surplus.first())?.show("//"))
        }
        Expected::Codes(expected) => {
            let actual = codes(&found);
            (actual != *expected).then(|| actual.join(" "))
        }
    }
}

fn rust(case: &Case) -> Option<String> {
    let sources = Sources::of_packages(&case.sources, &case.packages);
    let (output, _) = pipeline::compile(sources, case.entry, &mut |_| {});
    Some(output?.files.into_iter().map(|it| it.text).collect())
}

fn all() -> Vec<Case> {
    let mut found = Vec::new();
    let manifests = files(&root().join("tests/ui"), "toml");
    for path in files(&root().join("tests/ui"), "ax") {
        if manifests.iter().any(|it| path.starts_with(it.parent().expect("a folder"))) {
            continue;
        }
        let before = fs::read_to_string(&path).expect("it was found");
        let annotate::Annotated { text, notes } = annotate::parse(&before);
        let own = text.starts_with("// A program of its own");
        let builds = !notes.iter().any(|it| it.severity == "error");
        found.push(Case {
            name: shown(&path),
            sources: vec![SourceFile { name: shown(&path), text }],
            packages: Vec::new(),
            entry: if own { Entry::RequiredUnlessTests } else { Entry::Optional },
            expected: Expected::Notes(notes),
            builds,
            words: String::new(),
        });
    }
    for folder in manifests.iter().map(|it| it.parent().expect("a folder")) {
        let Ok(program) = driver::load(Some(folder)) else { continue };
        found.push(Case {
            name: shown(folder),
            sources: program.sources,
            packages: program.packages,
            entry: Entry::Required,
            expected: Expected::AsBefore,
            builds: false,
            words: String::new(),
        });
    }
    for (page, text) in pages() {
        for block in blocks(&text) {
            let mut marks = block.info.split(',').map(str::trim);
            if marks.next() != Some("axum") {
                continue;
            }
            found.push(Case {
                name: format!("{page}:{}", block.line),
                sources: vec![SourceFile {
                    name: page.clone(),
                    text: block.text.clone(),
                }],
                packages: Vec::new(),
                entry: Entry::Optional,
                expected: Expected::AsBefore,
                builds: !block.info.contains("fails("),
                words: String::new(),
            });
        }
    }
    for program in case::programs() {
        found.push(Case {
            name: program.name,
            sources: program.sources,
            packages: program.packages,
            entry: Entry::Required,
            expected: Expected::SameNotes,
            builds: true,
            words: String::new(),
        });
    }
    found
}

fn pages() -> Vec<(String, String)> {
    let folders = ["docs/language", "compiler/explain"];
    let pages = folders.iter().flat_map(|it| files(&root().join(it), "md"));
    pages.map(|it| (shown(&it), fs::read_to_string(&it).expect("it was found"))).collect()
}
