//! "Did you mean": the candidate closest to a misspelt name. It does not know where the
//! candidates come from or which of them are in scope.

use super::Diagnostic;
use super::words::list;
use crate::support::span::Span;

/// The candidate that `wanted` most likely stood for, if one is close enough to be worth
/// a guess. Of several equally close ones the alphabetically first is taken, so that the
/// answer does not depend on the order of the candidates. Case counts for nothing.
pub fn closest<'a>(
    wanted: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let lower = |text: &str| text.to_lowercase().chars().collect::<Vec<char>>();
    let letters = lower(wanted);
    // A third of the letters may differ: more would suggest unrelated names.
    let limit = (letters.len() / 3).max(1);
    let mut best: Option<(usize, &'a str)> = None;
    for candidate in candidates {
        let other = lower(candidate);
        if candidate == wanted || other.len().abs_diff(letters.len()) > limit {
            continue;
        }
        let distance = edit_distance(&letters, &other);
        // A name all of whose letters differ is no misspelling, however short it is.
        if distance > limit || distance >= letters.len() {
            continue;
        }
        if best.is_none_or(|best| (distance, candidate) < best) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// More members than this are not told one by one.
const MOST_TOLD: usize = 8;

/// `problem`, of a name that stands at `span` and is none of `known`: with the name that is meant, if
/// one is near, or else with all of them, if they are few.
#[must_use]
pub fn of_members<'a>(
    problem: Diagnostic,
    (wanted, span): (&str, Span),
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let known: Vec<&str> = known.into_iter().collect();
    if let Some(near) = closest(wanted, known.iter().copied()) {
        return problem
            .fix(format!("did you mean `{near}`?"), vec![(span, near.to_owned())]);
    }
    if known.is_empty() || known.len() > MOST_TOLD {
        return problem;
    }
    let known: Vec<String> = known.iter().map(|it| format!("`{it}`")).collect();
    problem.note(format!("it has {}", list(&known, "and")))
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one into the other.
fn edit_distance(left: &[char], right: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for (i, &a) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &b) in right.iter().enumerate() {
            let replaced = last[j] + usize::from(a != b);
            let mut cost = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a == right[j - 1] && left[i - 1] == b {
                cost = cost.min(before_last[j - 1] + 1);
            }
            row.push(cost);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[right.len()]
}
