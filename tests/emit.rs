//! The Rust of every program is the same each time and forbids `unsafe`. That it compiles
//! without a warning is tested where the programs are run.
#![forbid(unsafe_code)]

use axum_tests::case::{self, Program};
use axum_tests::compiler;
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let trials = case::programs().into_iter().map(|program| {
        Trial::test(program.name.clone(), move || check(&program).map_err(Failed::from))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit();
}

fn check(program: &Program) -> Result<(), String> {
    let first = compiler::compile(program.sources())?;
    if compiler::compile(program.sources())? != first {
        return Err("emitting twice gives different Rust".to_owned());
    }
    let texts = first.files.iter().map(|it| (it.path.as_str(), it.text.as_str()));
    for (path, text) in texts.chain([("the formatted form", first.pretty.as_str())]) {
        let bare: String = text.split_whitespace().collect();
        if !bare.contains("#![forbid(unsafe_code)]") {
            return Err(format!("{path} does not forbid `unsafe`"));
        }
        if text.contains("/root/") || text.contains("/home/") {
            return Err(format!("{path} names a path of this machine"));
        }
    }
    Ok(())
}
