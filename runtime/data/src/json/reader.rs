//! Reads JSON text token by token, with the place and the path of what is wrong with it.
//! It builds no tree: values are read straight from the text.

use std::borrow::Cow;
use std::fmt::Write as _;

use axum_rt::abi::v1::Exception;
use hifijson::SliceLexer;
use hifijson::num::LexWrite as _;
use hifijson::str::LexAlloc as _;
use hifijson::token::Lex as _;

use super::{FromJson, MOST_DEPTH};

/// Why a value could not be read.
#[derive(Debug)]
pub enum Error {
    /// The text is not JSON, or not of the type's form.
    Format(String),
    /// A rule of a schema is broken.
    Thrown(Exception),
}

impl From<Exception> for Error {
    fn from(exception: Exception) -> Self {
        Self::Thrown(exception)
    }
}

/// What reading gives.
pub type Read<T> = std::result::Result<T, Error>;

/// As many steps of a path are shown.
const MOST_STEPS: usize = 12;

/// One step from a value to a part of it.
#[derive(Debug)]
enum Step {
    Field(&'static str),
    Key(String),
    Index(usize),
}

/// A JSON text and how far it was read.
pub struct Reader<'a> {
    lexer: SliceLexer<'a>,
    text: &'a str,
    /// Where in the value reading is. Its length is also how deep.
    path: Vec<Step>,
    /// Where the last number or string began.
    token: usize,
}

impl std::fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("path", &self.path).finish_non_exhaustive()
    }
}

/// A field that waits for its value.
pub trait Slot {
    /// Reads the value.
    fn fill(&mut self, from: &mut Reader<'_>) -> Read<()>;
    /// Whether there is a value now, or one that stands for a missing one.
    fn settle(&mut self) -> bool;
}

impl<T: FromJson> Slot for Option<T> {
    fn fill(&mut self, from: &mut Reader<'_>) -> Read<()> {
        *self = Some(T::read_json(from)?);
        Ok(())
    }

    fn settle(&mut self) -> bool {
        if self.is_none() {
            *self = T::missing();
        }
        self.is_some()
    }
}

/// The value in a slot of a record that was read whole.
#[must_use]
pub fn taken<T>(slot: Option<T>) -> T {
    slot.expect("reading a record settles all its slots")
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { lexer: SliceLexer::new(text.as_bytes()), text, path: Vec::new(), token: 0 }
    }

    /// Nothing but white space may follow.
    pub(super) fn end(&mut self) -> Read<()> {
        match self.lexer.ws_peek() {
            None => Ok(()),
            Some(_) => Err(self.expected("the end of the text")),
        }
    }

    /// The first byte of the next token, and none at the end.
    pub(super) fn peek(&mut self) -> Option<u8> {
        self.lexer.ws_peek()
    }

    /// Whether `null` was next, which then is behind.
    pub(super) fn null(&mut self) -> Read<bool> {
        if self.peek() != Some(b'n') {
            return Ok(false);
        }
        self.word().map(|_| true)
    }

    /// `true`, `false` or, as none, `null`.
    fn word(&mut self) -> Read<Option<bool>> {
        let before = self.lexer.as_slice();
        match self.lexer.null_or_bool() {
            Some(word) => Ok(word),
            None => {
                self.lexer = SliceLexer::new(before);
                Err(self.expected("a value"))
            }
        }
    }

    pub(super) fn boolean(&mut self) -> Read<bool> {
        match self.peek() {
            Some(b't' | b'f') => Ok(self.word()?.unwrap_or_default()),
            _ => Err(self.expected("`true` or `false`")),
        }
    }

