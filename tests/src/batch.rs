//! Compiles generated crates for the tests, with all warnings as errors, and runs what
//! comes of them. The runtime is compiled once; a crate that has not changed is not
//! compiled again. Where it keeps things is its own affair.

use std::fmt;
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use axumc::driver::{self, Linked, NativeJob, Toolkit, Unbuilt, Way, digest};
use axumc::emit::{Flavour, Output};

use crate::case::{self, Program};
use crate::compiler;

/// A program that takes longer is stuck: the slowest takes well under a second.
const PATIENCE: Duration = Duration::from_secs(30);

/// Somewhere to compile programs.
#[derive(Debug)]
pub struct Batch {
    core: Toolkit,
    /// Only some programs need it.
    data: OnceLock<Result<Toolkit, String>>,
    folder: PathBuf,
}

/// What a program did.
#[derive(Debug)]
pub struct Ran {
    pub stdout: String,
    pub stderr: String,
    pub status: ExitStatus,
}

impl Batch {
    /// Compiles the runtime if need be.
    pub fn new() -> Result<Self, String> {
        let folder = target().join("axum-batch");
        let core = toolkit(&folder, Flavour::Core)?;
        Ok(Self { core, data: OnceLock::new(), folder })
    }

    fn toolkit(&self, flavour: Flavour) -> Result<&Toolkit, String> {
        match flavour {
            Flavour::Core => Ok(&self.core),
            Flavour::Data => {
                let made = self.data.get_or_init(|| toolkit(&self.folder, Flavour::Data));
                made.as_ref().map_err(String::clone)
            }
        }
    }

    /// The executable of a program.
    pub fn build(&self, program: &Program, output: &Output) -> Result<PathBuf, String> {
        let folder = self.folder.join(program.name.replace('/', "-"));
        let names: Vec<&str> =
            program.sources.iter().map(|it| it.name.as_str()).collect();
        let flags = driver::program_flags(&output.files, &names, false);
        let mut runtime = self.toolkit(output.flavour)?.runtime.flags();
        let linked = self.native(program, output)?;
        runtime.extend(linked.flags.iter().cloned());
        let mut parts: Vec<&[u8]> =
            runtime.iter().map(|it| it.as_encoded_bytes()).collect();
        parts.extend(flags.iter().map(|it| it.as_bytes()));
        parts.push(linked.key.as_bytes());
        parts.extend(
            output.files.iter().flat_map(|it| [it.path.as_bytes(), it.text.as_bytes()]),
        );
        let key = digest(&parts);
        let (stamp, executable) = (folder.join("stamp"), folder.join("program"));
        if fs::read_to_string(&stamp).is_ok_and(|it| it == key) {
            return Ok(executable);
        }
        let sources = folder.join("crate");
        driver::write_crate(&sources, &output.files)
            .map_err(|it| it.diagnostic.message)?;
        let mut command = self.rustc(&sources, "main.rs", output.flavour)?;
        // Reports name places all the same, and linking is quicker.
        command.args(linked.flags);
        command.args(flags).args(["-Dwarnings", "-Cdebuginfo=0", "-o"]).arg(&executable);
        succeed(&mut command)?;
        fs::write(&stamp, key).map_err(|error| error.to_string())?;
        Ok(executable)
    }

    /// What links the Rust files of a program.
    fn native(&self, program: &Program, output: &Output) -> Result<Linked, String> {
        let sources = program.sources();
        let job = NativeJob {
            sources,
            files: &program.rust,
            base: case::root(),
            crates: &output.foreign,
            origin: &program.folder,
            lock: program.folder.join("axum.lock"),
        };
        let cache = self.folder.join("cache");
        driver::foreign(&cache, &job, Way::Shortest).map_err(|it| match it {
            Unbuilt::Failure(it) => it.diagnostic.message,
            Unbuilt::Rejected { texts, problems, .. } => {
                compiler::rendered(&texts, &problems)
            }
        })
    }

