//! Places in the program's text, as they are shown to its user. It finds none: the places
//! are those that the compiler kept in the generated code.

use std::fmt;
use std::panic::Location;

/// `file:line` of a place.
pub(crate) struct Position<'a>(pub(crate) &'a Location<'a>);

impl fmt::Display for Position<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", source(self.0.file()), self.0.line())
    }
}

/// The name of the file that the user knows. The compiler of the target takes two files of
/// one name for the same, so a second copy of generic code is called `copy1/../main.ax`.
fn source(file: &str) -> &str {
    let rest = file.strip_prefix("copy").and_then(|it| it.split_once("/../"));
    match rest {
        Some((number, name)) if number.bytes().all(|it| it.is_ascii_digit()) => name,
        _ => file,
    }
}

#[cfg(test)]
mod tests {
    use super::source;

    #[test]
    fn copies_have_the_name_of_their_file() {
        assert_eq!(source("copy12/../src/main.ax"), "src/main.ax");
        assert_eq!(source("src/copy1/main.ax"), "src/copy1/main.ax");
        assert_eq!(source("copy/../main.ax"), "main.ax");
        assert_eq!(source("copies/../main.ax"), "copies/../main.ax");
    }
}
