//! The conventions of the command line, against the real command: exit codes, streams,
//! formats, the environment, bad input. What is reported about programs is tested in `ui`.
#![forbid(unsafe_code)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use axum_tests::case::root;

/// Needs no library to be right and no program to be run.
const REJECTED: &str =
    "agent Main : channel Application {\n    public Main() { missing(); }\n}\n";
const ACCEPTED: &str = "agent Hello : ConsoleApplication {\n    override int Run(string[] args) {\n        Console.WriteLine(\"hello {0}\", args.Length);\n        return 7;\n    }\n}\n";

/// A folder of a test's own, gone when the test is done.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("the target folder is writable");
        Self(path)
    }

    fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(path, content).expect("writable");
        self
    }

    /// The command in this folder, with a cache that all tests share.
    fn axumc(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_axumc-under-test"));
        command.args(arguments).current_dir(&self.0).stdin(Stdio::null());
        command.env("AXUM_CACHE", Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache"));
        command.env_remove("NO_COLOR").env_remove("RUSTC").env_remove("RUST_BACKTRACE");
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        Ran::new(self.axumc(arguments).output())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[derive(Debug)]
struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Ran {
    fn new(output: std::io::Result<Output>) -> Self {
        let output = output.expect("the command starts");
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("output is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("output is UTF-8"),
        }
    }

    /// Checks the exit code; everything else stands in the message if it is another.
    #[track_caller]
    fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }

    #[track_caller]
    fn says(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "`{text}` is missing in {}", self.stderr);
        self
    }

    /// All went to stderr, nothing to stdout.
    #[track_caller]
    fn without_result(self) -> Self {
        assert_eq!(self.stdout, "");
        self
    }
}

#[test]
fn an_accepted_program_is_checked_in_silence() {
    let folder = Folder::new("silence").file("a.ax", ACCEPTED);
    let ran = folder.run(&["check", "a.ax"]).exits(0).without_result();
    assert_eq!(ran.stderr, "");
}

#[test]
fn a_rejected_program_exits_with_one() {
    let folder = Folder::new("rejected").file("a.ax", REJECTED);
    let ran = folder.run(&["check", "a.ax"]).exits(1).without_result();
    let ran = ran.says("error[AX0101]").says("a.ax:2:21").says("1 error\n");
    assert_eq!(ran.stderr.matches("run `axumc explain AX0101`").count(), 1);
    let quiet = folder.run(&["check", "-q", "a.ax"]).exits(1).says("error[AX0101]");
    assert!(!quiet.stderr.contains("explain"));
}

#[test]
fn the_page_to_read_is_that_of_the_first_error() {
    let text = "function int F() { int unused = 1; int unread = 2; return missing; }\n\
        function int G() { int left = 1; return 2; }\n\
        agent Main : channel Application { public Main() { F(); G(); } }\n";
    let folder = Folder::new("first-error").file("a.ax", text);
    folder.run(&["check", "a.ax"]).exits(1).says("run `axumc explain AX0101`");
}

#[test]
fn short_is_one_line_a_diagnostic() {
    let folder = Folder::new("short").file("sub/a.ax", REJECTED);
    let ran = folder.run(&["check", "--message-format", "short", "./sub/a.ax"]).exits(1);
    let lines: Vec<&str> = ran.stderr.lines().collect();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].starts_with("sub/a.ax:2:21: error[AX0101]: "), "{lines:?}");
}

#[test]
fn json_is_one_object_a_line_and_a_summary() {
    let folder = Folder::new("json").file("a.ax", REJECTED).file("b.ax", ACCEPTED);
    let arguments = ["check", "--message-format=json", "a.ax", "b.ax"];
    let ran = folder.run(&arguments).exits(1).without_result();
    let lines: Vec<serde_json::Value> = ran
        .stderr
        .lines()
        .map(|it| serde_json::from_str(it).expect("each line is an object"))
        .collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["code"], "AX0101");
    assert_eq!(lines[0]["file"], "a.ax");
    assert_eq!(lines[0]["span"]["start"]["line"], 2);
    assert_eq!(lines[0]["span"]["start"]["column"], 21);
    assert_eq!(lines[0]["labels"][0]["primary"], true);
    assert_eq!(lines[1]["summary"]["errors"], 1);
    assert_eq!(lines[1]["summary"]["warnings"], 0);
    assert_eq!(folder.run(&arguments).stderr, ran.stderr, "output is the same each time");
}

