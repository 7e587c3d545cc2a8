//! Writes files so that no half-written one is ever seen: aside first, then renamed. It
//! decides neither names nor contents.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::source::{reason, shown_name};

/// Replaces `path` by a file with this content.
pub(super) fn write_aside(path: &Path, content: &[u8]) -> io::Result<()> {
    replace(path, |aside| fs::write(aside, content))
}

/// Replaces `path` by a copy of `from`, permissions included.
pub(super) fn copy_aside(from: &Path, path: &Path) -> io::Result<()> {
    replace(path, |aside| fs::copy(from, aside).map(|_| ()))
}

/// The failure to write something that the user asked for.
pub(super) fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::usage(format!("cannot write `{}`: {}", shown_name(path), reason(error)))
}

fn replace(path: &Path, make: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    if path.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let aside = aside(path);
    let made = make(&aside).and_then(|()| fs::rename(&aside, path));
    if made.is_err() {
        let _ = fs::remove_file(&aside);
    }
    made
}

/// A name beside `path` that no other process uses.
pub(super) fn aside(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.tmp", std::process::id()));
    path.with_file_name(name)
}
