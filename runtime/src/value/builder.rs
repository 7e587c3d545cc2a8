//! `StringBuilder`: text that is put together piece by piece. It is a value like any other.

use super::{Result, Show, Str, composite};

/// `StringBuilder`.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct StringBuilder(Str);

impl StringBuilder {
    /// Without text.
    pub fn new() -> Self {
        Self::default()
    }

    /// With a text to begin with.
    pub fn with_text(text: Str) -> Self {
        Self(text)
    }

    /// The number of characters.
    pub fn length(&self) -> i32 {
        self.0.length()
    }

    /// The character at an index.
    #[track_caller]
    pub fn at(&self, index: i32) -> Result<char> {
        self.0.at(index)
    }

    /// Adds a value.
    pub fn append(&mut self, value: &dyn Show) {
        value.add_to(&mut self.0);
    }

    /// Adds `count` times the same character.
    #[track_caller]
    pub fn append_repeated(&mut self, c: char, count: i32) -> Result<()> {
        self.0.push_text(&Str::repeated(c, count)?);
        Ok(())
    }

    /// Adds the end of a line.
    pub fn append_new_line(&mut self) {
        self.0.push('\n');
    }

    /// Adds a value and the end of a line.
    pub fn append_line(&mut self, value: &dyn Show) {
        self.append(value);
        self.append_new_line();
    }

    /// Adds a composite format with its values.
    #[track_caller]
    pub fn append_format(&mut self, format: Str, args: &[&dyn Show]) -> Result<()> {
        self.0.push_text(&composite(format.as_str(), args)?);
        Ok(())
    }

    /// Puts a value in before `index`.
    #[track_caller]
    pub fn insert(&mut self, index: i32, value: &dyn Show) -> Result<()> {
        let mut text = Str::lit("");
        value.add_to(&mut text);
        self.0 = self.0.insert(index, text)?;
        Ok(())
    }

    /// Removes the `count` characters from `start` on.
    #[track_caller]
    pub fn remove(&mut self, start: i32, count: i32) -> Result<()> {
        self.0 = self.0.remove(start, count)?;
        Ok(())
    }

    /// Replaces every `old`.
    pub fn replace(&mut self, old: Str, by: Str) {
        self.0 = self.0.replace(old, by);
    }

    /// Removes everything.
    pub fn clear(&mut self) {
        self.0 = Str::lit("");
    }

    /// The text.
    pub fn text(&self) -> Str {
        self.0.clone()
    }
}

impl Show for StringBuilder {
    fn show(&self, out: &mut String) {
        self.0.show(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builds() {
        let mut text = StringBuilder::with_text(Str::lit("bat"));
        text.append(&1);
        text.append_line(&true);
        text.append_repeated('-', 2).unwrap();
        text.append_format(Str::lit("{0}"), &[&2]).unwrap();
        text.insert(0, &'>').unwrap();
        text.remove(1, 1).unwrap();
        text.replace(Str::lit("at"), Str::lit("us"));
        assert_eq!(text.text().as_str(), ">us1True\n--2");
        assert_eq!((text.length(), text.at(1).unwrap()), (12, 'u'));
        assert!(text.at(12).is_err() && text.append_repeated('x', -1).is_err());
        text.clear();
        assert_eq!(text.length(), 0);
    }
}
