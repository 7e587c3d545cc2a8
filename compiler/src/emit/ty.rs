//! Types.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Cx, names};
use crate::ir::Ty;
use crate::support::Name;

/// A type as Rust writes it.
pub(super) fn ty(cx: &Cx<'_>, it: &Ty) -> TokenStream {
    match it {
        Ty::Unit => quote! { () },
        Ty::Never => quote! { ! },
        Ty::Prim(name) => {
            let name = names::fixed(name);
            quote! { #name }
        }
        Ty::Rt(name, args) => {
            let name = names::fixed(name);
            let args = generics(cx, args);
            quote! { rt::#name #args }
        }
        Ty::Item(item) => cx.path(*item),
        Ty::Option(inner) => {
            let inner = ty(cx, inner);
            quote! { Option<#inner> }
        }
        Ty::Tuple(parts) => {
            let parts = parts.iter().map(|it| ty(cx, it));
            quote! { (#(#parts,)*) }
        }
        Ty::Func { params, returns } => {
            let name = names::fixed(&format!("Func{}", params.len()));
            let parts = params.iter().chain([&**returns]).map(|it| ty(cx, it));
            quote! { rt::#name<#(#parts),*> }
        }
        Ty::Ref(inner) => {
            let inner = ty(cx, inner);
            quote! { &#inner }
        }
        Ty::RefMut(inner) => {
            let inner = ty(cx, inner);
            quote! { &mut #inner }
        }
        Ty::Infer => quote! { _ },
    }
}

/// `<A, B>`, or nothing.
pub(super) fn generics(cx: &Cx<'_>, args: &[Ty]) -> TokenStream {
    if args.is_empty() {
        return TokenStream::new();
    }
    let args = args.iter().map(|it| ty(cx, it));
    quote! { <#(#args),*> }
}

/// `pub x: T,` for each field.
pub(super) fn fields(cx: &Cx<'_>, fields: &[(Name, Ty)]) -> TokenStream {
    let fields = fields.iter().map(|(name, it)| {
        let (name, it) = (names::plain(name), ty(cx, it));
        quote! { pub #name: #it, }
    });
    quote! { #(#fields)* }
}
