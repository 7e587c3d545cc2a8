//! IR to Rust text. Reads the IR only; it is total and reports nothing. Two forms of the
//! same tokens come out: one that keeps the lines of the `.ax` files, for rustc, and one
//! formatted for people.
//!
//! One template per construct, in the file of the construct's name. A template gathers its
//! parts and then is one `quote!` that looks like the output.

mod agent;
mod channel;
mod chunk;
mod domain;
mod entry;
mod enumeration;
mod exceptions;
mod expr;
mod flavour;
mod foreign;
mod function;
mod json;
mod lines;
mod literal;
mod names;
mod operator;
mod pattern;
mod record;
mod stmt;
mod ty;
mod usage;

#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, TokenStream};
use quote::quote;

pub use flavour::Flavour;
pub use foreign::{Check, ForeignCrate};

use crate::ir::{Item, ItemKind, ItemRef, Program};

/// A file of the generated crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneratedFile {
    /// Relative to the crate's folder, with `/`.
    pub path: String,
    pub text: String,
}

/// A generated crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// The first is the crate's root. The others stand for `.ax` files line by line: the
    /// path behind the first folder is the [`safe_path`] of the `.ax` file.
    pub files: Vec<GeneratedFile>,
    /// All of it in one file, formatted: what `--emit rust` shows.
    pub pretty: String,
    /// What of the runtime it needs.
    pub flavour: Flavour,
    /// Rust files that it is built with.
    pub foreign: Vec<ForeignCrate>,
}

/// What templates look things up in.
struct Cx<'a> {
    program: &'a Program,
    names: &'a BTreeMap<ItemRef, Ident>,
    /// The module of each item; empty when everything stands in one file.
    modules: &'a BTreeMap<ItemRef, Ident>,
    /// The module that is being written.
    here: Option<Ident>,
    /// The file whose lines are kept.
    file: u32,
    flavour: Flavour,
}

impl Cx<'_> {
    /// The identifier of an item where it is declared.
    fn name(&self, item: ItemRef) -> &Ident {
        &self.names[&item]
    }

    /// The path of an item from the module that is being written.
    fn path(&self, item: ItemRef) -> TokenStream {
        let name = &self.names[&item];
        match self.modules.get(&item) {
            Some(module) if self.here.as_ref() != Some(module) => {
                quote! { crate::#module::#name }
            }
            _ => quote! { #name },
        }
    }

    /// The name as its user knows it, for printing and reports.
    fn shown(&self, item: ItemRef) -> &str {
        &self.program.shown[item.0 as usize]
    }
}

/// Emits the program. `version` stands in the header of the formatted form.
#[must_use]
pub fn emit(program: &Program, version: &str) -> Output {
    let names = names::items(program);
    let parts = parts(program);
    let modules = parts
        .iter()
        .flat_map(|part| part.items.iter().map(|item| (item.name, part.module.clone())))
        .collect();
    let (pretty, flavour) = pretty(program, &names, version);
    let mut files = vec![GeneratedFile {
        path: "main.rs".into(),
        text: root(&parts, program, &names, &modules, flavour),
    }];
    for part in &parts {
        let file = part.file;
        let here = Some(part.module.clone());
        let cx = Cx { program, names: &names, modules: &modules, here, file, flavour };
        files.push(GeneratedFile { path: part.path(program), text: module(&cx, part) });
    }
    Output { files, pretty, flavour, foreign: foreign::crates(program) }
}

/// Items of one `.ax` file in ascending order of lines. What is lowered a second time (an
/// inherited method, a generic item with other type arguments) goes to a further part of
/// the same file, so that every copy stands on its lines.
struct Part<'a> {
    file: u32,
    module: Ident,
    number: usize,
    items: Vec<&'a Item>,
}

impl Part<'_> {
    fn path(&self, program: &Program) -> String {
        format!("p{}/{}", self.number, safe_path(&program.files[self.file as usize]))
    }
}

/// The name of an `.ax` file as a path that stays inside the folder it is put in.
#[must_use]
pub fn safe_path(name: &str) -> String {
    let parts = name.split('/').filter(|it| !it.is_empty() && *it != ".");
    let safe =
        parts.map(|it| if it == ".." { "up~".to_owned() } else { it.replace(':', "~") });
    safe.collect::<Vec<_>>().join("/")
}

fn parts(program: &Program) -> Vec<Part<'_>> {
    let mut taken: BTreeSet<String> =
        names::TAKEN.iter().map(|it| (*it).into()).collect();
    let mut parts: Vec<Part<'_>> = Vec::new();
    // Of each file the parts by the line at which their last item begins; of several at
    // one line the earliest comes last.
    let mut ends: BTreeMap<u32, BTreeSet<(u32, Reverse<usize>)>> = BTreeMap::new();
    // How many parts there are of files of one name: a user's file may have the name of
    // one of the library's.
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    for item in &program.items {
        let (file, line) = (item.line.file, item.line.line);
        let open = ends.entry(file).or_default();
        let fits = |parts: &[Part<'_>], at: usize| {
            let last = parts[at].items.last().expect("a part starts with an item");
            last.line.line < line || last.head != item.head
        };
        let known = open
            .range(..=(line, Reverse(0)))
            .rev()
            .find(|it| fits(&parts, it.1.0))
            .copied();
        let at = match known {
            Some(end) => {
                open.remove(&end);
                parts[end.1.0].items.push(item);
                end.1.0
            }
            None => {
                let name = &*program.files[file as usize];
                let number = numbers.entry(name).or_default();
                let module = names::module(name, &mut taken);
                parts.push(Part { file, module, number: *number, items: vec![item] });
                *number += 1;
                parts.len() - 1
            }
        };
        open.insert((line, Reverse(at)));
    }
    parts
}

