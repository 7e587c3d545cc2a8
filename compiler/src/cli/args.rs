//! The command line as clap sees it. It runs nothing.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use crate::diag::{Code, suggest};
use crate::driver::Subject;

/// The Axum compiler: agents, channels, domains and networks to native programs.
#[derive(Debug, Parser)]
#[command(name = "axumc", version, arg_required_else_help = true, max_term_width = 100)]
pub(super) struct Args {
    #[command(flatten)]
    pub(super) common: Common,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// Options of every command.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Reporting")]
pub(super) struct Common {
    /// How diagnostics are written to stderr
    #[arg(
        long,
        global = true,
        value_enum,
        default_value = "human",
        value_name = "FORMAT"
    )]
    pub(super) message_format: MessageFormat,
    /// When diagnostics are coloured; NO_COLOR is respected
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN")]
    pub(super) color: When,
    /// Write nothing but diagnostics
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Show the commands that are run
    #[arg(short, long, global = true)]
    pub(super) verbose: bool,
    /// Do not report this warning (AX####), or any (`warnings`)
    #[arg(long, global = true, value_name = "CODE", value_parser = subject)]
    pub(super) allow: Vec<Subject>,
    /// Report this warning as a warning; `native` lists all native code
    #[arg(long, global = true, value_name = "CODE", value_parser = subject)]
    pub(super) warn: Vec<Subject>,
    /// Report this warning, all `warnings`, or all `native` code, as errors
    #[arg(long, global = true, value_name = "CODE", value_parser = subject)]
    pub(super) deny: Vec<Subject>,
    /// Show at most this many errors, and as many warnings
    #[arg(long, global = true, default_value_t = 100, value_name = "N")]
    pub(super) max_errors: usize,
    /// Show how long each step took
    #[arg(long, global = true)]
    pub(super) timings: bool,
}

/// What is to be done.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a package in a new folder
    New {
        /// What it is called
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Report what is wrong with programs, and build nothing
    Check {
        /// Files, folders or packages; each is a program of its own [default: the package around
        /// the current folder]
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
    /// Make a native executable
    Build {
        /// A file, a folder or a package [default: the package around the current folder]
        #[arg(value_name = "PATH")]
        path: Option<PathBuf>,
        /// Optimise the program
        #[arg(long)]
        release: bool,
        /// Where the result goes [default: the name of the program, in the current folder]
        #[arg(short, long, value_name = "BIN")]
        output: Option<PathBuf>,
        /// Write this instead of an executable
        #[arg(long, value_enum, value_name = "WHAT")]
        emit: Option<Emit>,
    },
    /// Build a program and run it; its exit code is passed on
    Run {
        /// A file, a folder or a package [default: the package around the current folder]
        #[arg(value_name = "PATH")]
        path: Option<PathBuf>,
        /// Optimise the program
        #[arg(long)]
        release: bool,
        /// What the program gets as its command line
        #[arg(last = true, value_name = "ARGS")]
        arguments: Vec<OsString>,
    },
    /// Explain a diagnostic code, with a rejected and a corrected example
    #[command(arg_required_else_help = true)]
    Explain {
        /// The code; `AX0401`, `ax401` and `401` are the same
        #[arg(value_name = "CODE", required_unless_present = "list")]
        code: Option<String>,
        /// List all codes instead
        #[arg(long)]
        list: bool,
    },
    /// Print what one stage of the compiler makes of a program
    Dump {
        /// The stage
        #[arg(value_enum)]
        stage: DumpStage,
        /// A file, a folder or a package [default: the package around the current folder]
        #[arg(value_name = "PATH")]
        path: Option<PathBuf>,
        /// Print only what is about this name
        #[arg(long, value_name = "NAME")]
        item: Option<String>,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum MessageFormat {
    /// With excerpts of the source
    Human,
    /// One line each: PATH:LINE:COL: error[AX0405]: message
    Short,
    /// One JSON object a line
    Json,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum When {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Emit {
    /// The formatted Rust, as a cargo project
    Rust,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum DumpStage {
    /// The syntax tree
    Ast,
    /// The resolved program
    Hir,
    /// The types of expressions and what they convert to
    Types,
    /// What each method may do
    Effects,
    /// What the emitter prints, as a tree
    Ir,
    /// The generated Rust
    Rust,
}

/// A code, `warnings`, or `native`.
fn subject(text: &str) -> Result<Subject, String> {
    if text == "warnings" {
        return Ok(Subject::Warnings);
    }
    if text == "native" {
        return Ok(Subject::Code(Code::NativeCode));
    }
    match Code::parse(text) {
        Some(code) if code.is_warning() => Ok(Subject::Code(code)),
        Some(code) => {
            Err(format!("{} is an error; only warnings have a level", code.as_str()))
        }
        None => Err(unknown_code(text)),
    }
}

/// What to say about a code that is none.
pub(super) fn unknown_code(text: &str) -> String {
    let known = Code::ALL.iter().map(|it| it.as_str());
    match suggest::closest(&text.to_uppercase(), known) {
        Some(close) => format!("there is no such code; `{close}` is close"),
        None => "there is no such code; `axumc explain --list` shows all".to_owned(),
    }
}
