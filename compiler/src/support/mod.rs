//! Small tools that know nothing about Axum: ids, spans, names, the dump
//! printer.

pub mod dump;
pub mod index;
pub mod span;

/// A name as written in the source. Cloning is cheap.
pub type Name = std::rc::Rc<str>;

/// `WriteLine` as Rust spells it: `write_line`; `Int32` is `int32`.
#[must_use]
pub fn snake_case(name: &str) -> String {
    let mut out = String::new();
    let mut before = '_';
    for letter in name.chars() {
        if letter.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit()) {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
        before = letter;
    }
    out
}
