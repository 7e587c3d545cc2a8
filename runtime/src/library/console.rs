//! `Console`: output. Every line is on its way when the call returns.
//! It does not read; `input` does, since that suspends.

use std::io::{self, ErrorKind, Write};

pub use super::input::read_line;
use crate::value::{Result, Show, Str, composite};

/// The reader of our output is gone (`… | head`): like a program that SIGPIPE ends.
const EXIT_BROKEN_PIPE: i32 = 141;

fn put(mut target: impl Write, text: &str) {
    if let Err(failure) = target.write_all(text.as_bytes())
        && failure.kind() == ErrorKind::BrokenPipe
    {
        std::process::exit(EXIT_BROKEN_PIPE);
    }
}

/// Ends the line.
pub fn new_line() {
    put(io::stdout().lock(), "\n");
}

/// Writes a value and ends the line.
pub fn write_line(value: &dyn Show) {
    let mut line = String::new();
    value.show(&mut line);
    line.push('\n');
    put(io::stdout().lock(), &line);
}

/// Writes a composite format with its values and ends the line.
#[track_caller]
pub fn write_line_format(format: Str, args: &[&dyn Show]) -> Result<()> {
    let mut line = String::from(composite(format.as_str(), args)?);
    line.push('\n');
    put(io::stdout().lock(), &line);
    Ok(())
}

/// Writes a value.
pub fn write(value: &dyn Show) {
    let mut text = String::new();
    value.show(&mut text);
    put(io::stdout().lock(), &text);
    flush();
}

/// Writes a composite format with its values.
#[track_caller]
pub fn write_format(format: Str, args: &[&dyn Show]) -> Result<()> {
    put(io::stdout().lock(), composite(format.as_str(), args)?.as_str());
    flush();
    Ok(())
}

/// Writes a value to the error output and ends the line.
pub fn error_line(value: &dyn Show) {
    let mut line = String::new();
    value.show(&mut line);
    line.push('\n');
    put(io::stderr().lock(), &line);
}

/// `Console.Error`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorOutput;

/// The error output.
pub fn error() -> ErrorOutput {
    ErrorOutput
}

impl ErrorOutput {
    /// Ends the line.
    pub fn new_line(&self) {
        put(io::stderr().lock(), "\n");
    }

    /// Writes a value and ends the line.
    pub fn write_line(&self, value: &dyn Show) {
        error_line(value);
    }

    /// Writes a composite format with its values and ends the line.
    #[track_caller]
    pub fn write_line_format(&self, format: Str, args: &[&dyn Show]) -> Result<()> {
        error_line(&composite(format.as_str(), args)?);
        Ok(())
    }

    /// Writes a value.
    pub fn write(&self, value: &dyn Show) {
        let mut text = String::new();
        value.show(&mut text);
        put(io::stderr().lock(), &text);
    }

    /// Writes a composite format with its values.
    #[track_caller]
    pub fn write_format(&self, format: Str, args: &[&dyn Show]) -> Result<()> {
        put(io::stderr().lock(), composite(format.as_str(), args)?.as_str());
        Ok(())
    }
}

/// Hands everything written so far to the operating system.
pub fn flush() {
    // Nobody is left to be told if this fails.
    let _ = io::stdout().lock().flush();
}
