//! The runtime as libraries in the cache: compiled once for each Rust compiler and flavour
//! from the sources that `axumc` carries, with rustc alone and without a network. It does
//! not know the programs that link it.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::cache::{Cache, prune};
use super::crates::{CORE, Crate, DATA};
use super::digest::digest;
use super::failure::Failure;
use super::output::unwritable;
use super::process::{Ended, Progress};
use super::rust::{explain_failure, not_started, remap};
use super::toolchain::Toolchain;
use crate::emit::Flavour;

include!(concat!(env!("OUT_DIR"), "/runtime_sources.rs"));

/// Built runtimes that are kept: a few flavours each for a few toolchains and versions of
/// `axumc`.
const KEPT_RUNTIMES: usize = 8;

/// Flags for the runtime, which is always optimised: in one unit, so that what is called
/// for every message is inlined, which also takes less time in all. It is linked into programs
/// only, so what a thread keeps is found without asking a loader where: that looks like a call to
/// the compiler, and makes the shortest functions save registers.
const RUNTIME_FLAGS: &[&str] = &[
    "--crate-type=rlib",
    "--cap-lints=allow",
    "-Copt-level=3",
    "-Ccodegen-units=1",
    "-Crelocation-model=pie",
];

/// A crate with its sources.
pub(super) struct Source {
    pub(super) it: &'static Crate,
    /// Path below its folder, text.
    pub(super) files: &'static [(&'static str, &'static str)],
}

/// The crates of a flavour, each behind those that it uses.
pub(super) fn sources(flavour: Flavour) -> Vec<Source> {
    let core = CORE.iter().zip(CORE_SOURCES);
    let more = match flavour {
        Flavour::Core => None,
        Flavour::Data => Some(DATA.iter().zip(DATA_SOURCES)),
    };
    let all = core.chain(more.into_iter().flatten());
    all.map(|(it, files)| Source { it, files }).collect()
}

/// Names a built flavour of the runtime.
pub(super) fn key(toolchain: &Toolchain, flavour: Flavour) -> String {
    let flags = RUNTIME_FLAGS.join(" ");
    let more = match flavour {
        Flavour::Core => "",
        Flavour::Data => DATA_DIGEST,
    };
    digest(&[
        env!("CARGO_PKG_VERSION").as_bytes(),
        CORE_DIGEST.as_bytes(),
        more.as_bytes(),
        toolchain.version.as_bytes(),
        flags.as_bytes(),
    ])
}

/// A built flavour of the runtime.
#[derive(Clone, Debug)]
pub struct Library {
    /// As generated code names the crate.
    name: &'static str,
    /// Holds it and all that it uses.
    folder: PathBuf,
}

impl Library {
    /// What rustc is told for a crate that links it.
    #[must_use]
    pub fn flags(&self) -> Vec<OsString> {
        let mut library = OsString::from(format!("{}=", self.name));
        library.push(self.folder.join(file_name(self.name)));
        let mut search = OsString::from("dependency=");
        search.push(&self.folder);
        vec!["--extern".into(), library, "-L".into(), search]
    }

    fn is_there(&self) -> bool {
        self.folder.join(file_name(self.name)).is_file()
    }
}

fn file_name(name: &str) -> String {
    format!("lib{name}.rlib")
}

/// A flavour of the runtime, compiled now unless the cache has it.
pub(super) fn library(
    cache: &Cache,
    toolchain: &Toolchain,
    flavour: Flavour,
    progress: Progress,
) -> Result<Library, Failure> {
    let key = key(toolchain, flavour);
    let finished = cache.path(&["runtime", &key]);
    let library = Library { name: flavour.library(), folder: finished.clone() };
    if library.is_there() {
        return Ok(library);
    }
    let _lock = cache.lock(&format!("runtime-{key}"))?;
    if library.is_there() {
        return Ok(library);
    }
    let aside =
        cache.folder(&["runtime", &format!(".{key}.{}.tmp", std::process::id())])?;
    let made = make(cache, &aside, toolchain, flavour, progress).and_then(|()| {
        // What may be left there of an earlier attempt is not whole.
        let _ = fs::remove_dir_all(&finished);
        fs::rename(&aside, &finished).map_err(|error| unwritable(&finished, &error))
    });
    if made.is_err() {
        let _ = fs::remove_dir_all(&aside);
    }
    made?;
    prune(&cache.path(&["runtime"]), KEPT_RUNTIMES, |it| it != key);
    Ok(library)
}

/// Deletes a flavour that turned out to be damaged, and what it was made from.
pub(super) fn forget(cache: &Cache, toolchain: &Toolchain, flavour: Flavour) {
    for it in [Flavour::Core, flavour] {
        let _ = fs::remove_dir_all(cache.path(&["runtime", &key(toolchain, it)]));
    }
}

/// Whether rustc could not use the runtime.
pub(super) fn is_damaged(ended: &Ended) -> bool {
    const CODES: [&str; 5] = ["E0460", "E0462", "E0463", "E0514", "E0786"];
    !ended.status.success()
        && CORE.iter().chain(DATA).any(|it| ended.said.contains(it.name))
        && CODES.iter().any(|code| ended.said.contains(&format!("error[{code}]")))
}

fn make(
    cache: &Cache,
    folder: &Path,
    toolchain: &Toolchain,
    flavour: Flavour,
    progress: Progress,
) -> Result<(), Failure> {
    let mut crates = sources(flavour);
    if flavour != Flavour::Core {
        // The core is most of the work and is the same in every flavour.
        let core = library(cache, toolchain, Flavour::Core, progress)?;
        for done in CORE {
            let target = folder.join(file_name(done.name));
            fs::copy(core.folder.join(file_name(done.name)), &target)
                .map_err(|error| unwritable(&target, &error))?;
        }
        crates.drain(..CORE.len());
    }
    for it in &crates {
        compile(folder, it, toolchain, progress)?;
    }
    Ok(())
}

fn compile(
    folder: &Path,
    source: &Source,
    toolchain: &Toolchain,
    progress: Progress,
) -> Result<(), Failure> {
    let it = source.it;
    let sources = Path::new("sources").join(it.folder);
    let place = folder.join(&sources);
    for (name, text) in source.files {
        let path = place.join(name);
        let parent = path.parent().unwrap_or(&place);
        let written = fs::create_dir_all(parent).and_then(|()| fs::write(&path, text));
        written.map_err(|error| unwritable(&path, &error))?;
    }
    let mut command = Command::new(&toolchain.rustc);
    command.current_dir(folder).args(RUNTIME_FLAGS);
    command.args(["--crate-name", it.name, "--edition", it.edition]);
    for feature in it.features {
        command.arg("--cfg").arg(format!("feature=\"{feature}\""));
    }
    for used in it.uses {
        command.arg("--extern").arg(format!("{used}={}", file_name(used)));
    }
    command.args(["-L", "dependency=."]);
    // Later flags win: a file of the crate is named by its package.
    command.arg(remap(folder, "runtime"));
    command.arg(remap(&sources.join("src"), it.package));
    command.arg("-o").arg(file_name(it.name)).arg(sources.join("src/lib.rs"));
    let doing = match it.name {
        "axum_rt" => "building the runtime, once for this Rust compiler".to_owned(),
        _ => format!("building `{}`, once for this Rust compiler", it.package),
    };
    let ended = progress.run(&mut command, &doing);
    let ended = ended.map_err(|error| not_started(toolchain, &error))?;
    if !ended.status.success() {
        return Err(explain_failure(&ended, "the runtime", &[], toolchain));
    }
    let _ = fs::remove_dir_all(folder.join("sources"));
    Ok(())
}
