//! Compiles Rust files that use crates, and their borders, by cargo: a workspace of its own, in
//! the cache, whose lock file is kept beside the program. Nothing is asked of a network that a
//! lock file and earlier downloads can tell.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::super::digest::digest;
use super::super::output::{unwritable, write_aside};
use super::super::process::Ended;
use super::{Linked, Unbuilt, Unit, Work, report};
use crate::emit::ForeignCrate;

/// The profile, which says what [`super::FLAGS`] say.
const PROFILE: &str = "\
[profile.dev]
opt-level = 2
codegen-units = 16
debug = \"line-tables-only\"
overflow-checks = false
debug-assertions = false
incremental = false
";

/// The manifest of a Rust file's crate, whose path is given from the folder of the manifest.
pub(in crate::driver) fn manifest(of: &ForeignCrate, path: &str) -> String {
    let mut text = package(&of.name, path);
    for (name, wanted, _) in &of.crates {
        text.push_str(&format!("{name} = {wanted}\n"));
    }
    text
}

/// The manifest of a border; `native` is the folder of the file's crate.
pub(in crate::driver) fn border_manifest(of: &ForeignCrate, native: &str) -> String {
    let text = package(&of.border, "lib.rs");
    format!("{text}{} = {{ path = \"{native}\" }}\n", of.name)
}

fn package(name: &str, path: &str) -> String {
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
         publish = false\n\n[lib]\npath = \"{path}\"\n\n[dependencies]\n"
    )
}

/// Compiles what changed, and adds what links it.
pub(super) fn build(
    work: &Work<'_>,
    units: &[&Unit<'_>],
    linked: &mut Linked,
) -> Result<(), Unbuilt> {
    let mut members = Vec::new();
    for unit in units {
        let text = border_manifest(unit.of, &format!("../../{}", unit.home));
        work.put(&format!("{}/Cargo.toml", unit.border), &text)?;
        members.extend([unit.home.as_str(), unit.border.as_str()]);
    }
    let workspace =
        format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n\n{PROFILE}");
    work.put("Cargo.toml", &workspace)?;
    let own = work.folder.join("Cargo.lock");
    let kept = fs::read(&work.job.lock).ok();
    match &kept {
        Some(kept) => {
            if !fs::read(&own).is_ok_and(|it| it == *kept) {
                fs::write(&own, kept).map_err(|error| unwritable(&own, &error))?;
            }
        }
        // Without one, the newest versions that fit are chosen.
        None => {
            let _ = fs::remove_file(&own);
        }
    }
    let ended = run(work, kept.is_some())?;
    let messages: Vec<Value> =
        ended.out.lines().filter_map(|it| serde_json::from_str(it).ok()).collect();
    if !ended.status.success() {
        let of_rustc = |it: &Value| it["reason"] == "compiler-message";
        let said: Vec<Value> = messages
            .into_iter()
            .filter(of_rustc)
            .map(|mut it| {
                let mut message = it["message"].take();
                message["package"] = it["target"]["name"].take();
                message
            })
            .collect();
        return Err(match said.iter().any(|it| it["level"] == "error") {
            true => report::rejected(work, units, said, &ended),
            false => report::unprovided(work, units, &ended),
        });
    }
    keep_lock(work, &own, kept.as_deref())?;
    link(units, &messages, linked);
    Ok(())
}

/// Runs cargo without a network if that may do, else with one. What a lock file says stands,
/// unless other crates are asked for than when it was written.
fn run(work: &Work<'_>, locked: bool) -> Result<Ended, Unbuilt> {
    let Some(cargo) = find(work) else { return Err(report::no_cargo(work)) };
    let attempt = |flags: &[&str]| {
        let mut command = Command::new(&cargo);
        command.current_dir(work.folder).args(["build", "--message-format=json"]);
        command.args(["--target-dir", "target"]).args(flags);
        command.env("RUSTC", &work.toolchain.rustc);
        // What somebody sets for crates of their own is no part of this program.
        command.env("CARGO_ENCODED_RUSTFLAGS", "").env_remove("RUSTFLAGS");
        command.env_remove("CARGO_BUILD_TARGET").env("CARGO_TERM_COLOR", "never");
        let doing = "compiling native code and the crates that it uses";
        work.progress.run_reading(&mut command, doing)
    };
    let failed = |error: std::io::Error| report::not_started(work, &cargo, &error);
    if locked {
        let ended = attempt(&["--locked", "--offline"]).map_err(failed)?;
        if ended.status.success() || ended.out.contains("\"compiler-message\"") {
            return Ok(ended);
        }
    }
    attempt(&[]).map_err(failed)
}

/// The cargo that belongs to the compiler, else one of `PATH`.
fn find(work: &Work<'_>) -> Option<PathBuf> {
    let name = format!("cargo{}", std::env::consts::EXE_SUFFIX);
    let beside = work.toolchain.rustc.with_file_name(&name);
    if beside.is_file() {
        return Some(beside);
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|it| it.join(&name)).find(|it| it.is_file())
}

/// Keeps beside the program which versions were chosen.
fn keep_lock(work: &Work<'_>, own: &Path, kept: Option<&[u8]>) -> Result<(), Unbuilt> {
    let chosen = fs::read(own).map_err(|error| unwritable(own, &error))?;
    if kept.is_some_and(|it| it == chosen) {
        return Ok(());
    }
    let lock = &work.job.lock;
    Ok(write_aside(lock, &chosen).map_err(|error| unwritable(lock, &error))?)
}

/// Adds the borders and the folders in which the rest lies.
fn link(units: &[&Unit<'_>], messages: &[Value], linked: &mut Linked) {
    for unit in units {
        let is_it = |it: &&Value| {
            it["reason"] == "compiler-artifact"
                && it["target"]["name"] == unit.of.border.as_str()
        };
        let files =
            messages.iter().filter(is_it).filter_map(|it| it["filenames"].as_array());
        let mut files = files.flatten().filter_map(Value::as_str);
        let Some(file) = files.find(|it| it.ends_with(".rlib")) else { continue };
        let mut library = OsString::from(format!("{}=", unit.of.border));
        library.push(file);
        linked.flags.extend(["--extern".into(), library]);
        if let Ok(bytes) = fs::read(file) {
            linked.key.push_str(&digest(&[&bytes]));
        }
        let folder = Path::new(file).parent().unwrap_or(Path::new(""));
        let mut search = OsString::from("dependency=");
        search.push(match folder.ends_with("deps") {
            true => folder.to_owned(),
            false => folder.join("deps"),
        });
        if !linked.flags.contains(&search) {
            linked.flags.extend(["-L".into(), search]);
        }
    }
    // The border tells of changes of types only; the files themselves are linked too.
    for file in messages.iter().filter_map(|it| it["filenames"].as_array()).flatten() {
        if let Some(file) = file.as_str().filter(|it| it.ends_with(".rlib"))
            && units.iter().any(|it| file.contains(&format!("lib{}", it.of.name)))
            && let Ok(bytes) = fs::read(file)
        {
            linked.key.push_str(&digest(&[&bytes]));
        }
    }
    let built = messages.iter().filter(|it| it["reason"] == "build-script-executed");
    for path in built.filter_map(|it| it["linked_paths"].as_array()).flatten() {
        linked.flags.extend(
            path.as_str().map(|it| ["-L".into(), it.into()]).into_iter().flatten(),
        );
    }
}
