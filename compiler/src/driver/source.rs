//! Finds and reads the `.ax` files that a PATH on the command line stands for. It checks
//! size and encoding and knows nothing of what the text means.

use std::fs;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use super::failure::{Exit, Failure};
use crate::diag::Code;
use crate::pipeline::SourceFile;

/// Larger files are refused (decision 110).
const MAX_SIZE: u64 = 64 * 1024 * 1024;

/// What a PATH stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One file, a program of its own.
    File,
    /// All `.ax` files below a folder, together one program.
    Folder,
    /// The files below `src` of a folder with `axum.toml`, together one program.
    Package,
}

/// The texts of one program and where they came from.
#[derive(Clone, Debug)]
pub struct Program {
    pub kind: Kind,
    /// The name of the file without extension, or of the folder.
    pub name: String,
    /// How messages name the whole: the path as given.
    pub shown: String,
    /// Absolute path; tells programs of equal name apart.
    pub origin: PathBuf,
    pub sources: Vec<SourceFile>,
}

/// Reads the program at `path`, or the package around the current folder if none is given.
pub(super) fn load(path: Option<&Path>) -> Result<Program, Failure> {
    match path {
        Some(path) => load_path(path),
        None => load_path(&find_package()?),
    }
}

fn load_path(path: &Path) -> Result<Program, Failure> {
    let shown = shown_name(path);
    let metadata = fs::metadata(path).map_err(|error| unreadable(&shown, &error))?;
    let origin = fs::canonicalize(path).map_err(|error| unreadable(&shown, &error))?;
    if metadata.is_dir() {
        return load_folder(path, shown, origin);
    }
    if path.extension().is_none_or(|it| it != "ax") {
        let message = format!("`{shown}` is no `.ax` file");
        return Err(
            Failure::usage(message).help("name a `.ax` file, a folder or a package")
        );
    }
    let name =
        path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let sources = vec![read(path)?];
    Ok(Program { kind: Kind::File, name, shown, origin, sources })
}

fn load_folder(path: &Path, shown: String, origin: PathBuf) -> Result<Program, Failure> {
    let is_package = path.join("axum.toml").is_file();
    let root = if is_package { path.join("src") } else { path.to_owned() };
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    if files.is_empty() {
        let folder = shown_name(&root);
        return Err(Failure::usage(format!("no `.ax` file in folder `{folder}`")));
    }
    files.sort_by_key(|it| shown_name(it));
    let sources = files.iter().map(|it| read(it)).collect::<Result<_, _>>()?;
    let kind = if is_package { Kind::Package } else { Kind::Folder };
    let name =
        origin.file_name().map_or_else(|| "program".into(), |it| it.to_string_lossy());
    Ok(Program { kind, name: name.into_owned(), shown, origin: origin.clone(), sources })
}

/// All `.ax` files below `folder`. Hidden folders are left out, and links to folders are
/// not followed, so that no cycle can arise.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let failed = |error: std::io::Error| unreadable(&shown_name(folder), &error);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if entry.file_type().map_err(failed)?.is_dir() {
            if !hidden {
                collect(&path, files)?;
            }
        } else if path.extension().is_some_and(|it| it == "ax") && path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}

fn find_package() -> Result<PathBuf, Failure> {
    let current = super::current_folder();
    let found = current.ancestors().find(|it| it.join("axum.toml").is_file());
    match found {
        Some(folder) if folder == current => Ok(PathBuf::from(".")),
        Some(folder) => Ok(folder.to_owned()),
        None => Err(Failure::usage("no PATH given, and no package around this folder")
            .help("name a `.ax` file or a folder: `axumc check hello.ax`")),
    }
}

fn read(path: &Path) -> Result<SourceFile, Failure> {
    let name = shown_name(path);
    let mut bytes = Vec::new();
    // One byte more than allowed is read, so that endless devices end as well.
    fs::File::open(path)
        .and_then(|file| file.take(MAX_SIZE + 1).read_to_end(&mut bytes))
        .map_err(|error| unreadable(&name, &error))?;
    if bytes.len() as u64 > MAX_SIZE {
        let message = format!("`{name}` is larger than 64 MiB");
        return Err(Failure::new(Exit::Usage, Code::MissingFile, message));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line =
            1 + error.as_bytes()[..valid].iter().filter(|it| **it == b'\n').count();
        let message = format!("`{name}` is not UTF-8 text");
        Failure::new(Exit::Usage, Code::MissingFile, message).note(format!(
            "the first byte that does not fit is byte {valid}, on line {line}"
        ))
    })?;
    // A byte order mark is no part of the text.
    let text = text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text);
    Ok(SourceFile { name, text })
}

fn unreadable(name: &str, error: &std::io::Error) -> Failure {
    let why = reason(error);
    Failure::new(Exit::Usage, Code::MissingFile, format!("cannot read `{name}`: {why}"))
}

/// What went wrong, in words that do not depend on the operating system.
pub(super) fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "no such file or folder".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::IsADirectory => "it is a folder".to_owned(),
        ErrorKind::NotADirectory => "part of the path is no folder".to_owned(),
        ErrorKind::StorageFull => "the disk is full".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        _ => error.to_string(),
    }
}

/// The path as messages show it: relative to the current folder where it lies below it,
/// with `/`, so that output does not depend on the machine.
pub(super) fn shown_name(path: &Path) -> String {
    let current = super::current_folder();
    let path = path.strip_prefix(&current).unwrap_or(path);
    let text = path.to_string_lossy().replace('\\', "/");
    let text = text.strip_prefix("./").unwrap_or(&text);
    if text.is_empty() { ".".to_owned() } else { text.to_owned() }
}
