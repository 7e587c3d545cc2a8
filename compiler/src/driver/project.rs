//! Writes the Rust of a program as a cargo project, for `--emit rust`. It generates no code
//! but the manifests.

use std::path::{Path, PathBuf};
use std::{fs, io};

use super::crates::Crate;
use super::failure::Failure;
use super::native::cargo;
use super::output::{unwritable, write_aside};
use super::runtime::{Source, sources};
use super::source::Program;
use crate::emit::{ForeignCrate, Output};

/// The program as `src/main.rs`, and beside it the crates of the runtime that it needs, so
/// that the folder builds on its own and without a network.
pub(super) fn write(
    program: &Program,
    output: &Output,
    folder: &Path,
) -> Result<(), Failure> {
    let sources = sources(output.flavour);
    let package = package_name(&program.name);
    let version = program.version.as_deref().unwrap_or("0.1.0");
    let runtime = sources.last().expect("every flavour has a crate").it;
    let mut manifest = format!(
        "[package]\nname = \"{package}\"\nversion = \"{version}\"\nedition = \"2024\"\n\n\
         [dependencies]\n{}",
        dependency(runtime, "")
    );
    for of in &output.foreign {
        manifest.push_str(&format!("{0} = {{ path = \"{0}\" }}\n", of.border));
    }
    for source in &sources {
        let package = source.it.package;
        manifest.push_str(&format!("\n[profile.dev.package.{package}]\nopt-level = 3\n"));
    }
    manifest.push_str("\n[workspace]\n");
    for of in &output.foreign {
        for package in [&of.name, &of.border] {
            let table = format!("\n[profile.dev.package.{package}]\nopt-level = 2\n");
            manifest.insert_str(manifest.len() - "\n[workspace]\n".len(), &table);
        }
        native(program, of, folder)?;
    }
    put(&folder.join("Cargo.toml"), &manifest)?;
    put(&folder.join("src/main.rs"), &output.pretty)?;
    for source in &sources {
        let place = folder.join(source.it.package);
        put(&place.join("Cargo.toml"), &library(source.it, &sources))?;
        for (name, text) in source.files {
            put(&place.join(name), text)?;
        }
    }
    Ok(())
}

/// The crate of a Rust file with the files of Rust around it, and its border. Which versions of
/// crates were chosen goes along.
fn native(program: &Program, of: &ForeignCrate, folder: &Path) -> Result<(), Failure> {
    let file = Path::new(&program.rust[of.file].name);
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let home = folder.join(&of.name);
    put(&home.join("Cargo.toml"), &cargo::manifest(of, &name))?;
    let around = file.parent().unwrap_or(Path::new(""));
    let around = if around.as_os_str().is_empty() { Path::new(".") } else { around };
    let project = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let mut files = Vec::new();
    rust_below(around, &project, &mut files).map_err(|it| unwritable(&home, &it))?;
    for path in files {
        let text = fs::read_to_string(&path).map_err(|it| unwritable(&home, &it))?;
        put(&home.join(path.strip_prefix(around).unwrap_or(&path)), &text)?;
    }
    let border = folder.join(&of.border);
    put(
        &border.join("Cargo.toml"),
        &cargo::border_manifest(of, &format!("../{}", of.name)),
    )?;
    put(&border.join("lib.rs"), &of.text)?;
    let lock = super::native::job(program, &[]).lock;
    if let Ok(text) = fs::read_to_string(lock) {
        put(&folder.join("Cargo.lock"), &text)?;
    }
    Ok(())
}

/// The files of Rust below a folder, without what was written there for this project before.
fn rust_below(from: &Path, project: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (path, name) = (entry.path(), entry.file_name());
        let hidden = name.to_string_lossy().starts_with('.') || name == "target";
        if entry.file_type()?.is_dir() {
            let own = fs::canonicalize(&path)? == project;
            if !hidden && !own {
                rust_below(&path, project, found)?;
            }
        } else if path.extension().is_some_and(|it| it == "rs") {
            found.push(path);
        }
    }
    Ok(())
}

/// The manifest of a crate of the runtime.
fn library(it: &Crate, all: &[Source]) -> String {
    let mut text = format!(
        "[package]\nname = \"{}\"\nversion = \"{}\"\nedition = \"{}\"\n\n\
         [lib]\nname = \"{}\"\n\n[lints.rust]\nwarnings = \"allow\"\n\
         unexpected_cfgs = \"allow\"\n\n[features]\ndefault = {:?}\n",
        it.package,
        env!("CARGO_PKG_VERSION"),
        it.edition,
        it.name,
        it.features,
    );
    for feature in it.features {
        text.push_str(&format!("{feature} = []\n"));
    }
    text.push_str("\n[dependencies]\n");
    for used in all.iter().filter(|other| it.uses.contains(&other.it.name)) {
        text.push_str(&dependency(used.it, "../"));
    }
    text
}

fn dependency(on: &Crate, from: &str) -> String {
    format!("{0} = {{ path = \"{from}{0}\" }}\n", on.package)
}

fn put(path: &Path, text: &str) -> Result<(), Failure> {
    let parent = path.parent().unwrap_or(path);
    fs::create_dir_all(parent).map_err(|error| unwritable(parent, &error))?;
    write_aside(path, text.as_bytes()).map_err(|error| unwritable(path, &error))
}

/// A name that cargo accepts: letters, digits, `-` and `_`, beginning with a letter.
fn package_name(name: &str) -> String {
    let fits = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '_';
    let mut out: String =
        name.chars().map(|it| if fits(it) { it } else { '_' }).collect();
    // Names such as `test` or `core` are taken.
    if !out.starts_with(|it: char| it.is_ascii_alphabetic()) || RESERVED.contains(&&*out)
    {
        out.insert_str(0, "ax-");
    }
    out
}

const RESERVED: &[&str] = &[
    "alloc",
    "arrayvec",
    "as",
    "async",
    "await",
    "axum-rt",
    "axum-rt-data",
    "break",
    "build",
    "const",
    "continue",
    "core",
    "crate",
    "deps",
    "dyn",
    "else",
    "enum",
    "examples",
    "extern",
    "false",
    "fn",
    "for",
    "gen",
    "hifijson",
    "if",
    "impl",
    "in",
    "incremental",
    "let",
    "loop",
    "match",
    "mod",
    "move",
    "mut",
    "num-traits",
    "once_cell",
    "proc-macro",
    "proc_macro",
    "pub",
    "ref",
    "return",
    "rust_decimal",
    "self",
    "static",
    "std",
    "struct",
    "super",
    "test",
    "trait",
    "true",
    "try",
    "type",
    "unsafe",
    "use",
    "where",
    "while",
    "yield",
];
