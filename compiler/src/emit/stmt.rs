//! Statements and blocks.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::quote;

use super::function::Body;
use super::{lines, ty};
use crate::ir::{Block, Expr, ExprKind, Stmt, StmtKind};

impl Body<'_> {
    /// A block's statements and value, without its braces.
    pub(super) fn block(&self, block: &Block) -> TokenStream {
        let stmts = block.stmts.iter().map(|it| self.stmt(it));
        let value = block.value.as_ref().map(|it| self.tail(it));
        quote! { #(#stmts)* #value }
    }

    /// A block in braces.
    pub(super) fn braced(&self, block: &Block) -> TokenStream {
        let inner = self.block(block);
        quote! { { #inner } }
    }

    /// A statement with its line.
    pub(super) fn stmt(&self, stmt: &Stmt) -> TokenStream {
        let at = self.at(stmt.line);
        let tokens = match &stmt.kind {
            StmtKind::Let { pattern, ty: declared, init } => {
                let typed = declared.is_some();
                let pattern = self.pattern(pattern);
                let declared = declared.as_ref().map(|it| {
                    let it = ty::ty(self.cx, it);
                    quote! { : #it }
                });
                let init = init.as_ref().map(|it| {
                    let it = if typed { self.typed(it) } else { self.expr(it) };
                    quote! { = #it }
                });
                quote! { let #pattern #declared #init; }
            }
            StmtKind::Expr(it) if is_block_like(it) && !gives_value(it) => self.expr(it),
            StmtKind::Expr(it) => {
                let it = self.tail(it);
                quote! { #it; }
            }
            StmtKind::Note(_) => TokenStream::new(),
        };
        quote! { #at #tokens }
    }

    /// An expression where a statement may begin: one that starts with a block is
    /// parenthesised, or Rust would end the statement behind the block.
    pub(super) fn tail(&self, it: &Expr) -> TokenStream {
        let tokens = self.expr(it);
        let whole = is_block_like(it) || matches!(it.kind, ExprKind::OrBreak(..));
        if !whole && starts_with_block(&tokens) {
            return quote! { (#tokens) };
        }
        tokens
    }
}

/// Ends in `}` and needs no `;` as a statement.
pub(super) fn is_block_like(it: &Expr) -> bool {
    matches!(
        it.kind,
        ExprKind::If { .. }
            | ExprKind::Match { .. }
            | ExprKind::Block(_)
            | ExprKind::Handled { .. }
            | ExprKind::Labeled(..)
            | ExprKind::Loop { .. }
            | ExprKind::While { .. }
            | ExprKind::For { .. }
    )
}

/// A block whose value a statement has no use for: without a `;` it would have to be `()`.
fn gives_value(it: &Expr) -> bool {
    matches!(&it.kind, ExprKind::Block(Block { value: Some(_), .. }))
}

/// Whether the first token, markers of lines apart, begins a block or what ends in one.
fn starts_with_block(tokens: &TokenStream) -> bool {
    let first = tokens.clone().into_iter().find(|it| match it {
        TokenTree::Ident(ident) => !lines::is_marker(ident),
        _ => true,
    });
    match first {
        Some(TokenTree::Ident(ident)) => {
            ["if", "match", "loop", "while", "for"].iter().any(|it| ident == it)
        }
        Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Brace,
        // A label: `'a: { … }`.
        Some(TokenTree::Punct(punct)) => punct.as_char() == '\'',
        Some(TokenTree::Literal(_)) | None => false,
    }
}
