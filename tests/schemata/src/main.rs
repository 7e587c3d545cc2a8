//! Which checks of the compiler could go without a test that notices? Puts all small changes of
//! some files into one copy of the compiler, builds it once, and turns them on one after the other.
//!
//! `cargo run --manifest-path tests/schemata/Cargo.toml -- isolation types/network types/port.rs`
//! prints what no case notices and `survivors.txt` does not explain.

mod rewrite;
mod scratch;

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use rewrite::{Mutant, Mutants};
use scratch::{Fate, Scratch};

/// How many judges work at once.
const JUDGES: usize = 2;

fn main() -> Result<(), Box<dyn Error>> {
    let rooms: Vec<String> = std::env::args().skip(1).collect();
    if rooms.is_empty() {
        return Err(
            "name the folders or files below compiler/src that are to be changed".into(),
        );
    }
    let root =
        Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).ok_or("no root")?;
    let root = fs::canonicalize(root)?;
    let since = Instant::now();
    let scratch = Scratch::new(&root)?;
    let mutants = prepare(&root, &scratch, &rooms)?;
    let list: Vec<String> = (1..)
        .zip(&mutants.all)
        .map(|(id, it): (u32, _)| format!("{id} {} {}\n", it.line, it.name()))
        .collect();
    fs::write(scratch.folder.join("changes.txt"), list.concat())?;
    let judge = scratch.build()?;
    eprintln!("built after {} s", since.elapsed().as_secs());

    let noticed = noticed_before(&scratch)?;
    let listed = if again() { listed(&root) } else { String::new() };
    let listed = Known::of(&listed);
    let mut ids = Vec::new();
    for (id, mutant) in (1..).zip(&mutants.all) {
        let name = mutant.name();
        let is_known = noticed.contains(&name) || listed.explains(&name);
        if !mutants.left_out.contains(&id) && !is_known {
            ids.push(id);
        }
    }
    let text: String = ids.iter().map(|it| format!("{it}\n")).collect();
    fs::write(scratch.folder.join("ids.txt"), text)?;
    let mut fates: BTreeMap<u32, Fate> = BTreeMap::new();
    let parts = std::thread::scope(|scope| {
        let start = |from| {
            let (scratch, judge, ids) = (&scratch, &judge, &ids);
            scope.spawn(move || scratch.judge(judge, ids, from, JUDGES))
        };
        let threads: Vec<_> = (0..JUDGES).map(start).collect();
        threads
            .into_iter()
            .map(|it| it.join().expect("it does not panic"))
            .collect::<Vec<_>>()
    });
    for part in parts {
        fates.extend(part?);
    }
    eprintln!("judged after {} s", since.elapsed().as_secs());

    if std::env::var_os("SCHEMATA_QUICK").is_some() {
        return report(&root, &scratch, &mutants, &fates);
    }

    // What cases do not notice, tests of the phases may.
    let tests = scratch.build_tests()?;
    let phases: BTreeSet<&str> =
        rooms.iter().map(|it| it.split('/').next().unwrap_or(it)).collect();
    let phases: Vec<String> =
        phases.into_iter().map(|it| format!("{it}::tests")).collect();
    let phases: Vec<&str> = phases.iter().map(String::as_str).collect();
    for (id, fate) in &mut fates {
        if !matches!(fate, Fate::Noticed(_) | Fate::Died)
            && scratch.is_tested(&tests, *id, &phases)?
        {
            *fate = Fate::Noticed("a test of the phase".to_owned());
        }
    }
    eprintln!("tested after {} s", since.elapsed().as_secs());
    report(&root, &scratch, &mutants, &fates)
}

/// Only what the last run did not notice, and what is not listed, is to be judged.
fn again() -> bool {
    std::env::var_os("SCHEMATA_AGAIN").is_some()
}

/// What changes need no notice, and why.
fn listed(root: &Path) -> String {
    fs::read_to_string(root.join("tests/schemata/survivors.txt")).unwrap_or_default()
}

