//! Loads a package and the packages that it depends on: reads their manifests, finds their
//! files, and puts all into one program. What a manifest says is `manifest`'s.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::manifest::{self, Dependency, Manifest};
use super::source::{self, Kind, Program, Unloaded};
use crate::diag::texts::Texts;
use crate::diag::{Code, Diagnostic};
use crate::pipeline::{Package, SourceFile};
use crate::support::span::FileId;

/// The manifest's name, the same in every package.
pub(super) const MANIFEST: &str = "axum.toml";

/// One package on the way into the program.
#[derive(Debug)]
struct Found {
    manifest: Manifest,
    sources: Vec<SourceFile>,
    dependencies: Vec<usize>,
    /// Whether all that it depends on is known: one that is not is part of a circle if it
    /// is reached again.
    settled: bool,
}

/// What is known while manifests are followed.
#[derive(Debug, Default)]
struct Loader {
    /// Names and texts of the manifests; their place is their file id.
    texts: Vec<(String, String)>,
    packages: Vec<Found>,
    /// Packages by canonical path, so that one that is reached twice is one.
    by_path: BTreeMap<PathBuf, usize>,
    by_name: BTreeMap<String, usize>,
    /// Packages and their dependencies on the way from the first one to the current one.
    trail: Vec<(usize, usize)>,
    problems: Vec<Diagnostic>,
}

/// Loads the package in the folder `path`.
pub(super) fn load(
    path: &Path,
    shown: String,
    origin: PathBuf,
) -> Result<Program, Unloaded> {
    let text = source::read(&path.join(MANIFEST))?;
    let files = source::files(&path.join("src"))?;
    let mut loader = Loader::default();
    loader.package(path, &origin, text, files);
    if loader.problems.is_empty() {
        return Ok(loader.program(shown, origin));
    }
    let Loader { texts, mut problems, .. } = loader;
    problems.sort_by_key(|it| (it.span().file, it.span().lo, it.code));
    Err(Unloaded::Rejected { texts: Texts::new(texts), problems })
}

