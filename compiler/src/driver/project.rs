//! Writes the Rust of a program as a cargo project, for `--emit rust`. It generates no code
//! but the manifests.

use std::fs;
use std::path::Path;

use super::crates::Crate;
use super::failure::Failure;
use super::output::{unwritable, write_aside};
use super::runtime::{Source, sources};
use super::source::Program;
use crate::emit::Output;

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
    for source in &sources {
        let package = source.it.package;
        manifest.push_str(&format!("\n[profile.dev.package.{package}]\nopt-level = 3\n"));
    }
    manifest.push_str("\n[workspace]\n");
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
