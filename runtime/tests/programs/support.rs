//! The runner of the programs, and the channel of the application that all of them share.

use std::io::{Read, Write};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use axum_rt::abi::v1 as rt;

use crate::stress;

/// A program and what it is expected to do.
#[derive(Clone)]
pub(crate) struct Program {
    pub(crate) name: &'static str,
    pub(crate) main: fn() -> ExitCode,
    pub(crate) code: i32,
    pub(crate) stdout: &'static str,
    /// Each must occur in the standard error; without any it must be empty.
    pub(crate) stderr: &'static [&'static str],
    pub(crate) stdin: &'static str,
    pub(crate) args: &'static [&'static str],
}

/// A program that ends well and prints `stdout`.
pub(crate) fn program(
    name: &'static str,
    main: fn() -> ExitCode,
    stdout: &'static str,
) -> Program {
    Program { name, main, code: 0, stdout, stderr: &[], stdin: "", args: &[] }
}

/// The library's channel of entry agents.
pub(crate) struct Application {
    pub(crate) CommandLine: rt::Port<rt::Array<rt::Str>>,
    pub(crate) ExitCode: rt::Port<i32>,
    pub(crate) Done: rt::Port<rt::Signal>,
}

impl rt::Channel for Application {
    const NAME: &'static str = "Application";
    const PORTS: &'static [rt::Declared<Self>] = &[
        rt::Declared::input("CommandLine", |it| &it.CommandLine),
        rt::Declared::output("ExitCode", |it| &it.ExitCode),
        rt::Declared::output("Done", |it| &it.Done),
    ];

    fn open(core: &rt::ChannelCore) -> Self {
        Self { CommandLine: core.port(), ExitCode: core.port(), Done: core.port() }
    }
}

/// An entry agent without fields and domain.
pub(crate) struct Main {}

impl rt::Agent for Main {
    const NAME: &'static str = "Main";
    type Channel = Application;
    type Domain = rt::NoDomain;
    const ACCESS: rt::Access = rt::Access::None;
}

/// What `main` of a generated program does.
pub(crate) fn run<F, Fut>(body: F) -> ExitCode
where
    F: FnOnce(rt::Me<Main>) -> Fut + Send + 'static,
    Fut: Future<Output = rt::Result<()>> + Send + 'static,
{
    rt::run(
        || Ok(rt::spawn(rt::Dom::none(), Main {}, body)),
        |app: &Application| rt::Entry {
            command_line: &app.CommandLine,
            exit_code: &app.ExitCode,
            done: &app.Done,
        },
    )
}

/// A channel: its ports with direction and payload.
#[macro_export]
macro_rules! channel {
    ($name:ident { $($direction:ident $port:ident: $payload:ty,)* }) => {
        pub(crate) struct $name { $(pub(crate) $port: rt::Port<$payload>,)* }

        impl rt::Channel for $name {
            const NAME: &'static str = stringify!($name);
            const PORTS: &'static [rt::Declared<Self>] =
                &[$(rt::Declared::$direction(stringify!($port), |it| &it.$port),)*];

            fn open(core: &rt::ChannelCore) -> Self {
                Self { $($port: core.port(),)* }
            }
        }
    };
}

/// An agent without a domain: its fields.
#[macro_export]
macro_rules! agent {
    ($name:ident: $channel:ty { $($field:ident: $ty:ty,)* }) => {
        pub(crate) struct $name { $(pub(crate) $field: $ty,)* }

        impl rt::Agent for $name {
            const NAME: &'static str = stringify!($name);
            type Channel = $channel;
            type Domain = rt::NoDomain;
            const ACCESS: rt::Access = rt::Access::None;
        }
    };
}

/// How long a program may take before it counts as hung.
fn limit() -> Duration {
    Duration::from_secs(30 * u64::from(stress::scale().unsigned_abs()))
}

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "the report of the runner")]
pub(crate) fn run_all(programs: &[Program], wanted: &[String]) -> ExitCode {
    let rounds =
        std::env::var("AXUM_TEST_ROUNDS").ok().and_then(|text| text.parse().ok());
    let numbers = std::env::var("AXUM_TEST_WORKERS").unwrap_or("1 2 8".to_owned());
    let mut n_failed = 0;
    let mut n_passed = 0;
    for program in programs {
        if !wanted.is_empty() && !wanted.iter().any(|word| program.name.contains(word)) {
            continue;
        }
        let failure = (0..rounds.unwrap_or(1)).find_map(|_| {
            numbers.split(' ').find_map(|n_workers| run_once(program, n_workers).err())
        });
        match failure {
            None => n_passed += 1,
            Some(text) => {
                n_failed += 1;
                eprintln!("test {} ... FAILED\n{text}", program.name);
            }
        }
    }
    println!("test result: {n_passed} passed; {n_failed} failed");
    ExitCode::from(u8::from(n_failed > 0))
}

fn run_once(program: &Program, n_workers: &str) -> Result<(), String> {
    let exe = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut child = Command::new(exe)
        .env("AXUM_TEST_PROGRAM", program.name)
        .env("AXUM_WORKERS", n_workers)
        .args(program.args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    if let Some(mut stdin) = child.stdin.take() {
        let _ = stdin.write_all(program.stdin.as_bytes());
    }
    let out = read_all(child.stdout.take());
    let err = read_all(child.stderr.take());
    let code = wait(&mut child);
    let (out, err) = (out.join().unwrap_or_default(), err.join().unwrap_or_default());
    let said = program.stderr.iter().all(|text| err.contains(text))
        && (!program.stderr.is_empty() || err.is_empty());
    if code == Some(program.code) && out == program.stdout && said {
        return Ok(());
    }
    Err(format!(
        "with {n_workers} workers: code {code:?}, expected {}\n--- stdout\n{out}--- expected\n{}\
         --- stderr\n{err}--- expected to contain {:?}",
        program.code, program.stdout, program.stderr
    ))
}

fn read_all(pipe: Option<impl Read + Send + 'static>) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut text = String::new();
        if let Some(mut pipe) = pipe {
            let _ = pipe.read_to_string(&mut text);
        }
        text
    })
}

/// The exit code, or nothing if the program hangs or was killed.
fn wait(child: &mut Child) -> Option<i32> {
    let begun = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.code(),
            Ok(None) if begun.elapsed() < limit() => {
                std::thread::sleep(Duration::from_millis(2));
            }
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
        }
    }
}