#[test]
fn json_has_the_keys_that_the_schema_names() {
    let schema = fs::read_to_string(root().join("docs/diagnostics.schema.json"));
    let schema: serde_json::Value =
        serde_json::from_str(&schema.expect("it is there")).expect("it is JSON");
    let folder = Folder::new("schema").file("a.ax", REJECTED);
    let ran = folder.run(&["check", "--message-format=json", "a.ax"]).exits(1);
    let first = ran.stderr.lines().next().expect("there is an error");
    let diagnostic: serde_json::Value = serde_json::from_str(first).expect("it is JSON");
    let parts = [
        ("diagnostic", &diagnostic),
        ("label", &diagnostic["labels"][0]),
        ("span", &diagnostic["span"]),
        ("place", &diagnostic["span"]["start"]),
    ];
    for (name, value) in parts {
        let object = value.as_object().expect("it is an object");
        let mut keys: Vec<&str> = object.keys().map(String::as_str).collect();
        let required = schema["$defs"][name]["required"].as_array().expect("a list");
        let mut named: Vec<&str> = required.iter().filter_map(|it| it.as_str()).collect();
        keys.sort_unstable();
        named.sort_unstable();
        assert_eq!(keys, named, "{name}");
    }
}

#[test]
fn json_failures_are_json_too() {
    let folder = Folder::new("json-failure");
    let ran = folder.run(&["check", "--message-format=json", "none.ax"]).exits(2);
    for line in ran.stderr.lines() {
        assert!(serde_json::from_str::<serde_json::Value>(line).is_ok(), "{line}");
    }
    assert!(ran.stderr.contains("\"code\":\"AX1002\""));
}

#[test]
fn colours_are_for_terminals_or_on_demand() {
    let folder = Folder::new("colours").file("a.ax", REJECTED);
    let colored = |ran: &Ran| ran.stderr.contains('\u{1b}');
    assert!(!colored(&folder.run(&["check", "a.ax"])));
    assert!(colored(&folder.run(&["check", "--color=always", "a.ax"])));
    assert!(!colored(&folder.run(&["check", "--color=never", "a.ax"])));
    let mut command = folder.axumc(&["check", "a.ax"]);
    assert!(!colored(&Ran::new(command.env("NO_COLOR", "1").output())));
}

#[test]
fn wrong_usage_exits_with_two() {
    let folder = Folder::new("usage").file("a.ax", ACCEPTED);
    folder.run(&[]).exits(2);
    folder.run(&["chek", "a.ax"]).exits(2).says("check");
    folder.run(&["check", "--colour", "a.ax"]).exits(2);
    folder.run(&["check", "--allow", "AX0301", "a.ax"]).exits(2).says("is an error");
    folder.run(&["check", "--deny", "AX9998", "a.ax"]).exits(2).says("AX9999");
    folder.run(&["a.ax"]).exits(2).says("axumc run a.ax");
    folder.run(&["check"]).exits(2).says("no PATH given");
    assert!(folder.run(&["--help"]).exits(0).stdout.contains("Usage: axumc"));
    assert!(folder.run(&["--version"]).exits(0).stdout.starts_with("axumc "));
}

