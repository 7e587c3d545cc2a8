//! What rustc and cargo say about Rust files, as diagnostics of ours: each at the place in the
//! file, or at the declaration that the file does not fit.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::super::failure::{Exit, Failure};
use super::super::process::Ended;
use super::super::rust::explain_failure;
use super::{Unbuilt, Unit, Work};
use crate::diag::texts::Texts;
use crate::diag::{Code, Diagnostic};
use crate::emit::{Check, safe_path};
use crate::pipeline;
use crate::support::span::{FileId, Span};

/// The diagnostics of rustc, which did not take a file or its border.
pub(super) fn rejected(
    work: &Work<'_>,
    units: &[&Unit<'_>],
    said: Vec<Value>,
    ended: &Ended,
) -> Unbuilt {
    let mut files = Files::new(work);
    let mut found: Vec<Diagnostic> = Vec::new();
    for message in said.iter().filter(|it| it["level"] == "error") {
        let Some(span) = primary(message) else { continue };
        let file = span["file_name"].as_str().unwrap_or_default();
        let border = units.iter().find(|it| file == format!("{}/lib.rs", it.border));
        let problem = match border {
            Some(unit) => at_declaration(unit, message, span),
            None => match files.span(span) {
                Some(place) => at_place(&mut files, message, span, place),
                None => continue,
            },
        };
        // A type that cannot do one thing often cannot do several for one reason.
        if !found
            .iter()
            .any(|it| it.span() == problem.span() && it.message == problem.message)
        {
            found.push(problem);
        }
    }
    if found.is_empty() {
        return foreign_failure(work, units, &said, ended);
    }
    found.sort_by_key(|it| (it.span().file, it.span().lo, it.code));
    Unbuilt::Rejected { texts: files.texts(), problems: found, exit: Exit::Rejected }
}

/// Rustc failed, but not because of a file of the program: a crate does not compile, or the
/// compiler itself has a fault.
fn foreign_failure(
    work: &Work<'_>,
    units: &[&Unit<'_>],
    said: &[Value],
    ended: &Ended,
) -> Unbuilt {
    let own = |it: &&Value| {
        let package = it["package"].as_str().unwrap_or_default();
        !units
            .iter()
            .any(|unit| [&unit.of.name, &unit.of.border].contains(&&package.to_owned()))
    };
    let first = said.iter().filter(|it| it["level"] == "error").find(own);
    let crate_name = first.and_then(|it| it["package"].as_str());
    let Some((message, name)) = first.zip(crate_name) else {
        let shown = &work.job.files[units[0].of.file].name;
        return explain_failure(ended, shown, &[], work.toolchain).into();
    };
    let text = message["message"].as_str().unwrap_or("it does not say why");
    let headline = format!("crate `{name}` does not compile");
    let span = units[0].of.span;
    let problem =
        Diagnostic::error(Code::Toolchain, headline, span, "needed by this file")
            .note(format!("the Rust compiler says: {text}"))
            .help("ask for another version of the crate that uses it");
    work.rejected(vec![problem], Exit::Toolchain)
}

/// The innermost span of a diagnostic that is about text of a file and not of a macro.
fn primary(message: &Value) -> Option<&Value> {
    let spans = message["spans"].as_array()?;
    let mut span = spans.iter().find(|it| it["is_primary"] == true)?;
    while span["expansion"].is_object() {
        span = &span["expansion"]["span"];
    }
    Some(span)
}

/// A line of a border did not compile: the file does not fit its declaration.
fn at_declaration(unit: &Unit<'_>, message: &Value, span: &Value) -> Diagnostic {
    let line = span["line_start"].as_u64().unwrap_or(0);
    let of = unit.of;
    let check = of.checks.iter().find(|it| u64::from(it.0) == line);
    let text = message["message"].as_str().unwrap_or_default();
    let said = format!("the Rust compiler says: {text}");
    let error = |headline: String, span: Span| {
        Diagnostic::error(Code::NativeSignature, headline, span, "declared here")
    };
    match check {
        None => error("the Rust file does not fit its declarations".to_owned(), of.span)
            .note(said),
        Some((_, Check::Type(name), span)) => error(
            format!("Rust type `{name}` cannot be used from outside of its file"),
            *span,
        )
        .note(said)
        .help(format!("make `{name}` a `pub` type of the file")),
        Some((_, Check::Ability(name, ability), span)) => {
            let (why, help) = match *ability {
                "Clone" => (
                    "values of the language can be copied",
                    format!("write `#[derive(Clone)]` before `{name}`"),
                ),
                "Send" => (
                    "values of the language go from one worker to another",
                    "use `Arc` for `Rc`, and no pointers".to_owned(),
                ),
                _ => (
                    "copies of a value may be looked at by several workers at once",
                    "use `Mutex` or atomics for `RefCell` and `Cell`".to_owned(),
                ),
            };
            error(format!("opaque type `{name}` is not `{ability}`"), *span)
                .note(why)
                .help(help)
        }
        Some((_, Check::Function(name), span)) => {
            error(format!("Rust function `{name}` does not fit its declaration"), *span)
                .note(said)
                .note("a name in its signature stands for another type than it seems to")
        }
        Some((_, Check::Shown(name), span)) => error(
            format!("what `{name}` fails with has no text"),
            *span,
        )
        .note("the error of its `Result` becomes the message of a `NativeException`")
        .help("implement `Display` for it, or use `String`"),
    }
}

/// A mistake in the text of a file.
fn at_place(
    files: &mut Files<'_>,
    message: &Value,
    primary: &Value,
    place: Span,
) -> Diagnostic {
    let text = |it: &Value| it.as_str().map(str::to_owned);
    let headline = text(&message["message"]).unwrap_or_default();
    let label = text(&primary["label"]).unwrap_or_else(|| "found here".to_owned());
    let mut problem = Diagnostic::error(
        Code::NativeSignature,
        one_line(&headline),
        place,
        one_line(&label),
    );
    let spans = message["spans"].as_array().into_iter().flatten();
    for span in spans.filter(|it| it["is_primary"] == false) {
        if let Some((place, label)) = files.span(span).zip(text(&span["label"])) {
            problem = problem.label(place, one_line(&label));
        }
    }
    let name = match text(&message["code"]["code"]) {
        Some(code) => format!(
            "found by the Rust compiler, which explains it: `rustc --explain {code}`"
        ),
        None => "found by the Rust compiler".to_owned(),
    };
    problem.note(name)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Texts that diagnostics point into: those of the program, and further files of Rust that
/// its own lead to.
struct Files<'a> {
    work: &'a Work<'a>,
    /// Id of the first Rust file.
    first: usize,
    more: Vec<(String, String)>,
}

impl<'a> Files<'a> {
    fn new(work: &'a Work<'a>) -> Self {
        let first = pipeline::n_texts(work.job.sources.files());
        Self { work, first, more: Vec::new() }
    }

    /// The place of a span of rustc's; `None` if it is in no file of the program.
    fn span(&mut self, span: &Value) -> Option<Span> {
        let name = span["file_name"].as_str()?;
        let bytes =
            |key: &str| span[key].as_u64().and_then(|it| usize::try_from(it).ok());
        let (lo, hi) = (bytes("byte_start")?, bytes("byte_end")?);
        Some(Span::new(self.file(name)?, lo, hi))
    }

    fn file(&mut self, path: &str) -> Option<FileId> {
        let inside = path.strip_prefix("copy").and_then(|it| it.split_once("/../"));
        let name = inside.map_or(path, |it| it.1);
        let own = &self.work.job.files;
        let n_own = own.len();
        let index = match own.iter().position(|it| safe_path(&it.name) == name) {
            Some(index) => index,
            None => {
                let known = self.more.iter().position(|it| it.0 == name);
                // What lies elsewhere is no file of the program.
                let at = known.or_else(|| {
                    let elsewhere = Path::new(path).is_absolute() || inside.is_none();
                    if elsewhere {
                        return None;
                    }
                    let text = fs::read_to_string(self.work.folder.join(path)).ok()?;
                    self.more.push((name.to_owned(), text));
                    Some(self.more.len() - 1)
                })?;
                n_own + at
            }
        };
        Some(FileId(u32::try_from(self.first + index).ok()?))
    }

    fn texts(self) -> Texts {
        pipeline::all_texts_and(self.work.job.sources, &self.more)
    }
}

/// Cargo is not there.
pub(super) fn no_cargo(work: &Work<'_>) -> Unbuilt {
    let of = work.job.crates.iter().find(|it| !it.crates.is_empty());
    let span = of.map_or_else(Span::default, |it| it.crates[0].2);
    let problem = Diagnostic::error(
        Code::Toolchain,
        "no cargo found, which fetches the crates of native code",
        span,
        "asked for here",
    )
    .help("install all of Rust: `rustup update stable`");
    work.rejected(vec![problem], Exit::Toolchain)
}

/// Cargo is there, but does not start.
pub(super) fn not_started(
    _work: &Work<'_>,
    cargo: &Path,
    error: &std::io::Error,
) -> Unbuilt {
    let message = format!("cannot start `{}`", cargo.display());
    let failure = Failure::new(Exit::Toolchain, Code::Toolchain, message);
    failure.note(super::super::source::reason(error)).into()
}

/// Cargo cannot provide the crates: there are none such, or no network.
pub(super) fn unprovided(work: &Work<'_>, units: &[&Unit<'_>], ended: &Ended) -> Unbuilt {
    let folder = work.folder.to_string_lossy();
    let is_ours = |line: &str| line.contains(&*folder) || line.contains("Updating");
    let said: Vec<&str> = ended
        .said
        .lines()
        .skip_while(|it| !it.starts_with("error"))
        .map(|it| it.trim_start_matches("error:").trim())
        .filter(|it| !it.is_empty() && !is_ours(it))
        .collect();
    let mentions = |name: &str| said.iter().any(|it| it.contains(&format!("`{name}")));
    let all = units.iter().flat_map(|it| &it.of.crates);
    let wanted = all.clone().find(|it| mentions(&it.0)).or_else(|| all.clone().next());
    let (name, span) = match wanted {
        Some((name, _, span)) => (name.as_str(), *span),
        None => ("", units[0].of.span),
    };
    let offline =
        ["network", "download", "resolve host", "connect", "offline", "timed out"];
    let no_network = said.iter().any(|it| offline.iter().any(|word| it.contains(word)));
    let mut problem = Diagnostic::error(
        Code::Toolchain,
        format!("crate `{name}` cannot be had"),
        span,
        "asked for here",
    );
    for line in said.iter().take(4) {
        problem = problem.note(format!("cargo says: {line}"));
    }
    let problem = problem.help(match no_network {
        true => {
            "connect to a network once: what is downloaded then is kept, and the lock file \
             beside the program says what that is"
        }
        false => "see which versions and features the crate has: `cargo info NAME`",
    });
    work.rejected(vec![problem], Exit::Toolchain)
}
