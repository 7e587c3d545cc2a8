//! `enum E { A, B(int n) }` → a Rust enum that prints itself.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Cx, literal, names, record, ty};
use crate::ir::{Enum, ItemRef, Literal};

/// `enum Shape { Circle(double r), Empty }` → `enum Shape { Circle(f64), Empty }`,
/// `impl rt::Show for Shape`.
pub(super) fn enumeration(cx: &Cx<'_>, item: ItemRef, it: &Enum) -> TokenStream {
    let name = cx.name(item);
    let derives = record::derives(it.derives);
    let default = it.derives.default;
    let cases = it.cases.iter().enumerate().map(|(index, (case, payload))| {
        let case = names::plain(case);
        let types = payload.iter().map(|it| ty::ty(cx, it));
        let mark = (default && index == 0).then(|| quote! { #[default] });
        if let Some(number) = it.numbers.get(index) {
            let number = literal::literal(&Literal::Int((*number).into(), "i32"), false);
            quote! { #mark #case = #number, }
        } else if payload.is_empty() {
            quote! { #mark #case, }
        } else {
            quote! { #mark #case(#(#types),*), }
        }
    });
    let arms = it.cases.iter().map(|(case, payload)| {
        let (text, case) = (&**case, names::plain(case));
        let parts: Vec<_> =
            (0..payload.len()).map(|at| names::fixed(&format!("ax_{at}"))).collect();
        if parts.is_empty() {
            quote! { Self::#case => rt::show_case(out, #text, &[]), }
        } else {
            quote! { Self::#case(#(#parts),*) => rt::show_case(out, #text, &[#(#parts),*]), }
        }
    });
    quote! {
        #derives
        pub enum #name { #(#cases)* }
        impl rt::Show for #name {
            fn show(&self, out: &mut String) {
                match self { #(#arms)* }
            }
        }
    }
}
