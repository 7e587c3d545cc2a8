//! The copy of the repository in which the compiler is changed: made, built, run.
//! What the changes are is `rewrite`'s.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

/// A change that takes longer than this for all its cases goes on for ever.
const PATIENCE: Duration = Duration::from_secs(120);
/// The same before the first word: a judge looks at all cases as they are before it begins.
const PATIENCE_AT_FIRST: Duration = Duration::from_secs(600);

/// Where it is.
#[derive(Debug)]
pub struct Scratch {
    pub folder: PathBuf,
    target: PathBuf,
}

/// What became of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// No case comes to the place.
    Unreached,
    /// A case would fail.
    Noticed(String),
    /// The compiler would die of it.
    Died,
    /// What is found stays, but its labels or helps say something else.
    Says(String),
    /// All cases stay as they are, but other Rust comes of an accepted program.
    Builds(String),
    Survived,
}

impl Scratch {
    /// Copies what the compiler is built from, and what cases are read from.
    pub fn new(root: &Path) -> io::Result<Self> {
        let folder = root.join("target/schemata");
        fs::create_dir_all(&folder)?;
        for part in [
            "compiler",
            "runtime",
            "stdlib",
            "tests/src",
            "tests/ui",
            "tests/run",
            "examples",
            "docs",
        ] {
            copy(&root.join(part), &folder.join(part))?;
        }
        for file in ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml"] {
            put(&folder.join(file), &fs::read(root.join(file))?)?;
        }
        let manifest = fs::read_to_string(root.join("tests/Cargo.toml"))?;
        let manifest = manifest.split("[[test]]").next().unwrap_or_default();
        let judge = "[[bin]]\nname = \"judge\"\npath = \"src/judge.rs\"\n";
        put(&folder.join("tests/Cargo.toml"), format!("{manifest}{judge}").as_bytes())?;
        put(&folder.join("tests/src/judge.rs"), include_bytes!("../judge.rs"))?;
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| folder.join("target"), PathBuf::from);
        Ok(Self { folder, target })
    }

    /// Writes a file of the compiler.
    pub fn write(&self, file: &str, text: &str) -> io::Result<()> {
        put(&self.folder.join("compiler/src").join(file), text.as_bytes())
    }

    fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("cargo");
        command.current_dir(&self.folder).args(arguments);
        command.env("CARGO_TARGET_DIR", &self.target);
        // Cases are checked thousands of times, yet the compiler has to be built first.
        command.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
        command.env("CARGO_PROFILE_RELEASE_INCREMENTAL", "true");
        command.env("RUSTFLAGS", "--cap-lints=allow");
        command
    }

    /// The numbers that stand where rustc finds errors; empty if it finds none.
    pub fn errors(&self) -> io::Result<BTreeSet<u32>> {
        let mut command = self.cargo(&[
            "check",
            "--release",
            "-q",
            "-p",
            "axumc",
            "--message-format=json",
        ]);
        let output = command.stderr(Stdio::inherit()).output()?;
        let mut found = BTreeSet::new();
        let mut texts = Vec::new();
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            let Ok(message) = serde_json::from_str::<serde_json::Value>(line) else {
                continue;
            };
            let message = &message["message"];
            if message["level"] != "error" {
                continue;
            }
            texts.push(message["rendered"].as_str().unwrap_or_default().to_owned());
            for span in message["spans"].as_array().into_iter().flatten() {
                if span["is_primary"] == true {
                    found.extend(self.numbers(span));
                }
            }
        }
        if !output.status.success() && found.is_empty() {
            return Err(io::Error::other(texts.join("\n")));
        }
        Ok(found)
    }

    /// The numbers on the lines of a span.
    fn numbers(&self, span: &serde_json::Value) -> Vec<u32> {
        let Some(file) = span["file_name"].as_str() else { return Vec::new() };
        let text = fs::read_to_string(self.folder.join(file)).unwrap_or_default();
        let line = |name: &str| span[name].as_u64().unwrap_or(1) as usize;
        let lines: Vec<&str> = text.lines().collect();
        let (mut from, to) =
            (line("line_start").min(lines.len()), line("line_end").min(lines.len()));
        // The switch of what stands in a template is a few lines above it.
        let mut found = Vec::new();
        let lowest = from.saturating_sub(12);
        while from > lowest.max(1) && numbers_on(&lines[from - 1..to]).is_empty() {
            from -= 1;
        }
        found.extend(numbers_on(&lines[from - 1..to]));
        found
    }

    /// Builds the judge.
    pub fn build(&self) -> io::Result<PathBuf> {
        succeed(self.cargo(&[
            "build",
            "--release",
            "-q",
            "-p",
            "axum-tests",
            "--bin",
            "judge",
        ]))?;
        Ok(self.target.join("release/judge"))
    }

    /// Builds the tests of the phases.
    pub fn build_tests(&self) -> io::Result<PathBuf> {
        let mut command = self.cargo(&[
            "test",
            "--release",
            "-q",
            "-p",
            "axumc",
            "--lib",
            "--no-run",
            "--message-format=json",
        ]);
        let output = command.stderr(Stdio::inherit()).output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let made = text.lines().filter_map(|line| {
            let message: serde_json::Value = serde_json::from_str(line).ok()?;
            message["executable"].as_str().map(PathBuf::from)
        });
        made.last().ok_or_else(|| io::Error::other("the tests do not build"))
    }

    /// What becomes of every `step`th of these changes from the `from`th on.
    pub fn judge(
        &self,
        judge: &Path,
        ids: &[u32],
        from: usize,
        step: usize,
    ) -> io::Result<Vec<(u32, Fate)>> {
        let list = self.folder.join("ids.txt");
        let mut fates = Vec::new();
        let mut next = from;
        while next < ids.len() {
            let mut child = Command::new(judge)
                .arg(&list)
                .args([next.to_string(), step.to_string()])
                .current_dir(&self.folder)
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()?;
            let lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
            let (sender, receiver) = mpsc::channel();
            std::thread::spawn(move || {
                for line in lines.map_while(Result::ok) {
                    if sender.send(line).is_err() {
                        return;
                    }
                }
            });
            let mut begun = None;
            let mut patience = PATIENCE_AT_FIRST;
            loop {
                let line = match receiver.recv_timeout(patience) {
                    Ok(line) => line,
                    Err(RecvTimeoutError::Timeout) => {
                        let _ = child.kill();
                        break;
                    }
                    Err(RecvTimeoutError::Disconnected) => break,
                };
                patience = PATIENCE;
                let mut words = line.splitn(3, ' ');
                let id = words
                    .next()
                    .and_then(|it| it.parse::<u32>().ok())
                    .unwrap_or_default();
                let fate = match words.next().unwrap_or_default() {
                    "begun" => {
                        begun = Some(id);
                        continue;
                    }
                    "unreached" => Fate::Unreached,
                    "noticed" => {
                        Fate::Noticed(words.next().unwrap_or_default().to_owned())
                    }
                    "says" => Fate::Says(words.next().unwrap_or_default().to_owned()),
                    "builds" => Fate::Builds(words.next().unwrap_or_default().to_owned()),
                    _ => Fate::Survived,
                };
                fates.push((id, fate));
                if fates.len() % 100 == 0 {
                    eprintln!("{} judged by one judge", fates.len());
                }
                begun = None;
                next += step;
            }
            let ended = child.wait_with_output()?;
            match begun {
                Some(id) => {
                    fates.push((id, Fate::Died));
                    next += step;
                }
                None if next >= ids.len() || ended.status.success() => break,
                None => {
                    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
                    return Err(io::Error::other(format!("the judge stopped: {said}")));
                }
            }
        }
        Ok(fates)
    }

    /// Whether the tests of the rooms' phases notice a change.
    pub fn is_tested(&self, tests: &Path, id: u32, rooms: &[&str]) -> io::Result<bool> {
        let mut command = Command::new(tests);
        command.args(rooms).args(["-q", "--test-threads=1"]);
        command.current_dir(self.folder.join("compiler"));
        command.env("AXUM_SCHEMATA", id.to_string()).env("INSTA_UPDATE", "no");
        command.env("INSTA_WORKSPACE_ROOT", &self.folder);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        Ok(!command.status()?.success())
    }
}

