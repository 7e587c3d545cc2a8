//! Has rustc check the Rust of many programs at once, without making executables: each
//! program is a module of one crate, in its formatted form. It does not run anything.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use crate::batch::Batch;

/// Programs in one crate: more take more memory, fewer pay more often for rustc's start.
const IN_ONE: usize = 120;

/// What rustc says of those programs that it does not take without a word, by their place
/// in the list.
pub fn complaints(batch: &Batch, programs: &[&str]) -> BTreeMap<usize, String> {
    let crates: Vec<(usize, &[&str])> = programs
        .chunks(IN_ONE)
        .enumerate()
        .map(|(number, it)| (number * IN_ONE, it))
        .collect();
    let mut found = BTreeMap::new();
    // Two at a time, each with a folder of its own.
    for pair in crates.chunks(2) {
        let said = std::thread::scope(|scope| {
            let threads: Vec<_> = pair
                .iter()
                .enumerate()
                .map(|(lane, (first, programs))| {
                    scope.spawn(move || (*first, check(batch, lane, programs)))
                })
                .collect();
            threads.into_iter().map(|it| it.join().expect("it does not panic")).collect()
        });
        let said: Vec<(usize, BTreeMap<usize, String>)> = said;
        for (first, said) in said {
            found.extend(said.into_iter().map(|(at, text)| (first + at, text)));
        }
    }
    found
}

/// Checks one crate, again without the modules that rustc complains of until it is content:
/// it looks at some things only when others are right.
fn check(batch: &Batch, lane: usize, programs: &[&str]) -> BTreeMap<usize, String> {
    let folder = batch.folder().join(format!("joined-{lane}"));
    let mut found: BTreeMap<usize, String> = BTreeMap::new();
    loop {
        let left = (0..programs.len()).filter(|it| !found.contains_key(it));
        let left: BTreeSet<usize> = left.collect();
        if left.is_empty() {
            return found;
        }
        let said = match rustc(batch, &folder, programs, &left) {
            Ok(()) => return found,
            Err(said) => said,
        };
        let blamed = by_module(&said);
        if blamed.is_empty() {
            // It complains of no place: then all of them are to be looked at.
            found.extend(left.into_iter().map(|it| (it, said.clone())));
            return found;
        }
        found.extend(blamed);
    }
}

fn rustc(
    batch: &Batch,
    folder: &PathBuf,
    programs: &[&str],
    which: &BTreeSet<usize>,
) -> Result<(), String> {
    let _ = fs::remove_dir_all(folder);
    let write = |name: String, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|it| format!("{}: {it}", path.display()))
    };
    fs::create_dir_all(folder).map_err(|it| it.to_string())?;
    let mut root = String::new();
    for at in which {
        root.push_str(&format!("mod m{at};\n"));
        write(format!("m{at}.rs"), programs[*at])?;
    }
    write("lib.rs".to_owned(), &root)?;
    let mut command = batch.rustc(folder, "lib.rs");
    command.args(["--edition=2024", "--crate-type=rlib", "--crate-name=joined"]);
    command.args(["-Dwarnings", "--emit=metadata", "-o", "joined.rmeta"]);
    crate::batch::succeed(&mut command)
}

/// What was said of each module. A report names its place in the line behind `-->`.
fn by_module(said: &str) -> BTreeMap<usize, String> {
    let mut found: BTreeMap<usize, String> = BTreeMap::new();
    for report in said.split("\n\n") {
        let module = report.lines().find_map(|line| {
            let place = line.trim_start().strip_prefix("--> m")?;
            place.split_once(".rs:")?.0.parse::<usize>().ok()
        });
        if let Some(module) = module {
            let text = found.entry(module).or_default();
            text.push_str(report.trim());
            text.push('\n');
        }
    }
    found
}

#[cfg(test)]
mod tests {
    //! Finding out whom rustc means.

    use super::by_module;

    #[test]
    fn reports_belong_to_the_module_that_they_name() {
        let said = "error: one\n --> m3.rs:1:2\n  |\n\nerror[E1]: two\n  --> m12.rs:4:1\n\n\
                    error: three\n --> m3.rs:9:9\n\nerror: aborting\n";
        let found = by_module(said);
        assert_eq!(found.keys().copied().collect::<Vec<_>>(), [3, 12]);
        assert_eq!(found[&3].matches("error").count(), 2);
    }
}
