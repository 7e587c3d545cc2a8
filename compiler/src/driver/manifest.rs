//! What `axum.toml` says, and what is wrong with it. It reads no files and follows no
//! dependency; `package` does.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diag::suggest::closest;
use crate::diag::words::code_list;
use crate::diag::{Code, Diagnostic};
use crate::support::span::{FileId, Span};

/// A manifest, as far as it could be understood.
#[derive(Debug, Default)]
pub(super) struct Manifest {
    pub(super) name: String,
    pub(super) name_span: Span,
    pub(super) version: Option<String>,
    /// In order of their names.
    pub(super) dependencies: Vec<Dependency>,
}

/// `name = { path = "…" }`
#[derive(Debug)]
pub(super) struct Dependency {
    pub(super) name: String,
    pub(super) name_span: Span,
    pub(super) path: String,
    pub(super) path_span: Span,
}

const TOP: &[&str] = &["package", "dependencies"];
const PACKAGE: &[&str] = &["name", "version"];
const DEPENDENCY: &[&str] = &["path"];

/// Longer names only serve to fill a path.
const MAX_NAME: usize = 64;

/// Reads a manifest.
pub(super) fn parse(file: FileId, text: &str) -> (Manifest, Vec<Diagnostic>) {
    let mut reader = Reader { file, found: Vec::new() };
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let span = reader.span(error.span().unwrap_or(0..0));
        reader.report("this is not TOML", span, said(error.message()));
    }
    let manifest = reader.manifest(table.get_ref(), errors.is_empty());
    let mut found = reader.found;
    found.sort_by_key(|it| it.span().lo);
    (manifest, found)
}

/// What the reader of TOML says, in the words of this house.
fn said(message: &str) -> String {
    message.replace("invalid", "malformed")
}

/// Whether a package may be called so: ASCII letters, digits, `-` and `_`, a letter first.
pub(super) fn is_name(name: &str) -> bool {
    let fits = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '_';
    name.starts_with(|it: char| it.is_ascii_alphabetic())
        && name.len() <= MAX_NAME
        && name.chars().all(fits)
}

/// The rule that [`is_name`] checks.
pub(super) const NAME_RULE: &str =
    "a name is of letters, digits, `-` and `_`, begins with a letter, and has at most 64";

/// Whether the text is `MAJOR.MINOR.PATCH`, with what semantic versions allow behind it.
fn is_version(text: &str) -> bool {
    let (text, build) = text.split_once('+').map_or((text, None), |(a, b)| (a, Some(b)));
    let (core, before) = text.split_once('-').map_or((text, None), |(a, b)| (a, Some(b)));
    let number = |it: &str| {
        let digits = !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
        digits && (it == "0" || !it.starts_with('0')) && it.parse::<u64>().is_ok()
    };
    let word = |it: &str| {
        !it.is_empty() && it.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-')
    };
    core.split('.').count() == 3
        && core.split('.').all(number)
        && before.into_iter().chain(build).all(|it| it.split('.').all(word))
}

struct Reader {
    file: FileId,
    found: Vec<Diagnostic>,
}