#[test]
fn what_cannot_be_read_exits_with_two() {
    let folder = Folder::new("unreadable")
        .file("latin1.ax", b"// \xe9\n")
        .file("empty/readme.txt", "")
        .file("note.txt", "");
    folder.run(&["check", "none.ax"]).exits(2).says("cannot read `none.ax`");
    folder.run(&["check", "latin1.ax"]).exits(2).says("`latin1.ax` is not UTF-8 text");
    folder.run(&["check", "empty"]).exits(2).says("no `.ax` file in folder `empty`");
    folder.run(&["check", "note.txt"]).exits(2).says("`note.txt` is no `.ax` file");
    folder.run(&["build", "none.ax"]).exits(2);
    folder.run(&["run", "none.ax"]).exits(2).says("axumc: error[AX1002]");
}

#[test]
fn a_path_that_cannot_be_read_keeps_none_of_the_others_from_being_checked() {
    let folder = Folder::new("several").file("a.ax", REJECTED);
    let ran = folder.run(&["check", "none.ax", "a.ax"]).exits(2);
    ran.says("cannot read `none.ax`").says("a.ax:2:21").says("2 errors");
}

#[test]
fn an_empty_file_lacks_an_entry_agent() {
    let folder = Folder::new("empty").file("empty.ax", "");
    let ran = folder.run(&["check", "--message-format=short", "empty.ax"]).exits(1);
    assert!(ran.stderr.starts_with("empty.ax:1:1: error[AX0110]"), "{}", ran.stderr);
}

#[test]
fn each_file_is_a_program_and_a_folder_is_one() {
    let library = "namespace Tools { function int Twice(int x) { return 2 * x; } }\n";
    let user = "agent Main : ConsoleApplication {\n    override int Run(string[] args) { return Tools.Twice(2); }\n}\n";
    let folder =
        Folder::new("programs").file("p/tools.ax", library).file("p/user.ax", user);
    folder.run(&["check", "p"]).exits(0);
    folder.run(&["check", "p/user.ax"]).exits(1).says("AX0101");
    folder.run(&["check", "p/tools.ax"]).exits(1).says("AX0110");
}

#[test]
fn a_package_is_found_from_inside_it() {
    let folder = Folder::new("package")
        .file("axum.toml", "[package]\nname = \"shop\"\n")
        .file("src/main.ax", REJECTED)
        .file("src/deep/other.ax", "struct Point { int X; }\n");
    folder.run(&["check"]).exits(1).says("src/main.ax:2:21");
    let mut inside = folder.axumc(&["check"]);
    inside.current_dir(folder.0.join("src/deep"));
    Ran::new(inside.output()).exits(1).says("src/main.ax:2:21");
}

#[test]
fn a_new_package_checks_builds_and_runs() {
    let folder = Folder::new("new");
    let made = folder.run(&["new", "my-shop"]).exits(0);
    assert!(made.stdout.contains("cd my-shop"), "{made:#?}");
    assert_eq!(made.stderr, "");
    let mut files: Vec<String> = axum_tests::case::files(&folder.0.join("my-shop"), "ax")
        .iter()
        .map(|it| axum_tests::case::shown(it))
        .collect();
    assert_eq!(files.len(), 1);
    assert!(files.remove(0).ends_with("my-shop/src/main.ax"));
    let inside = |arguments: &[&str]| {
        let mut command = folder.axumc(arguments);
        command.current_dir(folder.0.join("my-shop"));
        Ran::new(command.output())
    };
    let checked = inside(&["check", "--deny", "warnings"]).exits(0);
    assert_eq!((checked.stdout.as_str(), checked.stderr.as_str()), ("", ""));
    let ran = inside(&["run", "--", "Ada"]).exits(0);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("hello, Ada\n", ""));
    inside(&["build"]).exits(0).without_result();
    let built = Ran::new(Command::new(folder.0.join("my-shop/my-shop")).output());
    assert_eq!((built.code, built.stdout.as_str()), (Some(0), "hello, world\n"));
    let ignored = fs::read_to_string(folder.0.join("my-shop/.gitignore"));
    assert!(ignored.expect("it is there").lines().any(|it| it == "/my-shop"));
    // Nothing but the package is left.
    assert_eq!(fs::read_dir(&folder.0).expect("readable").count(), 1);
}

