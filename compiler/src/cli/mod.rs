//! The `axumc` command: from arguments to one command and its exit code. It touches the
//! outside through `driver` only.

mod args;
mod build;
mod check;
mod dump;
mod explain;
mod new;
mod run;

use std::process::ExitCode;

use clap::Parser as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::diag::render::Format;
use crate::driver::{self, Color, Level, Levels, Session, Settings, Style};

/// Parses the arguments of this process and runs the command they name.
#[must_use]
pub fn main() -> ExitCode {
    let args = args::Args::try_parse().unwrap_or_else(|wrong| with_tip(wrong).exit());
    let settings = settings(&args);
    let style = settings.style;
    let exit = driver::guarded(style, move || {
        let session = Session::new(settings);
        match args.command {
            args::Command::New { name } => new::command(session, &name, style.quiet),
            args::Command::Check { paths } => check::command(session, &paths),
            args::Command::Build { path, release, output, emit } => {
                build::command(session, path.as_deref(), release, output, emit)
            }
            args::Command::Run { path, release, arguments } => {
                run::command(session, path.as_deref(), release, &arguments)
            }
            args::Command::Explain { code, list } => {
                explain::command(session, code.as_deref(), list)
            }
            args::Command::Dump { stage, path, item } => {
                dump::command(session, stage, path.as_deref(), item.as_deref())
            }
        }
    });
    ExitCode::from(exit.code())
}

/// A program where a command belongs: it is to be run, most likely.
fn with_tip(mut wrong: clap::Error) -> clap::Error {
    let is_unknown = wrong.kind() == ErrorKind::InvalidSubcommand;
    let word = wrong.get(ContextKind::InvalidSubcommand);
    if let Some(ContextValue::String(word)) = word.filter(|_| is_unknown)
        && word.ends_with(".ax")
    {
        let tip = format!("to build the program and run it: axumc run {word}");
        let tips = ContextValue::StyledStrs(vec![tip.into()]);
        wrong.insert(ContextKind::Suggested, tips);
    }
    wrong
}

fn settings(args: &args::Args) -> Settings {
    let common = &args.common;
    let color = match common.color {
        args::When::Auto => Color::Auto,
        args::When::Always => Color::Always,
        args::When::Never => Color::Never,
    };
    let format = match common.message_format {
        args::MessageFormat::Human => Format::Human { color: color.for_stderr() },
        args::MessageFormat::Short => Format::Short,
        args::MessageFormat::Json => Format::Json,
    };
    let mut levels = Levels::default();
    for (subjects, level) in [
        (&common.allow, Level::Allow),
        (&common.warn, Level::Warn),
        (&common.deny, Level::Deny),
    ] {
        for subject in subjects {
            levels.set(*subject, level);
        }
    }
    let style = Style {
        format,
        quiet: common.quiet,
        max_errors: common.max_errors,
        prefix: matches!(args.command, args::Command::Run { .. }),
    };
    Settings { style, levels, verbose: common.verbose, timings: common.timings }
}
