//! From generated Rust to an executable in the cache, by rustc directly. It does not look
//! at the Rust it is given.

use std::collections::BTreeSet;
use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::cache::{Cache, prune};
use super::digest::digest;
use super::failure::{Exit, Failure};
use super::native::{self, Linked, Unbuilt, Way};
use super::output::unwritable;
use super::process::{Ended, Progress};
use super::runtime::{self, Library};
use super::toolchain::{self, Toolchain};
use crate::diag::Code;
use crate::emit::{Flavour, GeneratedFile, safe_path};

/// Programs whose state is kept.
const KEPT_PROGRAMS: usize = 48;
/// Executables kept of one program, so that going back to an earlier text is quick and one
/// that is about to be started is not deleted.
const KEPT_EXECUTABLES: usize = 3;

/// Flags for programs. Checks that rustc adds to unoptimised code are off, so that both
/// profiles compute the same.
const PROGRAM_FLAGS: &[&str] = &[
    "--edition=2024",
    "--crate-type=bin",
    "--crate-name=program",
    "-Coverflow-checks=off",
    "-Cdebug-assertions=off",
];
const DEV_FLAGS: &[&str] = &["-Copt-level=0", "-Cdebuginfo=line-tables-only"];
/// In one unit: that builds no slower and runs no slower. Level 3 and optimising at link time ran
/// no faster, and the latter builds four times as long (`docs/performance.md`).
const RELEASE_FLAGS: &[&str] =
    &["-Copt-level=2", "-Ccodegen-units=1", "-Cdebuginfo=line-tables-only"];

/// A program to compile.
#[derive(Clone, Debug)]
pub(super) struct Job<'a> {
    /// How messages name it.
    pub(super) shown: &'a str,
    /// Absolute path of its source: tells it apart from other programs.
    pub(super) origin: &'a Path,
    /// Names of the source files, for which files of the crate stand line by line.
    pub(super) sources: Vec<&'a str>,
    pub(super) files: &'a [GeneratedFile],
    /// What it needs of the runtime.
    pub(super) flavour: Flavour,
    pub(super) release: bool,
    /// Rust files that it is built with.
    pub(super) native: &'a native::Job<'a>,
}

/// The executable of the program, compiled now unless the cache has it.
pub(super) fn build(job: &Job<'_>, progress: Progress) -> Result<PathBuf, Unbuilt> {
    let cache = Cache::open()?;
    let toolchain = toolchain::find(&cache)?;
    let linked =
        native::build(job.native, (&cache, &toolchain, progress), Way::Shortest)?;
    let runtime_key = runtime::key(&toolchain, job.flavour);
    let flags = program_flags(job.files, &job.sources, job.release);
    let mut parts: Vec<&[u8]> = vec![runtime_key.as_bytes(), linked.key.as_bytes()];
    parts.extend(flags.iter().map(|it| it.as_bytes()));
    for file in job.files {
        parts.extend([file.path.as_bytes(), file.text.as_bytes()]);
    }
    let key = digest(&parts);
    let profile: &[u8] = if job.release { b"release" } else { b"dev" };
    let identity = digest(&[job.origin.as_os_str().as_encoded_bytes(), profile]);
    let parts = ["programs", &identity];
    let executable = cache.path(&parts).join(format!("program-{key}{EXE_SUFFIX}"));
    if executable.is_file() {
        return Ok(executable);
    }

    let _lock = cache.lock(&identity)?;
    if executable.is_file() {
        return Ok(executable);
    }
    let folder = cache.folder(&parts)?;
    prune(&cache.path(&["programs"]), KEPT_PROGRAMS, |it| it != identity);
    let (toolchain, linked) = (&toolchain, &linked);
    let work = Work { toolchain, progress, folder: &folder, linked };
    let library = || runtime::library(&cache, toolchain, job.flavour, progress);
    let mut ended = work.compile(job, &flags, &library()?, &executable)?;
    if runtime::is_damaged(&ended) {
        // Somebody cleaned the cache meanwhile, or a disk failed: made anew it is whole.
        runtime::forget(&cache, toolchain, job.flavour);
        ended = work.compile(job, &flags, &library()?, &executable)?;
    }
    if ended.status.success() {
        prune(&folder, KEPT_EXECUTABLES, |it| {
            it.starts_with("program-") && executable.file_name() != Some(it.as_ref())
        });
        return Ok(executable);
    }
    Err(explain_failure(&ended, job.shown, job.files, toolchain).into())
}

/// What compiling a program needs besides the program.
struct Work<'a> {
    toolchain: &'a Toolchain,
    progress: Progress,
    folder: &'a Path,
    linked: &'a Linked,
}

impl Work<'_> {
    fn compile(
        &self,
        job: &Job<'_>,
        flags: &[String],
        runtime: &Library,
        executable: &Path,
    ) -> Result<Ended, Failure> {
        let sources = self.folder.join("crate");
        write_crate(&sources, job.files)?;
        // The lock is held, so no other process writes there. The name must be the same each
        // time: what rustc makes depends on it, and with another it would use nothing again
        // of what an earlier build left.
        let aside = self.folder.join("unfinished");
        let mut command = Command::new(&self.toolchain.rustc);
        command.current_dir(&sources).args(flags).arg("--cap-lints=allow");
        command.args(runtime.flags()).args(&self.linked.flags);
        command.arg(remap(&sources, "."));
        if !job.release {
            command.arg("-Cincremental=../incremental");
        }
        command.arg("-o").arg(&aside).arg("main.rs");
        let doing = format!("compiling `{}`", job.shown);
        let ended = self.progress.run(&mut command, &doing);
        let ended = ended.map_err(|error| not_started(self.toolchain, &error))?;
        if ended.status.success() {
            fs::rename(&aside, executable).map_err(|it| unwritable(executable, &it))?;
        } else {
            let _ = fs::remove_file(&aside);
        }
        Ok(ended)
    }
}

