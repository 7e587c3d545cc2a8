//! Places in the program's text, as they are shown to its user. It finds none: the places
//! are those that the compiler kept in the generated code.

use std::fmt;
use std::panic::Location;
use std::sync::OnceLock;

/// `file:line` of a place.
pub(crate) struct Position<'a>(pub(crate) &'a Location<'a>);

impl fmt::Display for Position<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", source(self.0.file()), self.0.line())
    }
}

/// A function of the program: its file, its first and last line, and its name.
pub(crate) type Function = (&'static str, u32, u32, &'static str);

static FUNCTIONS: OnceLock<&'static [Function]> = OnceLock::new();

/// Makes the program's functions known to reports.
pub fn functions(all: &'static [Function]) {
    // A second call in one process is a test's, and of no use to reports.
    let _ = FUNCTIONS.set(all);
}

/// A place in the program that sends on a port or receives from it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PortUse {
    pub(crate) channel: &'static str,
    pub(crate) port: &'static str,
    /// It sends; else it receives.
    pub(crate) sends: bool,
    /// The agent whose code it is; empty for other code.
    pub(crate) agent: &'static str,
    pub(crate) file: &'static str,
    pub(crate) line: u32,
}

/// Channel, port, whether it sends, agent, file and line: a [`PortUse`] in generated code.
type Uses = (&'static str, &'static str, bool, &'static str, &'static str, u32);

static PORT_USES: OnceLock<&'static [Uses]> = OnceLock::new();

/// Makes known to reports where the program uses which port.
pub fn ports(all: &'static [Uses]) {
    // As above.
    let _ = PORT_USES.set(all);
}

pub(crate) fn port_uses() -> Vec<PortUse> {
    let all = PORT_USES.get().copied().unwrap_or(&[]);
    all.iter()
        .map(|&(channel, port, sends, agent, file, line)| PortUse {
            channel,
            port,
            sends,
            agent,
            file,
            line,
        })
        .collect()
}

/// ` in Method`, of the innermost function that has the place, if that is known.
pub(crate) struct Method<'a>(pub(crate) &'a Location<'a>);

impl fmt::Display for Method<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = FUNCTIONS.get().copied().unwrap_or(&[]);
        match method(all, source(self.0.file()), self.0.line()) {
            Some(name) => write!(out, " in {name}"),
            None => Ok(()),
        }
    }
}

fn method(all: &[Function], file: &str, line: u32) -> Option<&'static str> {
    let around = all.iter().filter(|it| it.0 == file && (it.1..=it.2).contains(&line));
    around.min_by_key(|it| it.2 - it.1).map(|it| it.3)
}

/// The name of the file that the user knows. The compiler of the target takes two files of
/// one name for the same, so a second copy of generic code is called `copy1/../main.ax`.
pub(crate) fn source(file: &str) -> &str {
    let rest = file.strip_prefix("copy").and_then(|it| it.split_once("/../"));
    match rest {
        Some((number, name)) if number.bytes().all(|it| it.is_ascii_digit()) => name,
        _ => file,
    }
}

#[cfg(test)]
mod tests {
    use super::{method, source};

    #[test]
    fn copies_have_the_name_of_their_file() {
        assert_eq!(source("copy12/../src/main.ax"), "src/main.ax");
        assert_eq!(source("src/copy1/main.ax"), "src/copy1/main.ax");
        assert_eq!(source("copy/../main.ax"), "main.ax");
        assert_eq!(source("copies/../main.ax"), "copies/../main.ax");
    }

    #[test]
    fn the_innermost_function_has_a_place() {
        let all =
            &[("a.ax", 1, 9, "A.M"), ("a.ax", 3, 4, "A.M.Local"), ("b.ax", 1, 1, "B")];
        assert_eq!(method(all, "a.ax", 2), Some("A.M"));
        assert_eq!(method(all, "a.ax", 4), Some("A.M.Local"));
        assert_eq!(method(all, "b.ax", 2), None);
    }
}
