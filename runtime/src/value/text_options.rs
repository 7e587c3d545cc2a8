//! Members of `string` that take an option: how text is compared, what becomes of parts.
//! Options arrive as the numbers of their cases. The plain members are in `text_members.rs`.

use super::{Array, Exception, Result, Str, small};

/// `StringComparison.OrdinalIgnoreCase`
const IGNORE_CASE: i32 = 1;

/// Text with letters that only differ in being capital made the same; positions stay.
fn folded(text: &str) -> String {
    text.chars().map(small).collect()
}

impl Str {
    /// Both texts as this comparison sees them.
    fn seen(&self, other: &Self, comparison: i32) -> (Self, Self) {
        match comparison {
            IGNORE_CASE => (folded(self.as_str()).into(), folded(other.as_str()).into()),
            _ => (self.clone(), other.clone()),
        }
    }

    /// Whether `text` stands in it, compared so.
    pub fn contains_as(&self, text: Self, comparison: i32) -> bool {
        let (whole, part) = self.seen(&text, comparison);
        whole.contains(part)
    }

    /// Whether it begins with `text`, compared so.
    pub fn starts_with_as(&self, text: Self, comparison: i32) -> bool {
        let (whole, part) = self.seen(&text, comparison);
        whole.starts_with(part)
    }

    /// Whether it ends with `text`, compared so.
    pub fn ends_with_as(&self, text: Self, comparison: i32) -> bool {
        let (whole, part) = self.seen(&text, comparison);
        whole.ends_with(part)
    }

    /// Where `text` first stands, compared so, or -1.
    pub fn index_of_as(&self, text: Self, comparison: i32) -> i32 {
        let (whole, part) = self.seen(&text, comparison);
        whole.index_of(part)
    }

    /// Whether both are the same text, compared so.
    pub fn equals_as(&self, other: Self, comparison: i32) -> bool {
        let (a, b) = self.seen(&other, comparison);
        a == b
    }

    /// -1, 0 or 1, compared so.
    pub(crate) fn compare_as(&self, other: &Self, comparison: i32) -> i32 {
        let (a, b) = self.seen(other, comparison);
        a.cmp(&b) as i32
    }

    /// Without any of `chars` at both ends.
    pub fn trim_chars(&self, chars: Array<char>) -> Self {
        Self::from(self.as_str().trim_matches(chars.as_slice()))
    }

    /// Without any of `chars` at the start.
    pub fn trim_start_chars(&self, chars: Array<char>) -> Self {
        Self::from(self.as_str().trim_start_matches(chars.as_slice()))
    }

    /// Without any of `chars` at the end.
    pub fn trim_end_chars(&self, chars: Array<char>) -> Self {
        Self::from(self.as_str().trim_end_matches(chars.as_slice()))
    }

    /// Where one of `chars` first stands, or -1.
    pub fn index_of_any(&self, chars: Array<char>) -> i32 {
        let at = self.as_str().chars().position(|it| chars.as_slice().contains(&it));
        at.and_then(|at| i32::try_from(at).ok()).unwrap_or(-1)
    }

    /// `count` times this text.
    #[track_caller]
    pub fn repeat(&self, count: i32) -> Result<Self> {
        let count = usize::try_from(count).ok();
        let fits = |count: &usize| {
            let bytes = self.as_str().len().checked_mul(*count);
            bytes.is_some_and(|it| i32::try_from(it).is_ok())
        };
        match count.filter(fits) {
            Some(count) => Ok(Self::from(self.as_str().repeat(count))),
            None => Err(Exception::new(
                "ArgumentOutOfRangeException",
                "text cannot be repeated so often",
            )),
        }
    }

    /// The parts between any of `separators`.
    pub fn split_chars(&self, separators: Array<char>) -> Array<Self> {
        self.as_str().split(separators.as_slice()).map(Self::from).collect()
    }

    /// At most `count` parts between `separator`; the last one holds the rest.
    pub fn split_text_count(&self, separator: Self, count: i32) -> Array<Self> {
        let count = usize::try_from(count).unwrap_or(0);
        if separator.as_str().is_empty() {
            return Array::from_vec(vec![self.clone(); count.min(1)]);
        }
        self.as_str().splitn(count, separator.as_str()).map(Self::from).collect()
    }

    /// The parts between `separator`, treated so.
    pub fn split_as(&self, separator: char, options: i32) -> Array<Self> {
        treated(self.as_str().split(separator), options)
    }

    /// The parts between `separator`, treated so.
    pub fn split_text_as(&self, separator: Self, options: i32) -> Array<Self> {
        match separator.as_str() {
            "" => treated(std::iter::once(self.as_str()), options),
            separator => treated(self.as_str().split(separator), options),
        }
    }

    /// The lines, without what ends them.
    pub fn lines(&self) -> Array<Self> {
        self.as_str().lines().map(Self::from).collect()
    }
}

/// What `StringSplitOptions` makes of parts: bit 0 leaves out empty ones, bit 1 trims.
fn treated<'a>(parts: impl Iterator<Item = &'a str>, options: i32) -> Array<Str> {
    let parts = parts.map(|it| if options & 2 == 2 { it.trim() } else { it });
    parts.filter(|it| options & 1 == 0 || !it.is_empty()).map(Str::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::to_str;

    #[test]
    fn compares_without_case() {
        let word = Str::lit("Grün");
        assert!(word.equals_as(Str::lit("gRÜN"), 1) && !word.equals_as("grün".into(), 0));
        assert!(word.contains_as("RÜ".into(), 1) && word.starts_with_as("g".into(), 1));
        assert!(word.ends_with_as("ÜN".into(), 1) && !word.ends_with_as("ÜN".into(), 0));
        assert_eq!(word.index_of_as("N".into(), 1), 3);
        assert_eq!(word.compare_as(&"grz".into(), 1), 1);
    }

    #[test]
    fn treats_parts() {
        let line = Str::lit(" a ,, b");
        assert_eq!(to_str(&line.split_as(',', 0)).as_str(), "[ a , ,  b]");
        assert_eq!(to_str(&line.split_as(',', 1)).as_str(), "[ a ,  b]");
        assert_eq!(to_str(&line.split_as(',', 2)).as_str(), "[a, , b]");
        assert_eq!(to_str(&line.split_text_as(",".into(), 3)).as_str(), "[a, b]");
        assert_eq!(line.split_text_count("".into(), 0).length(), 0);
        assert!(line.repeat(-1).is_err() && line.repeat(i32::MAX).is_err());
    }
}