    /// Where crates and what comes of them are kept.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// rustc on the crate in this folder, with the runtime that it needs.
    pub(crate) fn rustc(
        &self,
        folder: &Path,
        root: &str,
        flavour: Flavour,
    ) -> Result<Command, String> {
        let toolkit = self.toolkit(flavour)?;
        let mut command = Command::new(&toolkit.rustc);
        command.current_dir(folder).arg(root).args(toolkit.runtime.flags());
        Ok(command)
    }
}

fn toolkit(folder: &Path, flavour: Flavour) -> Result<Toolkit, String> {
    driver::toolkit(&folder.join("cache"), flavour).map_err(|it| {
        format!("{}\n{}", it.diagnostic.message, it.diagnostic.help.join("\n"))
    })
}

/// Runs rustc; what it says if it fails.
pub(crate) fn succeed(command: &mut Command) -> Result<(), String> {
    let ended = command.stdin(Stdio::null()).output().map_err(|it| it.to_string())?;
    if ended.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&ended.stderr);
    Err(format!("the generated Rust does not compile:\n{said}"))
}

/// Who runs a program's agents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// So many workers.
    Workers(usize),
    /// The systematic scheduler with this seed, which writes its signature.
    Seed(u64),
}

impl fmt::Display for Schedule {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Workers(n) => write!(out, "with {n} workers"),
            Self::Seed(seed) => write!(out, "with AXUM_SCHED=seed:{seed}"),
        }
    }
}

/// Runs an executable and waits for its end.
pub fn run(
    executable: &Path,
    program: &Program,
    schedule: Schedule,
) -> Result<Ran, String> {
    let (name, value) = match schedule {
        Schedule::Workers(n) => ("AXUM_WORKERS", n.to_string()),
        Schedule::Seed(seed) => ("AXUM_SCHED", format!("seed:{seed},signature")),
    };
    let mut child = Command::new(executable)
        .args(&program.args)
        .env(name, value)
        .env_remove("RUST_BACKTRACE")
        .current_dir(&program.folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    let mut stdin = child.stdin.take().expect("it is piped");
    let mut stdout = child.stdout.take().expect("it is piped");
    let mut stderr = child.stderr.take().expect("it is piped");
    thread::scope(|scope| {
        // A program need not read its input.
        scope.spawn(move || stdin.write_all(program.stdin.as_bytes()));
        let out = scope.spawn(move || {
            let mut text = Vec::new();
            stdout.read_to_end(&mut text).map(|_| text)
        });
        let err = scope.spawn(move || {
            let mut text = Vec::new();
            stderr.read_to_end(&mut text).map(|_| text)
        });
        let since = Instant::now();
        let status = loop {
            match child.try_wait() {
                Ok(Some(status)) => break Ok(status),
                Ok(None) if since.elapsed() > PATIENCE => {
                    let _ = child.kill();
                    let _ = child.wait();
                    break Err(format!("still running after {PATIENCE:?} {schedule}"));
                }
                Ok(None) => thread::sleep(Duration::from_millis(2)),
                Err(error) => break Err(error.to_string()),
            }
        };
        let text = |it: thread::ScopedJoinHandle<'_, std::io::Result<Vec<u8>>>| {
            let bytes = it.join().expect("reading does not panic").unwrap_or_default();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        let (stdout, stderr) = (text(out), text(err));
        let status =
            status.map_err(|it| format!("{it}\nstdout: {stdout}\nstderr: {stderr}"))?;
        Ok(Ran { stdout, stderr, status })
    })
}

/// The target folder of this build.
fn target() -> PathBuf {
    // Test executables stand in `<target>/<profile>/deps`.
    let executable = std::env::current_exe().ok();
    let found =
        executable.as_deref().and_then(|it| it.ancestors().nth(3)).map(Path::to_owned);
    found.unwrap_or_else(|| case::root().join("target"))
}
