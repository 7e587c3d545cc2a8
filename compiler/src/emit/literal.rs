//! Literals. Text is escaped by proc-macro2, so no source text can end a literal early.

use proc_macro2::{Literal as Token, TokenStream};
use quote::quote;

use super::names;
use crate::ir::Literal;

/// A literal; `suffixed` where the type must show (a receiver of a method).
pub(super) fn literal(it: &Literal, suffixed: bool) -> TokenStream {
    match it {
        Literal::Bool(value) => quote! { #value },
        Literal::Char(value) => quote! { #value },
        Literal::Int(value, suffix) => int(*value, suffix, suffixed),
        Literal::Float(value, suffix) => float(*value, suffix, suffixed),
        Literal::Str(text) => {
            let text = &**text;
            quote! { rt::Str::lit(#text) }
        }
        Literal::Text(text) => {
            let text = &**text;
            quote! { #text }
        }
        Literal::Unit => quote! { () },
    }
}

fn int(value: i128, suffix: &str, suffixed: bool) -> TokenStream {
    let magnitude = value.unsigned_abs();
    let text = if suffixed || suffix != "i32" {
        format!("{magnitude}{suffix}")
    } else {
        magnitude.to_string()
    };
    let token: Token = text.parse().expect("digits and a suffix are a literal");
    if value < 0 {
        quote! { -#token }
    } else {
        quote! { #token }
    }
}

fn float(value: f64, suffix: &str, suffixed: bool) -> TokenStream {
    let ty = names::fixed(suffix);
    if value.is_nan() {
        return quote! { #ty::NAN };
    }
    if value.is_infinite() {
        let infinity = quote! { #ty::INFINITY };
        return if value < 0.0 {
            quote! { -#infinity }
        } else {
            infinity
        };
    }
    let magnitude = value.abs();
    let text = match suffix {
        // The shortest text of the single value, so that it reads as it was written.
        "f32" => format!("{:?}f32", value_to_single(magnitude)),
        _ if suffixed => format!("{magnitude:?}f64"),
        _ => format!("{magnitude:?}"),
    };
    let token: Token =
        text.parse().expect("the debug form of a finite float is a literal");
    if value.is_sign_negative() {
        quote! { -#token }
    } else {
        quote! { #token }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the value was checked to be a single"
)]
fn value_to_single(value: f64) -> f32 {
    value as f32
}

/// Whether it prints with a leading minus sign.
pub(super) fn is_negative(it: &Literal) -> bool {
    match it {
        Literal::Int(value, _) => *value < 0,
        Literal::Float(value, _) => value.is_sign_negative() && !value.is_nan(),
        _ => false,
    }
}
