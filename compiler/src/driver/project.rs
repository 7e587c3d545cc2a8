//! Writes the Rust of a program as a cargo project, for `--emit rust`. It generates no code
//! but the manifests.

use std::fs;
use std::path::Path;

use super::failure::Failure;
use super::output::{unwritable, write_aside};
use super::rust::runtime_sources;
use super::source::Program;
use crate::emit::Output;

/// The program as `src/main.rs`, and the runtime beside it in `axum-rt`, so that the folder
/// builds on its own.
pub(super) fn write(
    program: &Program,
    output: &Output,
    folder: &Path,
) -> Result<(), Failure> {
    let package = package_name(&program.name);
    let version = program.version.as_deref().unwrap_or("0.1.0");
    let manifest = format!(
        "[package]\nname = \"{package}\"\nversion = \"{version}\"\nedition = \"2024\"\n\n\
         [dependencies]\naxum-rt = {{ path = \"axum-rt\" }}\n\n\
         [profile.dev.package.axum-rt]\nopt-level = 3\n\n[workspace]\n"
    );
    let library = format!(
        "[package]\nname = \"axum-rt\"\nversion = \"{}\"\nedition = \"2024\"\n\n\
         [lints.rust]\nunexpected_cfgs = \"allow\"\n",
        env!("CARGO_PKG_VERSION")
    );
    put(&folder.join("Cargo.toml"), &manifest)?;
    put(&folder.join("src/main.rs"), &output.pretty)?;
    put(&folder.join("axum-rt/Cargo.toml"), &library)?;
    for (name, text) in runtime_sources() {
        put(&folder.join("axum-rt/src").join(name), text)?;
    }
    Ok(())
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
    "as",
    "async",
    "await",
    "axum-rt",
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
    "proc-macro",
    "proc_macro",
    "pub",
    "ref",
    "return",
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
