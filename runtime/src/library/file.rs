//! `File` and `Directory`: whole files as text and lines, and what lies in folders.
//! How calls wait is in `blocking.rs`; paths as text are in `path.rs`.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};

use super::blocking::{Blocking, Outcome};
use crate::value::{Array, Str};

/// What an operation on this path gave.
fn on<T>(path: &Str, outcome: io::Result<T>) -> Outcome<T> {
    outcome.map_err(|error| {
        let text = error.to_string();
        // The number of the operating system tells people nothing.
        let text = text.split(" (os error").next().unwrap_or_default();
        format!("`{}`: {}", path.as_str(), text.to_lowercase())
    })
}

fn text_of(path: &Str) -> Outcome<String> {
    let bytes = on(path, fs::read(path.as_str()))?;
    // A mark of the byte order is no part of the text.
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    Ok(String::from_utf8_lossy(bytes).into_owned())
}

/// All of a file; what is no UTF-8 is read with replacement characters.
#[track_caller]
pub fn read_all_text(path: Str) -> Blocking<Str> {
    Blocking::new(move || text_of(&path).map(Str::from))
}

/// The lines of a file without what ends them.
#[track_caller]
pub fn read_all_lines(path: Str) -> Blocking<Array<Str>> {
    Blocking::new(move || Ok(text_of(&path)?.lines().map(Str::from).collect()))
}

/// Makes a file of the text, or replaces it.
#[track_caller]
pub fn write_all_text(path: Str, text: Str) -> Blocking<()> {
    Blocking::new(move || on(&path, fs::write(path.as_str(), text.as_str())))
}

fn lines_of(lines: &Array<Str>) -> String {
    lines.as_slice().iter().fold(String::new(), |text, line| text + line.as_str() + "\n")
}

/// Makes a file of the lines, or replaces it.
#[track_caller]
pub fn write_all_lines(path: Str, lines: Array<Str>) -> Blocking<()> {
    Blocking::new(move || on(&path, fs::write(path.as_str(), lines_of(&lines))))
}

fn append(path: &Str, text: &str) -> Outcome<()> {
    let file = OpenOptions::new().create(true).append(true).open(path.as_str());
    on(path, file.and_then(|mut file| file.write_all(text.as_bytes())))
}

/// Adds text to the end of a file, which is made if it is not there.
#[track_caller]
pub fn append_all_text(path: Str, text: Str) -> Blocking<()> {
    Blocking::new(move || append(&path, text.as_str()))
}

/// Adds lines to the end of a file, which is made if it is not there.
#[track_caller]
pub fn append_all_lines(path: Str, lines: Array<Str>) -> Blocking<()> {
    Blocking::new(move || append(&path, &lines_of(&lines)))
}

/// Whether there is a file.
#[track_caller]
pub fn exists(path: Str) -> Blocking<bool> {
    Blocking::new(move || Ok(fs::metadata(path.as_str()).is_ok_and(|it| it.is_file())))
}

/// How many bytes a file has.
#[track_caller]
pub fn get_length(path: Str) -> Blocking<i64> {
    Blocking::new(move || {
        let length = on(&path, fs::metadata(path.as_str()))?.len();
        Ok(i64::try_from(length).unwrap_or(i64::MAX))
    })
}

/// Removes a file; one that is not there is no failure.
#[track_caller]
pub fn delete(path: Str) -> Blocking<()> {
    Blocking::new(move || match fs::remove_file(path.as_str()) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        outcome => on(&path, outcome),
    })
}

/// Copies a file; one that is there must not be replaced unless it may.
#[track_caller]
pub fn copy(from: Str, to: Str, overwrite: bool) -> Blocking<()> {
    Blocking::new(move || {
        if !overwrite && fs::metadata(to.as_str()).is_ok() {
            return Err(format!("`{}`: there is such a file already", to.as_str()));
        }
        on(&from, fs::copy(from.as_str(), to.as_str()).map(|_| ()))
    })
}

/// Gives a file another path.
#[track_caller]
pub fn move_to(from: Str, to: Str) -> Blocking<()> {
    Blocking::new(move || on(&from, fs::rename(from.as_str(), to.as_str())))
}

/// `Directory`
pub mod directory {
    use super::{Array, Blocking, Outcome, Str, fs, on};

    /// Whether there is a folder.
    #[track_caller]
    pub fn exists(path: Str) -> Blocking<bool> {
        Blocking::new(move || Ok(fs::metadata(path.as_str()).is_ok_and(|it| it.is_dir())))
    }

    /// Makes a folder, and those around it; one that is there is no failure.
    #[track_caller]
    pub fn create_directory(path: Str) -> Blocking<()> {
        Blocking::new(move || on(&path, fs::create_dir_all(path.as_str())))
    }

    /// Removes a folder, which must be empty unless what lies in it may go too.
    #[track_caller]
    pub fn delete(path: Str, recursive: bool) -> Blocking<()> {
        Blocking::new(move || {
            let path_text = path.as_str();
            on(
                &path,
                match recursive {
                    true => fs::remove_dir_all(path_text),
                    false => fs::remove_dir(path_text),
                },
            )
        })
    }

    /// What lies in a folder, in order of names.
    fn entries(path: &Str, files: bool) -> Outcome<Array<Str>> {
        let mut found = Vec::new();
        for entry in on(path, fs::read_dir(path.as_str()))? {
            let entry = on(path, entry)?.path();
            if entry.is_file() == files && (files || entry.is_dir()) {
                found.push(Str::from(entry.to_string_lossy().into_owned()));
            }
        }
        found.sort();
        Ok(Array::from_vec(found))
    }

    /// The paths of the files in a folder, in order of names.
    #[track_caller]
    pub fn get_files(path: Str) -> Blocking<Array<Str>> {
        Blocking::new(move || entries(&path, true))
    }

    /// The paths of the folders in a folder, in order of names.
    #[track_caller]
    pub fn get_directories(path: Str) -> Blocking<Array<Str>> {
        Blocking::new(move || entries(&path, false))
    }
}