#[test]
fn new_refuses_names_that_will_not_do() {
    let folder = Folder::new("new-refused").file("taken/x", "").file("note", "");
    let refused = |name: &str| folder.run(&["new", name]).exits(2).without_result();
    for name in ["taken", "note"] {
        refused(name).says(&format!("`{name}` is already there"));
    }
    refused("2 shops").says("cannot be the name of a package").says("`axumc new shops`");
    refused("a/b").says("`axumc new a-b`");
    refused("..").says("`axumc new hello`");
    refused("").says("`` cannot be the name of a package");
    folder.run(&["new"]).exits(2).says("NAME");
    assert_eq!(fs::read_dir(&folder.0).expect("readable").count(), 2);
    let silent = folder.run(&["new", "-q", "fine"]).exits(0);
    assert_eq!((silent.stdout.as_str(), silent.stderr.as_str()), ("", ""));
}

/// A package that needs another beside it.
fn two_packages(test: &str) -> Folder {
    let user = "agent Main : ConsoleApplication {\n    override int Run(string[] args) {\n        Console.WriteLine(Tools.Twice(21));\n        return 0;\n    }\n}\n";
    Folder::new(test)
        .file(
            "app/axum.toml",
            "[package]\nname = \"app\"\n\n[dependencies]\ntools = { path = \"../tools\" }\n",
        )
        .file("app/src/main.ax", user)
        .file("tools/axum.toml", "[package]\nname = \"tools\"\n")
        .file(
            "tools/src/tools.ax",
            "namespace Tools;\nfunction int Twice(int x) { return 2 * x; }\n",
        )
}

#[test]
fn packages_beside_each_other_are_one_program() {
    let folder = two_packages("beside");
    folder.run(&["check", "app", "tools", "app/axum.toml"]).exits(0);
    let ran = folder.run(&["run", "app"]).exits(0);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("42\n", ""));
    folder
        .run(&["build", "tools"])
        .exits(1)
        .says("AX0110")
        .says("tools/src/tools.ax:1:1");
    // A fault in the other package is shown by the way that leads there.
    let folder = folder.file(
        "tools/src/tools.ax",
        "namespace Tools;\nfunction int Twice() { return x; }\n",
    );
    folder.run(&["check", "app"]).exits(1).says("─ tools/src/tools.ax:2:31");
    let mut inside = folder.axumc(&["check", "--message-format=short"]);
    let ran = Ran::new(inside.current_dir(folder.0.join("app")).output()).exits(1);
    ran.says("\n../tools/src/tools.ax:2:31: error[AX0101]");
}

#[test]
fn an_unchanged_package_is_not_compiled_again() {
    // The cache outlives the test: only a text that no run had before is surely not in it.
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let new = now.expect("the clock is past 1970").as_nanos();
    let text = format!(
        "namespace Tools;\n// {new}\nfunction int Twice(int x) {{ return {} * x; }}\n",
        new % 1_000_000_007
    );
    let folder = two_packages("unchanged").file("tools/src/tools.ax", &text);
    let build = || folder.run(&["build", "-v", "app", "-o", "program"]).exits(0).stderr;
    assert!(build().contains("compiling `app`"));
    assert_eq!(build(), "");
    let folder = folder.file("tools/src/tools.ax", text.replace("* x", "+ x"));
    let again = folder.run(&["build", "-v", "app", "-o", "program"]).exits(0);
    again.says("compiling `app`");
}

/// Files below `folder` whose names end so, with the times at which they were written.
fn written(folder: &Path, end: &str) -> Vec<(std::time::SystemTime, PathBuf)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(written(&path, end));
        } else if path.to_string_lossy().ends_with(end) {
            let time = entry.metadata().and_then(|it| it.modified());
            found.push((time.expect("files have times"), path));
        }
    }
    found
}

