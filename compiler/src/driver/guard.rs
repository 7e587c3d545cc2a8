//! Runs a command on a thread of its own with room for deep recursion, and turns a panic
//! into an internal error. It does not know the command.

use std::backtrace::Backtrace;
use std::panic;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Builder;

use super::failure::{Exit, Failure};
use super::report::{Report, Style};
use crate::diag::Code;

/// Flat chains of 100,000 operators are deep trees, which the phases walk recursively. Only
/// what is used of a stack takes memory; where even the address space is scarce, less must
/// do.
const STACKS: [usize; 4] = [1 << 30, 1 << 28, 1 << 26, 1 << 24];

/// Runs `command`; a panic in it is reported and gives [`Exit::Internal`].
pub fn guarded(style: Style, command: impl FnOnce() -> Exit + Send + 'static) -> Exit {
    let last_words = Arc::new(Mutex::new(String::new()));
    let heard = Arc::clone(&last_words);
    panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let message = panic.payload_as_str().unwrap_or("a panic without text");
        let backtrace = Backtrace::force_capture();
        let text = format!("{message}\n{place}\n{backtrace}");
        *heard.lock().unwrap_or_else(PoisonError::into_inner) = text;
    }));
    // The command is handed over only once a thread is there to take it.
    let command = Arc::new(Mutex::new(Some(command)));
    for size in STACKS {
        let command = Arc::clone(&command);
        let run = move || {
            let taken = command.lock().unwrap_or_else(PoisonError::into_inner).take();
            taken.map_or(Exit::Internal, |it| it())
        };
        let Ok(thread) = Builder::new().stack_size(size).spawn(run) else { continue };
        return thread.join().unwrap_or_else(|_| {
            let words = last_words.lock().unwrap_or_else(PoisonError::into_inner);
            internal_error(style, &words)
        });
    }
    let failure =
        Failure::new(Exit::Internal, Code::Internal, "no thread could be started")
            .note("the limits on memory or on processes are too low");
    Report::new(style).fail(&failure);
    failure.exit
}

fn internal_error(style: Style, words: &str) -> Exit {
    let arguments: Vec<String> =
        std::env::args_os().map(|it| it.to_string_lossy().into_owned()).collect();
    let help = super::report_file(&[("command", &arguments.join(" ")), ("panic", words)]);
    let message = words.lines().next().unwrap_or_default();
    let failure = Failure::new(
        Exit::Internal,
        Code::Internal,
        format!("internal error: {message}"),
    )
    .note("this is a fault of axumc, not of the program")
    .help(help);
    let mut report = Report::new(style);
    report.fail(&failure);
    report.finish(None);
    failure.exit
}