    /// The text of a number.
    pub(super) fn number(&mut self) -> Read<&'a str> {
        if !matches!(self.peek(), Some(b'-' | b'0'..=b'9')) {
            return Err(self.expected("a number"));
        }
        self.token = self.offset();
        let before = self.lexer.as_slice();
        match self.lexer.num_string().validated() {
            Ok((text, _)) => Ok(text),
            Err(_) => {
                self.lexer = SliceLexer::new(before);
                Err(self.fail("the number has no digit where one is expected"))
            }
        }
    }

    pub(super) fn string(&mut self, what: &str) -> Read<Cow<'a, str>> {
        if self.peek() != Some(b'"') {
            return Err(self.expected(what));
        }
        self.token = self.offset();
        let before = self.lexer.as_slice();
        match self.lexer.discarded().str_string() {
            Ok(text) => Ok(text),
            Err(why) => {
                // An open string begins where it is told; all else is wrong where it stands.
                if why == hifijson::str::Error::Eof {
                    self.lexer = SliceLexer::new(before);
                    return Err(self.fail("the string does not end"));
                }
                let why = match why {
                    hifijson::str::Error::Control => "a control character in a string",
                    _ => "no such escape in a string",
                };
                Err(self.fail(why))
            }
        }
    }

    fn deeper(&mut self, step: Step) -> Read<()> {
        if self.path.len() >= MOST_DEPTH as usize {
            return Err(
                self.fail(&format!("JSON nests at most {MOST_DEPTH} levels deep"))
            );
        }
        self.path.push(step);
        Ok(())
    }

    /// What stands between brackets: `item` reads each part, `n` counts them from 0.
    fn sequence(
        &mut self,
        close: u8,
        item: &mut dyn FnMut(&mut Self, usize) -> Read<()>,
    ) -> Read<()> {
        self.lexer.discarded();
        if self.peek() == Some(close) {
            self.lexer.discarded();
            return Ok(());
        }
        for n in 0.. {
            item(self, n)?;
            match self.peek() {
                Some(b',') => self.lexer.discarded(),
                Some(next) if next == close => break,
                _ => {
                    let close = char::from(close);
                    return Err(self.expected(&format!("`,` or `{close}`")));
                }
            };
        }
        self.lexer.discarded();
        Ok(())
    }

    /// An array: `item` reads each element.
    pub(super) fn array(
        &mut self,
        what: &str,
        item: &mut dyn FnMut(&mut Self, usize) -> Read<()>,
    ) -> Read<()> {
        if self.peek() != Some(b'[') {
            return Err(self.expected(what));
        }
        self.sequence(b']', &mut |from, n| {
            from.deeper(Step::Index(n))?;
            item(from, n)?;
            from.path.pop();
            Ok(())
        })
    }

    /// An object: `member` is given each key and reads its value.
    pub(super) fn object(
        &mut self,
        what: &str,
        member: &mut dyn FnMut(&mut Self, Cow<'a, str>) -> Read<()>,
    ) -> Read<()> {
        if self.peek() != Some(b'{') {
            return Err(self.expected(what));
        }
        self.sequence(b'}', &mut |from, _| {
            let key = from.key()?;
            member(from, key)
        })
    }

    fn key(&mut self) -> Read<Cow<'a, str>> {
        let key = self.string("a key in quotes")?;
        if self.peek() != Some(b':') {
            return Err(self.expected("`:`"));
        }
        self.lexer.discarded();
        Ok(key)
    }

    /// Reads the value behind a key of a dictionary.
    pub(super) fn at_key<T>(
        &mut self,
        key: &str,
        read: impl FnOnce(&mut Self) -> Read<T>,
    ) -> Read<T> {
        self.deeper(Step::Key(key.to_owned()))?;
        let value = read(self)?;
        self.path.pop();
        Ok(value)
    }

    /// Reads a struct or schema: each field into its slot. Other members are passed over.
    pub fn record(
        &mut self,
        name: &'static str,
        fields: &mut [(&'static str, &mut dyn Slot)],
    ) -> Read<()> {
        if self.peek() != Some(b'{') {
            return Err(self.expected(&format!("an object, `{name}`,")));
        }
        let start = self.offset();
        // Members mostly come in the order of the fields.
        let mut next = 0;
        self.object("an object", &mut |from, key| {
            let is_it = |it: &(&str, &mut dyn Slot)| it.0 == key;
            let found = match fields.get(next) {
                Some(field) if is_it(field) => Some(next),
                _ => fields.iter().position(is_it),
            };
            let Some(at) = found else {
                from.deeper(Step::Key(key.into_owned()))?;
                from.skip()?;
                from.path.pop();
                return Ok(());
            };
            next = at + 1;
            let (field, slot) = &mut fields[at];
            from.deeper(Step::Field(field))?;
            slot.fill(from)?;
            from.path.pop();
            Ok(())
        })?;
        for (field, slot) in fields {
            if !slot.settle() {
                let why = format!("`{field}` of `{name}` is missing");
                return Err(self.fail_at(start, &why));
            }
        }
        Ok(())
    }

    /// Reads which case of an enum comes: a string, or the key of an object whose value
    /// [`Reader::payload`] then reads. Each case is a name and whether it carries values.
    pub fn case(
        &mut self,
        name: &'static str,
        cases: &[(&'static str, bool)],
    ) -> Read<usize> {
        let before = SliceLexer::new(self.lexer.as_slice());
        let carries = self.peek() == Some(b'{');
        let found = if carries {
            self.lexer.discarded();
            self.key()?
        } else {
            self.string(&format!("a case of `{name}`"))?
        };
        let why = match cases.iter().position(|it| it.0 == found) {
            Some(at) if cases[at].1 == carries => return Ok(at),
            Some(_) if carries => format!("`{found}` of `{name}` carries no values"),
            Some(_) => format!("`{found}` of `{name}` needs an object with its values"),
            None => {
                let known: Vec<String> =
                    cases.iter().map(|it| format!("`{}`", it.0)).collect();
                let known = known.join(", ");
                format!("`{found}` is no case of `{name}`, which has {known}")
            }
        };
        self.lexer = before;
        Err(self.fail(&why))
    }

    /// Reads the values that a case carries, and the end of the object around them.
    pub fn payload(
        &mut self,
        case: &'static str,
        fields: &mut [(&'static str, &mut dyn Slot)],
    ) -> Read<()> {
        self.deeper(Step::Field(case))?;
        self.record(case, fields)?;
        self.path.pop();
        if self.peek() != Some(b'}') {
            return Err(self.expected("`}`"));
        }
        self.lexer.discarded();
        Ok(())
    }

    /// Passes over a value.
    pub(super) fn skip(&mut self) -> Read<()> {
        match self.peek() {
            Some(b'[') => self.array("", &mut |from, _| from.skip()),
            Some(b'{') => {
                self.object("", &mut |from, key| from.at_key(&key, Reader::skip))
            }
            Some(b'"') => self.string("").map(drop),
            Some(b'-' | b'0'..=b'9') => self.number().map(drop),
            _ => self.word().map(drop),
        }
    }

    /// Something else stands here than what is expected.
    pub(super) fn expected(&mut self, what: &str) -> Error {
        let found = match self.peek() {
            None => "the end of the text".to_owned(),
            Some(b'{') => "an object".to_owned(),
            Some(b'[') => "an array".to_owned(),
            Some(b'"') => "a string".to_owned(),
            Some(b'-' | b'0'..=b'9') => "a number".to_owned(),
            Some(_) => {
                let rest = &self.text[self.offset()..];
                let word: String =
                    rest.chars().take_while(|it| it.is_alphanumeric()).take(20).collect();
                match (word.is_empty(), rest.chars().next()) {
                    (true, Some(it)) => format!("`{it}`"),
                    _ => format!("`{word}`"),
                }
            }
        };
        self.fail(&format!("{what} is expected, {found} is found"))
    }

    /// What is wrong with the text just here.
    pub(super) fn fail(&mut self, why: &str) -> Error {
        self.fail_at(self.offset(), why)
    }

    /// What is wrong with the number or string that was read last.
    pub(super) fn fail_token(&mut self, why: &str) -> Error {
        self.fail_at(self.token, why)
    }

    fn fail_at(&mut self, offset: usize, why: &str) -> Error {
        let before = &self.text[..offset];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let mut message = format!("JSON, line {line}, column {column}");
        if !self.path.is_empty() {
            message.push_str(", at `");
            for (n, step) in self.path.iter().take(MOST_STEPS).enumerate() {
                // Writing into a `String` cannot fail.
                let _ = match step {
                    Step::Index(index) => write!(message, "[{index}]"),
                    Step::Field(field) if n == 0 => write!(message, "{field}"),
                    Step::Field(field) => write!(message, ".{field}"),
                    Step::Key(key) if n == 0 => write!(message, "{key}"),
                    Step::Key(key) => write!(message, ".{key}"),
                };
            }
            message.push_str(if self.path.len() > MOST_STEPS { "…`" } else { "`" });
        }
        Error::Format(format!("{message}: {why}"))
    }

    /// How much was read, at a boundary between characters.
    fn offset(&self) -> usize {
        let mut offset = self.text.len() - self.lexer.as_slice().len();
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }
}
