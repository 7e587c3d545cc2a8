//! How a struct, schema or enum is written as JSON, or read → an `impl` of the runtime's
//! trait: a line for each field.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{Cx, names, ty};
use crate::ir::{Json, JsonField, JsonShape};
use crate::support::Name;

/// `impl rt::json::ToJson for Order`, `impl rt::json::FromJson for Order`.
pub(super) fn json(cx: &Cx<'_>, it: &Json) -> TokenStream {
    let of = cx.path(it.of);
    if it.reads {
        let body = match &it.shape {
            JsonShape::Record { fields, check } => {
                let value = read_record(fields, &of);
                let value = match check.map(|it| cx.path(it)) {
                    Some(check) => quote! { #check(#value)? },
                    None => value,
                };
                let (slots, named, shown) =
                    (slots(cx, fields), named(fields), &*it.shown);
                quote! { #slots from.record(#shown, #named)?; Ok(#value) }
            }
            JsonShape::Enum(cases) => read_enum(cx, &it.shown, cases),
        };
        return quote! {
            impl rt::json::FromJson for #of {
                fn read_json(from: &mut rt::json::Reader<'_>) -> rt::json::Read<Self> {
                    #body
                }
            }
        };
    }
    let body = match &it.shape {
        JsonShape::Record { fields, .. } => {
            let parts = fields.iter().map(|it| {
                let (key, field) = (&*it.key, names::plain(&it.field));
                quote! { (#key, &self.#field) }
            });
            quote! { rt::json::write_record(out, &[#(#parts),*]); }
        }
        JsonShape::Enum(cases) => {
            let arms = cases.iter().map(write_case);
            quote! { match self { #(#arms)* } }
        }
    };
    quote! {
        impl rt::json::ToJson for #of {
            fn write_json(&self, out: &mut rt::json::Writer) { #body }
        }
    }
}

fn write_case((name, fields): &(Name, Vec<JsonField>)) -> TokenStream {
    let (text, case) = (&**name, names::plain(name));
    if fields.is_empty() {
        return quote! { Self::#case => rt::json::write_case(out, #text, &[]), };
    }
    let vars: Vec<Ident> = fields.iter().map(|it| names::fixed(&it.field)).collect();
    let keys = fields.iter().map(|it| &*it.key);
    quote! {
        Self::#case(#(#vars),*) => rt::json::write_case(out, #text, &[#((#keys, #vars)),*]),
    }
}

/// A variable for each field, empty until it is read.
fn slots(cx: &Cx<'_>, fields: &[JsonField]) -> TokenStream {
    let slots = fields.iter().enumerate().map(|(at, it)| {
        let (var, ty) = (slot(at), ty::ty(cx, &it.ty));
        quote! { let mut #var: Option<#ty> = None; }
    });
    quote! { #(#slots)* }
}

fn slot(at: usize) -> Ident {
    names::fixed(&format!("ax_{at}"))
}

/// The variables under the names that the text has for them.
fn named(fields: &[JsonField]) -> TokenStream {
    let named = fields.iter().enumerate().map(|(at, it)| {
        let (key, var) = (&*it.key, slot(at));
        quote! { (#key, &mut #var) }
    });
    quote! { &mut [#(#named),*] }
}

fn read_record(fields: &[JsonField], of: &TokenStream) -> TokenStream {
    let parts = fields.iter().enumerate().map(|(at, it)| {
        let (field, var) = (names::plain(&it.field), slot(at));
        quote! { #field: rt::json::taken(#var) }
    });
    quote! { #of { #(#parts),* } }
}

fn read_enum(cx: &Cx<'_>, shown: &str, cases: &[(Name, Vec<JsonField>)]) -> TokenStream {
    let known = cases.iter().map(|(name, fields)| {
        let (name, carries) = (&**name, !fields.is_empty());
        quote! { (#name, #carries) }
    });
    let last = cases.len().saturating_sub(1);
    let arms = cases.iter().enumerate().map(|(at, (name, fields))| {
        // The runtime gives no other number than one of a case.
        let number = if at == last {
            quote! { _ }
        } else {
            let number = proc_macro2::Literal::usize_unsuffixed(at);
            quote! { #number }
        };
        let (text, case) = (&**name, names::plain(name));
        if fields.is_empty() {
            return quote! { #number => Ok(Self::#case), };
        }
        let (slots, named) = (slots(cx, fields), named(fields));
        let parts = (0..fields.len()).map(|at| {
            let var = slot(at);
            quote! { rt::json::taken(#var) }
        });
        quote! {
            #number => {
                #slots
                from.payload(#text, #named)?;
                Ok(Self::#case(#(#parts),*))
            }
        }
    });
    quote! {
        match from.case(#shown, &[#(#known),*])? { #(#arms)* }
    }
}
