//! The only room that touches files, environment, clock, processes and threads: loads
//! programs, runs the phases on them, reports, and makes executables. It knows nothing of
//! the language and nothing of command-line syntax.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this is the room in which the outside is touched"
)]

mod cache;
mod crates;
mod create;
mod digest;
mod failure;
mod guard;
mod levels;
mod manifest;
mod native;
mod output;
mod package;
mod process;
mod project;
mod report;
mod runtime;
mod rust;
mod source;
mod timing;
mod toolchain;

#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

pub use failure::{Exit, Failure};
pub use guard::guarded;
pub use levels::{Level, Levels, Subject};
pub use native::{Job as NativeJob, Linked, Unbuilt, Way};
pub use report::{Color, Style};
pub use runtime::Library;
pub use rust::{Toolkit, foreign, program_flags, toolkit, write_crate};
pub use source::{Kind, Program, Unloaded, load, rust_files};

use crate::diag::{Code, Diagnostic};
use crate::emit::Output;
use crate::pipeline::{self, Entry, Stage};
use crate::support::span::FileId;
use process::Progress;
use report::Report;
use timing::Timings;

/// A stable name for content, the same in every version and on every machine.
#[must_use]
pub fn digest(parts: &[&[u8]]) -> String {
    digest::digest(parts)
}

/// What is wrong with the text of a manifest; what it depends on is not looked for.
#[must_use]
pub fn check_manifest(text: &str) -> Vec<Diagnostic> {
    manifest::parse(FileId(0), text).1
}

/// What holds for every command.
#[derive(Clone, Debug)]
pub struct Settings {
    pub style: Style,
    pub levels: Levels,
    pub verbose: bool,
    pub timings: bool,
}

/// One run of `axumc`.
#[derive(Debug)]
pub struct Session {
    settings: Settings,
    progress: Progress,
    report: Report,
    timings: Timings,
    exit: Exit,
}

