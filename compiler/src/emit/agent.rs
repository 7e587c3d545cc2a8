//! `agent A : channel C { fields }` → the struct of its state and what the runtime knows of it.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Cx, names, ty};
use crate::ir::{Access, Agent, ItemRef};

/// `reader agent User : channel Talk { int n; }` → `struct User { n: i32 }`,
/// `impl rt::Agent for User`.
pub(super) fn agent(cx: &Cx<'_>, item: ItemRef, it: &Agent) -> TokenStream {
    let name = cx.name(item);
    let shown = cx.shown(item);
    let fields = ty::fields(cx, &it.fields);
    let channel = match it.channel {
        Some(channel) => cx.path(channel),
        None => quote! { rt::NoChannel },
    };
    let domain = match it.domain {
        Some(domain) => cx.path(domain),
        None => quote! { rt::NoDomain },
    };
    let access = names::fixed(match it.access {
        Access::None => "None",
        Access::Read => "Read",
        Access::Write => "Write",
    });
    quote! {
        pub struct #name { #fields }
        impl rt::Agent for #name {
            const NAME: &'static str = #shown;
            type Channel = #channel;
            type Domain = #domain;
            const ACCESS: rt::Access = rt::Access::#access;
        }
    }
}
