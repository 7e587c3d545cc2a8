//! Runs every case for one change of the compiler after the other, and says what became of
//! each. Becomes a program of the copy; it is no part of the tests.
//!
//! A change is noticed when a case of `tests/ui` would fail, an accepted program would be
//! rejected or warned of, or a block of the documents would report other codes. `judge FROM TO
//! STEP` looks at every STEPth change and prints a line for each.
#![forbid(unsafe_code)]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::panic::{self, AssertUnwindSafe};

use axum_tests::annotate::{self, Note};
use axum_tests::case::{self, files, root, shown};
use axum_tests::markdown::blocks;
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
}

enum Expected {
    Notes(Vec<Note>),
    /// Codes of the errors, if any of these may come.
    Codes(Vec<String>),
}

fn main() {
    let work = std::thread::Builder::new().stack_size(STACK).spawn(work);
    work.expect("threads can be started").join().expect("the judge does not panic");
}

fn work() {
    let mut numbers =
        std::env::args().skip(1).map(|it| it.parse::<u32>().expect("a number"));
    let mut next = || numbers.next().expect("FROM TO STEP");
    let (from, to, step) = (next(), next(), next());
    panic::set_hook(Box::new(|_| {}));
    let mut cases = cases();
    // A case that fails as things are cannot tell anything.
    cases.retain(|case| {
        let why = complaint(case);
        why.iter().for_each(|why| eprintln!("{} fails already: {why}", case.name));
        why.is_none()
    });

    // Which cases reach a place, and how many steps each takes.
    let mut reaching: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    let mut fuels = Vec::new();
    let mut rusts = Vec::new();
    let _ = schemata::reached();
    for (number, case) in cases.iter().enumerate() {
        schemata::turn_on(schemata::NONE, u64::MAX);
        let _ = complaint(case);
        rusts.push(case.builds.then(|| rust(case)));
        fuels.push((u64::MAX - schemata::fuel()) * 4 + 100_000);
        for place in schemata::reached() {
            reaching.entry(place).or_default().push(number);
        }
    }

    let mut out = std::io::stdout();
    let mut say = |text: String| {
        writeln!(out, "{text}").and_then(|()| out.flush()).expect("somebody listens");
    };
    for id in (from..to).step_by(step as usize) {
        say(format!("{id} begun"));
        let Some(numbers) = reaching.get(&id) else {
            say(format!("{id} unreached"));
            continue;
        };
        let noticed = numbers.iter().find(|&&number| {
            schemata::turn_on(id, fuels[number]);
            let case = AssertUnwindSafe(&cases[number]);
            panic::catch_unwind(move || complaint(&case).is_some()).unwrap_or(true)
        });
        if let Some(&number) = noticed {
            say(format!("{id} noticed {}", cases[number].name));
            continue;
        }
        let building = numbers.iter().filter(|&&number| rusts[number].is_some());
        let built = building.take(N_BUILT).find(|&&number| {
            let before = &rusts[number];
            schemata::turn_on(id, fuels[number]);
            let case = AssertUnwindSafe(&cases[number]);
            panic::catch_unwind(move || rust(&case))
                .map_or(true, |it| Some(it) != *before)
        });
        match built {
            Some(&number) => say(format!("{id} builds {}", cases[number].name)),
            None => say(format!("{id} survived {} cases", numbers.len())),
        }
    }
}

/// What a test would complain of.
fn complaint(case: &Case) -> Option<String> {
    let sources = Sources::of_packages(&case.sources, &case.packages);
    let found = pipeline::check(sources, case.entry, &mut |_| {});
    match &case.expected {
        Expected::Notes(notes) => {
            let texts = pipeline::texts(&case.sources);
            let actual: Vec<Note> =
                found.iter().map(|it| annotate::of(&texts, it)).collect();
            let (missing, surplus) = annotate::unmatched(notes, &actual);
            let first = missing.first().or(surplus.first())?;
            Some(first.show("//"))
        }
        Expected::Codes(codes) => {
            let mut actual: Vec<String> =
                found.iter().map(|it| it.code.as_str().to_owned()).collect();
            actual.sort();
            actual.dedup();
            (actual != *codes).then(|| actual.join(" "))
        }
    }
}

fn rust(case: &Case) -> Option<String> {
    let sources = Sources::of_packages(&case.sources, &case.packages);
    let (output, _) = pipeline::compile(sources, case.entry, &mut |_| {});
    Some(output?.files.into_iter().map(|it| it.text).collect())
}

fn cases() -> Vec<Case> {
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
        });
    }
    for folder in manifests.iter().map(|it| it.parent().expect("a folder")) {
        let Ok(program) = driver::load(Some(folder)) else { continue };
        let mut case = Case {
            name: shown(folder),
            sources: program.sources,
            packages: program.packages,
            entry: Entry::Required,
            expected: Expected::Notes(Vec::new()),
            builds: false,
        };
        // Notes of packages are comments there; what was found before stands for them.
        case.expected = Expected::Notes(before(&case));
        found.push(case);
    }
    for (page, text) in pages() {
        for block in blocks(&text) {
            let mut marks = block.info.split(',').map(str::trim);
            if marks.next() != Some("axum") {
                continue;
            }
            let mut case = Case {
                name: format!("{page}:{}", block.line),
                sources: vec![SourceFile {
                    name: page.clone(),
                    text: block.text.clone(),
                }],
                packages: Vec::new(),
                entry: Entry::Optional,
                expected: Expected::Codes(Vec::new()),
                builds: false,
            };
            let mut codes: Vec<String> =
                before(&case).into_iter().map(|it| it.code).collect();
            codes.sort();
            codes.dedup();
            case.builds = codes.is_empty();
            case.expected = Expected::Codes(codes);
            found.push(case);
        }
    }
    for program in case::programs() {
        found.push(Case {
            name: program.name,
            sources: program.sources,
            packages: program.packages,
            entry: Entry::Required,
            expected: Expected::Notes(Vec::new()),
            builds: true,
        });
    }
    found
}

fn before(case: &Case) -> Vec<Note> {
    schemata::turn_on(schemata::NONE, u64::MAX);
    let sources = Sources::of_packages(&case.sources, &case.packages);
    let found = pipeline::check(sources, case.entry, &mut |_| {});
    let texts = pipeline::texts(&case.sources);
    found.iter().map(|it| annotate::of(&texts, it)).collect()
}

fn pages() -> Vec<(String, String)> {
    let folders = ["docs/language", "compiler/explain"];
    let pages = folders.iter().flat_map(|it| files(&root().join(it), "md"));
    pages.map(|it| (shown(&it), fs::read_to_string(&it).expect("it was found"))).collect()
}
