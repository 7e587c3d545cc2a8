//! Finds a Rust compiler that is new enough and knows its version. It compiles nothing.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::UNIX_EPOCH;

use super::cache::{Cache, prune};
use super::digest::digest;
use super::failure::{Exit, Failure};
use crate::diag::Code;

/// The oldest Rust release that compiles the runtime and generated code.
const MINIMUM: (u32, u32) = (1, 95);

const INSTALL: &str =
    "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y";

/// A Rust compiler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Toolchain {
    pub(super) rustc: PathBuf,
    /// What `rustc -vV` prints: release, commit, host.
    pub(super) version: String,
}

/// The compiler of `RUSTC`, else of `PATH`, else where rustup puts it.
pub(super) fn find(cache: &Cache) -> Result<Toolchain, Failure> {
    let rustc = locate().ok_or_else(missing)?;
    // Asking the compiler takes longer than all else an unchanged program needs, so its
    // answer is kept for as long as nothing that could change it has changed.
    let note =
        cache.folder(&["toolchains"])?.join(digest(&[circumstances(&rustc).as_bytes()]));
    if let Some(known) = recall(&note) {
        return Ok(known);
    }
    let found = ask(&rustc)?;
    if let Some(stamp) = stamp(&found.rustc) {
        let text = format!("{}\n{stamp}\n{}", found.rustc.display(), found.version);
        // Nothing is lost if the note cannot be kept.
        let _ = super::output::write_aside(&note, text.as_bytes());
        prune(&cache.path(&["toolchains"]), 32, |_| true);
    }
    Ok(found)
}

fn locate() -> Option<PathBuf> {
    if let Some(chosen) = env::var_os("RUSTC").filter(|it| !it.is_empty()) {
        let chosen = PathBuf::from(chosen);
        // A bare name is looked up like any command.
        return if chosen.components().count() > 1 {
            Some(chosen)
        } else {
            in_path(&chosen)
        };
    }
    let name = format!("rustc{}", env::consts::EXE_SUFFIX);
    in_path(Path::new(&name)).or_else(|| {
        let home = env::var_os("CARGO_HOME").map(PathBuf::from);
        let home = home.or_else(|| Some(env::home_dir()?.join(".cargo")))?;
        Some(home.join("bin").join(name)).filter(|it| it.is_file())
    })
}

fn in_path(name: &Path) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|it| it.join(name)).find(|it| it.is_file())
}

/// Everything that decides which compiler answers at this path: behind rustup's proxy that
/// is more than the file itself.
fn circumstances(rustc: &Path) -> String {
    let mut out = format!("{}\n{:?}\n", rustc.display(), stamp(rustc));
    for name in ["RUSTUP_TOOLCHAIN", "RUSTUP_HOME"] {
        out.push_str(&format!("{name}={:?}\n", env::var_os(name)));
    }
    let home = env::var_os("RUSTUP_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".rustup")));
    let settings = home.map(|it| it.join("settings.toml"));
    let current = super::current_folder();
    let chosen = current
        .ancestors()
        .flat_map(|it| [it.join("rust-toolchain"), it.join("rust-toolchain.toml")]);
    for file in settings.into_iter().chain(chosen) {
        if let Some(stamp) = stamp(&file) {
            out.push_str(&format!("{} {stamp}\n", file.display()));
        }
    }
    out
}

/// Size and time of last change.
fn stamp(file: &Path) -> Option<String> {
    let metadata = fs::metadata(file).ok()?;
    let modified = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(format!("{} {}", metadata.len(), modified.as_nanos()))
}

fn recall(note: &Path) -> Option<Toolchain> {
    let text = fs::read_to_string(note).ok()?;
    let mut lines = text.splitn(3, '\n');
    let rustc = PathBuf::from(lines.next()?);
    let known = lines.next()?;
    let version = lines.next()?.to_owned();
    (stamp(&rustc).as_deref() == Some(known)).then_some(Toolchain { rustc, version })
}

fn ask(rustc: &Path) -> Result<Toolchain, Failure> {
    let version = run(rustc, &["-vV"])?;
    let release = field(&version, "release: ").unwrap_or("unknown");
    if parse_release(release).is_none_or(|found| found < MINIMUM) {
        let (major, minor) = MINIMUM;
        let message = format!("Rust {major}.{minor} or newer is needed, found {release}");
        return Err(Failure::new(Exit::Toolchain, Code::Toolchain, message)
            .help("install a newer one: `rustup update stable`"));
    }
    // Behind a proxy of rustup stands the real compiler, which starts faster.
    let sysroot = run(rustc, &["--print", "sysroot"])?;
    let name = format!("rustc{}", env::consts::EXE_SUFFIX);
    let real = Path::new(sysroot.trim()).join("bin").join(name);
    let rustc = if real.is_file() { real } else { rustc.to_owned() };
    Ok(Toolchain { rustc, version })
}

fn run(rustc: &Path, arguments: &[&str]) -> Result<String, Failure> {
    let output = Command::new(rustc).args(arguments).stdin(Stdio::null()).output();
    match output {
        Ok(output) if output.status.success() => {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        }
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            let said = said.lines().find(|it| !it.trim().is_empty()).unwrap_or("nothing");
            let message = format!("`{}` does not work", rustc.display());
            Err(Failure::new(Exit::Toolchain, Code::Toolchain, message)
                .note(format!("it says: {said}"))
                .help(format!("install Rust: `{INSTALL}`")))
        }
        Err(_) => Err(missing()),
    }
}

fn missing() -> Failure {
    Failure::new(Exit::Toolchain, Code::Toolchain, "no Rust compiler found")
        .note("`axumc check` works without one; `build` and `run` need `rustc` to make programs")
        .help(format!("install Rust: `{INSTALL}`"))
}

/// No C compiler, which rustc calls to link, is there.
pub(super) fn missing_linker(name: &str) -> Failure {
    let install = if cfg!(target_os = "macos") {
        "install it: `xcode-select --install`"
    } else if cfg!(windows) {
        "install the Visual Studio Build Tools with the C++ workload"
    } else {
        "install it: `sudo apt-get install -y gcc libc6-dev` (Debian, Ubuntu), `sudo dnf install -y gcc` (Fedora), `apk add gcc musl-dev` (Alpine)"
    };
    Failure::new(
        Exit::Toolchain,
        Code::Toolchain,
        format!("the linker `{name}` is not installed"),
    )
    .note("Rust links programs with the C compiler of the system")
    .help(install)
}

fn field<'a>(version: &'a str, name: &str) -> Option<&'a str> {
    version.lines().find_map(|it| it.strip_prefix(name))
}

/// Major and minor number of `1.95.0` or `1.97.0-nightly`.
fn parse_release(release: &str) -> Option<(u32, u32)> {
    let mut numbers = release.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    //! Reading versions.

    use super::parse_release;

    #[test]
    fn releases_compare_by_number() {
        assert_eq!(parse_release("1.95.0"), Some((1, 95)));
        assert_eq!(parse_release("1.97.0-nightly"), Some((1, 97)));
        assert!(parse_release("1.100.0") > parse_release("1.95.0"));
        assert_eq!(parse_release("unknown"), None);
    }
}
