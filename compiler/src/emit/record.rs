//! `struct S { fields }` and `schema S { fields }` → a Rust struct that prints itself.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Cx, names, ty};
use crate::ir::{Derives, ItemRef, Struct};

/// `struct Point { int X; }` → `struct Point { X: i32 }`, `impl rt::Show for Point`.
pub(super) fn record(cx: &Cx<'_>, item: ItemRef, it: &Struct) -> TokenStream {
    let name = cx.name(item);
    let derives = derives(it.derives);
    let fields = ty::fields(cx, &it.fields);
    let shown = &*it.shown;
    let parts = it.fields.iter().map(|(field, _)| {
        let (text, name) = (&**field, names::plain(field));
        quote! { (#text, &self.#name as &dyn rt::Show) }
    });
    quote! {
        #derives
        pub struct #name { #fields }
        impl rt::Show for #name {
            fn show(&self, out: &mut String) {
                rt::show_record(out, #shown, &[#(#parts),*]);
            }
        }
    }
}

/// The `#[derive(…)]` of a value type.
pub(super) fn derives(it: Derives) -> TokenStream {
    let wanted = [
        ("Clone", true),
        ("Copy", it.copy),
        ("PartialEq", it.equatable || it.hashable || it.comparable),
        ("Eq", it.hashable),
        ("Hash", it.hashable),
        ("PartialOrd", it.comparable),
        ("Default", it.default),
    ];
    let names = wanted.iter().filter(|it| it.1).map(|it| names::fixed(it.0));
    quote! { #[derive(#(#names),*)] }
}
