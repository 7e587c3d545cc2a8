//! Runs the Rust compiler and shows that something is happening if it takes long. It does
//! not know what is compiled.

use std::io::{IsTerminal as _, Write as _, stderr};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// Tells people at a terminal what takes long.
#[derive(Clone, Copy, Debug)]
pub(super) struct Progress {
    /// Whether steps of over a second are announced.
    pub(super) shown: bool,
    /// Whether each command is printed.
    pub(super) verbose: bool,
}

/// How a command ended and what it wrote to stderr.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) status: ExitStatus,
    pub(super) said: String,
    /// What it wrote to stdout, where that was asked for.
    pub(super) out: String,
}

impl Progress {
    /// Progress goes to a terminal only, and not if silence is asked for.
    pub(super) fn new(quiet: bool, verbose: bool) -> Self {
        Self { shown: !quiet && stderr().is_terminal(), verbose }
    }

    /// Runs `command` without input; `doing` says what it is for.
    pub(super) fn run(
        self,
        command: &mut Command,
        doing: &str,
    ) -> std::io::Result<Ended> {
        self.wait(command.stdout(Stdio::null()), doing)
    }

    /// The same, and reads what the command writes to stdout.
    pub(super) fn run_reading(
        self,
        command: &mut Command,
        doing: &str,
    ) -> std::io::Result<Ended> {
        self.wait(command.stdout(Stdio::piped()), doing)
    }

    fn wait(self, command: &mut Command, doing: &str) -> std::io::Result<Ended> {
        if self.verbose {
            let _ = writeln!(stderr(), "axumc: {command:?}");
        }
        let since = Instant::now();
        let child = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        let (sender, receiver) = channel();
        let waiter = std::thread::spawn(move || {
            // Nobody hears the answer only if the receiver is gone with the process.
            let _ = sender.send(child.wait_with_output());
        });
        let mut announced = false;
        let output = loop {
            match receiver.recv_timeout(Duration::from_secs(1)) {
                Ok(output) => break output?,
                Err(RecvTimeoutError::Timeout) if self.shown && !announced => {
                    announced = true;
                    let _ = writeln!(stderr(), "axumc: {doing} …");
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(std::io::Error::other("the waiting thread is gone"));
                }
            }
        };
        let _ = waiter.join();
        if announced || self.verbose {
            let seconds = since.elapsed().as_secs_f64();
            let _ = writeln!(stderr(), "axumc: {doing} took {seconds:.1} s");
        }
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let out = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok(Ended { status: output.status, said, out })
    }
}
