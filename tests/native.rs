//! Native code as the command and the driver build it: by rustc alone and by cargo, which must
//! come to the same; what only a Rust compiler finds; what is trusted. What `check` finds is
//! tested in `ui`, what programs do in `run`.
#![forbid(unsafe_code)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use axum_tests::compiler;
use axumc::driver::{self, Linked, NativeJob, Unbuilt, Way};
use axumc::emit::Output;
use axumc::pipeline::{RustFile, SourceFile, Sources};

const PROGRAM: &str = r#"
native "tools.rs" {
    opaque type Handle;
    function Handle Open(int n);
    function int Read(Handle handle);
    int Fail(bool panics) throws;
}
agent Main : ConsoleApplication {
    override int Run(string[] args) {
        Console.WriteLine(Read(Open(20)) + 1);
        try { Fail(false); } catch (NativeException e) { Console.WriteLine(e.Message); }
        try { Fail(true); } catch (NativeException e) { Console.WriteLine(e.Message); }
        return 0;
    }
}
"#;

const TOOLS: &str = r#"//! What the program calls.
#[derive(Clone)]
pub struct Handle(i32);
pub fn open(n: i32) -> Handle {
    Handle(n * 2)
}
pub fn read(handle: &Handle) -> i32 {
    handle.0
}
pub fn fail(panics: bool) -> Result<i32, String> {
    if panics { panic!("broken") }
    Err("no such thing".to_string())
}
"#;

