//! Composite formats that are literals: `"{0,8:F2} of {1}"`. It counts values; what a
//! format means for a type is the runtime's business.

use super::cx::Cx;
use super::errors::names;
use super::overload::Chosen;
use super::tables::{ArgBinding, Constant};

impl Cx<'_> {
    /// Compares a literal format with the number of values behind it.
    pub(super) fn check_format(&mut self, chosen: &Chosen) {
        let method = &self.program.methods[chosen.method];
        if !method.native.as_ref().is_some_and(|it| it.format) {
            return;
        }
        let [ArgBinding::Expr(format), ArgBinding::Rest(values)] = chosen.args.as_slice()
        else {
            return;
        };
        let Some(Constant::String(text)) = self.constant_value(*format) else { return };
        let span = self.span(*format);
        match highest_index(&text) {
            Ok(Some(highest)) if highest >= values.len() => {
                self.report(names::format_arguments(span, highest, values.len()));
            }
            Ok(_) => {}
            Err(what) => self.report(names::format_malformed(span, what)),
        }
    }
}

/// The largest `n` of the `{n}` in a composite format.
pub(super) fn highest_index(format: &str) -> Result<Option<usize>, &'static str> {
    let mut highest = None;
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '{' if chars.peek() == Some(&'{') => {
                chars.next();
            }
            '}' if chars.peek() == Some(&'}') => {
                chars.next();
            }
            '}' => return Err("a `}` stands alone; write `}}` for the character"),
            '{' => {
                let mut digits = String::new();
                while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                    digits.push(digit);
                }
                if digits.is_empty() {
                    return Err(
                        "a number is expected behind `{`; write `{{` for the character",
                    );
                }
                let closed = chars.by_ref().any(|it| it == '}');
                if !closed {
                    return Err("a `{` is not closed");
                }
                let index = digits.parse().unwrap_or(usize::MAX);
                highest = highest.max(Some(index));
            }
            _ => {}
        }
    }
    Ok(highest)
}