/// What stands at the top of every generated file. Dead code, stores and `mut` that the
/// user's own program has are not the generated code's to warn of, and neither are endless
/// recursion and comparisons whose result is certain.
fn header() -> TokenStream {
    quote! {
        #![forbid(unsafe_code)]
        #![allow(
            non_snake_case,
            non_camel_case_types,
            non_upper_case_globals,
            dead_code,
            unconditional_recursion,
            unreachable_code,
            unreachable_patterns,
            unused_assignments,
            unused_comparisons,
            unused_imports,
            unused_mut,
            unused_variables
        )]
    }
}

fn root(
    parts: &[Part<'_>],
    program: &Program,
    names: &BTreeMap<ItemRef, Ident>,
    modules: &BTreeMap<ItemRef, Ident>,
    flavour: Flavour,
) -> String {
    let cx = Cx { program, names, modules, here: None, file: u32::MAX, flavour };
    let mods = parts.iter().map(|part| {
        let (module, path) = (&part.module, part.path(program));
        quote! { #[path = #path] mod #module; }
    });
    let tables = || {
        let (functions, ports) = (entry::functions(&cx), entry::ports(&cx));
        Some(quote! { #functions #ports })
    };
    let main = program.entry.as_ref();
    let main = main.map(|entry| entry::entry(&cx, entry, tables()));
    let header = header();
    let mut printer = lines::Printer::new();
    let import = import(flavour);
    printer.print(quote! { #header #(#mods)* #import #main });
    printer.finish()
}

fn module(cx: &Cx<'_>, part: &Part<'_>) -> String {
    let chunks: Vec<TokenStream> = part.items.iter().map(|it| item(cx, it)).collect();
    let mut printer = lines::Printer::new();
    let uses_rt = chunks.iter().any(|it| mentions_rt(it.clone()));
    let import = uses_rt.then(|| import(cx.flavour));
    printer.print(quote! { #![forbid(unsafe_code)] #import });
    for (item, tokens) in part.items.iter().zip(chunks) {
        printer.seek(item.line.line);
        printer.print(tokens);
    }
    printer.finish()
}

/// The runtime by its short name, and the members that it gives to Rust's own types.
fn import(flavour: Flavour) -> TokenStream {
    let library = flavour.ident();
    quote! { use #library::abi::v1 as rt; use rt::prelude::*; }
}

fn mentions_rt(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        proc_macro2::TokenTree::Ident(ident) => ident == "rt",
        proc_macro2::TokenTree::Group(group) => mentions_rt(group.stream()),
        _ => false,
    })
}

fn pretty(
    program: &Program,
    names: &BTreeMap<ItemRef, Ident>,
    version: &str,
) -> (String, Flavour) {
    let modules = BTreeMap::new();
    let (here, file, flavour) = (None, u32::MAX, Flavour::Core);
    let cx = Cx { program, names, modules: &modules, here, file, flavour };
    let chunks: Vec<TokenStream> = program.items.iter().map(|it| item(&cx, it)).collect();
    let entry = program.entry.as_ref().map(|it| entry::entry(&cx, it, None));
    let flavour = flavour::of(chunks.iter().chain(&entry));
    let file = program.files.first().map_or("", String::as_str);
    let mut text =
        format!("// @generated by axumc {version} from {file}. Do not edit.\n\n");
    text.push_str(&chunk::format(header()));
    text.push('\n');
    text.push_str(&chunk::format(import(flavour)));
    for (it, tokens) in program.items.iter().zip(chunks) {
        let file = &program.files[it.line.file as usize];
        text.push_str(&format!("\n// {file}:{}  {}\n", it.line.line, it.head));
        text.push_str(&chunk::format(tokens));
    }
    if let Some(entry) = entry {
        text.push('\n');
        text.push_str(&chunk::format(entry));
    }
    (text, flavour)
}

fn item(cx: &Cx<'_>, item: &Item) -> TokenStream {
    match &item.kind {
        ItemKind::Channel(it) => channel::channel(cx, item.name, it),
        ItemKind::Agent(it) => agent::agent(cx, item.name, it),
        ItemKind::Domain(it) => domain::domain(cx, item.name, it),
        ItemKind::Struct(it) => record::record(cx, item.name, it),
        ItemKind::Enum(it) => enumeration::enumeration(cx, item.name, it),
        ItemKind::Json(it) => json::json(cx, it),
        ItemKind::Opaque(it) => foreign::opaque(cx, item.name, it),
        ItemKind::Foreign(it) => foreign::call(cx, item.name, it),
        ItemKind::Bridge(it) => foreign::bridge(cx, it),
        ItemKind::Function(it) => function::function(cx, item, it),
    }
}
