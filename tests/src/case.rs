//! Finds test cases in folders. It does not know what is done with them.

use std::fs;
use std::path::{Path, PathBuf};

use axumc::pipeline::{Package, RustFile, SourceFile, Sources};

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

/// All files below `folder` with that extension, in order of names. Build outputs,
/// hidden folders and what others wrote are left out.
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
            let skipped = name == "target" || name == "vendor";
            if !name.starts_with('.') && !skipped {
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
    /// What the sources belong to, if the folder is a package.
    pub packages: Vec<Package>,
    /// The Rust files that the sources name.
    pub rust: Vec<RustFile>,
    /// The file that holds the expected standard output.
    pub stdout: PathBuf,
    pub stdin: String,
    pub args: Vec<String>,
    pub exit_code: i32,
    /// Texts that standard error must contain.
    pub stderr_contains: Vec<String>,
    /// With how many seeds the systematic scheduler runs it.
    pub seeds: u64,
    /// How many of its steps that may take.
    pub steps: Option<u64>,
}

/// With how many seeds a program is run that does not say it.
const SEEDS: u64 = 50;

impl Program {
    /// The sources as the pipeline takes them.
    #[must_use]
    pub fn sources(&self) -> Sources<'_> {
        Sources::of_packages(&self.sources, &self.packages).with_rust(&self.rust)
    }
}

/// All programs below `tests/run` and `examples`: the folders with a `main.ax`, and the
/// packages. What lies below a package is part of it.
#[must_use]
pub fn programs() -> Vec<Program> {
    let mut found = Vec::new();
    for (folder, stdout) in [("tests/run", "stdout.txt"), ("examples", "expected.txt")] {
        let all = files(&root().join(folder), "ax");
        let manifests = files(&root().join(folder), "toml");
        let is_named = |it: &&PathBuf, wanted: &str| {
            it.file_name().is_some_and(|name| name == wanted)
        };
        let folder_of = |it: &PathBuf| it.parent().expect("a folder").to_owned();
        let packages: Vec<PathBuf> = manifests
            .iter()
            .filter(|it| is_named(it, "axum.toml"))
            .map(folder_of)
            .collect();
        let mains = all.iter().filter(|it| is_named(it, "main.ax")).map(folder_of);
        let mut folders: Vec<PathBuf> = packages.iter().cloned().chain(mains).collect();
        folders.sort();
        folders.dedup();
        let is_inside = |it: &PathBuf| {
            packages.iter().any(|outer| it != outer && it.starts_with(outer))
        };
        folders.retain(|it| !is_inside(it));
        found.extend(folders.iter().map(|it| program(it, stdout)));
    }
    found
}

/// The files of a folder, or of a package and those that it depends on.
fn sources(folder: &Path) -> (Vec<SourceFile>, Vec<Package>) {
    if !folder.join("axum.toml").is_file() {
        return (files(folder, "ax").iter().map(|it| source(it)).collect(), Vec::new());
    }
    let program = axumc::driver::load(Some(folder))
        .unwrap_or_else(|why| panic!("{}: {why:?}", shown(folder)));
    let named = program.sources.into_iter().map(|it| {
        let path = fs::canonicalize(&it.name).expect("it was just read");
        SourceFile { name: shown(&path), ..it }
    });
    (named.collect(), program.packages)
}

fn program(folder: &Path, stdout: &str) -> Program {
    let text = |name: &str| fs::read_to_string(folder.join(name)).ok();
    let lines = |name: &str| -> Vec<String> {
        text(name).unwrap_or_default().lines().map(str::to_owned).collect()
    };
    let code = text("exit-code.txt").map_or(0, |it| {
        it.trim().parse().unwrap_or_else(|_| panic!("{}: no number", shown(folder)))
    });
    let number = |name: &str| -> Option<u64> {
        let number = text(name)?.trim().parse();
        Some(number.unwrap_or_else(|_| panic!("{}: {name}", shown(folder))))
    };
    let (sources, packages) = sources(folder);
    let rust = axumc::driver::rust_files(&sources, root());
    Program {
        name: shown(folder),
        folder: folder.to_owned(),
        sources,
        packages,
        rust,
        stdout: folder.join(stdout),
        stdin: text("stdin.txt").unwrap_or_default(),
        args: lines("args.txt"),
        exit_code: code,
        stderr_contains: lines("stderr-contains.txt"),
        seeds: number("seeds.txt").unwrap_or(SEEDS),
        steps: number("steps.txt"),
    }
}

/// A source file as the driver would load it.
#[must_use]
pub fn source(path: &Path) -> SourceFile {
    let name = shown(path);
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"));
    SourceFile { name, text }
}
