//! The Rust of every program is the same each time and forbids `unsafe`. That it compiles
//! without a warning is tested where the programs are run. Over the examples it is short:
//! rustc's time is what users wait for.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a test tells how it went")]

use axum_tests::case::{self, Program};
use axum_tests::compiler;
use axumc::pipeline::SourceFile;
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let trials = case::programs().into_iter().map(|program| {
        Trial::test(program.name.clone(), move || check(&program).map_err(Failed::from))
    });
    let size =
        Trial::test("the Rust of the examples is short", || size().map_err(Failed::from));
    libtest_mimic::run(&arguments, trials.chain([size]).collect()).exit();
}

/// Lines of Rust that a line of source may become, on average over the examples.
const LINES_A_LINE: f64 = 3.0;

/// Counts the lines of the formatted Rust of what the examples declare, without those that
/// are blank or a comment, and prints how many there are to a line of theirs.
fn size() -> Result<(), String> {
    let examples = case::programs().into_iter();
    let examples: Vec<Program> =
        examples.filter(|it| it.name.starts_with("examples/")).collect();
    let mut all: Vec<f64> = Vec::new();
    for program in &examples {
        let output = compiler::compile(program.sources())?;
        let texts = program.sources.iter().map(|it| n_lines(&it.text));
        let (source, rust) = (texts.sum::<usize>(), own_lines(&output.pretty, program));
        #[expect(clippy::cast_precision_loss, reason = "examples are short")]
        let ratio = rust as f64 / source as f64;
        println!("{:<44} {source:>5} {rust:>5} {ratio:>6.2}", program.name);
        all.push(ratio);
    }
    #[expect(clippy::cast_precision_loss, reason = "there are few examples")]
    let average = all.iter().sum::<f64>() / all.len() as f64;
    println!("{:<56} {average:>6.2}", "average");
    if average > LINES_A_LINE {
        return Err(format!(
            "{average:.2} lines a line, at most {LINES_A_LINE} are allowed"
        ));
    }
    Ok(())
}

fn n_lines(text: &str) -> usize {
    let counts = |it: &&str| !it.trim().is_empty() && !it.trim().starts_with("//");
    text.lines().filter(counts).count()
}

/// Lines of the items that come from the program's own files: a comment in front of each
/// item names its place.
fn own_lines(rust: &str, program: &Program) -> usize {
    let mut own = false;
    let mut found = 0;
    for line in rust.lines() {
        if let Some(place) = line.strip_prefix("// ") {
            let of = |it: &SourceFile| place.starts_with(&format!("{}:", it.name));
            own = program.sources.iter().any(of);
        } else if own {
            found += n_lines(line);
        }
    }
    found
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
