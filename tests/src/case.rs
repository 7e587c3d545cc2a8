//! Finds test cases in folders. It does not know what is done with them.

use std::fs;
use std::path::{Path, PathBuf};

use axumc::pipeline::SourceFile;

/// The folder of the repository.
#[must_use]
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is a folder of it")
}

/// The path below the root, with `/`.
#[must_use]
pub fn shown(path: &Path) -> String {
    let path = path.strip_prefix(root()).unwrap_or(path);
    path.to_string_lossy().replace('\\', "/")
}

/// All files below `folder` with that extension, in order of names. Build outputs and
/// hidden folders are left out.
#[must_use]
pub fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(folder, extension, &mut found);
    found.sort();
    found
}

fn collect(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if path.is_dir() {
            if !name.starts_with('.') && name != "target" {
                collect(&path, extension, found);
            }
        } else if path.extension().is_some_and(|it| it == extension) {
            found.push(path);
        }
    }
}

/// A whole program with what it is expected to do.
#[derive(Clone, Debug)]
pub struct Program {
    /// Its folder below the root.
    pub name: String,
    pub folder: PathBuf,
    pub sources: Vec<SourceFile>,
    /// The file that holds the expected standard output.
    pub stdout: PathBuf,
    pub stdin: String,
    pub args: Vec<String>,
    pub exit_code: i32,
    /// Texts that standard error must contain.
    pub stderr_contains: Vec<String>,
}

/// All programs below `tests/run` and `examples`.
#[must_use]
pub fn programs() -> Vec<Program> {
    let mut found = Vec::new();
    for (folder, stdout) in [("tests/run", "stdout.txt"), ("examples", "expected.txt")] {
        let mut mains = files(&root().join(folder), "ax");
        mains.retain(|it| it.file_name().is_some_and(|name| name == "main.ax"));
        found.extend(
            mains.iter().map(|it| program(it.parent().expect("a folder"), stdout)),
        );
    }
    found
}

fn program(folder: &Path, stdout: &str) -> Program {
    let text = |name: &str| fs::read_to_string(folder.join(name)).ok();
    let lines = |name: &str| -> Vec<String> {
        text(name).unwrap_or_default().lines().map(str::to_owned).collect()
    };
    let code = text("exit-code.txt").map_or(0, |it| {
        it.trim().parse().unwrap_or_else(|_| panic!("{}: no number", shown(folder)))
    });
    Program {
        name: shown(folder),
        folder: folder.to_owned(),
        sources: files(folder, "ax").iter().map(|it| source(it)).collect(),
        stdout: folder.join(stdout),
        stdin: text("stdin.txt").unwrap_or_default(),
        args: lines("args.txt"),
        exit_code: code,
        stderr_contains: lines("stderr-contains.txt"),
    }
}

/// A source file as the driver would load it.
#[must_use]
pub fn source(path: &Path) -> SourceFile {
    let name = shown(path);
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"));
    SourceFile { name, text }
}
