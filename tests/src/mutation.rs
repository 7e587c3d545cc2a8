//! Small changes to texts, drawn at random but the same for the same seed. It knows no
//! grammar, only what words look like.

/// The text with one word deleted, doubled, exchanged with another or put in its place, or
/// with a line deleted or doubled.
#[must_use]
pub fn mutate(text: &str, random: &mut Random) -> String {
    let words = words(text);
    if words.is_empty() {
        return text.to_owned();
    }
    let at = random.below(words.len());
    let (from, to) = words[at];
    let word = &text[from..to];
    let replaced = |with: &str| format!("{}{with}{}", &text[..from], &text[to..]);
    match random.below(12) {
        0 | 1 => replaced(""),
        2 | 3 => replaced(&format!("{word} {word}")),
        4 => swap(text, words[at], words[(at + 1) % words.len()]),
        5 | 6 => swap(text, words[at], words[random.below(words.len())]),
        7..=9 => {
            // A word of the same kind is more often accepted.
            let is_name = |it: &str| it.starts_with(|it: char| it.is_alphanumeric());
            let same = |(from, to): &&(usize, usize)| {
                let other = &text[*from..*to];
                other != word && is_name(other) == is_name(word)
            };
            let all: Vec<&(usize, usize)> = words.iter().filter(same).collect();
            match all.get(random.below(all.len())) {
                Some((from, to)) => replaced(&text[*from..*to]),
                None => replaced(""),
            }
        }
        10 => lines(text, random, |lines, at, _| {
            lines.remove(at);
        }),
        _ => lines(text, random, |lines, at, to| {
            let line = lines[at];
            lines.insert(to, line);
        }),
    }
}

fn swap(text: &str, one: (usize, usize), other: (usize, usize)) -> String {
    let ((a, b), (c, d)) = if one <= other { (one, other) } else { (other, one) };
    if b > c {
        return text.to_owned();
    }
    [&text[..a], &text[c..d], &text[b..c], &text[a..b], &text[d..]].concat()
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

/// Ranges of names, numbers and runs of operator characters. Comments have none.
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
    let mut comment = false;
    for (at, letter) in text.char_indices() {
        comment = (comment || text[at..].starts_with("//")) && letter != '\n';
        let now = if comment { 0 } else { kind(letter) };
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
#[derive(Debug)]
pub struct Random(u64);

impl Random {
    /// The numbers of one of many series.
    #[must_use]
    pub fn new(seed: u64, series: u64) -> Self {
        let mut state = 0xcbf2_9ce4_8422_2325;
        for byte in seed.to_le_bytes().into_iter().chain(series.to_le_bytes()) {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        Self(state | 1)
    }

    /// A number below the limit, or zero.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit.max(1)
    }
}

#[cfg(test)]
mod tests {
    //! What counts as a word, and that nothing is left to chance.

    use super::{Random, mutate, swap, words};

    #[test]
    fn words_are_names_operators_and_single_brackets() {
        let text = "a_1 <-- (b); // c\nd";
        let found: Vec<&str> = words(text).iter().map(|(a, b)| &text[*a..*b]).collect();
        assert_eq!(found, ["a_1", "<--", "(", "b", ")", ";", "d"]);
    }

    #[test]
    fn swapped_words_keep_what_is_between() {
        assert_eq!(swap("one, two", (5, 8), (0, 3)), "two, one");
    }

    #[test]
    fn the_same_seed_gives_the_same_change() {
        let text = "function int F(int x) { return x + 1; }\n";
        let change = |seed| mutate(text, &mut Random::new(seed, 7));
        assert_eq!(change(1), change(1));
        assert!((2..20).any(|it| change(it) != change(1)));
    }
}
