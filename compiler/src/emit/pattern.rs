//! Patterns of `let`, `match`, `for` and closures.

use proc_macro2::TokenStream;
use quote::quote;

use super::{function::Body, literal, names};
use crate::ir::{Literal, Pattern};

impl Body<'_> {
    /// A pattern as Rust writes it.
    pub(super) fn pattern(&self, it: &Pattern) -> TokenStream {
        match it {
            Pattern::Wildcard => quote! { _ },
            Pattern::Var(var) => {
                let name = self.binding(*var);
                if self.usage.is_mut(*var) {
                    quote! { mut #name }
                } else {
                    quote! { #name }
                }
            }
            Pattern::RefVar(var) => {
                let name = self.binding(*var);
                quote! { ref #name }
            }
            Pattern::Literal(Literal::Str(text) | Literal::Text(text)) => {
                let text = &**text;
                quote! { #text }
            }
            Pattern::Literal(it) => literal::literal(it, false),
            Pattern::Tuple(parts) => {
                let parts = parts.iter().map(|it| self.pattern(it));
                quote! { (#(#parts,)*) }
            }
            Pattern::Case { item, case, args } => {
                let (item, case) = (self.cx.path(*item), names::plain(case));
                if args.is_empty() {
                    return quote! { #item::#case };
                }
                let args = args.iter().map(|it| self.pattern(it));
                quote! { #item::#case(#(#args),*) }
            }
            Pattern::Struct { item, fields } => {
                let item = self.cx.path(*item);
                let fields = fields.iter().map(|(name, part)| {
                    let (name, part) = (names::plain(name), self.pattern(part));
                    quote! { #name: #part, }
                });
                quote! { #item { #(#fields)* .. } }
            }
            Pattern::Some(part) => {
                let part = self.pattern(part);
                quote! { Some(#part) }
            }
            Pattern::None => quote! { None },
            Pattern::Or(parts) => {
                let parts = parts.iter().map(|it| self.pattern(it));
                quote! { #(#parts)|* }
            }
            Pattern::RtCase(path, parts) => {
                let path = super::expr::rt_path(path);
                let parts = parts.iter().map(|it| self.pattern(it));
                quote! { #path(#(#parts),*) }
            }
            Pattern::RtConst(path) => {
                let path = super::expr::rt_path(path);
                quote! { #path }
            }
        }
    }
}
