//! Has rustc check the Rust of many programs at once, without making executables: each
//! program is a module of one crate, in its formatted form. It does not run anything.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::{fs, thread};

use axumc::emit::Flavour;

use crate::batch::Batch;

/// Programs in one crate: more take more memory, fewer pay more often for rustc's start.
const IN_ONE: usize = 120;

/// What rustc says of those programs that it does not take without a word, by their place
/// in the list.
pub fn complaints(
    batch: &Batch,
    programs: &[(Flavour, &str)],
) -> BTreeMap<usize, String> {
    let mut crates: Vec<(Flavour, Vec<usize>)> = Vec::new();
    for flavour in [Flavour::Core, Flavour::Data] {
        let of_it = (0..programs.len()).filter(|it| programs[*it].0 == flavour);
        let of_it: Vec<usize> = of_it.collect();
        crates.extend(of_it.chunks(IN_ONE).map(|it| (flavour, it.to_vec())));
    }
    let mut found = BTreeMap::new();
    // Two at a time, each with a folder of its own.
    for pair in crates.chunks(2) {
        let said: Vec<_> = thread::scope(|scope| {
            let lanes = pair.iter().enumerate();
            let threads: Vec<_> = lanes
                .map(|(lane, (flavour, which))| {
                    let folder = batch.folder().join(format!("joined-{lane}"));
                    let job = Job { batch, folder, flavour: *flavour, programs };
                    scope.spawn(move || job.check(which))
                })
                .collect();
            threads.into_iter().map(|it| it.join().expect("it does not panic")).collect()
        });
        found.extend(said.into_iter().flatten());
    }
    found
}

struct Job<'a> {
    batch: &'a Batch,
    folder: PathBuf,
    flavour: Flavour,
    programs: &'a [(Flavour, &'a str)],
}

impl Job<'_> {
    /// Checks one crate, again without the modules that rustc complains of until it is
    /// content: it looks at some things only when others are right.
    fn check(&self, which: &[usize]) -> BTreeMap<usize, String> {
        let mut found: BTreeMap<usize, String> = BTreeMap::new();
        loop {
            let left = which.iter().copied().filter(|it| !found.contains_key(it));
            let left: Vec<usize> = left.collect();
            if left.is_empty() {
                return found;
            }
            let said = match self.rustc(&left) {
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

    fn rustc(&self, which: &[usize]) -> Result<(), String> {
        let folder = &self.folder;
        let _ = fs::remove_dir_all(folder);
        let write = |name: String, text: &str| {
            let path = folder.join(name);
            fs::write(&path, text).map_err(|it| format!("{}: {it}", path.display()))
        };
        fs::create_dir_all(folder).map_err(|it| it.to_string())?;
        let mut root = String::new();
        for at in which {
            root.push_str(&format!("mod m{at};\n"));
            write(format!("m{at}.rs"), self.programs[*at].1)?;
        }
        write("lib.rs".to_owned(), &root)?;
        let mut command = self.batch.rustc(folder, "lib.rs", self.flavour)?;
        command.args(["--edition=2024", "--crate-type=rlib", "--crate-name=joined"]);
        command.args(["-Dwarnings", "--emit=metadata", "-o", "joined.rmeta"]);
        crate::batch::succeed(&mut command)
    }
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
