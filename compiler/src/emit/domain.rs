//! `domain D { fields }` → the struct of its state.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Cx, ty};
use crate::ir::{Domain, ItemRef};

/// `domain Chatroom { string topic; }` → `struct Chatroom { topic: rt::Str }`,
/// `impl rt::Domain for Chatroom`.
pub(super) fn domain(cx: &Cx<'_>, item: ItemRef, it: &Domain) -> TokenStream {
    let name = cx.name(item);
    let shown = cx.shown(item);
    let fields = ty::fields(cx, &it.fields);
    let parent = match it.parent {
        Some(parent) => cx.path(parent),
        None => quote! { rt::NoDomain },
    };
    quote! {
        pub struct #name { #fields }
        impl rt::Domain for #name {
            const NAME: &'static str = #shown;
            type Parent = #parent;
        }
    }
}