#[test]
fn a_small_change_leaves_most_of_an_earlier_build_as_it_is() {
    let text = |n: u32| ACCEPTED.replace("return 7", &format!("return {n}"));
    let folder = Folder::new("incremental").file("little.ax", text(3));
    let build = || folder.run(&["build", "little.ax"]).exits(0);
    build();
    // The cache is that of all tests; no other has a file of this name.
    let programs = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache/programs");
    let [(_, source), ..] = &written(&programs, "/little.ax")[..] else {
        panic!("its place in the cache is not found");
    };
    let place = source.ancestors().nth(3).expect("it is in `crate/p0`").to_owned();
    let objects = || written(&place.join("incremental"), ".o");
    let newest = objects().into_iter().map(|it| it.0).max().expect("there are some");
    fs::write(folder.0.join("little.ax"), text(4)).expect("writable");
    build();
    let all = objects();
    let fresh = all.iter().filter(|(time, _)| *time > newest).count();
    assert!(fresh * 2 < all.len(), "{fresh} of {} were made anew", all.len());
}

#[test]
fn what_is_wrong_with_manifests_tells_how_the_run_ends() {
    let wrong = "[package]\nname = \"app\"\nversoin = \"1.0.0\"\n";
    let folder = Folder::new("manifests")
        .file("app/axum.toml", wrong)
        .file("app/src/main.ax", ACCEPTED)
        .file(
            "lost/axum.toml",
            "[package]\nname = \"lost\"\n[dependencies]\nx = { path = \"../x\" }\n",
        )
        .file("lost/src/main.ax", ACCEPTED)
        .file("bare/axum.toml", "[package]\nname = \"bare\"\n")
        .file("latin1/axum.toml", b"name = \"\xe9\"");
    let ran = folder.run(&["check", "--message-format=short", "app"]).exits(1);
    ran.says("app/axum.toml:3:1: error[AX1001]: `[package]` has no key `versoin`");
    let ran = folder.run(&["run", "app"]).exits(1).without_result();
    ran.says("help: use `version`").says("app/axum.toml:3:1");
    let ran = folder.run(&["build", "--message-format=short", "lost"]).exits(2);
    ran.says("lost/axum.toml:4:14: error[AX1002]: there is no package `x` at `../x`");
    folder.run(&["check", "bare"]).exits(2).says("cannot read `bare/src`");
    folder
        .run(&["check", "latin1"])
        .exits(2)
        .says("`latin1/axum.toml` is not UTF-8 text");
    // One that cannot be used keeps none of the others from being checked.
    folder.run(&["check", "lost", "app"]).exits(2).says("AX1002").says("AX1001");
    let ran = folder.run(&["check", "--message-format=json", "app"]).exits(1);
    let first: serde_json::Value =
        serde_json::from_str(ran.stderr.lines().next().expect("a line")).expect("JSON");
    assert_eq!(first["file"], "app/axum.toml");
    assert_eq!(first["fixes"][0]["edits"][0]["text"], "version");
}

#[test]
fn emitted_rust_has_the_version_of_the_package() {
    let manifest = "[package]\nname = \"app\"\nversion = \"2.1.0\"\n";
    let folder = Folder::new("emit-package")
        .file("axum.toml", manifest)
        .file("src/main.ax", ACCEPTED);
    folder.run(&["build", "--emit", "rust"]).exits(0);
    let made = fs::read_to_string(folder.0.join("app-rust/Cargo.toml"));
    assert!(made.expect("it is there").contains("name = \"app\"\nversion = \"2.1.0\""));
}

#[test]
fn warnings_can_be_denied_and_allowed() {
    let unused = "agent Main : ConsoleApplication {\n    override int Run(string[] args) {\n        int spare = 1;\n        return 0;\n    }\n}\n";
    let folder = Folder::new("levels").file("a.ax", unused);
    folder.run(&["check", "a.ax"]).exits(0).says("warning[AX0311]");
    folder.run(&["check", "--deny", "warnings", "a.ax"]).exits(1).says("error[AX0311]");
    folder.run(&["check", "--deny", "ax311", "a.ax"]).exits(1);
    let silent = folder.run(&["check", "--allow", "AX0311", "a.ax"]).exits(0);
    assert_eq!(silent.stderr, "");
    let arguments = ["check", "--deny", "warnings", "--warn", "AX0311", "a.ax"];
    folder.run(&arguments).exits(0).says("warning[AX0311]");
}

