//! Small pieces of English for messages: lists, plurals, articles. It composes words, not
//! sentences.

/// `a`, `a or b`, `a, b or c`.
#[must_use]
pub fn list<S: AsRef<str>>(items: &[S], last: &str) -> String {
    let mut out = String::new();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            if index + 1 == items.len() {
                out.push(' ');
                out.push_str(last);
                out.push(' ');
            } else {
                out.push_str(", ");
            }
        }
        out.push_str(item.as_ref());
    }
    out
}

/// Like [`list`], each item in backticks.
#[must_use]
pub fn code_list<S: AsRef<str>>(items: &[S], last: &str) -> String {
    let quoted: Vec<String> = items.iter().map(|it| code(it.as_ref())).collect();
    list(&quoted, last)
}

/// The text in backticks.
#[must_use]
pub fn code(text: &str) -> String {
    format!("`{text}`")
}

/// `1 argument`, `2 arguments`.
#[must_use]
pub fn count(n: usize, noun: &str) -> String {
    format!("{n} {}", plural(n, noun))
}

/// The noun in the form that follows the number `n`.
#[must_use]
pub fn plural(n: usize, noun: &str) -> String {
    if n == 1 {
        return noun.to_owned();
    }
    let ends = |suffix: &str| noun.ends_with(suffix);
    if let Some(stem) = noun.strip_suffix('y')
        && !stem.ends_with(['a', 'e', 'i', 'o', 'u'])
    {
        return format!("{stem}ies");
    }
    if ends("s") || ends("x") || ends("ch") || ends("sh") {
        return format!("{noun}es");
    }
    format!("{noun}s")
}

/// `an input port`, `a message`, and `` an `int` ``: quoting does not change the sound.
#[must_use]
pub fn with_article(noun: &str) -> String {
    format!("{} {noun}", article(noun))
}

/// `a` or `an`, by the first letter that is spoken.
#[must_use]
pub fn article(noun: &str) -> &'static str {
    let first = noun.chars().find(|it| it.is_alphanumeric());
    match first.map(|it| it.to_ascii_lowercase()) {
        Some('a' | 'e' | 'i' | 'o') => "an",
        // `unit`, `uint` and `ushort` begin with a consonant sound; `unknown` does not.
        Some('u') => {
            let bare = noun.trim_start_matches(|it: char| !it.is_alphanumeric());
            let spoken_you = ["uint", "ulong", "ushort", "uni", "use", "usi"];
            if spoken_you.iter().any(|it| bare.to_ascii_lowercase().starts_with(it)) {
                "a"
            } else {
                "an"
            }
        }
        _ => "a",
    }
}

/// `first`, `second`, … in words up to ten, then `11th`.
#[must_use]
pub fn ordinal(n: usize) -> String {
    const WORDS: [&str; 10] = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth",
        "ninth", "tenth",
    ];
    match (n, n % 10, n % 100) {
        (1..=10, ..) => WORDS[n - 1].to_owned(),
        (_, _, 11..=13) => format!("{n}th"),
        (_, 1, _) => format!("{n}st"),
        (_, 2, _) => format!("{n}nd"),
        (_, 3, _) => format!("{n}rd"),
        _ => format!("{n}th"),
    }
}