impl Reader {
    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.file, range.start, range.end)
    }

    fn report(
        &mut self,
        message: impl Into<String>,
        span: Span,
        label: impl Into<String>,
    ) -> &mut Diagnostic {
        self.found.push(Diagnostic::error(Code::Manifest, message, span, label));
        self.found.last_mut().expect("it was just added")
    }

    fn manifest(&mut self, top: &DeTable<'_>, whole: bool) -> Manifest {
        let meant = self.keys(top, TOP, "a manifest");
        let mut manifest = Manifest::default();
        match top.get("package") {
            Some(package) => {
                if let Some(table) = self.table(package, "`package`") {
                    self.package(package.span(), table, whole, &mut manifest);
                }
            }
            // What did not parse may have been it.
            None if whole && !meant.contains(&"package") => {
                let start = self.span(0..0);
                let message = "the manifest names no package";
                let problem = self.report(message, start, "expected a table `[package]`");
                problem.help.push("begin with `[package]` and `name = \"…\"`".into());
            }
            None => {}
        }
        if let Some(list) = top.get("dependencies")
            && let Some(table) = self.table(list, "`dependencies`")
        {
            for (key, value) in table.iter() {
                manifest.dependencies.extend(self.dependency(key, value));
            }
        }
        manifest
    }

    fn package(
        &mut self,
        header: Range<usize>,
        table: &DeTable<'_>,
        whole: bool,
        manifest: &mut Manifest,
    ) {
        let meant = self.keys(table, PACKAGE, "`[package]`");
        match table.get("name") {
            Some(value) => {
                if let Some(name) = self.text(value, "`name`") {
                    manifest.name = name.to_owned();
                    manifest.name_span = self.span(value.span());
                    if !is_name(name) {
                        let span = manifest.name_span;
                        let message = format!("`{name}` cannot be the name of a package");
                        self.report(message, span, NAME_RULE);
                    }
                }
            }
            None if whole && !meant.contains(&"name") => {
                let span = self.span(header);
                self.report("the package has no name", span, "`name` is missing here");
            }
            None => {}
        }
        if let Some(value) = table.get("version")
            && let Some(version) = self.text(value, "`version`")
        {
            if is_version(version) {
                manifest.version = Some(version.to_owned());
            } else {
                let span = self.span(value.span());
                let message = format!("`{version}` is no version");
                self.report(message, span, "expected three numbers, as in `1.0.2`");
            }
        }
    }

    fn dependency(
        &mut self,
        key: &Spanned<std::borrow::Cow<'_, str>>,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<Dependency> {
        let name = key.get_ref().to_string();
        let name_span = self.span(key.span());
        let span = self.span(value.span());
        let DeValue::Table(table) = value.get_ref() else {
            let message = format!("dependency `{name}` does not say where it is");
            let label =
                format!("a {}; expected a table with a path", value.get_ref().type_str());
            let problem = self.report(message, span, label);
            problem.help.push(format!("write `{name} = {{ path = \"../{name}\" }}`"));
            return None;
        };
        let meant = self.keys(table, DEPENDENCY, "a dependency");
        let Some(path) = table.get("path") else {
            if meant.contains(&"path") {
                return None;
            }
            let message = format!("dependency `{name}` does not say where it is");
            let problem = self.report(message, span, "`path` is missing here");
            problem.help.push(format!("write `{name} = {{ path = \"../{name}\" }}`"));
            return None;
        };
        let path_span = self.span(path.span());
        let path = self.text(path, "`path`")?.to_owned();
        if path.is_empty() {
            let message = format!("the path of dependency `{name}` is empty");
            self.report(message, path_span, "expected a folder");
            return None;
        }
        Some(Dependency { name, name_span, path, path_span })
    }

    /// Reports keys that are none of `known`; a misspelt one that was passed over would be
    /// found late. Gives those that were meant: they are not missing.
    fn keys(
        &mut self,
        table: &DeTable<'_>,
        known: &[&'static str],
        place: &str,
    ) -> Vec<&'static str> {
        let mut meant = Vec::new();
        for key in table.keys().filter(|it| !known.contains(&&**it.get_ref())) {
            let (name, span) = (key.get_ref(), self.span(key.span()));
            let message = format!("{place} has no key `{name}`");
            let label = format!("expected {}", code_list(known, "or"));
            let problem = self.report(message, span, label);
            if let Some(close) = closest(name, known.iter().copied()) {
                let fix = problem
                    .clone()
                    .fix(format!("use `{close}`"), vec![(span, close.to_owned())]);
                *problem = fix;
                meant.push(close);
            }
        }
        meant
    }

    fn table<'t, 'i>(
        &mut self,
        value: &'t Spanned<DeValue<'i>>,
        what: &str,
    ) -> Option<&'t DeTable<'i>> {
        if let DeValue::Table(table) = value.get_ref() {
            return Some(table);
        }
        self.mismatch(value, what, "a table");
        None
    }

    fn text<'t>(
        &mut self,
        value: &'t Spanned<DeValue<'_>>,
        what: &str,
    ) -> Option<&'t str> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.mismatch(value, what, "a text in quotes");
        }
        text
    }

    fn mismatch(&mut self, value: &Spanned<DeValue<'_>>, what: &str, expected: &str) {
        let found = match value.get_ref() {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) | DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "a truth value",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        let span = self.span(value.span());
        let message = format!("{what} is {found}, expected {expected}");
        self.report(message, span, format!("{found} stands here"));
    }
}

#[cfg(test)]
mod tests {
    //! What names and versions look like.

    use super::{is_name, is_version};

    #[test]
    fn names_are_plain() {
        for name in ["a", "shop", "Shop2", "my-shop_2"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "2shop", "-a", "a b", "a.b", "ä", "a/b", &"a".repeat(65)] {
            assert!(!is_name(name), "{name}");
        }
    }

    #[test]
    fn versions_are_semantic() {
        for version in ["0.1.0", "1.20.3", "1.0.0-rc.1", "1.0.0+b-2", "1.0.0-a+b"] {
            assert!(is_version(version), "{version}");
        }
        for version in ["", "1", "1.0", "1.0.0.0", "01.0.0", "1.0.x", "1.0.0-", "v1.0.0"]
        {
            assert!(!is_version(version), "{version}");
        }
    }
}
