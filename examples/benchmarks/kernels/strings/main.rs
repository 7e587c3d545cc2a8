//! Builds texts: by appending, by formatting, by joining and by cutting apart again.

use std::fmt::Write;

fn table(n: u32) -> String {
    let mut text = String::new();
    for i in 0..n {
        let name = format!("item {}", i % 100);
        writeln!(text, "{i}: {name} costs {}", i * 7 % 1000).unwrap();
        if i % 3 == 0 {
            text.push_str("  on sale: ");
            text.push_str(&name);
            text.push('\n');
        }
    }
    text
}

fn capitals(text: &str) -> String {
    let mut result = String::new();
    for c in text.chars() {
        result.push(match c {
            ' ' => '_',
            'a'..='z' => c.to_ascii_uppercase(),
            _ => c,
        });
    }
    result
}

fn checksum(text: &str) -> u32 {
    let mut sum: u32 = 0;
    for c in text.chars() {
        sum = sum.wrapping_mul(31).wrapping_add(c.into());
    }
    sum
}

fn main() {
    let n: u32 = std::env::args().nth(1).unwrap().parse().unwrap();
    let text = table(n);
    let loud = capitals(&text);
    let mut lines = Vec::new();
    for line in loud.split('\n') {
        lines.push(line.trim_matches('_'));
    }
    let joined = lines.join(";");
    println!(
        "{} {} {} {}",
        text.chars().count(),
        checksum(&text),
        checksum(&loud),
        checksum(&joined)
    );
}