/// A folder of a test's own with a program, gone when the test is done.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str, program: &str, tools: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("the target folder is writable");
        fs::write(path.join("main.ax"), program).expect("writable");
        fs::write(path.join("tools.rs"), tools).expect("writable");
        Self(path)
    }

    fn cache() -> PathBuf {
        Path::new(env!("CARGO_TARGET_TMPDIR")).join("native-cache")
    }

    /// The command with these arguments: exit code, stdout, stderr.
    fn axumc(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_axumc-under-test"));
        command.args(arguments).current_dir(&self.0).stdin(Stdio::null());
        command.env("AXUM_CACHE", Self::cache()).env("NO_COLOR", "1");
        // No test asks a network: what is not there is not to be had.
        command.env("CARGO_NET_OFFLINE", "true");
        command.env_remove("RUSTC").env_remove("RUST_BACKTRACE");
        let output = command.output().expect("the command starts");
        let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
        (output.status.code(), text(output.stdout), text(output.stderr))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A program that was compiled, but for what links its native code.
struct Compiled {
    folder: Folder,
    sources: Vec<SourceFile>,
    rust: Vec<RustFile>,
    output: Output,
}

impl Compiled {
    fn new(test: &str, tools: &str) -> Self {
        let folder = Folder::new(test, PROGRAM, tools);
        let source = SourceFile { name: "main.ax".to_owned(), text: PROGRAM.to_owned() };
        let sources = vec![source];
        let rust = driver::rust_files(&sources, &folder.0);
        let output = compiler::compile(Sources::from(&sources).with_rust(&rust));
        let output = output.unwrap_or_else(|it| panic!("{it}"));
        Self { folder, sources, rust, output }
    }

    fn link(&self, way: Way) -> Result<Linked, Unbuilt> {
        let job = NativeJob {
            sources: Sources::from(&self.sources).with_rust(&self.rust),
            files: &self.rust,
            base: &self.folder.0,
            crates: &self.output.foreign,
            origin: &self.folder.0.join(format!("{way:?}")),
            lock: self.folder.0.join(format!("{way:?}.lock")),
        };
        driver::foreign(&Folder::cache(), &job, way)
    }

    /// What the program writes, with its native code linked like that.
    fn run(&self, linked: &Linked, name: &str) -> String {
        let toolkit = driver::toolkit(&Folder::cache(), self.output.flavour);
        let toolkit = toolkit.unwrap_or_else(|it| panic!("{}", it.diagnostic.message));
        let sources = self.folder.0.join("crate");
        driver::write_crate(&sources, &self.output.files)
            .unwrap_or_else(|it| panic!("{}", it.diagnostic.message));
        let executable = self.folder.0.join(name);
        let mut command = Command::new(&toolkit.rustc);
        command.current_dir(&sources).arg("main.rs").args(toolkit.runtime.flags());
        command.args(driver::program_flags(&self.output.files, &["main.ax"], false));
        command.args(&linked.flags).arg("-Dwarnings").arg("-o").arg(&executable);
        let ended = command.output().expect("rustc starts");
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
        let ran = Command::new(executable).output().expect("the program starts");
        String::from_utf8_lossy(&ran.stdout).into_owned()
    }
}

const WRITTEN: &str = "41\nno such thing\nbroken (tools.rs:11)\n";

#[test]
fn rustc_and_cargo_make_the_same() {
    let compiled = Compiled::new("native-ways", TOOLS);
    for way in [Way::Shortest, Way::Cargo] {
        let linked = compiled.link(way).unwrap_or_else(|it| panic!("{it:?}"));
        assert_eq!(
            compiled.run(&linked, &format!("{way:?}-program")),
            WRITTEN,
            "{way:?}"
        );
        // Nothing changed, so the same comes of it.
        let again = compiled.link(way).unwrap_or_else(|it| panic!("{it:?}"));
        assert_eq!((again.flags, again.key), (linked.flags, linked.key));
    }
    assert!(compiled.folder.0.join("Cargo.lock").is_file(), "cargo keeps its choice");
    assert!(!compiled.folder.0.join("Shortest.lock").exists());
}

#[test]
fn rustc_and_cargo_report_the_same() {
    let broken = [
        TOOLS.replace("handle.0\n", "handle.1\n"),
        TOOLS.replace("#[derive(Clone)]", ""),
        TOOLS
            .replace("(i32);", "(i32, std::rc::Rc<i32>);")
            .replace("n * 2", "n, n.into()"),
        TOOLS.replace("Handle(n * 2)", "let n: &str = n;\n    Handle(0)"),
    ];
    for (index, tools) in broken.iter().enumerate() {
        let compiled = Compiled::new(&format!("native-reports-{index}"), tools);
        let reports = [Way::Shortest, Way::Cargo].map(|way| match compiled.link(way) {
            Err(Unbuilt::Rejected { texts, problems, exit }) => {
                assert_eq!(exit.code(), 1);
                compiler::rendered(&texts, &problems)
            }
            other => panic!("it was to be rejected: {other:?}"),
        });
        assert!(reports[0].contains("error[AX1004]"), "{}", reports[0]);
        assert_eq!(reports[0], reports[1]);
    }
}

/// The flags that decide what comes out, from a command line.
fn flags(command: &str) -> BTreeSet<String> {
    let words = command
        .replace('"', " ")
        .replace("-C ", "-C")
        .replace("--crate-type ", "--crate-type=");
    let decide = [
        "--edition=",
        "--crate-type=",
        "-Copt-level",
        "-Ccodegen-units",
        "-Cdebuginfo",
        "-Coverflow",
        "-Cdebug-assertions",
        "-Cpanic",
        "-Clto",
        "-Ctarget",
        "--cfg",
    ];
    let words = words.split_whitespace().map(|it| it.trim_matches('\'').to_owned());
    words.filter(|it| decide.iter().any(|flag| it.starts_with(flag))).collect()
}

#[test]
fn rustc_and_cargo_are_told_the_same() {
    let compiled = Compiled::new("native-flags", TOOLS);
    // What an earlier run of this test left would not be compiled again.
    for old in
        fs::read_dir(Folder::cache().join("native")).into_iter().flatten().flatten()
    {
        let notes = fs::read_to_string(old.path().join(".links")).unwrap_or_default();
        if notes.contains("native-flags") {
            let _ = fs::remove_dir_all(old.path());
        }
    }
    let (code, _, said) = compiled.folder.axumc(&["-v", "build", "main.ax"]);
    assert_eq!(code, Some(0), "{said}");
    let direct =
        said.lines().find(|it| it.contains("tools_native") && it.contains("tools.rs"));
    let direct = flags(direct.expect("rustc is called for the file"));
    compiled.link(Way::Cargo).unwrap_or_else(|it| panic!("{it:?}"));
    // In the folder in which cargo worked, with another place for what it makes.
    let work = fs::read_dir(Folder::cache().join("native")).expect("it was made");
    let is_it = |it: &PathBuf| {
        let notes = fs::read_to_string(it.join(".links")).unwrap_or_default();
        notes.contains("native-flags") && it.join("Cargo.toml").is_file()
    };
    let work =
        work.flatten().map(|it| it.path()).find(is_it).expect("cargo worked there");
    let cargo = std::env::var_os("CARGO").expect("cargo runs the tests");
    let mut command = Command::new(cargo);
    command.current_dir(work).args(["build", "-v", "--offline", "--target-dir", "other"]);
    command.env("CARGO_ENCODED_RUSTFLAGS", "").env_remove("RUSTFLAGS");
    let output = command.output().expect("cargo starts");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let is_it =
        |it: &&str| it.contains("Running") && it.contains("--crate-name tools_native");
    let cargo = said.lines().find(is_it).expect("cargo calls rustc for the file");
    assert_eq!(direct, flags(cargo), "{said}");
    assert_eq!(direct.len(), 5, "{direct:?}");
}

#[test]
fn what_only_a_compiler_finds_is_told_where_it_is() {
    let tools =
        TOOLS.replace("handle.0\n", "handle.0 + helper::NONE\n") + "mod helper;\n";
    let folder = Folder::new("native-build", PROGRAM, &tools);
    fs::write(folder.0.join("helper.rs"), "//! Help.\npub const NONE: i32 = \"\";\n")
        .expect("writable");
    assert_eq!(folder.axumc(&["check", "main.ax"]).0, Some(0));
    let (code, _, said) =
        folder.axumc(&["--message-format", "short", "build", "main.ax"]);
    assert_eq!(code, Some(1), "{said}");
    assert_eq!(said, "helper.rs:2:23: error[AX1004]: mismatched types\n");
}

#[test]
fn what_opaque_types_lack_is_told_at_their_declaration() {
    let tools = TOOLS.replace("#[derive(Clone)]", "");
    let folder = Folder::new("native-clone", PROGRAM, &tools);
    let (code, _, said) = folder.axumc(&["--message-format", "short", "run", "main.ax"]);
    assert_eq!(code, Some(1), "{said}");
    let expected = "main.ax:3:17: error[AX1004]: opaque type `Handle` is not `Clone`\n";
    assert!(said.starts_with(expected), "{said}");
    let tools = TOOLS.replace("Result<i32, String>", "Result<i32, Handle>");
    let tools = tools.replace("\"no such thing\".to_string()", "Handle(0)");
    let folder = Folder::new("native-shown", PROGRAM, &tools);
    let (code, _, said) =
        folder.axumc(&["--message-format", "short", "build", "main.ax"]);
    assert_eq!(code, Some(1), "{said}");
    assert_eq!(said, "main.ax:6:9: error[AX1004]: what `fail` fails with has no text\n");
}

#[test]
fn a_crate_that_cannot_be_had_is_told_where_it_is_asked_for() {
    let program = PROGRAM.replace(
        "native \"tools.rs\" {",
        "native \"tools.rs\" uses { axum-none = \"1\" } {",
    );
    let program = program.replace("axum-none", "\"axum-tests-no-such-crate\"");
    let folder = Folder::new("native-crate", &program, TOOLS);
    let (code, _, said) = folder.axumc(&["build", "main.ax"]);
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("crate `axum-tests-no-such-crate` cannot be had"), "{said}");
    assert!(said.contains("main.ax:2:26"), "{said}");
    assert!(!said.contains("/native/"), "names a folder of this machine: {said}");
}

