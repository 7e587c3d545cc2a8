//! Every identifier of the emitted Rust is born here. It knows no templates.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Span};

use crate::ir::{ItemRef, Label, Program};
use crate::support::Name;

/// Keywords that `r#` cannot rescue.
const HARD: &[&str] = &["self", "Self", "super", "crate", "_"];

/// Other keywords of the target.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
    "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override",
    "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type",
    "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Names of the target's prelude that templates rely on, and our own top-level names.
pub(super) const TAKEN: &[&str] = &[
    "Option",
    "Some",
    "None",
    "Result",
    "Ok",
    "Err",
    "Vec",
    "Box",
    "String",
    "Clone",
    "Copy",
    "PartialEq",
    "Eq",
    "PartialOrd",
    "Ord",
    "Hash",
    "Default",
    "Send",
    "Sync",
    "Sized",
    "Fn",
    "FnMut",
    "FnOnce",
    "Drop",
    "From",
    "Into",
    "Iterator",
    "main",
    "rt",
    "std",
    "core",
    "vec",
    "matches",
    "unreachable",
    "i8",
    "i16",
    "i32",
    "i64",
    "u8",
    "u16",
    "u32",
    "u64",
    "f32",
    "f64",
    "bool",
    "char",
    "str",
    "axum_rt",
    "axum_rt_data",
];

/// A field, port, case or variable by the user's own name.
pub(super) fn plain(name: &str) -> Ident {
    let text = ascii(name);
    if HARD.contains(&text.as_str()) {
        Ident::new(&format!("{text}_"), Span::call_site())
    } else if KEYWORDS.contains(&text.as_str()) {
        Ident::new_raw(&text, Span::call_site())
    } else {
        Ident::new(&text, Span::call_site())
    }
}

/// A path of the runtime or a generated helper: the text must be an identifier already.
pub(super) fn fixed(text: &str) -> Ident {
    Ident::new(text, Span::call_site())
}

/// Spells characters beyond ASCII by their number, so that no lint of the target objects.
fn ascii(name: &str) -> String {
    let mut text = String::new();
    for char in name.chars() {
        if char.is_ascii_alphanumeric() || char == '_' {
            text.push(char);
        } else {
            text.push_str(&format!("_u{:X}", u32::from(char)));
        }
    }
    if text.is_empty() || text.starts_with(|it: char| it.is_ascii_digit()) {
        text.insert(0, '_');
    }
    text
}

/// The lifetime-like name of a loop or block.
pub(super) fn label(label: Label) -> syn::Lifetime {
    syn::Lifetime::new(&format!("'ax_{}", label.0), Span::call_site())
}

/// Appends `_1`, `_2` … until the name is new, and takes it.
fn unique(base: &str, taken: &mut BTreeSet<String>) -> String {
    let mut text = base.to_owned();
    let mut n = 0;
    while !taken.insert(text.clone()) {
        n += 1;
        text = format!("{base}_{n}");
    }
    text
}

/// Identifiers of all items: parts joined by `_`, made unique over the program.
pub(super) fn items(program: &Program) -> BTreeMap<ItemRef, Ident> {
    let mut taken: BTreeSet<String> = TAKEN.iter().map(|it| (*it).to_owned()).collect();
    taken.extend(HARD.iter().chain(KEYWORDS).map(|it| (*it).to_owned()));
    let name = |(index, parts): (usize, &Vec<Name>)| {
        let joined: Vec<String> = parts.iter().map(|it| ascii(it)).collect();
        let text = unique(&joined.join("_"), &mut taken);
        let index = u32::try_from(index).expect("fewer than 2^32 items");
        (ItemRef(index), Ident::new(&text, Span::call_site()))
    };
    program.names.iter().enumerate().map(name).collect()
}

/// Identifiers of a function's variables: the user's name, `x_1` for the next of that name.
pub(super) fn vars(names: &[Name]) -> Vec<String> {
    let mut taken = BTreeSet::new();
    // How many variables of a name there were: a long body has thousands of temporaries.
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    names
        .iter()
        .map(|name| {
            let base = ascii(name);
            let base =
                if HARD.contains(&base.as_str()) { format!("{base}_") } else { base };
            let count = counts.entry(base.clone()).or_default();
            *count += 1;
            let text = match *count {
                1 => base,
                n => format!("{base}_{}", n - 1),
            };
            unique(&text, &mut taken)
        })
        .collect()
}

/// An identifier from text that [`vars`] gave.
pub(super) fn var(text: &str) -> Ident {
    if KEYWORDS.contains(&text) {
        Ident::new_raw(text, Span::call_site())
    } else {
        Ident::new(text, Span::call_site())
    }
}

/// The module of an `.ax` file: `axum/core.ax` becomes `axum_core`.
pub(super) fn module(file: &str, taken: &mut BTreeSet<String>) -> Ident {
    let stem = file.strip_suffix(".ax").unwrap_or(file);
    let stem = stem.trim_start_matches(['.', '/']);
    let text = ascii(&stem.replace(['/', '\\', '.', '-', ' '], "_"));
    let text = if KEYWORDS.contains(&text.as_str()) || HARD.contains(&text.as_str()) {
        format!("{text}_")
    } else {
        text
    };
    Ident::new(&unique(&text, taken), Span::call_site())
}
