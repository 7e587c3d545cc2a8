//! Small changes to programs that are right must never make the compiler panic: it reports,
//! or it generates Rust. What it says about them is not compared. With `AXUM_MUTANTS_BUILD`
//! set, rustc must also accept the Rust of those that are accepted.
#![forbid(unsafe_code)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use axum_tests::batch::Batch;
use axum_tests::case::{self, files, root};
use axum_tests::compiler;
use axumc::pipeline::SourceFile;
use libtest_mimic::{Arguments, Failed, Trial};

/// Mutants of each program, and of each case of `tests/ui`. `AXUM_MUTANTS` gives another
/// number for a longer search.
const MUTANTS: usize = 4;

fn main() {
    let arguments = Arguments::from_args();
    let programs = case::programs().into_iter().filter(|it| it.sources.len() == 1);
    let programs = programs.map(|it| it.sources[0].clone());
    let cases =
        files(&root().join("tests/ui"), "ax").into_iter().map(|it| case::source(&it));
    let sources: Vec<SourceFile> = programs.chain(cases).collect();
    let building = std::env::var_os("AXUM_MUTANTS_BUILD").is_some();
    let batch = building.then(|| Arc::new(Batch::new().expect("the runtime compiles")));
    let trials = sources.into_iter().map(|source| {
        let batch = batch.clone();
        Trial::test(source.name.clone(), move || {
            endure(&source, batch.as_deref()).map_err(Failed::from)
        })
    });
    libtest_mimic::run(&arguments, trials.collect()).exit();
}

fn endure(source: &SourceFile, batch: Option<&Batch>) -> Result<(), String> {
    let count = std::env::var("AXUM_MUTANTS").ok().and_then(|it| it.parse().ok());
    for number in 0..count.unwrap_or(MUTANTS) {
        let mut random = Random::new(&source.name, number);
        let mut text = source.text.clone();
        for _ in 0..=random.below(2) {
            text = mutate(&text, &mut random);
        }
        let mutant = [SourceFile { name: source.name.clone(), text }];
        let compiled = catch_unwind(AssertUnwindSafe(|| compiler::compile(&mutant)));
        let Ok(compiled) = compiled else {
            return Err(format!("mutant {number} makes it panic:\n{}", mutant[0].text));
        };
        if let (Ok(output), Some(batch)) = (compiled, batch) {
            batch.check(&mutant[0].name, &output).map_err(|said| {
                format!("mutant {number} does not build:\n{}\n{said}", mutant[0].text)
            })?;
        }
    }
    Ok(())
}

/// The text with one word or line deleted, doubled, or put in the place of another.
fn mutate(text: &str, random: &mut Random) -> String {
    let words = words(text);
    if words.is_empty() {
        return text.to_owned();
    }
    let (from, to) = words[random.below(words.len())];
    let (other_from, other_to) = words[random.below(words.len())];
    let word = &text[from..to];
    let other = &text[other_from..other_to];
    let replaced = |with: &str| format!("{}{with}{}", &text[..from], &text[to..]);
    match random.below(8) {
        0 | 1 => replaced(""),
        2 => replaced(&format!("{word} {word}")),
        3..=5 => replaced(other),
        6 => lines(text, random, |lines, at, _| {
            lines.remove(at);
        }),
        _ => lines(text, random, |lines, at, to| {
            let line = lines[at];
            lines.insert(to, line);
        }),
    }
}

fn lines(
    text: &str,
    random: &mut Random,
    change: impl FnOnce(&mut Vec<&str>, usize, usize),
) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let (at, to) = (random.below(lines.len()), random.below(lines.len()));
    change(&mut lines, at, to);
    lines.concat()
}

/// Ranges of names, numbers and runs of operator characters.
fn words(text: &str) -> Vec<(usize, usize)> {
    let kind = |it: char| {
        if it.is_alphanumeric() || it == '_' {
            1
        } else if it.is_whitespace() {
            0
        } else if "{}()[];,\"'".contains(it) {
            2
        } else {
            3
        }
    };
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut before = 0;
    for (at, letter) in text.char_indices() {
        let now = kind(letter);
        match found.last_mut() {
            // Brackets and separators stand alone.
            Some((_, end)) if now == before && now != 2 && now != 0 => {
                *end = at + letter.len_utf8();
            }
            _ if now != 0 => found.push((at, at + letter.len_utf8())),
            _ => {}
        }
        before = now;
    }
    found
}

/// The same numbers for the same seed on every run.
struct Random(u64);

impl Random {
    fn new(name: &str, number: usize) -> Self {
        let mut state = 0xcbf2_9ce4_8422_2325 ^ number as u64;
        for byte in name.bytes() {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        Self(state | 1)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit.max(1)
    }
}
