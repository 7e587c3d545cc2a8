//! Makes the folder of a new package. What stands in it is a program that builds, runs and
//! shows the way; it decides nothing for packages that exist.

use std::fs;
use std::io;
use std::path::Path;

use super::failure::Failure;
use super::manifest::{NAME_RULE, is_name};
use super::output::{aside, unwritable};
use super::package::MANIFEST;

const MAIN: &str = r#"/// The program starts here. What `Run` returns is its exit code.
agent Main : ConsoleApplication {
    override int Run(string[] args) {
        var name = args.Length > 0 ? args[0] : "world";
        Console.WriteLine(Greeting(name));
        return 0;
    }
}

/// The words for somebody of that name.
function string Greeting(string name) {
    return $"hello, {name}";
}
"#;

/// Makes the package `name` in a folder of that name in the current folder.
pub(super) fn create(name: &str) -> Result<(), Failure> {
    if !is_name(name) {
        let message = format!("`{name}` cannot be the name of a package");
        return Err(Failure::usage(message).note(NAME_RULE).help(suggestion(name)));
    }
    let folder = Path::new(name);
    if folder.symlink_metadata().is_ok() {
        let message = format!("`{name}` is already there");
        return Err(Failure::usage(message).help("choose another name, or remove it"));
    }
    // The folder appears with all that is in it, or not at all.
    let unfinished = aside(folder);
    let made = fill(&unfinished, name).and_then(|()| fs::rename(&unfinished, folder));
    made.map_err(|error| {
        let _ = fs::remove_dir_all(&unfinished);
        unwritable(folder, &error)
    })
}

fn fill(folder: &Path, name: &str) -> io::Result<()> {
    let manifest = format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\n");
    let readme = format!(
        "# {name}\n\n\
         ```sh\n\
         axumc run              # build it and run it\n\
         axumc run -- Ada       # with arguments\n\
         axumc check            # only report what is wrong\n\
         axumc build --release  # an optimised executable\n\
         ```\n\n\
         The program begins in `src/main.ax`; all `.ax` files below `src` belong to it.\n"
    );
    // What `axumc build` makes, by its own name and as Rust.
    let ignored = format!("/{name}\n/{name}.exe\n/{name}-rust/\n");
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join(MANIFEST), manifest)?;
    fs::write(folder.join("src").join("main.ax"), MAIN)?;
    fs::write(folder.join(".gitignore"), ignored)?;
    fs::write(folder.join("README.md"), readme)
}

/// A name that would do.
fn suggestion(name: &str) -> String {
    let fits = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '_';
    let close: String = name
        .chars()
        .map(|it| if fits(it) { it } else { '-' })
        .skip_while(|it| !it.is_ascii_alphabetic())
        .collect();
    let close = close.trim_end_matches('-');
    match is_name(close) {
        true => format!("write `axumc new {close}`"),
        false => "write `axumc new hello`".to_owned(),
    }
}
