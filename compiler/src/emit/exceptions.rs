//! Failures that are handled where they happen: labelled blocks, left with the exception.
//! Everywhere else a failure leaves the function, by `?`.

use proc_macro2::TokenStream;
use quote::quote;

use super::function::Body;
use super::names;
use crate::ir::{Expr, ExprKind};

impl Body<'_> {
    pub(super) fn exceptional(&self, it: &Expr) -> TokenStream {
        match &it.kind {
            // The type is written, for the body may have no way of failing that Rust sees.
            ExprKind::Handled { done, failed, body, var, handler } => {
                let (done, failed) = (done.map(names::label), names::label(*failed));
                let stmts = body.stmts.iter().map(|it| self.stmt(it));
                let value = body.value.as_ref().map(|it| self.left_with(it));
                let leave = done.as_ref().map(|it| quote! { break #it #value; });
                let done = done.map(|it| quote! { #it: });
                let (var, handler) = (self.binding(*var), self.block(handler));
                quote! {
                    #done {
                        let #var: rt::Exception = #failed: { #(#stmts)* #leave };
                        #handler
                    }
                }
            }
            ExprKind::OrBreak(label, inner) => {
                let (label, inner) = (names::label(*label), self.head(inner));
                quote! {
                    match #inner {
                        Ok(ax_v) => ax_v,
                        Err(ax_e) => break #label ax_e,
                    }
                }
            }
            ExprKind::Throw { value, .. } => {
                let value = self.expr(value);
                quote! { return Err(#value) }
            }
            _ => unreachable!("called for these only"),
        }
    }

    /// A value that a block is left with: one that begins with a label is parenthesised.
    pub(super) fn left_with(&self, it: &Expr) -> TokenStream {
        let value = self.expr(it);
        match &it.kind {
            ExprKind::Labeled(..)
            | ExprKind::Handled { .. }
            | ExprKind::Loop { .. }
            | ExprKind::While { .. }
            | ExprKind::For { .. } => quote! { (#value) },
            _ => value,
        }
    }
}