impl Loader {
    /// Takes in a package whose files were read, and what it depends on.
    fn package(
        &mut self,
        folder: &Path,
        origin: &Path,
        text: SourceFile,
        sources: Vec<SourceFile>,
    ) -> usize {
        let file = FileId(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        let (manifest, problems) = manifest::parse(file, &text.text);
        self.problems.extend(problems);
        self.texts.push((text.name, text.text));
        let id = self.packages.len();
        self.by_path.insert(origin.to_owned(), id);
        self.clash(&manifest, id);
        let dependencies = Vec::new();
        self.packages.push(Found { manifest, sources, dependencies, settled: false });
        for at in 0..self.packages[id].manifest.dependencies.len() {
            self.trail.push((id, at));
            if let Some(dependency) = self.dependency(folder, id, at) {
                self.packages[id].dependencies.push(dependency);
            }
            self.trail.pop();
        }
        self.packages[id].settled = true;
        id
    }

    /// AX1001 for a second package of one name: messages could not tell them apart.
    fn clash(&mut self, manifest: &Manifest, id: usize) {
        if manifest.name.is_empty() {
            return;
        }
        match self.by_name.get(&manifest.name) {
            None => {
                self.by_name.insert(manifest.name.clone(), id);
            }
            Some(&first) => {
                let first = &self.packages[first].manifest;
                let problem = Diagnostic::error(
                    Code::Manifest,
                    format!("two packages are called `{}`", manifest.name),
                    manifest.name_span,
                    "the second of that name",
                )
                .label(first.name_span, "the first of that name");
                self.problems.push(problem.help("give one of them another name"));
            }
        }
    }

    /// The package that a dependency stands for, taken in unless it is known.
    fn dependency(&mut self, folder: &Path, of: usize, at: usize) -> Option<usize> {
        let wanted = &self.packages[of].manifest.dependencies[at];
        let path = folder.join(&wanted.path);
        let origin = match fs::canonicalize(&path) {
            Ok(origin) => origin,
            Err(error) => {
                let problem = missing(wanted, source::reason(&error));
                self.problems.push(problem);
                return None;
            }
        };
        if let Some(&known) = self.by_path.get(&origin) {
            if !self.packages[known].settled {
                self.circle(known);
                return None;
            }
            self.check_name(of, at, known);
            return Some(known);
        }
        if !path.join(MANIFEST).is_file() {
            let label = if origin.is_dir() {
                format!("no `{MANIFEST}` in this folder")
            } else {
                "it is no folder".to_owned()
            };
            let problem = missing(wanted, label);
            self.problems.push(problem);
            return None;
        }
        let read = source::read(&path.join(MANIFEST));
        let read = read.and_then(|it| Ok((it, source::files(&path.join("src"))?)));
        match read {
            Ok((text, files)) => {
                let id = self.package(&path, &origin, text, files);
                self.check_name(of, at, id);
                Some(id)
            }
            Err(failure) => {
                self.problems.push(unusable(wanted, failure));
                None
            }
        }
    }

    /// AX1001 for a dependency under another name than its own.
    fn check_name(&mut self, of: usize, at: usize, id: usize) {
        let wanted = &self.packages[of].manifest.dependencies[at];
        let found = &self.packages[id].manifest;
        if found.name == wanted.name || !manifest::is_name(&found.name) {
            return;
        }
        let name = &found.name;
        let problem = Diagnostic::error(
            Code::Manifest,
            format!("the package in `{}` is called `{name}`", wanted.path),
            wanted.name_span,
            "a dependency has the name of its package",
        )
        .label(found.name_span, "its name is given here")
        .fix(format!("use `{name}`"), vec![(wanted.name_span, name.clone())]);
        self.problems.push(problem);
    }

    /// AX1001 for packages that need each other; the last dependency closes the circle.
    fn circle(&mut self, back_to: usize) {
        let on_it = self.trail.iter().skip_while(|(package, _)| *package != back_to);
        let on_it: Vec<(&str, &Dependency)> = on_it
            .map(|&(package, at)| {
                let manifest = &self.packages[package].manifest;
                (manifest.name.as_str(), &manifest.dependencies[at])
            })
            .collect();
        let Some(((last, closing), before)) = on_it.split_last() else { return };
        let message = match before {
            [] => format!("package `{last}` depends on itself"),
            [(first, _), ..] => {
                format!("package `{first}` depends on itself through others")
            }
        };
        let label = "this dependency closes the circle";
        let mut problem =
            Diagnostic::error(Code::Manifest, message, closing.path_span, label);
        for (name, dependency) in before {
            let text = format!("`{name}` needs `{}` here", dependency.name);
            problem = problem.label(dependency.path_span, text);
        }
        self.problems.push(problem);
    }

    fn program(self, shown: String, origin: PathBuf) -> Program {
        let first = &self.packages[0].manifest;
        let (name, version) = (first.name.clone(), first.version.clone());
        let mut packages = Vec::with_capacity(self.packages.len());
        let mut sources = Vec::new();
        for found in self.packages {
            packages.push(Package {
                name: found.manifest.name,
                n_files: u32::try_from(found.sources.len()).unwrap_or(u32::MAX),
                dependencies: found.dependencies,
            });
            sources.extend(found.sources);
        }
        let kind = Kind::Package;
        let rust = source::rust_files(&sources, Path::new(""));
        Program { kind, name, version, shown, origin, sources, packages, rust }
    }
}

/// AX1002 for a dependency that is not there.
fn missing(wanted: &Dependency, label: impl Into<String>) -> Diagnostic {
    Diagnostic::error(
        Code::MissingFile,
        format!("there is no package `{}` at `{}`", wanted.name, wanted.path),
        wanted.path_span,
        label,
    )
    .note("the path is relative to the folder of this manifest")
}

/// AX1002 for a dependency whose files cannot be read.
fn unusable(wanted: &Dependency, failure: Failure) -> Diagnostic {
    Diagnostic::error(
        Code::MissingFile,
        format!("package `{}` cannot be read", wanted.name),
        wanted.path_span,
        failure.diagnostic.message,
    )
}

/// The package around the current folder, if there is one: the path that leads to it.
pub(super) fn around_current_folder() -> Option<PathBuf> {
    let current = super::current_folder();
    let up = current.ancestors().position(|it| it.join(MANIFEST).is_file())?;
    match up {
        0 => Some(PathBuf::from(".")),
        up => Some(std::iter::repeat_n("..", up).collect()),
    }
}
