//! Functions and opaque types of Rust files → functions and types of the program that stand in
//! front of them, and for each file a crate, the *border*, that says their types once more: what
//! rustc finds there is about the file or its declaration, never about the program.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{Cx, names, ty};
use crate::ir::foreign::{
    Bridge, Call, Crossing, Function, Module, Opaque, RustTy, Shape,
};
use crate::ir::{ItemRef, Program};
use crate::support::span::Span;

/// A Rust file that a program is built with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignCrate {
    /// What the crate of the file is called.
    pub name: String,
    /// What the crate is called that the program links.
    pub border: String,
    /// Its place in the list of Rust files.
    pub file: usize,
    /// Where the program names it.
    pub span: Span,
    /// Crates that it uses: name, what cargo is told, where it is asked for.
    pub crates: Vec<(String, String, Span)>,
    /// The Rust of the border.
    pub text: String,
    /// What stands on which line of it, from 1, and where that is declared.
    pub checks: Vec<(u32, Check, Span)>,
}

/// What a line of a border makes sure of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Check {
    /// The type can be named.
    Type(String),
    /// Values of the type can be treated so.
    Ability(String, &'static str),
    /// The function has the types that it seems to have.
    Function(String),
    /// What the function fails with has a text.
    Shown(String),
}

/// Traits that values of opaque types need: they are sent, and shared by copies.
const ABILITIES: [&str; 3] = ["Send", "Sync", "Clone"];

/// The crates of all files.
pub(super) fn crates(program: &Program) -> Vec<ForeignCrate> {
    program.modules.iter().map(border).collect()
}

fn crate_of(module: &Module) -> Ident {
    names::fixed(&format!("{}_native", module.name))
}

fn border_of(program: &Program, module: usize) -> Ident {
    names::fixed(&format!("{}_border", program.modules[module].name))
}