impl Session {
    /// A run that has reported nothing yet.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let progress = Progress::new(settings.style.quiet, settings.verbose);
        let report = Report::new(settings.style);
        Self { settings, progress, report, timings: Timings::default(), exit: Exit::Done }
    }

    /// Reads the program at `path`, or the package around the current folder. What keeps it
    /// from being read is reported.
    pub fn load(&mut self, path: Option<&Path>) -> Option<Program> {
        self.timings.begin("read");
        let program = source::load(path);
        self.timings.end();
        match program {
            Ok(program) => Some(program),
            Err(Unloaded::Failure(failure)) => {
                self.fail(&failure);
                None
            }
            Err(Unloaded::Rejected { texts, problems }) => {
                self.report.add(&texts, &problems);
                let unreadable = problems.iter().any(|it| it.code == Code::MissingFile);
                let exit = if unreadable { Exit::Usage } else { Exit::Rejected };
                self.exit = self.exit.max(exit);
                None
            }
        }
    }

    /// Makes a new package in the current folder.
    pub fn create(&mut self, name: &str) -> Result<(), Failure> {
        create::create(name)
    }

    /// Checks the program and reports what is found.
    pub fn check(&mut self, program: &Program) {
        let entry = match program.kind {
            Kind::File => Entry::RequiredUnlessTests,
            Kind::Folder | Kind::Package => Entry::Optional,
        };
        let found =
            pipeline::check(program.sources(), entry, &mut |it| self.timings.begin(it));
        self.found(program, found);
    }

    /// The Rust of the program, unless it is rejected; reports what is found.
    pub fn compile(&mut self, program: &Program) -> Result<Option<Output>, Failure> {
        let step = &mut |it| self.timings.begin(it);
        let (output, found) = pipeline::compile(program.sources(), Entry::Required, step);
        if self.found(program, found) {
            return Ok(None);
        }
        let message = format!("internal error: no Rust came of `{}`", program.shown);
        let none = || Failure::new(Exit::Internal, Code::Internal, message);
        output.ok_or_else(none).map(Some)
    }

    /// The text of one stage; reports what is found.
    pub fn dump(&mut self, program: &Program, stage: Stage) -> Option<String> {
        let step = &mut |it| self.timings.begin(it);
        let (text, found) = pipeline::dump(program.sources(), stage, step);
        self.found(program, found);
        text
    }

    /// The executable of a compiled program, in the cache; none if its native code does not
    /// compile, which is reported.
    pub fn executable(
        &mut self,
        program: &Program,
        output: &Output,
        release: bool,
    ) -> Result<Option<PathBuf>, Failure> {
        self.timings.begin("rust");
        let job = rust::Job {
            shown: &program.shown,
            origin: &program.origin,
            sources: program.sources.iter().map(|it| it.name.as_str()).collect(),
            files: &output.files,
            flavour: output.flavour,
            release,
            native: &native::job(program, &output.foreign),
        };
        let built = rust::build(&job, self.progress);
        self.timings.end();
        match built {
            Ok(executable) => Ok(Some(executable)),
            Err(Unbuilt::Failure(failure)) => Err(failure),
            Err(Unbuilt::Rejected { texts, problems, exit }) => {
                self.report.add(&texts, &problems);
                self.exit = self.exit.max(exit);
                Ok(None)
            }
        }
    }

    /// Copies a finished executable to where the user wants it.
    pub fn place(&mut self, executable: &Path, target: &Path) -> Result<(), Failure> {
        let placed = output::copy_aside(executable, target);
        placed.map_err(|error| output::unwritable(target, &error))
    }

    /// Writes the Rust of a program as a project that cargo builds.
    pub fn write_project(
        &mut self,
        program: &Program,
        output: &Output,
        folder: &Path,
    ) -> Result<(), Failure> {
        project::write(program, output, folder)
    }

    /// Becomes the program: nothing of `axumc` is left to translate signals or exit codes.
    /// Returns only if that fails.
    pub fn execute(&mut self, executable: &Path, arguments: &[OsString]) -> Failure {
        self.close(None);
        let mut command = Command::new(executable);
        command.args(arguments);
        become_process(&mut command)
    }

    /// Notes a failure and goes on with what else there is to do.
    pub fn fail(&mut self, failure: &Failure) {
        self.exit = self.exit.max(failure.exit);
        self.report.fail(failure);
    }

    /// Writes a result to stdout. A reader that went away has seen enough.
    pub fn print(&mut self, text: &str) {
        let mut stream = std::io::stdout().lock();
        let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
    }

    /// Ends the run. `not_run` names a program that was to be run but was rejected.
    pub fn finish(mut self, not_run: Option<&str>) -> Exit {
        self.close(not_run);
        self.exit
    }

    fn close(&mut self, not_run: Option<&str>) {
        self.timings.end();
        self.report.finish(not_run);
        if self.settings.timings {
            report::write(&self.timings.table());
        }
    }

    /// Reports; whether the program is rejected.
    fn found(&mut self, program: &Program, mut found: Vec<Diagnostic>) -> bool {
        if self.settings.levels.of(Code::NativeCode) > Level::Allow {
            let step = &mut |it| self.timings.begin(it);
            found.extend(pipeline::trusted(program.sources(), step));
            found.sort_by_key(|it| (it.span().file, it.span().lo, it.code));
        }
        self.timings.begin("report");
        let found = self.settings.levels.apply(found);
        let rejected = self.report.add(&pipeline::all_texts(program.sources()), &found);
        if rejected {
            self.exit = self.exit.max(Exit::Rejected);
        }
        self.timings.end();
        rejected
    }
}

#[cfg(unix)]
fn become_process(command: &mut Command) -> Failure {
    use std::os::unix::process::CommandExt as _;
    let error = command.exec();
    not_startable(&error)
}

#[cfg(not(unix))]
fn become_process(command: &mut Command) -> Failure {
    match command.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => not_startable(&error),
    }
}

fn not_startable(error: &std::io::Error) -> Failure {
    let message = format!("cannot start the program: {}", source::reason(error));
    Failure::new(Exit::Usage, Code::MissingFile, message)
        .help("set `AXUM_CACHE` to a folder from which programs may be started")
}

/// The current folder, or a relative stand-in where it was deleted.
fn current_folder() -> PathBuf {
    std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."))
}

/// Writes a report to attach to a bug report, and says where.
fn report_file(sections: &[(&str, &str)]) -> String {
    let mut text = format!("axumc {}\n", env!("CARGO_PKG_VERSION"));
    for (title, body) in sections {
        text.push_str(&format!("\n== {title} ==\n{}\n", body.trim_end()));
    }
    let key = digest::digest(&[text.as_bytes()]);
    let path = std::env::temp_dir().join(format!("axumc-report-{}.txt", &key[..12]));
    match output::write_aside(&path, text.as_bytes()) {
        Ok(()) => format!("please report it and attach `{}`", path.display()),
        Err(_) => "please report it with the sources of the program".to_owned(),
    }
}
