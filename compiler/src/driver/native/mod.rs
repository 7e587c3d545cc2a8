//! Compiles the Rust files that a program is built with, each as a crate of its own, and the
//! borders that the program links: by rustc alone where a file uses no crates, else by cargo.
//! It knows the language of neither.
//!
//! The files stay where they are. The folder in which compilers work has links to their folders
//! under the names by which messages name them, so that what is compiled in says nothing of the
//! machine.

pub(super) mod cargo;
mod direct;
mod report;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::cache::Cache;
use super::digest::digest;
use super::failure::{Exit, Failure};
use super::output::unwritable;
use super::process::Progress;
use super::source::Program;
use super::toolchain::Toolchain;
use crate::diag::Diagnostic;
use crate::diag::texts::Texts;
use crate::emit::{ForeignCrate, safe_path};
use crate::pipeline::{self, RustFile, Sources};

/// Flags for the files and their borders, which are always optimised: they are compiled anew
/// far less often than the program around them. Cargo is told the same in its words.
const FLAGS: &[&str] = &[
    "--edition=2024",
    "--crate-type=lib",
    "-Copt-level=2",
    "-Ccodegen-units=16",
    "-Cdebuginfo=line-tables-only",
];

/// The file beside a program that says which versions of crates it is built with.
const LOCK: &str = "axum.lock";

/// Programs whose native code is kept.
const KEPT: usize = 48;

/// What is to be compiled.
#[derive(Debug)]
pub struct Job<'a> {
    pub sources: Sources<'a>,
    pub files: &'a [RustFile],
    /// Names of Rust files are paths from here.
    pub base: &'a Path,
    pub crates: &'a [ForeignCrate],
    /// Tells the program apart from others.
    pub origin: &'a Path,
    /// Keeps which versions of crates were chosen.
    pub lock: PathBuf,
}

/// What a program has to be told to link the borders.
#[derive(Clone, Debug, Default)]
pub struct Linked {
    pub flags: Vec<OsString>,
    /// Names what was compiled.
    pub key: String,
}

/// Why nothing came of it.
#[derive(Debug)]
pub enum Unbuilt {
    Failure(Failure),
    /// The fault is in a Rust file, or in what a `native` block asks for.
    Rejected {
        texts: Texts,
        problems: Vec<Diagnostic>,
        exit: Exit,
    },
}

impl From<Failure> for Unbuilt {
    fn from(failure: Failure) -> Self {
        Unbuilt::Failure(failure)
    }
}

/// Which compiler driver is used where either would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Rustc alone, unless crates are asked for.
    Shortest,
    /// Cargo in any case.
    Cargo,
}

/// The job of a program that was loaded.
pub(super) fn job<'a>(program: &'a Program, crates: &'a [ForeignCrate]) -> Job<'a> {
    let origin = &*program.origin;
    let folder = if origin.is_dir() { Some(origin) } else { origin.parent() };
    let lock = folder.unwrap_or(origin).join(LOCK);
    let (sources, files) = (program.sources(), &program.rust[..]);
    Job { sources, files, base: Path::new(""), crates, origin, lock }
}

/// Compiles what changed since the last time.
pub(super) fn build(
    job: &Job<'_>,
    (cache, toolchain, progress): (&Cache, &Toolchain, Progress),
    way: Way,
) -> Result<Linked, Unbuilt> {
    if job.crates.is_empty() {
        return Ok(Linked::default());
    }
    let identity = digest(&[job.origin.as_os_str().as_encoded_bytes()]);
    let _lock = cache.lock(&format!("native-{identity}"))?;
    let folder = cache.folder(&["native", &identity])?;
    super::cache::prune(&cache.path(&["native"]), KEPT, |it| it != identity);
    let work = Work { job, folder: &folder, toolchain, progress };
    let units = work.lay_out()?;
    let (alone, with_crates): (Vec<&Unit<'_>>, Vec<&Unit<'_>>) =
        units.iter().partition(|it| way == Way::Shortest && it.of.crates.is_empty());
    let mut linked = Linked::default();
    for unit in alone {
        direct::build(&work, unit, &mut linked)?;
    }
    if !with_crates.is_empty() {
        cargo::build(&work, &with_crates, &mut linked)?;
    }
    Ok(linked)
}

/// What compiling needs besides the crates.
struct Work<'a> {
    job: &'a Job<'a>,
    /// Compilers run here.
    folder: &'a Path,
    toolchain: &'a Toolchain,
    progress: Progress,
}

/// A Rust file and its border on the disk.
struct Unit<'a> {
    of: &'a ForeignCrate,
    /// The folder of the file's crate, of which only the manifest lies in it.
    home: String,
    /// Path of the file from the folder in which compilers run. It goes through `home` and out
    /// of it again, which is how cargo would name it, and how the runtime knows to shorten it.
    path: String,
    /// The folder of the border.
    border: String,
}