fn border(module: &Module) -> ForeignCrate {
    let native = crate_of(module);
    let mut border = Border { lines: Vec::new(), checks: Vec::new() };
    border.line(quote! { #![forbid(unsafe_code)] });
    for (name, span) in &module.types {
        let path = names::fixed(name);
        let shown = name.to_string();
        border.check(quote! { pub use ::#native::#path; }, Check::Type(shown), *span);
        for ability in ABILITIES {
            let able = names::fixed(ability);
            let line = quote! {
                const _: fn() = || { fn is<T: #able + 'static>() {} is::<#path>() };
            };
            border.check(line, Check::Ability(name.to_string(), ability), *span);
        }
    }
    for name in &module.shapes {
        let path = names::fixed(name);
        border.check(
            quote! { pub use ::#native::#path; },
            Check::Type(name.to_string()),
            module.span,
        );
    }
    for function in &module.functions {
        border.function(&native, function);
    }
    let crates = module.crates.iter();
    ForeignCrate {
        name: native.to_string(),
        border: format!("{}_border", module.name),
        file: module.file,
        span: module.span,
        crates: crates.map(|it| (it.0.to_string(), it.1.clone(), it.2)).collect(),
        text: border.lines.join("\n") + "\n",
        checks: border.checks,
    }
}

/// The text of a border, one thing a line.
struct Border {
    lines: Vec<String>,
    checks: Vec<(u32, Check, Span)>,
}

impl Border {
    fn line(&mut self, tokens: TokenStream) {
        self.text(&tokens.to_string());
    }

    fn text(&mut self, text: &str) {
        self.lines.push(text.to_owned());
    }

    fn check(&mut self, tokens: TokenStream, check: Check, span: Span) {
        self.line(tokens);
        self.noted(check, span);
    }

    fn noted(&mut self, check: Check, span: Span) {
        let line = u32::try_from(self.lines.len()).unwrap_or(u32::MAX);
        self.checks.push((line, check, span));
    }

    /// A function of the same name that calls the file's. Its own types are exact, so that
    /// whoever calls it need not look further.
    fn function(&mut self, native: &Ident, it: &Function) {
        let name = names::plain(&it.name);
        let args: Vec<Ident> =
            (0..it.params.len()).map(|at| names::fixed(&format!("a{at}"))).collect();
        let params = args.iter().zip(&it.params).map(|(arg, param)| {
            let ty = crossing(param, None);
            quote! { #arg: #ty }
        });
        let call = quote! { ::#native::#name(#(#args),*) };
        let (given, value) = given(&it.returns);
        let check = Check::Function(it.name.to_string());
        if it.throws {
            let head = quote! {
                pub fn #name(#(#params),*)
                    -> ::std::result::Result<#given, ::std::string::String>
            };
            let returned = crossing(&it.returns, None);
            let bound = quote! { let it: ::std::result::Result<#returned, _> = #call; };
            self.text(&format!("{head} {{ {bound}"));
            self.noted(check, it.span);
            let map = quote! {
                match it {
                    Ok(it) => Ok(#value),
                    Err(it) => Err(::std::string::ToString::to_string(&it)),
                }
            };
            self.text(&format!("{map} }}"));
            self.noted(Check::Shown(it.name.to_string()), it.span);
        } else {
            let line = quote! {
                pub fn #name(#(#params),*) -> #given { let it = #call; #value }
            };
            self.check(line, check, it.span);
        }
    }
}

/// What a border hands on of a result, and how it is made of `it`.
fn given(it: &Crossing) -> (TokenStream, TokenStream) {
    match it.ty {
        RustTy::Str => (
            quote! { ::std::string::String },
            quote! { ::std::borrow::ToOwned::to_owned(it) },
        ),
        _ => (crossing(it, None), quote! { it }),
    }
}

/// The type at a parameter or result, as one of a border or seen from outside of it.
fn crossing(it: &Crossing, border: Option<&Ident>) -> TokenStream {
    let ty = rust(&it.ty, border);
    match it.by_ref {
        true => quote! { &#ty },
        false => ty,
    }
}

fn rust(it: &RustTy, border: Option<&Ident>) -> TokenStream {
    let rust = |it| self::rust(it, border);
    match it {
        RustTy::Unit => quote! { () },
        RustTy::Prim(name) => {
            let name = names::fixed(name);
            quote! { #name }
        }
        RustTy::Str => quote! { str },
        RustTy::String => quote! { ::std::string::String },
        RustTy::Slice(it) => {
            let it = rust(it);
            quote! { [#it] }
        }
        RustTy::Vec(it) => {
            let it = rust(it);
            quote! { ::std::vec::Vec<#it> }
        }
        RustTy::Map(name, key, value) => {
            let (name, key, value) = (names::fixed(name), rust(key), rust(value));
            quote! { ::std::collections::#name<#key, #value> }
        }
        RustTy::Set(name, it) => {
            let (name, it) = (names::fixed(name), rust(it));
            quote! { ::std::collections::#name<#it> }
        }
        RustTy::Option(it) => {
            let it = rust(it);
            quote! { ::std::option::Option<#it> }
        }
        RustTy::Tuple(parts) => {
            let parts = parts.iter().map(rust);
            quote! { (#(#parts,)*) }
        }
        RustTy::Duration => quote! { ::std::time::Duration },
        RustTy::Opaque(name) | RustTy::Named(name) => {
            let name = names::fixed(name);
            match border {
                Some(border) => quote! { ::#border::#name },
                None => quote! { #name },
            }
        }
    }
}

/// `opaque type Picture;` → a type of the program that holds one of the file's.
pub(super) fn opaque(cx: &Cx<'_>, item: ItemRef, it: &Opaque) -> TokenStream {
    let name = cx.name(item);
    let (border, rust) = (border_of(cx.program, it.module), names::fixed(&it.rust));
    let shown = &*it.rust;
    quote! {
        #[derive(Clone)]
        pub struct #name(pub rt::native::Opaque<::#border::#rust>);
        impl rt::Show for #name {
            fn show(&self, out: &mut String) { out.push_str(#shown); }
        }
        impl rt::native::Give<::#border::#rust> for #name {
            fn give(self) -> rt::Result<::#border::#rust> { Ok(self.0.into_inner()) }
        }
        impl rt::native::Take<::#border::#rust> for #name {
            fn take(value: ::#border::#rust) -> rt::Result<Self> {
                Ok(Self(rt::native::Opaque::new(value)))
            }
        }
    }
}

/// `Picture Load(string path) throws;` → `fn Load(path: rt::Str) -> rt::Result<Picture>`.
pub(super) fn call(cx: &Cx<'_>, item: ItemRef, it: &Call) -> TokenStream {
    let module = &cx.program.modules[it.module];
    let function = &module.functions[it.function];
    let border = border_of(cx.program, it.module);
    let name = cx.name(item);
    let vars = names::vars(&it.params.iter().map(|it| it.0.clone()).collect::<Vec<_>>());
    let vars: Vec<Ident> = vars.iter().map(|it| names::var(it)).collect();
    let params = vars.iter().zip(&it.params).map(|(var, (_, param))| {
        let ty = ty::ty(cx, param);
        quote! { #var: #ty }
    });
    let args = vars.iter().zip(&function.params);
    let args = args.map(|(var, param)| handed_over(var, param, &border));
    let rust_name = names::plain(&function.name);
    let call = quote! { ::#border::#rust_name(#(#args),*) };
    let call = match function.throws {
        true => quote! { rt::native::outcome(#call)? },
        false => call,
    };
    let returns = ty::ty(cx, &it.returns);
    let taken = match &function.returns.ty {
        RustTy::Unit | RustTy::Prim(_) => quote! { Ok(#call) },
        _ => quote! { rt::native::take(#call) },
    };
    if it.suspends {
        return quote! {
            #[track_caller]
            pub fn #name(#(#params),*) -> rt::native::Blocking<#returns> {
                rt::native::blocking(move || #taken)
            }
        };
    }
    quote! {
        #[track_caller]
        pub fn #name(#(#params),*) -> rt::Result<#returns> {
            rt::native::call(move || #taken)
        }
    }
}

/// An argument as the file's function takes it.
fn handed_over(var: &Ident, it: &Crossing, border: &Ident) -> TokenStream {
    match (&it.ty, it.by_ref) {
        (RustTy::Prim(_), false) => quote! { #var },
        (RustTy::Prim(_), true) => quote! { &#var },
        (RustTy::Str, _) => quote! { #var.as_str() },
        (RustTy::Slice(element), _) if matches!(**element, RustTy::Prim(_)) => {
            quote! { #var.as_slice() }
        }
        (RustTy::Opaque(_), true) => quote! { &*#var.0 },
        (RustTy::Slice(element), _) => {
            let element = rust(element, Some(border));
            quote! { &rt::native::Give::<::std::vec::Vec<#element>>::give(#var)? }
        }
        (_, false) => quote! { rt::native::give(#var)? },
        (other, true) => {
            let rust = rust(other, Some(border));
            quote! { &rt::native::Give::<#rust>::give(#var)? }
        }
    }
}

/// A struct or enum that a file has too → how it gets there and back.
pub(super) fn bridge(cx: &Cx<'_>, it: &Bridge) -> TokenStream {
    let border = border_of(cx.program, it.module);
    let rust = names::fixed(&it.rust);
    let (here, there) = (cx.path(it.of), quote! { ::#border::#rust });
    let (give, take) = match &it.shape {
        Shape::Record(fields) => {
            let gives = fields.iter().map(|(field, rust)| {
                let (field, rust) = (names::plain(field), names::plain(rust));
                quote! { #rust: rt::native::give(self.#field)? }
            });
            let takes = fields.iter().map(|(field, rust)| {
                let (field, rust) = (names::plain(field), names::plain(rust));
                quote! { #field: rt::native::take(value.#rust)? }
            });
            (quote! { #there { #(#gives),* } }, quote! { #here { #(#takes),* } })
        }
        Shape::Enum(cases) => {
            let arms = |from: &TokenStream, to: &TokenStream, by: TokenStream| {
                let arms = cases.iter().map(|(case, n)| {
                    let case = names::plain(case);
                    let parts: Vec<Ident> =
                        (0..*n).map(|at| names::fixed(&format!("a{at}"))).collect();
                    match n {
                        0 => quote! { #from::#case => #to::#case, },
                        _ => quote! {
                            #from::#case(#(#parts),*) => #to::#case(#(#by(#parts)?),*),
                        },
                    }
                });
                quote! { #(#arms)* }
            };
            let gives = arms(&here, &there, quote! { rt::native::give });
            let takes = arms(&there, &here, quote! { rt::native::take });
            (quote! { match self { #gives } }, quote! { match value { #takes } })
        }
    };
    let taken = match it.check.map(|it| cx.path(it)) {
        Some(check) => quote! { #check(#take) },
        None => quote! { Ok(#take) },
    };
    quote! {
        impl rt::native::Give<#there> for #here {
            fn give(self) -> rt::Result<#there> { Ok(#give) }
        }
        impl rt::native::Take<#there> for #here {
            fn take(value: #there) -> rt::Result<Self> { #taken }
        }
    }
}