#[test]
fn native_code_is_listed_or_denied_on_demand() {
    let folder = Folder::new("native-trust", PROGRAM, TOOLS);
    let (code, _, said) = folder.axumc(&["check", "--deny", "warnings", "main.ax"]);
    assert_eq!((code, said.as_str()), (Some(0), ""));
    let (code, _, said) = folder.axumc(&["check", "--warn", "native", "main.ax"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("warning[AX1005]: `tools.rs` is Rust code"), "{said}");
    assert!(said.contains("3 functions: `Open`, `Read` and `Fail`; 2 promise"), "{said}");
    let (code, _, said) = folder.axumc(&["check", "--deny", "native", "main.ax"]);
    assert_eq!(code, Some(1), "{said}");
    let (code, ..) = folder.axumc(&["build", "--deny", "AX1005", "main.ax"]);
    assert_eq!(code, Some(1));
}

#[test]
fn the_project_of_a_program_with_native_code_builds() {
    let folder = Folder::new("native-project", PROGRAM, TOOLS);
    for _ in 0..2 {
        let (code, _, said) = folder.axumc(&["build", "--emit", "rust", "main.ax"]);
        assert_eq!(code, Some(0), "{said}");
    }
    let cargo = std::env::var_os("CARGO").expect("cargo runs the tests");
    let mut command = Command::new(cargo);
    command.current_dir(folder.0.join("main-rust")).args([
        "check",
        "--offline",
        "--quiet",
    ]);
    command.env("CARGO_TARGET_DIR", folder.0.join("target"));
    let output = command.output().expect("cargo starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