/// With `SCHEMATA_AGAIN`: the changes that the last run noticed, which need no second look when
/// only cases have been added since.
fn noticed_before(scratch: &Scratch) -> Result<BTreeSet<String>, Box<dyn Error>> {
    if !again() {
        return Ok(BTreeSet::new());
    }
    let text = fs::read_to_string(scratch.folder.join("noticed.txt"))?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// Rewrites the files until they compile.
fn prepare(
    root: &Path,
    scratch: &Scratch,
    rooms: &[String],
) -> Result<Mutants, Box<dyn Error>> {
    let sources = root.join("compiler/src");
    let mut paths = Vec::new();
    for room in rooms {
        collect(&sources.join(room), &mut paths)?;
    }
    let mut left_out = BTreeSet::new();
    loop {
        let mut mutants = Mutants { all: Vec::new(), left_out };
        for path in &paths {
            let file = path.strip_prefix(&sources)?.to_string_lossy().into_owned();
            let text = fs::read_to_string(path)?;
            scratch.write(&file, &rewrite::rewrite(&file, &text, &mut mutants)?)?;
        }
        let places: BTreeSet<u32> = (1..=u32::try_from(mutants.all.len())?).collect();
        write_switch(root, scratch, places.len())?;
        let errors = scratch.errors()?;
        if errors.is_empty() {
            eprintln!(
                "{} changes, {} of them do not compile",
                mutants.all.len(),
                mutants.left_out.len()
            );
            return Ok(mutants);
        }
        let before = mutants.left_out.len();
        left_out = mutants.left_out;
        left_out.extend(errors);
        if left_out.len() == before {
            return Err("errors without a change at fault".into());
        }
    }
}

/// The module with the switches, and its place in the compiler.
fn write_switch(root: &Path, scratch: &Scratch, n: usize) -> Result<(), Box<dyn Error>> {
    let switch = include_str!("../switch.rs");
    let places =
        format!("\n/// One for each number.\nconst N_PLACES: usize = {};\n", n + 1);
    scratch.write("schemata.rs", &format!("{switch}{places}"))?;
    let lib = fs::read_to_string(root.join("compiler/src/lib.rs"))?;
    scratch.write("lib.rs", &format!("{lib}pub mod schemata;\n"))?;
    Ok(())
}

fn collect(path: &Path, found: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    if path.is_file() {
        found.push(path.to_owned());
        return Ok(());
    }
    let mut entries: Vec<PathBuf> =
        fs::read_dir(path)?.map(|it| it.map(|it| it.path())).collect::<Result<_, _>>()?;
    entries.sort();
    for entry in entries {
        let name = entry.file_name().unwrap_or_default();
        if entry.is_dir() && name != "tests" {
            collect(&entry, found)?;
        } else if entry.extension().is_some_and(|it| it == "rs") && name != "print.rs" {
            found.push(entry);
        }
    }
    Ok(())
}

fn report(
    root: &Path,
    scratch: &Scratch,
    mutants: &Mutants,
    fates: &BTreeMap<u32, Fate>,
) -> Result<(), Box<dyn Error>> {
    let known = listed(root);
    let known = Known::of(&known);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut open: Vec<(&Mutant, &Fate)> = Vec::new();
    let mut noticed = noticed_before(scratch)?;
    counts.insert("noticed before", noticed.len());
    let by_name = |id: &u32| mutants.all[*id as usize - 1].name();
    let others: BTreeSet<String> = fates
        .iter()
        .filter(|(_, fate)| !matches!(fate, Fate::Noticed(_) | Fate::Died))
        .map(|(id, _)| by_name(id))
        .collect();
    for (id, fate) in fates {
        let mutant = &mutants.all[*id as usize - 1];
        let word = match fate {
            Fate::Noticed(_) | Fate::Died => "noticed",
            _ if known.explains(&mutant.name()) => "explained",
            Fate::Says(_) => "changes only labels and helps",
            Fate::Builds(_) => "changes only what is built",
            Fate::Unreached => "unreached",
            Fate::Survived => "survived",
        };
        *counts.entry(word).or_default() += 1;
        // Of changes with the same name all must be noticed.
        if word == "noticed" && !others.contains(&mutant.name()) {
            noticed.insert(mutant.name());
        }
        if !matches!(word, "noticed" | "explained") {
            open.push((mutant, fate));
        }
    }
    for (mutant, fate) in &open {
        let fate = match fate {
            Fate::Unreached => "unreached".to_owned(),
            Fate::Says(case) => format!("changes only labels and helps of {case}"),
            Fate::Builds(case) => format!("changes only what is built of {case}"),
            _ => "survived".to_owned(),
        };
        println!("{}\n    {}:{} {fate}", mutant.name(), mutant.file, mutant.line);
    }
    let text: String = noticed.iter().map(|it| format!("{it}\n")).collect();
    fs::write(scratch.folder.join("noticed.txt"), text)?;
    println!("\n{} changes judged", fates.len());
    for (word, count) in counts {
        println!("{count:6} {word}");
    }
    Ok(())
}

/// The changes that `survivors.txt` explains: by name, or by the beginning of their names where a
/// line ends in `*`. Lines with `#` are the reasons.
struct Known<'a> {
    names: BTreeSet<&'a str>,
    beginnings: Vec<&'a str>,
}

impl<'a> Known<'a> {
    fn of(text: &'a str) -> Self {
        let lines = text.lines().map(str::trim);
        let lines = lines.filter(|it| !it.is_empty() && !it.starts_with('#'));
        let (beginnings, names) = lines.partition::<Vec<_>, _>(|it| it.ends_with('*'));
        let beginnings = beginnings.iter().map(|it| it.trim_end_matches('*')).collect();
        Self { names: names.into_iter().collect(), beginnings }
    }

    fn explains(&self, name: &str) -> bool {
        self.names.contains(name) || self.beginnings.iter().any(|it| name.starts_with(it))
    }
}
