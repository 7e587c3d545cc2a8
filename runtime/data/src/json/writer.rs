//! Builds JSON text. What has no JSON form is remembered and told at the end.

use std::fmt::Write as _;

use axum_rt::abi::v1::{Exception, Result, Show, Str};

use super::{MOST_DEPTH, ToJson};

/// JSON text as it grows.
#[derive(Debug, Default)]
pub struct Writer {
    text: String,
    depth: u32,
    /// The first value that has no JSON form, and why.
    failed: Option<String>,
}

impl Writer {
    /// The text, unless some value has no JSON form.
    #[track_caller]
    pub(super) fn finish(self) -> Result<Str> {
        match self.failed {
            None => Ok(Str::from(self.text)),
            Some(why) => Err(Exception::new("InvalidOperationException", why)),
        }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn fail(&mut self, why: impl Into<String>) {
        self.failed.get_or_insert_with(|| why.into());
    }

    /// Text that is JSON already: a number, `true`, `null`.
    pub(super) fn raw(&mut self, json: &str) {
        self.text.push_str(json);
    }

    /// A value whose printed form is JSON.
    pub(super) fn shown(&mut self, value: &dyn Show) {
        value.show(&mut self.text);
    }

    /// A string.
    pub(super) fn text(&mut self, text: &str) {
        self.text.push('"');
        let mut plain = 0;
        for (at, byte) in text.bytes().enumerate() {
            let escaped = match byte {
                b'"' => "\\\"",
                b'\\' => "\\\\",
                b'\n' => "\\n",
                b'\r' => "\\r",
                b'\t' => "\\t",
                0..0x20 => "",
                _ => continue,
            };
            self.text.push_str(&text[plain..at]);
            plain = at + 1;
            if escaped.is_empty() {
                // Writing into a `String` cannot fail.
                let _ = write!(self.text, "\\u{byte:04x}");
            } else {
                self.text.push_str(escaped);
            }
        }
        self.text.push_str(&text[plain..]);
        self.text.push('"');
    }

    /// What stands between two brackets, unless that is too deep.
    fn nested(&mut self, open: char, close: char, inside: impl FnOnce(&mut Self)) {
        if self.depth == MOST_DEPTH {
            self.fail(format!("JSON nests at most {MOST_DEPTH} levels deep"));
            return;
        }
        self.depth += 1;
        self.text.push(open);
        inside(self);
        self.text.push(close);
        self.depth -= 1;
    }

    /// An array.
    pub(super) fn array(&mut self, items: &mut dyn Iterator<Item = &dyn ToJson>) {
        self.nested('[', ']', |out| {
            for (n, item) in items.enumerate() {
                out.separate(n);
                item.write_json(out);
                if out.failed.is_some() {
                    return;
                }
            }
        });
    }

    /// An object whose keys are values.
    pub(super) fn object<'a>(
        &mut self,
        pairs: &mut dyn Iterator<Item = (&'a dyn ToJson, &'a dyn ToJson)>,
    ) {
        self.nested('{', '}', |out| {
            for (n, (key, value)) in pairs.enumerate() {
                out.separate(n);
                let start = out.text.len();
                key.write_json(out);
                // Keys are always strings: `1` becomes `"1"`.
                if !out.text[start..].starts_with('"') {
                    out.text.insert(start, '"');
                    out.text.push('"');
                }
                out.text.push(':');
                value.write_json(out);
                if out.failed.is_some() {
                    return;
                }
            }
        });
    }

    fn separate(&mut self, n: usize) {
        if n > 0 {
            self.text.push(',');
        }
    }
}

/// Writes a struct or schema: an object with its fields.
pub fn write_record(out: &mut Writer, fields: &[(&str, &dyn ToJson)]) {
    out.nested('{', '}', |out| {
        for (n, (name, value)) in fields.iter().enumerate() {
            out.separate(n);
            out.text(name);
            out.text.push(':');
            value.write_json(out);
        }
    });
}

/// Writes an enum case: its name, and if it carries values an object around them.
pub fn write_case(out: &mut Writer, name: &str, payload: &[(&str, &dyn ToJson)]) {
    if payload.is_empty() {
        out.text(name);
        return;
    }
    out.nested('{', '}', |out| {
        out.text(name);
        out.text.push(':');
        write_record(out, payload);
    });
}