impl Work<'_> {
    /// Links the folders of the Rust files and writes the borders.
    fn lay_out(&self) -> Result<Vec<Unit<'_>>, Failure> {
        let files: Vec<&RustFile> =
            self.job.crates.iter().map(|it| &self.job.files[it.file]).collect();
        self.link(&files)?;
        let mut units = Vec::new();
        // A folder of the user's may be called so too.
        let mut number = 0;
        for (index, (of, file)) in self.job.crates.iter().zip(&files).enumerate() {
            let taken = |home: &str| {
                let inside = |it: &&RustFile| safe_path(&it.name).starts_with(home);
                files.iter().any(inside)
            };
            while taken(&format!("copy{number}/")) {
                number += 1;
            }
            let home = format!("copy{number}");
            number += 1;
            let path = format!("{home}/../{}", safe_path(&file.name));
            let border = format!(".borders/{index}");
            self.put(&format!("{border}/lib.rs"), &of.text)?;
            // The path goes through it.
            self.put(
                &format!("{home}/Cargo.toml"),
                &cargo::manifest(of, &path[home.len() + 1..]),
            )?;
            units.push(Unit { of, home, path, border });
        }
        Ok(units)
    }

    /// Writes a file unless it is there with this content: cargo goes by times.
    fn put(&self, path: &str, text: &str) -> Result<(), Failure> {
        let path = self.folder.join(path);
        if fs::read_to_string(&path).is_ok_and(|it| it == text) {
            return Ok(());
        }
        let parent = path.parent().unwrap_or(self.folder);
        let written = fs::create_dir_all(parent).and_then(|()| fs::write(&path, text));
        written.map_err(|error| unwritable(&path, &error))
    }

    /// Makes the folders of the files reachable below the folder in which compilers run.
    fn link(&self, files: &[&RustFile]) -> Result<(), Failure> {
        let mut folders: Vec<(String, PathBuf)> = Vec::new();
        for file in files {
            let real = self.job.base.join(&file.name);
            let real = real.parent().filter(|it| !it.as_os_str().is_empty());
            let real = real.unwrap_or(Path::new("."));
            let real = std::path::absolute(real).unwrap_or_else(|_| real.to_owned());
            let safe = safe_path(&file.name);
            let safe = safe.rsplit_once('/').map_or("", |it| it.0);
            // A link cannot stand in the place of the folder itself.
            folders.push((safe.to_owned(), real));
        }
        folders.sort();
        folders.dedup();
        let wanted: String = folders
            .iter()
            .map(|(safe, real)| format!("{safe} {}\n", real.display()))
            .collect();
        let note = self.folder.join(".links");
        // What lies in a folder that is linked is seen; what is linked itself may have changed.
        let entries = folders.iter().any(|it| it.0.is_empty());
        let same = fs::read_to_string(&note).is_ok_and(|it| it == wanted);
        if cfg!(unix) && same && !entries {
            return Ok(());
        }
        self.unlink()?;
        let mut linked: Vec<(&str, &Path)> = Vec::new();
        for (safe, real) in &folders {
            // Below a link everything is there already.
            let is_below = |(outer, of): &(&str, &Path)| match outer.is_empty() {
                true => real.starts_with(of),
                false => safe.strip_prefix(outer).is_some_and(|it| it.starts_with('/')),
            };
            if linked.iter().any(is_below) {
                continue;
            }
            linked.push((safe.as_str(), real.as_path()));
            let place = self.folder.join(safe);
            let parent = place.parent().unwrap_or(self.folder);
            let made = fs::create_dir_all(parent).and_then(|()| match safe.is_empty() {
                true => link_entries(real, self.folder),
                false => link(real, &place),
            });
            made.map_err(|error| unwritable(&place, &error))?;
        }
        fs::write(&note, wanted).map_err(|error| unwritable(&note, &error))
    }

    /// Takes out the links of an earlier time, and nothing that they lead to.
    fn unlink(&self) -> Result<(), Failure> {
        let failed = |error: std::io::Error| unwritable(self.folder, &error);
        for entry in fs::read_dir(self.folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name();
            let text = name.to_string_lossy();
            let own = ["target", "Cargo.toml", "Cargo.lock"].contains(&&*text);
            let kind = entry.file_type().map_err(failed)?;
            let home = kind.is_dir() && text.starts_with("copy");
            if own || home || text.starts_with('.') {
                continue;
            }
            let path = entry.path();
            let removed = match kind.is_dir() {
                true => fs::remove_dir_all(&path),
                false => fs::remove_file(&path).or_else(|_| fs::remove_dir(&path)),
            };
            removed.map_err(failed)?;
        }
        Ok(())
    }

    /// Rejects the program.
    fn rejected(&self, problems: Vec<Diagnostic>, exit: Exit) -> Unbuilt {
        Unbuilt::Rejected { texts: pipeline::all_texts(self.job.sources), problems, exit }
    }
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(from, to)
}

/// Where links take rights that few people have.
#[cfg(not(unix))]
fn link(from: &Path, to: &Path) -> std::io::Result<()> {
    if !from.is_dir() {
        return fs::copy(from, to).map(|_| ());
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        link(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

/// Links what lies in a folder, rather than the folder.
fn link_entries(from: &Path, to: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        let own = ["target", "Cargo.toml", "Cargo.lock"];
        if !own.iter().any(|it| name == *it) && !name.to_string_lossy().starts_with('.') {
            link(&entry.path(), &to.join(name))?;
        }
    }
    Ok(())
}
