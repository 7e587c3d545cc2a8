//! Operators as Rust spells them. How tightly they bind is `expr`'s.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::BinaryOp;

/// An operator of two operands.
pub(super) fn binary_op(op: BinaryOp) -> TokenStream {
    match op {
        BinaryOp::Add => quote! { + },
        BinaryOp::Sub => quote! { - },
        BinaryOp::Mul => quote! { * },
        BinaryOp::Div => quote! { / },
        BinaryOp::Rem => quote! { % },
        BinaryOp::And => quote! { && },
        BinaryOp::Or => quote! { || },
        BinaryOp::BitAnd => quote! { & },
        BinaryOp::BitOr => quote! { | },
        BinaryOp::BitXor => quote! { ^ },
        BinaryOp::Eq => quote! { == },
        BinaryOp::Ne => quote! { != },
        BinaryOp::Lt => quote! { < },
        BinaryOp::Le => quote! { <= },
        BinaryOp::Gt => quote! { > },
        BinaryOp::Ge => quote! { >= },
    }
}

/// An operator that assigns as well.
pub(super) fn assign_op(op: BinaryOp) -> TokenStream {
    match op {
        BinaryOp::Sub => quote! { -= },
        BinaryOp::Mul => quote! { *= },
        BinaryOp::Div => quote! { /= },
        BinaryOp::Rem => quote! { %= },
        BinaryOp::BitAnd => quote! { &= },
        BinaryOp::BitOr => quote! { |= },
        BinaryOp::BitXor => quote! { ^= },
        _ => quote! { += },
    }
}
