//! Compares results with expectations that stand in files, and rewrites the files when
//! `AXUM_BLESS` is set. It does not judge the new expectation: the reader of the diff does.

use std::fs;
use std::path::Path;

use crate::case::shown;

/// Whether expectations are rewritten instead of compared.
#[must_use]
pub fn blessing() -> bool {
    std::env::var_os("AXUM_BLESS").is_some_and(|it| !it.is_empty() && it != "0")
}

/// Whether `file` holds `actual`; makes it so when blessing.
pub fn compare(file: &Path, actual: &str) -> Result<(), String> {
    let expected = fs::read_to_string(file).unwrap_or_default();
    if expected == actual {
        return Ok(());
    }
    if blessing() {
        return fs::write(file, actual)
            .map_err(|error| format!("{}: {error}", shown(file)));
    }
    Err(format!(
        "{} differs (AXUM_BLESS=1 rewrites it)\n{}",
        shown(file),
        difference(&expected, actual)
    ))
}

/// The lines around the first difference, expected ones marked `-` and actual ones `+`.
#[must_use]
pub fn difference(expected: &str, actual: &str) -> String {
    const SHOWN: usize = 20;
    let (left, right): (Vec<_>, Vec<_>) =
        (expected.lines().collect(), actual.lines().collect());
    let same = left.iter().zip(&right).take_while(|(a, b)| a == b).count();
    let tail = |lines: &[&str]| lines.len().saturating_sub(same);
    let max_common = tail(&left).min(tail(&right));
    let common_end = left
        .iter()
        .rev()
        .zip(right.iter().rev())
        .take(max_common)
        .take_while(|(a, b)| a == b)
        .count();
    let mut out = format!("at line {}:\n", same + 1);
    for (mark, lines) in [('-', &left), ('+', &right)] {
        let changed = &lines[same..lines.len() - common_end];
        for line in changed.iter().take(SHOWN) {
            out.push_str(&format!("{mark} {line}\n"));
        }
        if changed.len() > SHOWN {
            out.push_str(&format!("{mark} … and {} more lines\n", changed.len() - SHOWN));
        }
    }
    if left == right {
        out.push_str("(only line endings or the last line break differ)\n");
    }
    out
}