/// Flags for rustc that follow from the program alone: the same program has the same on
/// every machine. `sources` are the names of the files that `files` stand for.
#[must_use]
pub fn program_flags(
    files: &[GeneratedFile],
    sources: &[&str],
    release: bool,
) -> Vec<String> {
    let level = if release { RELEASE_FLAGS } else { DEV_FLAGS };
    let mut flags: Vec<String> =
        PROGRAM_FLAGS.iter().chain(level).map(|it| (*it).to_owned()).collect();
    // Each part of the crate is a folder in which files are called like the sources they
    // stand for; a source whose name could not be kept is given it back.
    let parts: BTreeSet<&str> =
        files.iter().filter_map(|it| Some(it.path.split_once('/')?.0)).collect();
    for part in parts {
        // Rustc takes two files of one name for the same; the runtime knows these names.
        let copy = match part.trim_start_matches('p') {
            "0" => String::new(),
            number => format!("copy{number}/../"),
        };
        flags.push(format!("--remap-path-prefix={part}={}", copy.trim_end_matches('/')));
        for source in sources {
            let safe = safe_path(source);
            if safe != *source {
                flags.push(format!("--remap-path-prefix={part}/{safe}={copy}{source}"));
            }
        }
    }
    flags
}

/// What links the Rust files that a program is built with, compiled now unless they are in
/// `cache`.
pub fn foreign(cache: &Path, job: &native::Job<'_>, way: Way) -> Result<Linked, Unbuilt> {
    let cache = Cache::at(cache.to_owned())?;
    let toolchain = toolchain::find(&cache)?;
    native::build(job, (&cache, &toolchain, Progress::new(true, false)), way)
}

/// Writes the files of a crate below `folder`. Those of an earlier text would do no harm,
/// but pile up, and are removed.
pub fn write_crate(folder: &Path, files: &[GeneratedFile]) -> Result<(), Failure> {
    let _ = fs::remove_dir_all(folder);
    for file in files {
        let path = folder.join(&file.path);
        let parent = path.parent().unwrap_or(folder);
        let written =
            fs::create_dir_all(parent).and_then(|()| fs::write(&path, &file.text));
        written.map_err(|error| unwritable(&path, &error))?;
    }
    Ok(())
}

/// What it takes to compile generated crates.
#[derive(Clone, Debug)]
pub struct Toolkit {
    pub rustc: PathBuf,
    pub runtime: Library,
}

/// A toolkit whose runtime is kept in `cache`.
pub fn toolkit(cache: &Path, flavour: Flavour) -> Result<Toolkit, Failure> {
    let cache = Cache::at(cache.to_owned())?;
    let toolchain = toolchain::find(&cache)?;
    let progress = Progress::new(true, false);
    let runtime = runtime::library(&cache, &toolchain, flavour, progress)?;
    Ok(Toolkit { rustc: toolchain.rustc, runtime })
}

pub(super) fn remap(from: &Path, to: &str) -> std::ffi::OsString {
    let mut flag = std::ffi::OsString::from("--remap-path-prefix=");
    flag.push(from);
    flag.push("=");
    flag.push(to);
    flag
}

pub(super) fn not_started(toolchain: &Toolchain, error: &std::io::Error) -> Failure {
    let message = format!("cannot start `{}`", toolchain.rustc.display());
    Failure::new(Exit::Toolchain, Code::Toolchain, message)
        .note(super::source::reason(error))
}

/// Why rustc failed, without its text: that is about Rust the user has not written.
pub(super) fn explain_failure(
    ended: &Ended,
    what: &str,
    files: &[GeneratedFile],
    toolchain: &Toolchain,
) -> Failure {
    if let Some(rest) = ended.said.split("error: linker `").nth(1)
        && let Some((name, _)) = rest.split_once("` not found")
    {
        return toolchain::missing_linker(name);
    }
    if ended.said.contains("No space left on device") {
        return Failure::usage(format!("cannot compile `{what}`: the disk is full"));
    }
    let status = ended.status.to_string();
    let mut sections = vec![
        ("what", what),
        ("rustc", toolchain.version.as_str()),
        ("how it ended", status.as_str()),
        ("what it said", ended.said.as_str()),
    ];
    sections.extend(files.iter().map(|it| (it.path.as_str(), it.text.as_str())));
    let report = super::report_file(&sections);
    if ended.said.contains("error: linking with") {
        let message = format!("`{what}` could not be linked");
        return Failure::new(Exit::Toolchain, Code::Toolchain, message).note(report);
    }
    if ended.status.code() != Some(1) {
        let message = format!("the Rust compiler crashed on `{what}`");
        return Failure::new(Exit::Toolchain, Code::Toolchain, message).note(report);
    }
    let message =
        format!("internal error: the Rust generated for `{what}` does not compile");
    Failure::new(Exit::Internal, Code::Internal, message)
        .note("this is a fault of axumc, not of the program")
        .help(report)
}