#[test]
fn only_so_many_errors_are_shown_but_all_are_counted() {
    let many = format!(
        "agent Main : ConsoleApplication {{\n    override int Run(string[] args) {{\n{}        return 0;\n    }}\n}}\n",
        "        missing();\n".repeat(150)
    );
    let folder = Folder::new("many").file("a.ax", many);
    let count = |arguments: &[&str]| {
        let ran = folder.run(arguments).exits(1);
        (ran.stderr.matches("error[AX0101]").count(), ran)
    };
    let (shown, ran) = count(&["check", "a.ax"]);
    assert_eq!(shown, 100);
    ran.says("150 errors; 50 not shown");
    assert_eq!(count(&["check", "--max-errors", "3", "a.ax"]).0, 3);
    assert_eq!(count(&["check", "--max-errors=500", "a.ax"]).0, 150);
}

#[test]
fn explain_takes_codes_as_people_type_them() {
    let folder = Folder::new("explain");
    let page = folder.run(&["explain", "AX0401"]).exits(0).stdout;
    assert!(page.starts_with("# AX0401: "));
    assert_eq!(folder.run(&["explain", "ax0401"]).stdout, page);
    assert_eq!(folder.run(&["explain", "401"]).stdout, page);
    let list = folder.run(&["explain", "--list"]).exits(0).stdout;
    assert!(list.lines().any(|it| it == "AX0401  mutable static"), "{list}");
    folder
        .run(&["explain", "AX0499"])
        .exits(2)
        .says("there is no such code")
        .without_result();
    folder.run(&["explain"]).exits(2);
}

#[test]
fn dump_prints_to_stdout() {
    let folder = Folder::new("dump").file("a.ax", ACCEPTED);
    let whole = folder.run(&["dump", "ast", "a.ax"]).exits(0).stdout;
    assert!(whole.contains("Hello"));
    let item = folder.run(&["dump", "ast", "a.ax", "--item", "Run"]).exits(0).stdout;
    assert!(item.contains("Run") && item.len() < whole.len());
    assert!(folder.run(&["dump", "rust", "a.ax"]).exits(0).stdout.contains("@generated"));
}

#[test]
fn timings_list_the_phases() {
    let folder = Folder::new("timings").file("a.ax", ACCEPTED);
    folder.run(&["check", "--timings", "a.ax"]).exits(0).says("parse").says("total");
}

#[test]
fn run_passes_on_arguments_and_the_exit_code() {
    let folder = Folder::new("run").file("a.ax", ACCEPTED);
    let ran = folder.run(&["run", "a.ax", "--", "one", "--two"]).exits(7);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("hello 2\n", ""));
}

#[test]
fn run_marks_its_own_failures() {
    let folder = Folder::new("run-rejected").file("a.ax", REJECTED);
    let ran = folder.run(&["run", "a.ax"]).exits(1);
    ran.says("axumc: `a.ax` was not run: 1 error").says("AX0101").without_result();
}

/// The command as a terminal would start it. Who runs the tests in the background may have
/// told all children to ignore interrupts, which a program keeps to.
#[cfg(unix)]
fn heeding_interrupts(command: &Command) -> Command {
    const HEED: &str = "--default-signal=INT";
    let heeds = Command::new("env").args([HEED, "true"]).output();
    let mut heeding = Command::new("env");
    // Only GNU's `env` knows the option.
    heeding.args(heeds.is_ok_and(|it| it.status.success()).then_some(HEED));
    heeding.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => heeding.env(name, value),
            None => heeding.env_remove(name),
        };
    }
    heeding
}

