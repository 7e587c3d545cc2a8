//! Finds and reads the `.ax` files that a PATH on the command line stands for. It checks
//! size and encoding and knows nothing of what the text means.

use std::fs;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use super::failure::{Exit, Failure};
use super::package::{self, MANIFEST};
use crate::diag::texts::Texts;
use crate::diag::{Code, Diagnostic};
use crate::pipeline::{self, Package, RustFile, SourceFile, Sources};

/// Larger files are refused (decision 110).
const MAX_SIZE: u64 = 64 * 1024 * 1024;

/// What a PATH stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One file, a program of its own.
    File,
    /// All `.ax` files below a folder, together one program.
    Folder,
    /// The files below `src` of a folder with `axum.toml`, and those of the packages that
    /// it depends on, together one program.
    Package,
}

/// Why there is no program.
#[derive(Debug)]
pub enum Unloaded {
    /// A file or folder cannot be used.
    Failure(Failure),
    /// Manifests do not fit; the places are in them.
    Rejected { texts: Texts, problems: Vec<Diagnostic> },
}

impl From<Failure> for Unloaded {
    fn from(failure: Failure) -> Self {
        Unloaded::Failure(failure)
    }
}

/// The texts of one program and where they came from.
#[derive(Clone, Debug)]
pub struct Program {
    pub kind: Kind,
    /// The name of the file without extension, of the folder, or of the package.
    pub name: String,
    /// The version of the package, if it has one.
    pub version: Option<String>,
    /// How messages name the whole: the path as given.
    pub shown: String,
    /// Absolute path; tells programs of equal name apart.
    pub origin: PathBuf,
    pub sources: Vec<SourceFile>,
    /// What the sources belong to; empty for what is no package.
    pub packages: Vec<Package>,
    /// The Rust files that the sources name.
    pub rust: Vec<RustFile>,
}

impl Program {
    /// The sources as the pipeline takes them.
    #[must_use]
    pub fn sources(&self) -> Sources<'_> {
        Sources::of_packages(&self.sources, &self.packages).with_rust(&self.rust)
    }
}

/// Reads the program at `path`, or the package around the current folder if none is given.
pub fn load(path: Option<&Path>) -> Result<Program, Unloaded> {
    if let Some(path) = path {
        return load_path(path);
    }
    match package::around_current_folder() {
        Some(folder) => load_path(&folder),
        None => Err(Failure::usage("no PATH given, and no package around this folder")
            .help("name a `.ax` file or a folder: `axumc check hello.ax`")
            .into()),
    }
}

fn load_path(path: &Path) -> Result<Program, Unloaded> {
    // A manifest stands for its package.
    if path.file_name().is_some_and(|it| it == MANIFEST) && path.is_file() {
        let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
        return load_path(folder.unwrap_or(Path::new(".")));
    }
    let shown = shown_name(path);
    let metadata = fs::metadata(path).map_err(|error| unreadable(&shown, &error))?;
    let origin = fs::canonicalize(path).map_err(|error| unreadable(&shown, &error))?;
    if metadata.is_dir() {
        if path.join(MANIFEST).is_file() {
            return package::load(path, shown, origin);
        }
        return Ok(load_folder(path, shown, origin)?);
    }
    if path.extension().is_none_or(|it| it != "ax") {
        let failure = Failure::usage(format!("`{shown}` is no `.ax` file"));
        return Err(failure.help("name a `.ax` file, a folder or a package").into());
    }
    let name =
        path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let sources = vec![read(path)?];
    let (kind, packages) = (Kind::File, Vec::new());
    let rust = rust_files(&sources, Path::new(""));
    Ok(Program { kind, name, version: None, shown, origin, sources, packages, rust })
}

fn load_folder(path: &Path, shown: String, origin: PathBuf) -> Result<Program, Failure> {
    let sources = files(path)?;
    let name =
        origin.file_name().map_or_else(|| "program".into(), |it| it.to_string_lossy());
    let (name, packages) = (name.into_owned(), Vec::new());
    let kind = Kind::Folder;
    let rust = rust_files(&sources, Path::new(""));
    Ok(Program { kind, name, version: None, shown, origin, sources, packages, rust })
}

/// The `.ax` files below a folder in order of their names; there must be one.
pub(super) fn files(folder: &Path) -> Result<Vec<SourceFile>, Failure> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    if files.is_empty() {
        let folder = shown_name(folder);
        return Err(Failure::usage(format!("no `.ax` file in folder `{folder}`")));
    }
    files.sort_by_key(|it| shown_name(it));
    files.iter().map(|it| read(it)).collect()
}

/// The Rust files that `native` blocks of these sources name. The names of the sources are
/// paths from `folder`; the paths of Rust files are relative to the file that names them.
#[must_use]
pub fn rust_files(sources: &[SourceFile], folder: &Path) -> Vec<RustFile> {
    let wanted = pipeline::rust_paths(sources).into_iter();
    wanted
        .map(|(of, path)| {
            let beside = Path::new(&sources[of].name).parent().unwrap_or(Path::new(""));
            let place = beside.join(&path);
            let name = shown_name(&place);
            let text = if path.is_empty() || Path::new(&path).has_root() {
                Err("expected a path from the folder of this file".to_owned())
            } else {
                rust_text(&folder.join(&place))
            };
            RustFile { of, path, name, text }
        })
        .collect()
}

fn rust_text(path: &Path) -> Result<String, String> {
    let metadata = fs::metadata(path).map_err(|error| reason(&error))?;
    if metadata.is_dir() {
        return Err("it is a folder".to_owned());
    }
    if metadata.len() > MAX_SIZE {
        return Err("it is larger than 64 MiB".to_owned());
    }
    let bytes = fs::read(path).map_err(|error| reason(&error))?;
    let text = String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())?;
    // Rust passes over a byte order mark as well.
    Ok(text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text))
}

/// All `.ax` files below `folder`. Hidden folders and packages of their own are left out,
/// and links to folders are not followed, so that no cycle can arise.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let failed = |error: std::io::Error| unreadable(&shown_name(folder), &error);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if entry.file_type().map_err(failed)?.is_dir() {
            if !hidden && !path.join(MANIFEST).is_file() {
                collect(&path, files)?;
            }
        } else if path.extension().is_some_and(|it| it == "ax") && path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}

/// Reads a text that must not be too large.
pub(super) fn read(path: &Path) -> Result<SourceFile, Failure> {
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

/// The path as messages show it: relative to the current folder where it is given so or
/// lies below it, with `/`, so that output does not depend on the machine.
pub(super) fn shown_name(path: &Path) -> String {
    let current = super::current_folder();
    let path = path.strip_prefix(&current).unwrap_or(path);
    let text = path.to_string_lossy().replace('\\', "/");
    let mut parts: Vec<&str> = Vec::new();
    for part in text.split('/') {
        match (part, parts.last()) {
            (".", _) => {}
            ("", Some(_)) => {}
            // A folder that is left again need not be named.
            ("..", Some(&last)) if last != ".." && !last.is_empty() => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    match parts.join("/") {
        text if text.is_empty() && parts.is_empty() => ".".to_owned(),
        text if text.is_empty() => "/".to_owned(),
        text => text,
    }
}
