//! Runs LALRPOP on the grammar and lists the runtime's sources for embedding.
#![expect(clippy::disallowed_methods, reason = "a build script reads and writes files")]

use std::path::{Path, PathBuf};

#[expect(dead_code, reason = "how the crates are compiled is not asked here")]
#[path = "src/driver/crates.rs"]
mod crates;
#[path = "src/driver/digest.rs"]
mod digest;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    runtime::embed();
    lalrpop::Configuration::new()
        .emit_rerun_directives(true)
        .set_in_dir("src")
        .process()
        .expect("the grammar is LR(1)");
}

/// The tables of runtime sources that travel inside the `axumc` binary.
mod runtime {
    use super::{Path, PathBuf, crates, digest};

    pub(super) fn embed() {
        let core = table("CORE", crates::CORE);
        let data = table("DATA", crates::DATA);
        let out = std::env::var_os("OUT_DIR").expect("cargo sets it");
        std::fs::write(Path::new(&out).join("runtime_sources.rs"), core + &data)
            .expect("the output folder is writable");
    }

    /// The sources of some crates: for each of them its licences and the files below its
    /// `src`.
    fn table(name: &str, crates: &[crates::Crate]) -> String {
        let mut parts: Vec<Vec<u8>> = Vec::new();
        let mut table = format!(
            "/// For each crate its files: path below its folder, text.\n\
             static {name}_SOURCES: &[&[(&str, &str)]] = &[\n"
        );
        for it in crates {
            let root = Path::new("../runtime").join(it.folder);
            println!("cargo::rerun-if-changed={}", root.join("src").display());
            let mut files = Vec::new();
            collect(&root.join("src"), &mut files);
            let licences = ["LICENSE", "LICENSE-MIT"].map(|it| root.join(it));
            files.extend(licences.into_iter().filter(|it| it.is_file()));
            files.sort();
            table.push_str("    &[\n");
            parts.push(it.name.into());
            for file in &files {
                let name = file.strip_prefix(&root).expect("it was found below the root");
                let name =
                    name.to_str().expect("source names are ASCII").replace('\\', "/");
                let path = file.canonicalize().expect("it was just found");
                table.push_str(&format!("        ({name:?}, include_str!({path:?})),\n"));
                parts.push(std::fs::read(file).expect("it was just found"));
                parts.push(name.into_bytes());
            }
            table.push_str("    ],\n");
        }
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        table.push_str(&format!(
            "];\n/// Names these sources.\nconst {name}_DIGEST: &str = {:?};\n",
            digest::digest(&parts)
        ));
        table
    }

    /// All `.rs` files but tests and benchmarks, which the shipped runtime does not need.
    fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("the runtime's sources are there") {
            let path = entry.expect("the folder is readable").path();
            if path.is_dir() {
                if path.file_name().is_some_and(|name| name != "tests") {
                    collect(&path, files);
                }
            } else if path.extension().is_some_and(|it| it == "rs")
                && path.file_name().is_some_and(|name| name != "tests.rs")
            {
                files.push(path);
            }
        }
    }
}