/// `run` becomes the program, so that the one who interrupts hears of it: 130 in a shell.
#[cfg(unix)]
#[test]
fn an_interrupted_program_ends_by_the_signal() {
    use std::io::{BufRead as _, BufReader};
    use std::os::unix::process::ExitStatusExt as _;
    let waits = ACCEPTED.replace("return 7", "receive(Timer.Every(1min)); return 7");
    let folder = Folder::new("interrupt").file("a.ax", waits);
    let mut command = heeding_interrupts(&folder.axumc(&["run", "a.ax"]));
    command.current_dir(&folder.0).stdin(Stdio::null());
    let mut child = command.stdout(Stdio::piped()).spawn().expect("it starts");
    let mut line = String::new();
    let out = child.stdout.take().expect("it is piped");
    BufReader::new(out).read_line(&mut line).expect("it is readable");
    assert_eq!(line, "hello 0\n");
    let interrupt = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(interrupt.expect("`kill` is there").success());
    assert_eq!(child.wait().expect("it ends").signal(), Some(2));
}

#[test]
fn build_writes_where_it_is_told() {
    let folder = Folder::new("build").file("hello.ax", ACCEPTED).file("taken/x", "");
    folder.run(&["build", "hello.ax"]).exits(0).without_result();
    let ran = Ran::new(Command::new(folder.0.join("hello")).arg("x").output());
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(7), "hello 1\n"));
    folder.run(&["build", "hello.ax", "-o", "other"]).exits(0);
    assert!(folder.0.join("other").exists());
    folder
        .run(&["build", "hello.ax", "-o", "taken"])
        .exits(2)
        .says("cannot write `taken`");
    let ran = folder.run(&["build", "hello.ax", "-o", "none/x"]).exits(2);
    ran.says("cannot write `none/x`: no such file or folder");
    let left: Vec<_> = fs::read_dir(&folder.0)
        .expect("readable")
        .map(|it| it.expect("readable").file_name().to_string_lossy().into_owned())
        .filter(|it| it.contains("tmp"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_rejected_program_leaves_no_executable() {
    let folder = Folder::new("build-rejected").file("a.ax", REJECTED);
    folder.run(&["build", "a.ax"]).exits(1);
    assert!(!folder.0.join("a").exists());
}

#[test]
fn emit_rust_writes_a_project() {
    let folder = Folder::new("emit").file("hello.ax", ACCEPTED);
    folder.run(&["build", "--emit", "rust", "hello.ax"]).exits(0).without_result();
    let read = |name: &str| fs::read_to_string(folder.0.join("hello-rust").join(name));
    assert!(read("Cargo.toml").expect("it is written").contains("name = \"hello\""));
    assert!(read("src/main.rs").expect("it is written").contains("@generated by axumc"));
    assert!(read("axum-rt/src/lib.rs").is_ok());
}

#[test]
fn the_project_of_a_program_with_decimals_builds_without_a_network() {
    let text = ACCEPTED.replace("args.Length", "args.Length * 1.50m");
    let folder = Folder::new("emit-data").file("money.ax", &text);
    folder.run(&["build", "--emit", "rust", "money.ax"]).exits(0).without_result();
    let project = folder.0.join("money-rust");
    assert!(project.join("rust_decimal/LICENSE").is_file());
    let cargo = std::env::var_os("CARGO").expect("cargo runs the tests");
    let mut command = Command::new(cargo);
    // What is asked here is that all of it is there and fits together; optimising it takes long.
    command.current_dir(&project).args(["check", "--offline", "--quiet"]);
    command
        .env("CARGO_TARGET_DIR", folder.0.join("target"))
        .env("RUSTFLAGS", "-Dwarnings");
    let ran = Ran::new(command.output()).exits(0);
    assert_eq!(ran.stderr, "");
}

#[test]
fn an_installed_copy_works_without_the_checkout_and_several_at_once() {
    let folder = Folder::new("installed").file("hello.ax", ACCEPTED);
    let copy = folder.0.join("axumc");
    fs::copy(env!("CARGO_BIN_EXE_axumc-under-test"), &copy).expect("it can be copied");
    // A fresh cache: both find no runtime and must not get in each other's way.
    let start = || {
        Command::new(&copy)
            .args(["run", "hello.ax"])
            .current_dir(&folder.0)
            .env("AXUM_CACHE", "fresh")
            .env_remove("RUST_BACKTRACE")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the copy starts")
    };
    let (one, two) = (start(), start());
    for child in [one, two] {
        let ran = Ran::new(child.wait_with_output()).exits(7);
        assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("hello 0\n", ""));
    }
}

#[test]
fn a_missing_toolchain_exits_with_three() {
    let folder = Folder::new("toolchain").file("hello.ax", ACCEPTED);
    folder.run(&["check", "hello.ax"]).exits(0);
    let mut without = folder.axumc(&["build", "hello.ax"]);
    without.env("PATH", "").env("CARGO_HOME", &folder.0).env("HOME", &folder.0);
    let ran = Ran::new(without.output()).exits(3).without_result();
    ran.says("error[AX1003]: no Rust compiler found").says("https://sh.rustup.rs");
    let mut wrong = folder.axumc(&["run", "hello.ax"]);
    wrong.env("RUSTC", "no/such/rustc");
    Ran::new(wrong.output()).exits(3).says("axumc: error[AX1003]");
}

#[cfg(unix)]
#[test]
fn an_old_toolchain_exits_with_three() {
    use std::os::unix::fs::PermissionsExt as _;
    let old = "#!/bin/sh\necho 'rustc 1.60.0 (fake)'\necho 'release: 1.60.0'\n";
    let folder = Folder::new("old").file("hello.ax", ACCEPTED).file("rustc", old);
    let rustc = folder.0.join("rustc");
    fs::set_permissions(&rustc, fs::Permissions::from_mode(0o755)).expect("it is ours");
    let mut command = folder.axumc(&["build", "hello.ax"]);
    let ran = Ran::new(command.env("RUSTC", &rustc).output()).exits(3);
    ran.says("Rust 1.95 or newer is needed, found 1.60.0").says("rustup update");
}

#[test]
fn a_cache_that_cannot_be_used_is_one_clear_error() {
    let folder = Folder::new("no-cache").file("hello.ax", ACCEPTED).file("taken", "");
    let mut command = folder.axumc(&["build", "hello.ax"]);
    let ran = Ran::new(command.env("AXUM_CACHE", "taken/cache").output()).exits(2);
    ran.says("cannot use the cache").says("AXUM_CACHE");
}

#[test]
fn depth_has_a_limit_and_length_has_none() {
    let program = |body: &str| {
        format!(
            "agent Main : ConsoleApplication {{\n    override int Run(string[] args) {{\n        return {body};\n    }}\n}}\n"
        )
    };
    let nested = |n: usize| program(&format!("{}1{}", "(".repeat(n), ")".repeat(n)));
    let folder = Folder::new("depth")
        .file("fine.ax", nested(200))
        .file("deep.ax", nested(10_000))
        .file("long.ax", program(&format!("1{}", " + 1".repeat(100_000))));
    folder.run(&["check", "fine.ax"]).exits(0);
    folder.run(&["check", "deep.ax"]).exits(1).says("error[AX0006]");
    folder.run(&["check", "long.ax"]).exits(0);
}

#[test]
fn arbitrary_bytes_do_no_harm() {
    // A fixed sequence that looks random: the same bytes on every run.
    let mut state = 0x2545_f491_u32;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state
    };
    let letters: Vec<char> =
        " \n\t{}()[];:,.<>-=&|\"'\\/*$@#_aZ0é\u{202E}\0".chars().collect();
    let text: String =
        (0..20_000).map(|_| letters[next() as usize % letters.len()]).collect();
    let folder = Folder::new("bytes").file("noise.ax", text);
    for format in ["human", "short", "json"] {
        folder.run(&["check", "--message-format", format, "noise.ax"]).exits(1);
    }
}