fn numbers_on(lines: &[&str]) -> Vec<u32> {
    let mut found = Vec::new();
    for line in lines {
        for (mark, many) in [("schemata::keep(", false), ("schemata::pick(", true)] {
            for part in line.split(mark).skip(1) {
                let inner = part.split(')').next().unwrap_or_default();
                let mut numbers = inner.split(',').filter_map(|it| {
                    it.trim().trim_end_matches("u32").parse::<u32>().ok()
                });
                let first = numbers.next();
                let n = if many { numbers.next().unwrap_or(1) } else { 1 };
                found.extend(first.into_iter().flat_map(|it| it..it + n));
            }
        }
    }
    found
}

fn succeed(mut command: Command) -> io::Result<()> {
    if command.status()?.success() {
        return Ok(());
    }
    Err(io::Error::other("it does not build"))
}

/// Writes only what differs, so that cargo builds only what it must.
fn put(path: &Path, text: &[u8]) -> io::Result<()> {
    if fs::read(path).is_ok_and(|it| it == text) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}

/// Copies a folder; what is no longer there goes from the copy, too.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (path, name) = (entry.path(), entry.file_name());
        if name == "target" {
            continue;
        }
        let into = to.join(&name);
        names.insert(name);
        if path.is_dir() {
            copy(&path, &into)?;
        } else {
            put(&into, &fs::read(&path)?)?;
        }
    }
    for entry in fs::read_dir(to)? {
        let entry = entry?;
        let path = entry.path();
        if !names.contains(&entry.file_name()) && path.is_file() {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}
