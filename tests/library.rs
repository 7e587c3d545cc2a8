//! The library's documentation: every member has an example, every example holds when it
//! is run, and `docs/language/library.md` lists what is declared.
#![forbid(unsafe_code)]

use axum_tests::batch::{self, Batch, Schedule};
use axum_tests::case::{Program, root};
use axum_tests::library::{self, Declaration, Member};
use axum_tests::{bless, compiler, markdown};
use axumc::pipeline::SourceFile;
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = vec![Trial::test("docs/language/library.md", || {
        bless::compare(&root().join("docs/language/library.md"), &page()?)
            .map_err(Failed::from)
    })];
    for (name, text) in axum_stdlib::FILES {
        trials.push(Trial::test(format!("{name}: every member has an example"), || {
            complete(name, text).map_err(Failed::from)
        }));
        trials.push(Trial::test(format!("{name}: examples hold"), || {
            holds(name, text).map_err(Failed::from)
        }));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// Members without an example of their own that their type's example does not show either.
fn complete(name: &str, text: &str) -> Result<(), String> {
    let mut missing = Vec::new();
    for of in library::declarations(text) {
        let blocks = markdown::blocks(&of.docs.join("\n"));
        let shown: String = blocks.into_iter().map(|it| it.text).collect();
        for member in &of.members {
            let own = member.docs.iter().any(|it| library::example(it).is_some());
            if !own && !mentions(&shown, &of, member) {
                let line = member.line;
                missing.push(format!("{name}:{line}: {}.{}", of.name, member.signature));
            }
        }
    }
    match missing.is_empty() {
        true => Ok(()),
        false => Err(format!("without an example:\n{}", missing.join("\n"))),
    }
}

fn mentions(example: &str, of: &Declaration, member: &Member) -> bool {
    match member.name.as_str() {
        "new" => example.contains(&format!("new {}", of.name)),
        "this" => example.contains('['),
        name => example.contains(&format!(".{name}")),
    }
}

/// Compiles the examples of a file to one program, and runs it.
fn holds(name: &str, text: &str) -> Result<(), String> {
    let name = format!("stdlib/{name}");
    let file = SourceFile { name: name.clone(), text: library::program(text) };
    let program = Program {
        name: format!("library/{}", name.replace(['/', '.'], "-")),
        folder: root().to_owned(),
        sources: vec![file],
        packages: vec![],
        rust: vec![],
        stdout: root().to_owned(),
        stdin: String::new(),
        args: vec![],
        exit_code: 0,
        stderr_contains: vec![],
        seeds: 0,
        steps: None,
    };
    let output = compiler::compile(program.sources())?;
    let batch = Batch::new()?;
    let executable = batch.build(&program, &output)?;
    let ran = batch::run(&executable, &program, Schedule::Workers(2))?;
    let source: Vec<&str> = text.lines().collect();
    let failed = ran.stdout.lines().map(|line| {
        let number: usize = line.split(' ').next()?.parse().ok()?;
        let code = source.get(number - 1)?.trim_start_matches([' ', '/']);
        Some(format!("{name}:{line}: {code}"))
    });
    let failed: Vec<String> = failed.flatten().collect();
    if !failed.is_empty() || !ran.status.success() {
        let failed = failed.join("\n");
        return Err(format!("does not hold:\n{failed}\n{}", ran.stderr));
    }
    Ok(())
}

/// Where the list of declarations begins.
const MARK: &str = "<!-- What follows is made from stdlib/axum/*.ax: \
                    AXUM_BLESS=1 cargo test -p axum-tests --test library -->\n";

/// The page about the library: its text, then everything that is declared.
fn page() -> Result<String, String> {
    let path = root().join("docs/language/library.md");
    let page = std::fs::read_to_string(&path).map_err(|it| it.to_string())?;
    let mut out = page.split(MARK).next().unwrap_or_default().to_owned();
    out.push_str(MARK);
    out.push_str("\n## Everything that is declared\n");
    for (_, text) in axum_stdlib::FILES {
        for of in library::declarations(text) {
            declaration(&of, &mut out);
        }
    }
    Ok(out)
}

fn declaration(of: &Declaration, out: &mut String) {
    out.push_str(&format!("\n### `{}`\n\n", of.title));
    let words = of.docs.iter().take_while(|it| !it.trim_start().starts_with("```"));
    let (examples, words): (Vec<&str>, Vec<&str>) =
        words.map(|it| it.trim()).partition(|it| library::example(it).is_some());
    out.push_str(words.join("\n").trim());
    out.push('\n');
    for example in examples {
        out.push_str(&format!("\n{example}\n"));
    }
    if of.members.is_empty() {
        return;
    }
    out.push_str("\n| member | what | example |\n|---|---|---|\n");
    for member in &of.members {
        let (examples, words): (Vec<&str>, Vec<&str>) = member
            .docs
            .iter()
            .map(|it| it.trim())
            .partition(|it| library::example(it).is_some());
        let cell = |text: String| text.replace('|', "\\|");
        let words = cell(words.join(" "));
        let examples = cell(examples.join(" "));
        out.push_str(&format!(
            "| `{}` | {} | {} |\n",
            cell(member.signature.clone()),
            words.trim(),
            examples
        ));
    }
}
