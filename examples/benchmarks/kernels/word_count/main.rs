//! Counts the words of a long text and reports the most frequent ones.

use std::collections::HashMap;
use std::fmt::Write;

fn make_text(n: usize) -> String {
    let mut seed: u32 = 42;
    let mut text = String::new();
    for i in 0..n {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let a = seed >> 20;
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let b = seed >> 22;
        if i > 0 {
            text.push(' ');
        }
        text.push('w');
        write!(text, "{}", a * b / 1024).unwrap();
    }
    text
}

fn count_words(text: &str) -> HashMap<&str, i32> {
    let mut counts = HashMap::new();
    for word in text.split(' ') {
        *counts.entry(word).or_insert(0) += 1;
    }
    counts
}

fn main() {
    let text = make_text(std::env::args().nth(1).unwrap().parse().unwrap());
    let counts = count_words(&text);
    let mut ranking: Vec<(i32, &str)> =
        counts.iter().map(|(word, count)| (-count, *word)).collect();
    ranking.sort();
    println!("{}", ranking.len());
    for (count, word) in ranking.iter().take(10) {
        println!("{word}: {}", -count);
    }
}
